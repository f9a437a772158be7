"""What the first page and page 10,000 cost, in the default order and in the order of every sortable field.

    python -m benchmarks.paging [--areas 100000] [--limit 10] [--page 10000]

Areas are synthetic squares in a private database, removed afterwards. Half of the values of a field that may be
missing are. Each number is the median of several reads of one page, statement and answer, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, create_engine, text

from geo_service.db.cluster import temporary_cluster
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import ItemsPage, find_items
from geo_service.db.migrate import migrate
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.query import ItemsQuery, Place, SortKey

AREAS = COLLECTIONS["programme-areas"]
LINKS = FeatureLinks("https://example.org/profiles", "https://example.org/items")
REPEATS = 15

STATEMENTS = (
    """
    INSERT INTO registry.municipality (ags, name, district, government_region, point)
    SELECT '0599' || lpad(n::text, 4, '0'), 'Gemeinde ' || n, CASE WHEN n % 2 = 0 THEN 'Kreis ' || n % 31 END,
        CASE WHEN n % 2 = 1 THEN 'Bezirk ' || n % 5 END, ST_SetSRID(ST_MakePoint(300000 + n * 500, 5650000), 25832)
    FROM generate_series(0, 395) AS n
    """,
    """
    INSERT INTO registry.programme_area
        (area_id, status, stage, start_date, start_year, end_year, end_date, resolution_date, population,
         documented_area_ha, attr_basis, released_at)
    SELECT 'beispiel-' || n, CASE WHEN n % 2 = 0 THEN (ARRAY['planned', 'ongoing', 'completed'])[1 + n % 3] END,
        CASE WHEN n % 10 = 0 THEN 'suspended' END, CASE WHEN n % 4 < 2 THEN date '1999-01-01' + n * 7 % 5000 END,
        CASE WHEN n % 4 = 2 THEN 1999 + n % 14 END, CASE WHEN n % 2 = 0 THEN 2015 + n % 9 END,
        CASE WHEN n % 2 = 1 THEN date '2015-01-01' + n * 11 % 3000 END,
        CASE WHEN n % 2 = 0 THEN date '1999-01-01' + n * 13 % 9000 END,
        CASE WHEN n % 2 = 0 THEN n * 7919 % 30000 END, CASE WHEN n % 2 = 0 THEN n % 9000 / 10.0 + 1 END,
        'fictional', '2024-01-01'
    FROM generate_series(1, :areas) AS n
    """,
    """
    INSERT INTO registry.area_name (area_no, name)
    SELECT area_no, 'Gebiet ' || area_no * 7919 % 100003 FROM registry.programme_area
    """,
    """
    INSERT INTO registry.area_municipality (area_no, ags, is_leading)
    SELECT area_no, '0599' || lpad((area_no % 396)::text, 4, '0'), true FROM registry.programme_area
    """,
    """
    INSERT INTO registry.programme_period (area_no, programme, start_year)
    SELECT area_no, (ARRAY['SOS', 'SZH', 'LZ'])[1 + area_no % 3], 2010
    FROM registry.programme_area WHERE area_no % 2 = 0
    """,
    """
    INSERT INTO registry.boundary (area_no, geom, geom_basis)
    SELECT area_no, ST_Multi(ST_MakeEnvelope(x, y, x + 300, y + 200, 25832)),
        (ARRAY['official', 'schematic'])[1 + area_no % 2]
    FROM registry.programme_area,
        LATERAL (SELECT 300000 + area_no % 450 * 450 AS x, 5600000 + area_no / 450 * 400 AS y) AS place
    """,
)


def main() -> None:
    """Make the database, read the pages, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--page", type=int, default=10_000)
    options = parser.parse_args()
    console = Console()
    with temporary_cluster() as cluster:
        cluster.create_database("paging")
        engine = create_engine(cluster.url("paging"))
        migrate(engine)
        started = time.perf_counter()
        fill(engine, options.areas)
        console.print(
            f"{options.areas:,} areas written and published in {time.perf_counter() - started:.0f} s"
        )
        with engine.connect() as connection:
            for statement in ("SET search_path = publication, public", "SET jit = off"):
                connection.execute(text(statement))
            console.print(
                measure(connection, options.limit, min(options.page, options.areas // options.limit))
            )
        engine.dispose()


def fill(engine: Engine, areas: int) -> None:
    """Write the synthetic areas; they are published at the end of the transaction."""
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.execute(text(statement), {"areas": areas} if ":areas" in statement else {})
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def measure(connection: Connection, limit: int, number: int) -> Table:
    """Read the first page and page `number` of every order."""
    table = Table(
        "order", "page 1", f"page {number:,}", "last page", "back from it", title=f"{limit} features, ms"
    )
    orders = [(), *((SortKey(field, down),) for field in AREAS.sortables for down in (False, True))]
    for sort in orders:
        first = ItemsQuery(AREAS, limit, sort=sort)
        places = [None, place(connection, first, (number - 1) * limit), place(connection, first, None)]
        backwards = places[-1] and Place(places[-1].values, places[-1].key, backwards=True)
        costs = [
            cost(connection, ItemsQuery(AREAS, limit, sort=sort, place=one)) for one in (*places, backwards)
        ]
        name = " ".join(f"{key.field.name} {'down' if key.descending else 'up'}" for key in sort) or "default"
        table.add_row(name, *(f"{one:.1f}" for one in costs))
    return table


def place(connection: Connection, query: ItemsQuery, offset: int | None) -> Place | None:
    """Return where the page behind `offset` begins; None: the last one."""
    count = connection.execute(text("SELECT count(*) FROM publication.programme_area")).scalar_one()
    skipped = min(count - query.limit if offset is None else offset, count - query.limit) - 1
    page = find_items(connection, ItemsQuery(AREAS, 1, sort=query.sort, offset=skipped), LINKS)
    assert page.last_place
    *values, key = json.loads(page.last_place)
    return Place(tuple(values), key)


def cost(connection: Connection, query: ItemsQuery) -> float:
    """Return the median time of a page in milliseconds."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        page: ItemsPage = find_items(connection, query, LINKS)
        times.append((time.perf_counter() - started) * 1000)
        assert page.number_returned == query.limit
    return statistics.median(times)


if __name__ == "__main__":
    main()
