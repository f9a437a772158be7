"""What the pages for people cost with many areas: the list in every order, early and late, filters, the map, tables.

    python -m benchmarks.area_list [--areas 100000]

Synthetic squares in a private database, as in ``paging.py``. Times are medians of whole answers of the application,
without a network, in milliseconds; memory is what the process grew by while it wrote a table.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine

from benchmarks.paging import fill
from geo_service.db.cluster import temporary_cluster
from geo_service.db.migrate import migrate
from geo_service.settings import Settings
from geo_service.web.app import create_app
from geo_service.web.area_list import SORTS

HTML = {"Accept": "text/html"}
REPEATS = 3
CHOICES = (
    "status=ongoing",
    "status=planned&status=unknown",
    "programme=SOS",
    "district=Kreis+4",
    "ags=05990007",
    "from=2001&to=2004",
    "period=unknown",
    "year=2008",
    "q=Gebiet+77",
)


def main() -> None:
    """Make the database, ask for the pages, print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--areas", type=int, default=100_000)
    areas = parser.parse_args().areas
    console = Console()
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as home:
        cluster.create_database("list")
        engine = create_engine(cluster.url("list"))
        migrate(engine)
        fill(engine, areas)
        engine.dispose()
        addresses = {
            "database_url": cluster.url("list"),
            "database_read_url": cluster.url("list", role="reader"),
        }
        app = create_app(Settings.load({}, home=Path(home), **addresses))
        measure(app.test_client(), areas, console)
        app.extensions["geo_service"].engine.dispose()


def measure(client: FlaskClient, areas: int, console: Console) -> None:
    """Ask for everything and print it."""
    orders = Table(
        "order", "first page", "after 90 %", "page behind it", title=f"list of {areas:,} areas, ms"
    )
    for sort in (sign + column for column in SORTS for sign in ("", "-")):
        late = f"/profiles?sort={sort}&offset={areas * 9 // 10}"
        behind = next_page(client, late)
        paths = (f"/profiles?sort={sort}", late, behind)
        orders.add_row(sort, *(f"{cost(client, path):.0f}" for path in paths))
    console.print(orders)
    chosen = Table("filters", "list", "map", title="filters, ms")
    for query in ("", *CHOICES):
        chosen.add_row(
            query or "none", *(f"{cost(client, f'{path}?{query}'):.0f}" for path in ("/profiles", "/"))
        )
    console.print(chosen)
    for name in ("csv", "xlsx"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        size = len(client.get(f"/profiles?f={name}", buffered=False).get_data())
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        console.print(
            f"{name}: {time.perf_counter() - started:.1f} s, {size / 1e6:.1f} MB, memory +{grown:.0f} MB"
        )


def next_page(client: FlaskClient, path: str) -> str:
    """Return the address of the page behind another one."""
    found = re.search(r'<a rel="next" href="([^"]+)"', client.get(path, headers=HTML).text)
    assert found, path
    return found[1].replace("&amp;", "&")


def cost(client: FlaskClient, path: str) -> float:
    """Return the median time of an answer in milliseconds."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        answer = client.get(path, headers=HTML)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(times)


if __name__ == "__main__":
    main()
