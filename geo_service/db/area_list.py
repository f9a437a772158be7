"""What list and map show about a choice of areas: rows, counts by state, the values to choose from, tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping

from geo_service.db.encodings import Encoding
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.db.ordering import WHOLE, terms
from geo_service.db.queries import conditions
from geo_service.domain.query import ItemsQuery

BBox = tuple[float, float, float, float]
ROWS = Encoding(lambda *_unused, **_single: "properties || '}'")  # all that a row shows stands in there
NO_LINKS = FeatureLinks("", "")
BATCH = 2000


@dataclass(frozen=True)
class AreaRows:
    """A page of the list; the places are those of `db.items.ItemsPage`."""

    rows: tuple[dict[str, Any], ...]
    number_matched: int | None
    first_place: str | None
    last_place: str | None


@dataclass(frozen=True)
class StateCount:
    """How many areas are in a state, and the box around their label points in degrees (CRS84)."""

    areas: int
    bbox: BBox | None


@dataclass(frozen=True)
class Town:
    """A municipality with areas; `leads` tells whether it leads one, so that its district is a filter."""

    ags: str
    name: str
    district: str | None
    government_region: str | None
    leads: bool


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: municipalities in alphabetical order, programmes, first and last year."""

    towns: tuple[Town, ...]
    programmes: frozenset[str]
    first_year: int | None
    last_year: int | None

    @property
    def districts(self) -> list[str]:
        """The districts of leading municipalities, in their alphabetical order."""
        return sorted({town.district for town in self.towns if town.leads and town.district}, key=_plain)

    @property
    def government_regions(self) -> list[str]:
        """The government regions of leading municipalities."""
        found = {town.government_region for town in self.towns if town.leads and town.government_region}
        return sorted(found, key=_plain)


def _plain(text: str) -> str:
    return text.lower().translate(str.maketrans("äöüß", "aous"))


def find_rows(connection: Connection, query: ItemsQuery) -> AreaRows:
    """Read a page of areas with all their properties."""
    page = find_items(connection, query, NO_LINKS, ROWS)
    rows = tuple(json.loads(b"[%b]" % page.features))
    return AreaRows(rows, page.number_matched, page.first_place, page.last_place)


def count_states(
    connection: Connection, query: ItemsQuery, year: int | None
) -> tuple[dict[str, StateCount], int]:
    """Count the areas of `query` by their state, in `year` if there is one; and those without a known period.

    Without a year the states are the codes of the status and ``unknown``; in a year ``ongoing`` and ``completed``:
    what had not begun, or has no known period, is in none.
    """
    asked = conditions(query)
    state = "coalesce(status, 'unknown')"
    if year is not None:
        bound = f"{asked.bind(year)}::int"
        state = (
            f"CASE WHEN period IS NULL OR lower(period) > make_date({bound}, 12, 31) THEN NULL "
            f"WHEN upper(period) <= make_date({bound}, 1, 1) THEN 'completed' ELSE 'ongoing' END"
        )
    statement = f"""
        WITH state AS (
            SELECT {state} AS state, count(*) AS areas, count(*) FILTER (WHERE period IS NULL) AS without,
                   ST_Transform(ST_SetSRID(ST_Extent(label_3857)::geometry, 3857), 4326) AS box
              FROM publication.programme_area {asked.where()} GROUP BY 1
        )
        SELECT state, areas, without,
               ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
          FROM state"""
    rows = connection.exec_driver_sql(statement, asked.values).all()
    counts = {
        row.state: StateCount(row.areas, (row.west, row.south, row.east, row.north))
        for row in rows
        if row.state is not None
    }
    return counts, sum(row.without for row in rows)


def find_choices(connection: Connection) -> Choices:
    """Read what the filters offer."""
    towns = connection.exec_driver_sql("""
        SELECT ags, name, district, government_region, leads
          FROM (
            SELECT town.*, EXISTS (
                     SELECT FROM publication.programme_area AS area WHERE area.ags = town.ags) AS leads
              FROM publication.municipality AS town
          ) AS town
         WHERE leads OR ags IN (
             SELECT unnest(ags_all) FROM publication.programme_area WHERE cardinality(ags_all) > 1)
         ORDER BY name COLLATE "de-x-icu", ags""")
    years = connection.exec_driver_sql("""
        SELECT (SELECT min(start_year) FROM publication.programme_area) AS first_year,
               greatest((SELECT max(start_year) FROM publication.programme_area),
                        (SELECT max(end_year) FROM publication.programme_area),
                        (SELECT extract(year FROM max(updated_at))::int FROM publication.programme_area)) AS last_year,
               ARRAY(SELECT DISTINCT unnest(programmes) FROM publication.programme_area) AS programmes""").one()
    return Choices(
        tuple(Town(*row) for row in towns), frozenset(years.programmes), years.first_year, years.last_year
    )


def stream_rows(connection: Connection, query: ItemsQuery, columns: Sequence[str]) -> Iterator[RowMapping]:
    """Read all areas of `query` in its order, some at a time; `columns` are names of ours."""
    asked = conditions(query)
    statement = (
        f"SELECT {', '.join(columns)} FROM publication.programme_area {asked.where()}"
        f" ORDER BY {WHOLE.order_by(terms(query))}"
    )
    streaming = connection.execution_options(stream_results=True, max_row_buffer=BATCH)
    yield from streaming.exec_driver_sql(statement, asked.values).mappings()
