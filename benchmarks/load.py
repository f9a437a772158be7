"""Many clients at once for a minute: errors, latency, memory of the workers, database connections.

    python -m benchmarks.load --areas 100000 --clients 64 --seconds 60

Makes a database of synthetic areas (or takes the one that an earlier run kept with --keep), serves it as
``geo-service serve`` does, and asks for single areas, pages, boxes, filters and tiles: some of them often, most of them
once. Ends with 1 when there was an error, a connection too many, or memory that kept growing.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.client
import os
import platform
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, create_engine, text

from benchmarks.databases import open_cluster, prepare
from benchmarks.rows import middle_tile
from benchmarks.servers import service
from geo_service.settings import Settings

ITEMS = "/api/collections/programme-areas/items"
TILES = "/api/collections/programme-areas/tiles/WebMercatorQuad"
TIMEOUT_S = 30
# Until every thread has made some of the largest answers.
WARM_UP_S = 60.0
# Memory rises and falls with the answers that are being made. What it is in the middle of the last quarter of the time
# may be so much more than in that of the first one; more is growth.
GROWTH = 0.1
CODINGS = ("gzip", "br", "zstd", "identity")


@dataclass
class Seen:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    @property
    def errors(self) -> int:
        return sum(self.faults.values()) + sum(
            count for status, count in self.statuses.items() if status not in (200, 204, 304)
        )

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


_middle = functools.cache(middle_tile)


def paths(areas: int, ids: list[str], seed: int) -> Callable[[], str]:
    """Return what makes addresses: half of them from a few hundred that everybody asks for, half of them new."""
    chance = random.Random(seed)
    shared = random.Random(1)

    def fresh(by: random.Random) -> str:
        kind = by.randrange(6)
        west, south = by.uniform(6.0, 8.8), by.uniform(50.6, 52.2)
        box = f"{west:.4f},{south:.4f},{west + 0.1:.4f},{south + 0.07:.4f}"
        if kind == 0:
            return f"{ITEMS}/{by.choice(ids)}"
        if kind == 1:
            return f"{ITEMS}?limit=100&bbox={box}"
        if kind == 2:
            return f"{ITEMS}?limit={by.choice((10, 100))}&offset={by.randrange(max(1, areas - 100))}"
        if kind == 3:
            wanted = f"status = 'ongoing' AND start_year BETWEEN {by.randrange(1999, 2010)} AND 2020"
            return f"{ITEMS}?limit=50&filter={quote(wanted)}"
        if kind == 4:
            return f"/profiles/{by.choice(ids)}?lang={by.choice(('de', 'en'))}"
        level = by.randrange(8, 15)
        tile = _middle(level)
        reach = 2 ** (level - 7)
        return (
            f"{TILES}/{level}/{tile.y + by.randrange(-reach, reach)}/{tile.x + by.randrange(-reach, reach)}"
        )

    popular = [fresh(shared) for _ in range(300)]
    return lambda: chance.choice(popular) if chance.random() < 0.5 else fresh(chance)


def client(address: str, next_path: Callable[[], str], seen: Seen, end: float, coding: str) -> None:
    """Ask one after the other on a kept connection until the time is over."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    while time.monotonic() < end:
        path, began = next_path(), time.monotonic()
        try:
            connection.request("GET", path, headers={"Accept-Encoding": coding})
            answer = connection.getresponse()
            seen.sent += len(answer.read())
        except (OSError, http.client.HTTPException) as error:
            seen.faults[type(error).__name__] += 1
            connection.close()
            continue
        # Outside of the data there are no tiles.
        status = 204 if answer.status == 404 and path.startswith(TILES) else answer.status
        seen.statuses[status] += 1
        seen.seconds.append(time.monotonic() - began)
    connection.close()


def run(address: str, areas: int, ids: list[str], clients: int, seconds: float) -> Seen:
    """Let all clients ask for a while; return what they saw together."""
    end = time.monotonic() + seconds
    each = [Seen() for _ in range(clients)]
    threads = [
        threading.Thread(
            target=client,
            args=(address, paths(areas, ids, number), seen, end, CODINGS[number % len(CODINGS)]),
        )
        for number, seen in enumerate(each)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Seen()
    for seen in each:
        total.seconds += seen.seconds
        total.statuses += seen.statuses
        total.faults += seen.faults
        total.sent += seen.sent
    return total


def memory(address: str) -> float:
    """Return the memory of all workers in bytes, as the service itself says."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return sum(
        float(line.split()[-1]) for line in lines if line.startswith("geo_service_worker_resident_bytes{")
    )


class Watch:
    """Counts the connections that the service has to the database, and its memory, while the load runs."""

    def __init__(self, engine: Engine, address: str) -> None:
        self._engine, self._address = engine, address
        self.most_connections = 0
        self.memory: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        # Parallel workers have the name of those that they work for, but are no connections.
        question = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name LIKE 'geo-service-%' AND backend_type = 'client backend'"
        )
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            while not self._stop.wait(1):
                self.most_connections = max(self.most_connections, connection.scalar(question) or 0)
                with contextlib.suppress(OSError, http.client.HTTPException):
                    self.memory.append(memory(self._address))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--cache-bytes", type=int, default=16 * 2**20, help="small, so that it is full at the start"
    )
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="of the database cluster")
    options = parser.parse_args()
    console = Console()
    with open_cluster(options.keep) as cluster:
        database = prepare(console, cluster, options.areas)
        engine = create_engine(cluster.url(database))
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT area_id FROM publication.programme_area ORDER BY area_no LIMIT 20000")
            )
            ids = [row[0] for row in found]
        with service(cluster, database, options.workers, cache_bytes=options.cache_bytes) as address:
            run(address, options.areas, ids, options.clients, WARM_UP_S)
            with Watch(engine, address) as watch:
                seen = run(address, options.areas, ids, options.clients, options.seconds)
        engine.dispose()
    return report(console, options, seen, watch)


def report(console: Console, options: argparse.Namespace, seen: Seen, watch: Watch) -> int:
    """Print the table; return 1 when something is not as it should be."""
    settings = Settings.load({})
    limit = options.workers * (settings.pool_size + 1)
    quarter = max(1, len(watch.memory) // 4)
    first, last = (statistics.median(part) for part in (watch.memory[:quarter], watch.memory[-quarter:]))
    over_time = watch.memory[:: max(1, len(watch.memory) // 10)]
    grown = last > first * (1 + GROWTH)
    table = Table(title=f"{options.clients} clients for {options.seconds:.0f} s at {options.areas:,} areas")
    table.add_column("what")
    table.add_column("value", justify="right")
    rows = {
        "requests": f"{len(seen.seconds):,} ({len(seen.seconds) / options.seconds:,.0f}/s)",
        "errors": f"{seen.errors} {dict(seen.faults) or ''}",
        "statuses": ", ".join(f"{status}: {count:,}" for status, count in sorted(seen.statuses.items())),
        "p50, p99, longest": f"{seen.quantile(0.5):.1f}, {seen.quantile(0.99):.1f}, {seen.quantile(1):.1f} ms",
        "memory of the workers, start to end": ", ".join(f"{one / 2**20:.0f}" for one in over_time) + " MiB",
        "first and last quarter, in the middle": f"{first / 2**20:.0f}, {last / 2**20:.0f} MiB",
        "database connections, most and limit": f"{watch.most_connections} of {limit}",
        "sent": f"{seen.sent / 2**20:,.0f} MiB",
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)
    return int(bool(seen.errors) or grown or watch.most_connections > limit)


if __name__ == "__main__":
    sys.exit(main())
