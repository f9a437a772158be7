"""What a tile costs, level by level: from the database (cold), out of the cache (warm), and as a bare statement.

    python -m benchmarks.tiles [--areas 300 10000 100000 1000000] [--grid AdV_25832] [--keep DIRECTORY]

Areas are those of ``benchmarks.synthetic``. *Bare* is `ST_AsMVT` over the stored shapes of the same tile with all
attributes, without order, limit, generalisation and label points; it is ended after 15 s. The tile is the one with the
middle of the state in it. --keep leaves the databases in a directory, for the next run; a million areas take an hour
and 25 GB to make.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from benchmarks.databases import open_cluster, prepare
from geo_service.db.cluster import Cluster
from geo_service.db.engine import read_engine
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
    try:
        bare_size = f"{len(bytes(connection.execute(statement, values).scalar_one())) / 1000:,.0f}"
        bare = f"{milliseconds(lambda: connection.execute(statement, values).scalar_one()):,.1f}"
    except OperationalError:
        connection.rollback()
        bare_size, bare = "", "> 15,000"
    return [str(level), f"{size:,.0f}", bare_size, f"{from_database:,.1f}", f"{from_cache:.2f}", bare]


def table(cluster: Cluster, database: str, areas: int, grid: Grid) -> Table:
    """Measure all levels of one database."""
    addresses = {
        "database_url": cluster.url(database),
        "database_read_url": cluster.url(database, role="reader"),
    }
    settings = Settings.load({}, **addresses)
    reader = read_engine(settings)

    def client(cache_bytes: int) -> FlaskClient:
        application = Flask("benchmark", static_folder=None)
        application.register_blueprint(
            make_blueprint(Settings.load({}, **addresses, cache_bytes=cache_bytes), reader)
        )
        return application.test_client()

    found = Table(title=f"{areas:,} areas, {grid.grid_id}")
    for heading in ("level", "kB", "bare kB", "cold ms", "warm ms", "bare ms"):
        found.add_column(heading, justify="right")
    clients = client(0), client(settings.cache_bytes)
    with reader.connect() as connection:
        for level in LEVELS[grid.grid_id]:
            found.add_row(*measure(*clients, connection, grid, level))
    reader.dispose()
    return found


def main() -> None:
    """Measure and print one table for each number of areas."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=int, nargs="+", default=[300, 10_000, 100_000])
    parser.add_argument("--grid", choices=list(GRIDS), default="WebMercatorQuad")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="of the database cluster")
    options = parser.parse_args()
    console = Console(width=100)
    with open_cluster(options.keep) as cluster:
        for areas in sorted(options.areas):
            database = prepare(console, cluster, areas)
            console.print(table(cluster, database, areas, GRIDS[options.grid]))


if __name__ == "__main__":
    main()
