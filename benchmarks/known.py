"""Answers that the service has given before, beside nginx that hands over the same bytes from the disk.

In between stands the HTTP server alone, which gives the same bytes and headers from memory.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
from contextlib import ExitStack
from pathlib import Path

from rich.table import Table

from benchmarks.client import Client, Reply, take_turns
from benchmarks.rows import ITEMS, TILES, middle_tile
from benchmarks.servers import HEADERS_OF, bare

CONNECTIONS = 16
ROUNDS = 5


def known_table(areas: int, service: str, files: tuple[str, Path] | None, seconds: float) -> Table:
    """Return the table of known answers: medians, and requests per second where wrk is installed.

    `files` are nginx's address and the directory that it hands over from.
    """
    table = Table(
        "row", "kB", "ms", "server alone ms", "nginx ms", "ratio", "aim",
        "per second", "server alone", "nginx", "ratio", "aim",
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
    with ExitStack() as stack:
        twins = [] if files is None else [stack.enter_context(bare(files[1])), files[0]]
        for name, path in paths.items():
            asked: dict[str, dict[str, str]] = {name: {}}
            if name == "items 100":
                asked |= {
                    f"{name}, {coding}": {"Accept-Encoding": coding} for coding in ("gzip", "br", "zstd")
                }
            for row, headers in asked.items():
                url = service + path
                reply = _warm(url, headers)
                places = (
                    [(f"{twin}/{_lay(files[1], row, reply)}", headers) for twin in twins] if files else []
                )
                table.add_row(row, *_compare([(url, headers), *places], len(reply.body), seconds))
                if row in ("single item", "items 100"):
                    again = [
                        (one, {"If-None-Match": _warm(one).headers["etag"]})
                        for one, _ in [(url, {}), *places]
                    ]
                    table.add_row(f"{row}, 304", *_compare(again, 0, seconds))
    return table


def _warm(url: str, headers: dict[str, str] | None = None) -> Reply:
    """Ask on many connections, so that each worker comes to know the answer."""
    for _ in range(40):
        client = Client(url, headers)
        reply = client.get()
        client.close()
    return reply


def _lay(directory: Path, row: str, reply: Reply) -> str:
    """Lay an answer and its headers down as files; return the name."""
    name = re.sub(r"\W+", "-", row)
    (directory / name).write_bytes(reply.body)
    headers = {key: text for key, text in reply.headers.items() if key != "date"}
    (directory / HEADERS_OF.format(name=name)).write_text(json.dumps(headers))
    return name


def _compare(asked: list[tuple[str, dict[str, str]]], size: int, seconds: float) -> list[str]:
    """Return a row: kilobytes, medians and requests per second of the service, the server alone and nginx."""
    clients = [Client(url, headers) for url, headers in asked]
    times = take_turns(clients, seconds / 2, most=2_000)
    for client in clients:
        client.close()
    rates = _rates(asked) if shutil.which("wrk") else []
    cells = [f"{size / 1000:,.1f}"]
    for values, form, aim in ((times, "{:.3f}", "3"), (rates, "{:,.0f}", "0.5")):
        shown = [form.format(value) for value in values] + [""] * (3 - len(values))
        ratio = f"{values[0] / values[-1]:.2f}" if len(values) > 1 else ""
        cells += [*shown, ratio, aim]
    return cells


def _rates(asked: list[tuple[str, dict[str, str]]]) -> list[float]:
    """Return how many requests each answers in a second: medians of short runs in turns, as the machine has others."""
    found = [[per_second(*one) for one in asked] for _ in range(ROUNDS)]
    return [statistics.median(rates) for rates in zip(*found, strict=True)]


def per_second(url: str, headers: dict[str, str]) -> float:
    """Return how many requests are answered in a second, in a run of one."""
    given = [argument for name, value in headers.items() for argument in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", *given, url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    return float(match[1]) if match else 0.0
