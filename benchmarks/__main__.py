"""What answers cost: the service beside the floor, beside nginx with finished files, and beside other servers.

    python -m benchmarks run [--areas 300 10000] [--peer NAME=URL …] [--keep DIRECTORY]

For each number of areas one table of *cold* answers, which nothing has prepared but the database, and one of *known*
ones, which the service has given before. Times are medians of whole requests on one kept connection; all who answer a
row are asked in turns, so that quotients hold on a busy machine, too. Answers are compared before they are timed.

The floor is one prepared PostGIS statement that transforms and encodes on the fly, and hands its bytes over. A peer is
the address of a collection (OGC API - Features, such as http://host/collections/areas) or the template of a tile
(with {z}, {x} and {y}); a row that it does not answer with as many features of that kind is left out, and a tile with
fewer layers, as the service's have two. --keep leaves the database in a directory, for peers to read and for the next
run.
nginx and wrk (Debian: nginx-light, wrk) are used where they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import servers
from benchmarks.client import Client, Reply, take_turns
from benchmarks.databases import open_cluster, prepare
from benchmarks.floor import PATIENCE_S
from benchmarks.known import known_table
from benchmarks.rows import Row, check, is_tile_alike, rows
from geo_service.db.cluster import Cluster


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="measure every row and print the tables")
    run.add_argument("--areas", type=int, nargs="+", default=[10_000], metavar="N")
    run.add_argument("--seconds", type=float, default=6.0, help="for each row")
    run.add_argument("--workers", type=int, default=2, help="processes of the service")
    run.add_argument("--peer", action="append", default=[], metavar="NAME=URL")
    run.add_argument(
        "--keep", type=Path, metavar="DIRECTORY", help="of the database cluster; made where missing"
    )
    options = parser.parse_args()
    console = Console(width=160)
    console.print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors")
    peers = dict(peer.partition("=")[::2] for peer in options.peer)
    with open_cluster(options.keep) as cluster:
        for areas in sorted(options.areas):
            database = prepare(console, cluster, areas)
            _measure(console, cluster, database, areas, options, peers)


def _measure(
    console: Console,
    cluster: Cluster,
    database: str,
    areas: int,
    options: argparse.Namespace,
    peers: dict[str, str],
) -> None:
    with ExitStack() as stack:
        floor = stack.enter_context(servers.floor(cluster, database))
        cold = stack.enter_context(servers.service(cluster, database, 1, cache_bytes=0))
        table = Table("row", "kB", "ms", "floor ms", "ratio", "aim", *(f"{name} ms" for name in peers))
        table.title = f"{areas:,} areas, cold"
        try:
            for row in rows(areas, cold):
                table.add_row(*_cold(row, cold, floor, options.seconds, peers))
        finally:
            console.print(table)
    with ExitStack() as stack:
        warm = stack.enter_context(servers.service(cluster, database, options.workers))
        files = stack.enter_context(servers.nginx())
        console.print(known_table(areas, warm, files, options.seconds))


def _cold(row: Row, service: str, floor: str, seconds: float, peers: dict[str, str]) -> list[str]:
    size, has_floor = check(row, service, floor)
    ours = Client(service + row.service)
    least = {"floor": Client(floor + row.floor)} if has_floor else {}
    others = {name: one for name, template in peers.items() if (one := _peer(row, template, ours.get()))}
    mine, *floor_ms = take_turns([ours, *least.values()], seconds)
    # By themselves: a large answer of one leaves nothing of another's in the processor's caches.
    times = dict(zip(others, take_turns(list(others.values()), seconds), strict=True)) if others else {}
    for client in (ours, *least.values(), *others.values()):
        client.close()
    reached = (
        [f"{floor_ms[0]:,.2f}", f"{mine / floor_ms[0]:.2f}"] if floor_ms else [f"> {PATIENCE_S * 1000:,}", ""]
    )
    peer_times = [f"{times[name]:,.2f}" if name in times else "" for name in peers]
    return [row.name, size, f"{mine:,.2f}", *reached, f"{row.aim:.1f}", *peer_times]


def _peer(row: Row, template: str, ours: Reply) -> Client | None:
    """Return who asks the same at a peer; None where it has no answer, one with fewer features, or a late one."""
    for path in row.peer:
        if ("{z}" in template) != (row.unit == "tile"):
            continue
        if row.unit == "tile":
            z, x, y = path.split("/")
            client = Client(template.format(z=z, x=x, y=y))
        else:
            client = Client(template.rstrip("/") + path)
        began = time.monotonic()
        reply = client.get()
        if time.monotonic() - began > PATIENCE_S:
            return None
        if reply.status == 200 and _answers(row, reply, ours):
            return client
        client.close()
    return None


def _answers(row: Row, reply: Reply, ours: Reply) -> bool:
    if row.unit == "tile":
        return is_tile_alike(reply.body, ours.body)
    return _is_alike(row, _features(reply), _features(ours))


def _is_alike(row: Row, theirs: list[dict], ours: list[dict]) -> bool:
    """Tell whether it is an answer to the same question: as many features, each of which may be there."""
    return len(theirs) == len(ours) and (row.holds is None or all(map(row.holds, theirs)))


def _features(reply: Reply) -> list[dict]:
    document = json.loads(reply.body)
    features: list[dict] = document.get("features", [document])
    return features


if __name__ == "__main__":
    main()
