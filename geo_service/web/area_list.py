"""The list of areas at ``/profiles``: filters, sorted table, pages, and the same choice as a table to keep."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geo_service.db.area_list import AreaRows, find_rows
from geo_service.db.engine import reading, reading_snapshot
from geo_service.domain.collections import PROGRAMME_AREAS
from geo_service.domain.query import ItemsQuery, SortKey
from geo_service.errors import InvalidParameterError
from geo_service.ogc.arguments import refuse
from geo_service.ogc.cursors import make_cursor, parse_cursor
from geo_service.web.answers import html_answer, json_answer
from geo_service.web.area_export import EXPORTS, export
from geo_service.web.area_filters import AreaFilters, parse_filters, state_of
from geo_service.web.area_list_json import area_list_json
from geo_service.web.context import ogc_api, shared
from geo_service.web.filter_view import read_filter_view, tidy_redirect
from geo_service.web.messages import BAD_OFFSET
from geo_service.web.page import current_page, wants_json

PAGE_SIZE = 100
MAX_OFFSET = 1_000_000
DEFAULT_SORT = "municipality"
# What a column is sorted by: its own field, which has an index, and among equals (most of what is not documented)
# by place and name, as people look for them.
SORTS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "municipality": ("municipality", "name"),
    "district": ("district", "municipality", "name"),
    "status": ("status", "municipality", "name"),
    "begin": ("start_year", "municipality", "name"),
    "end": ("end_year", "municipality", "name"),
    "ha": ("area_ha", "municipality", "name"),
}

blueprint = Blueprint("area_list", __name__)


@dataclass(frozen=True)
class Sort:
    """The column that the list is sorted by, as the address has it: ``name`` or ``-name``."""

    column: str = DEFAULT_SORT
    descending: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameter, unless it says what goes without saying."""
        text = f"{'-' if self.descending else ''}{self.column}"
        return [] if text == DEFAULT_SORT else [("sort", text)]

    def keys(self, year: int | None = None) -> tuple[SortKey, ...]:
        """Return the sort keys of the API's query; only the column itself is turned around.

        A status is sorted by as it is shown: in a `year` by that of the year.
        """
        first, *others = SORTS[self.column]
        column = _key(first, self.descending, year if first == "status" else None)
        return (column, *(_key(name, False) for name in others))


@blueprint.get("/profiles")
def profile_list() -> AnyResponse:
    """List the areas: as page, JSON, or a table for Excel (``f=xlsx``, ``f=csv``)."""
    chosen = _format()
    filters, sort = parse_filters(request.args), _sort()
    keys = sort.keys(filters.year)
    if chosen in EXPORTS:
        return export(shared().engine, chosen, filters, filters.items_query(1, keys))
    if chosen == "html" and (tidy := tidy_redirect(request, filters, sort.pairs)):
        return tidy
    place = parse_cursor(request.args.get("cursor") or None, PROGRAMME_AREAS, keys)
    offset = _offset()
    if place is not None and offset:
        raise InvalidParameterError("offset", BAD_OFFSET)
    query = filters.items_query(PAGE_SIZE, keys, place, offset)
    if chosen == "json":
        with reading(shared().engine) as connection:
            found = find_rows(connection, query)
        return json_answer(area_list_json(found, filters, current_page(), _neighbours(query, found)))
    return _page(filters, sort, query)


def _page(filters: AreaFilters, sort: Sort, query: ItemsQuery) -> Response:
    with reading_snapshot(shared().engine) as connection:
        found = find_rows(connection, query)
        view = read_filter_view(connection, filters, current_page(), "/profiles", sort.pairs)
    metadata = ogc_api().config["metadata"]
    html = render_template(
        "profiles.html",
        rows=[{**row, "state": state_of(row, filters.year)} for row in found.rows],
        number_matched=found.number_matched,
        filters=filters,
        view=view,
        sort=sort,
        columns=[(name, _turned(sort, name)) for name in SORTS],
        neighbours=_neighbours(query, found),
        exports=EXPORTS,
        provider=metadata["provider"]["name"],
        licence=metadata["license"]["name"],
        address=f"{current_page().absolute('/profiles')}{filters.query_string(*sort.pairs)}",
    )
    return html_answer(html)


def _turned(sort: Sort, column: str) -> Sort:
    """Return the order that the head of a column leads to: ascending, and back when it is so already."""
    return Sort(column, sort.column == column and not sort.descending)


def _neighbours(query: ItemsQuery, found: AreaRows) -> dict[str, str]:
    """Return the cursors of the pages before and behind this one."""
    places = {"prev": found.first_place, "next": found.last_place}
    return {
        name: make_cursor(query, place, backwards=name == "prev") for name, place in places.items() if place
    }


def _format() -> str:
    asked = request.args.get("f")
    if asked in EXPORTS:
        return asked
    if asked not in (None, "", "html", "json"):
        names = ", ".join(("html", "json", *EXPORTS))
        refuse("f", f"Als Format gibt es hier: {names}.", f"The formats here are: {names}.")
    return "json" if wants_json(request) else "html"


def _sort() -> Sort:
    text = request.args.get("sort") or DEFAULT_SORT
    column = text.removeprefix("-")
    if column not in SORTS:
        names = ", ".join(SORTS)
        refuse(
            "sort",
            f"sort nennt eine Spalte aus: {names}; mit - davor absteigend.",
            f"sort names one of the columns {names}; with - before it in descending order.",
        )
    return Sort(column, text.startswith("-"))


def _key(name: str, descending: bool, year: int | None = None) -> SortKey:
    field = PROGRAMME_AREAS.field(name)
    if field is None:
        raise LookupError(name)
    return SortKey(field, descending, year)


def _offset() -> int:
    """Read ``offset``: pages go by cursors, but addresses of old and people who count are answered."""
    value = request.args.get("offset") or "0"
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) > MAX_OFFSET:
        raise InvalidParameterError("offset", BAD_OFFSET)
    return int(value)
