"""What a page of 10,000 features costs in each format, and a whole collection as a file: time, size, memory.

    python -m benchmarks.formats [--areas 100000]

The areas are copies of the sample areas in a private database, removed afterwards. Memory is the most that the
process had while it made and sent the answer, above what it had before.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, create_engine, text

from geo_service.db.cluster import temporary_cluster
from geo_service.db.engine import read_engine
from geo_service.db.migrate import migrate
from geo_service.ingest.sample import load_sample
from geo_service.ogc.blueprint import make_blueprint
from geo_service.ogc.negotiation import ITEMS_FORMATS
from geo_service.settings import PROJECT_DIR, Settings

COLLECTION = "/api/collections/programme-areas"
COLUMNS = """
    SELECT string_agg(column_name, ', ') FROM information_schema.columns
     WHERE table_schema = 'publication' AND table_name = 'programme_area' AND is_generated = 'NEVER'
       AND column_name NOT IN ('area_no', 'area_id')
"""
COPIES = """
    INSERT INTO publication.programme_area (area_no, area_id, {columns})
    SELECT 1000 + area_no * 10000 + copy, area_id || '-' || copy, {columns}
      FROM publication.programme_area, generate_series(1, :copies) AS copy
"""


def main() -> None:
    """Make the database, ask for everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--areas", type=int, default=100_000)
    options = parser.parse_args()
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as home:
        cluster.create_database("formats")
        engine = create_engine(cluster.url("formats"))
        migrate(engine)
        load_sample(engine, PROJECT_DIR / "data")
        count = multiply(engine, options.areas)
        engine.dispose()
        settings = Settings.load(
            {},
            home=Path(home),
            database_url=cluster.url("formats"),
            database_read_url=cluster.url("formats", role="reader"),
        )
        reader = read_engine(settings)
        application = Flask("benchmark", static_folder=None)
        application.register_blueprint(make_blueprint(settings, reader))
        Console().print(measure(application.test_client(), count))
        reader.dispose()


def multiply(engine: Engine, areas: int) -> int:
    """Copy the published areas until there are as many as asked for; return how many there are."""
    count = "SELECT count(*) FROM publication.programme_area"
    with engine.begin() as connection:
        columns = connection.execute(text(COLUMNS)).scalar_one()
        copies = areas // connection.execute(text(count)).scalar_one()
        connection.execute(text(COPIES.format(columns=columns)), {"copies": copies})
        found: int = connection.execute(text(count)).scalar_one()
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return found


def measure(client: FlaskClient, count: int) -> Table:
    """Ask for a page in every format and for the whole collection as files."""
    table = Table("answer", "features", "seconds", "MB", "MB of memory")
    client.get(f"{COLLECTION}/items?limit=1&f=gpkg")
    for one in ITEMS_FORMATS:
        row = ask(client, f"{COLLECTION}/items?limit=10000&f={one.name}")
        table.add_row(one.title.en, f"{min(count, 10_000):,}", *row)
    for name in ("programme_areas.gpkg", "programme_areas.fgb"):
        table.add_row(name, f"{count:,}", *ask(client, f"{COLLECTION}/download/{name}"))
    return table


def ask(client: FlaskClient, url: str) -> tuple[str, str, str]:
    """Return seconds, size and memory of an answer."""
    before, peak, finished = resident_mb(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not finished.wait(0.01):
            peak = max(peak, resident_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    response = client.get(url, buffered=False)
    assert response.status_code == 200, url
    size = sum(len(chunk) for chunk in response.response)
    seconds = time.perf_counter() - started
    response.close()
    finished.set()
    watcher.join()
    return f"{seconds:.1f}", f"{size / 1e6:.1f}", f"{max(peak - before, 0):.0f}"


def resident_mb() -> float:
    """Return the memory that this process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
