"""What a tile costs, level by level: from the database (cold), out of the cache (warm), and as a bare statement.

    python benchmarks/tiles.py [--areas 300 10000 100000 1000000] [--grid AdV_25832] [--vertices 135]

Areas are synthetic: star-shaped polygons around random places in North Rhine-Westphalia, from a fixed seed, written
right into the table that tiles are read from. *Bare* is `ST_AsMVT` over the stored shapes of the same tile with all
attributes, without order, limit, generalisation and label points. The tile is the one with the middle of the state
in it. The database is a private one, removed afterwards; a million areas take some minutes and 7 GB.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, create_engine, text

from geo_service.db.cluster import temporary_cluster
from geo_service.db.engine import read_engine
from geo_service.db.migrate import migrate
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, Grid
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import Settings

MIDDLE = (7.2, 51.45)  # in the Ruhr, CRS84
REPEATS = 5
LEVELS = {
    "WebMercatorQuad": range(0, 17, 2),
    "WorldCRS84Quad": range(0, 16, 2),
    "AdV_25832": range(0, 13, 2),
}

FILL = """
INSERT INTO publication.programme_area (
    area_no, area_id, name, municipality, ags, municipalities, ags_all, status, status_de, status_en, programme,
    start_year, end_year, geom_basis, attr_basis, sections, updated_at, geom, geojson, geom_3857, label_point,
    label_geojson, label_3857, properties, search
)
SELECT
    i, 'beispiel-' || i, 'Beispielgebiet ' || i, 'Musterstadt', '05990000', ARRAY['Musterstadt'], ARRAY['05990000'],
    (ARRAY['planned', 'ongoing', 'completed'])[1 + i % 3], 'laufend', 'ongoing', 'SOS', 2000 + i % 20, NULL,
    'official', 'fictional', i % 8, now(), geom, '', ST_Transform(geom, 3857), centre, '', ST_Transform(centre, 3857),
    '', ''
FROM (
    SELECT
        i,
        ST_SetSRID(ST_MakePoint(x, y), 25832) AS centre,
        ST_SetSRID(ST_Multi(ST_MakePolygon(ST_AddPoint(line, ST_StartPoint(line)))), 25832) AS geom
    FROM (
        SELECT
            i, 290000 + 230000 * random() AS x, 5590000 + 220000 * random() AS y, 200 + 700 * random() AS radius
        FROM generate_series(:first, :last) AS i
        OFFSET 0
    ) AS place
    CROSS JOIN LATERAL (
        SELECT ST_MakeLine(
            ST_MakePoint(x + r * cos(2 * pi() * k / :vertices), y + r * sin(2 * pi() * k / :vertices)) ORDER BY k
        ) AS line
        FROM (
            SELECT k, radius * (0.7 + 0.3 * random()) AS r FROM generate_series(0, :vertices - 1) AS k
        ) AS corner
    ) AS ring
) AS area
"""
BARE = """
SELECT ST_AsMVT(feature, 'bare', 4096, 'geom', 'area_no') FROM (
    SELECT
        area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme, start_year,
        end_year, geom_basis, attr_basis, sections,
        ST_AsMVTGeom({shape}, ST_MakeEnvelope(:west, :south, :east, :north, {srid}), 4096, 64, true) AS geom
    FROM publication.programme_area
    WHERE {shape} && ST_MakeEnvelope(:west, :south, :east, :north, {srid})
) AS feature WHERE geom IS NOT NULL
"""
SHAPES = {3857: "geom_3857", 25832: "geom", 4326: "ST_Transform(geom, 4326)"}


def fill(connection: Connection, first: int, last: int, vertices: int) -> None:
    """Write areas `first` to `last`, in parts so that memory stays small."""
    connection.execute(text("SELECT setseed(0.2020)"))
    for part in range(first, last + 1, 20_000):
        values = {"first": part, "last": min(part + 19_999, last), "vertices": vertices}
        connection.execute(text(FILL), values)


def middle_tile(grid: Grid, level: int) -> TileId:
    """Return the tile of a level that the middle of the state lies in."""
    transformer = Transformer.from_crs("OGC:CRS84", f"EPSG:{grid.srid}", always_xy=True)
    x, y = transformer.transform(*MIDDLE)
    column, _, row, _ = grid.limits((x, y, x, y), level)
    return TileId(level, column, row)


def milliseconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median time of some runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(
    cold: FlaskClient, warm: FlaskClient, connection: Connection, grid: Grid, level: int
) -> list[str]:
    """Return level, kilobytes and the three times of one tile."""
    tile = middle_tile(grid, level)
    url = f"/api/collections/programme-areas/tiles/{grid.grid_id}/{level}/{tile.y}/{tile.x}"
    size = len(cold.get(url).data) / 1000
    from_database = milliseconds(lambda: cold.get(url))
    warm.get(url)
    from_cache = milliseconds(lambda: warm.get(url), 50)
    values = dict(zip(("west", "south", "east", "north"), grid.envelope(tile), strict=True))
    statement = text(BARE.format(shape=SHAPES[grid.srid], srid=grid.srid))
    bare_size = len(bytes(connection.execute(statement, values).scalar_one())) / 1000
    bare = milliseconds(lambda: connection.execute(statement, values).scalar_one())
    return [
        str(level), f"{size:,.0f}", f"{bare_size:,.0f}", f"{from_database:,.1f}", f"{from_cache:.2f}", f"{bare:,.1f}",
    ]  # fmt: skip


def main() -> None:
    """Measure and print one table for each number of areas."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=int, nargs="+", default=[300, 10_000, 100_000])
    parser.add_argument("--vertices", type=int, default=135)
    parser.add_argument("--grid", choices=list(GRIDS), default="WebMercatorQuad")
    options = parser.parse_args()
    console, grid = Console(width=100), GRIDS[options.grid]
    with temporary_cluster() as cluster:
        cluster.create_database("tiles")
        owner = create_engine(cluster.url("tiles"), isolation_level="AUTOCOMMIT")
        migrate(owner)
        addresses = {
            "database_url": cluster.url("tiles"), "database_read_url": cluster.url("tiles", role="reader")
        }  # fmt: skip
        settings = Settings.load({}, **addresses)
        reader = read_engine(settings)

        def client(cache_bytes: int) -> FlaskClient:
            application = Flask("benchmark", static_folder=None)
            application.register_blueprint(
                make_blueprint(Settings.load({}, **addresses, cache_bytes=cache_bytes), reader)
            )
            return application.test_client()

        filled = 0
        for areas in sorted(options.areas):
            with owner.connect() as connection:
                fill(connection, filled + 1, areas, options.vertices)
                connection.execute(text("VACUUM ANALYZE publication.programme_area"))
            filled = areas
            table = Table(title=f"{areas:,} areas of {options.vertices} vertices, {grid.grid_id}")
            for heading in ("level", "kB", "bare kB", "cold ms", "warm ms", "bare ms"):
                table.add_column(heading, justify="right")
            clients = client(0), client(settings.cache_bytes)
            with reader.connect() as connection:
                for level in LEVELS[grid.grid_id]:
                    table.add_row(*measure(*clients, connection, grid, level))
            console.print(table)
        reader.dispose()
        owner.dispose()


if __name__ == "__main__":
    main()
