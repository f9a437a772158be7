"""The chosen areas as a table: columns with labels instead of codes, in the language of the page, and notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geo_service.domain.code_lists import ATTR_BASIS, GEOM_BASIS, PROGRAMME, STAGE, STATUS, CodeList
from geo_service.domain.collections import PROGRAMME_AREAS
from geo_service.web import formats
from geo_service.web.area_filters import AreaFilters, state_of
from geo_service.web.context import ogc_api
from geo_service.web.page import Page

Cell = str | int | Decimal | dt.date | None
Row = Mapping[str, Any]
Rows = Iterator[list[Cell]]

# What is read of each area, for the cells below.
READ = (
    "area_id", "name", "municipality", "ags", "municipalities", "district", "government_region", "status", "stage",
    "programmes", "start_date", "start_year", "end_date", "end_year", "resolution_date", "concept",
    "round(area_ha, 2) AS area_ha", "population", "sections", "geom_basis", "attr_basis", "geom_source", "licence",
    "(updated_at AT TIME ZONE 'UTC')::date AS updated_on",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its title and what stands in it; `kind` is one of text, key, number, hectares, date, link."""

    title: str
    kind: str
    cell: Callable[[Row], Cell]
    width: int


@dataclass(frozen=True)
class Table:
    """What is written: columns, rows, and in pairs of words where it comes from and what was chosen."""

    title: str
    columns: Sequence[Column]
    about: Sequence[tuple[str, str]]


def today() -> dt.date:
    """Return the day on which the table is made, where the service is."""
    return dt.datetime.now().astimezone().date()


def make_table(filters: AreaFilters, page: Page) -> Table:
    """Return columns and notes in the language of the page."""
    from geo_service.web.filter_view import filters_in_words  # which knows the pages

    language = page.language
    metadata = ogc_api().config["metadata"]
    licence = metadata["license"]
    about = [
        (page.text("export.title"), metadata["identification"]["title"][language]),
        (page.text("export.source"), f"{metadata['provider']['name']}, {page.absolute('/')}"),
        (page.text("export.date"), formats.day(today(), language)),
        (page.text("export.licence"), f"{licence['name']}, {licence['url']}"),
        (page.text("export.filters"), filters_in_words(filters, page) or page.text("export.all")),
        (page.text("export.address"), page.absolute("/profiles") + filters.query_string()),
        (page.text("export.notes"), page.text("export.notes_text")),
    ]
    return Table(page.text("site.profiles"), tuple(_columns(filters, page)), about)


def _columns(filters: AreaFilters, page: Page) -> Iterator[Column]:
    language = page.language

    def title(name: str) -> str:
        field = PROGRAMME_AREAS.field(name)
        return field.title.text(language) if field else name

    def plain(name: str, kind: str = "text", width: int = 14) -> Column:
        return Column(title(name), kind, lambda row: row[name], width)

    def label(name: str, codes: CodeList, width: int = 18) -> Column:
        return Column(
            codes.title.text(language), "text", lambda row: _label(codes, row[name], language), width
        )

    yield plain("name", width=34)
    yield plain("municipality", width=22)
    yield plain("ags", "key", 10)
    yield Column(title("municipalities"), "text", lambda row: ", ".join(row["municipalities"]), 22)
    yield plain("district", width=22)
    yield plain("government_region", width=16)
    yield label("status", STATUS)
    if filters.year is not None:
        shown = page.text("export.status_in", year=filters.year)
        yield Column(shown, "text", lambda row: _label(STATUS, state_of(row, filters.year), language), 18)
    yield label("stage", STAGE)
    yield Column(
        title("programmes"),
        "text",
        lambda row: ", ".join(_label(PROGRAMME, code, language) or "" for code in row["programmes"] or ()),
        34,
    )
    yield plain("start_date", "date", 12)
    yield plain("start_year", "number", 8)
    yield plain("end_date", "date", 12)
    yield plain("end_year", "number", 8)
    yield plain("resolution_date", "date", 12)
    yield plain("concept", width=30)
    yield plain("area_ha", "hectares", 12)
    yield plain("population", "number", 10)
    yield label("geom_basis", GEOM_BASIS, 22)
    yield label("attr_basis", ATTR_BASIS, 16)
    yield plain("geom_source", width=30)
    yield plain("licence", width=30)
    yield plain("sections", "number", 8)
    yield Column(title("updated_at"), "date", lambda row: row["updated_on"], 12)
    yield Column(title("profile_url"), "link", lambda row: page.absolute(f"/profiles/{row['area_id']}"), 40)


def _label(codes: CodeList, code: str | None, language: str) -> str | None:
    return codes.label(code, language) if code is None or code in codes else code
