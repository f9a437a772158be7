"""Answers that the service has given before, beside nginx that hands over the same bytes from the disk."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from rich.table import Table

from benchmarks.client import Client, Reply, take_turns
from benchmarks.rows import ITEMS, TILES, middle_tile

CONNECTIONS = 16


def known_table(areas: int, service: str, files: tuple[str, Path] | None, seconds: float) -> Table:
    """Return the table of known answers: medians, and requests per second where wrk is installed."""
    table = Table(
        "row", "kB", "ms", "nginx ms", "ratio", "aim", "per second", "nginx per second", "ratio", "aim",
        title=f"{areas:,} areas, known",
    )  # fmt: skip
    tile = middle_tile(12)
    paths = {
        "single item": f"{ITEMS}/beispiel-{areas // 2}",
        "items 10": f"{ITEMS}?limit=10",
        "items 100": f"{ITEMS}?limit=100",
        "items 1,000": f"{ITEMS}?limit=1000",
        "tile z12": f"{TILES}/12/{tile.y}/{tile.x}",
    }
    for name, path in paths.items():
        url = service + path
        reply = _warm(url)
        twin = _lay(files, name, reply.body)
        table.add_row(name, *_compare(url, twin, {}, {}, len(reply.body), seconds))
        if name in ("single item", "items 100"):
            tag = {"If-None-Match": reply.headers["etag"]}
            theirs = {"If-None-Match": Client(twin).get().headers["etag"]} if twin else {}
            table.add_row(f"{name}, 304", *_compare(url, twin, tag, theirs, 0, seconds))
        if name == "items 100":
            for coding in ("gzip", "br", "zstd"):
                asked = {"Accept-Encoding": coding}
                coded = _warm(url, asked)
                twin = _lay(files, f"{name} {coding}", coded.body)
                table.add_row(f"{name}, {coding}", *_compare(url, twin, asked, {}, len(coded.body), seconds))
    return table


def _warm(url: str, headers: dict[str, str] | None = None) -> Reply:
    """Ask on many connections, so that each worker comes to know the answer."""
    for _ in range(40):
        client = Client(url, headers)
        reply = client.get()
        client.close()
    return reply


def _lay(files: tuple[str, Path] | None, name: str, data: bytes) -> str | None:
    if files is None:
        return None
    address, directory = files
    file_name = re.sub(r"\W+", "-", name)
    (directory / file_name).write_bytes(data)
    return f"{address}/{file_name}"


def _compare(
    url: str, twin: str | None, asked: dict[str, str], asked_twin: dict[str, str], size: int, seconds: float
) -> list[str]:
    clients = [Client(url, asked), *([Client(twin, asked_twin)] if twin else [])]
    ours, *theirs = take_turns(clients, seconds / 2, most=2_000)
    for client in clients:
        client.close()
    cells = [f"{size / 1000:,.1f}", f"{ours:.3f}"]
    cells += [f"{theirs[0]:.3f}", f"{ours / theirs[0]:.1f}", "3"] if theirs else ["", "", ""]
    if not theirs or shutil.which("wrk") is None:
        return [*cells, "", "", "", ""]
    mine, other = _per_second(url, asked), _per_second(str(twin), asked_twin)
    return [*cells, f"{mine:,.0f}", f"{other:,.0f}", f"{mine / other:.2f}", "0.5"]


def _per_second(url: str, headers: dict[str, str]) -> float:
    """Return how many requests are answered in a second, the better of two short runs."""
    given = [argument for name, value in headers.items() for argument in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d2s", *given, url]
    found = []
    for _ in range(2):
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        match = re.search(r"Requests/sec:\s+([\d.]+)", output)
        found.append(float(match[1]) if match else 0.0)
    return max(found)
