"""HTTP servers beside each other and beside nginx: each hands over one small answer that lies in memory.

    python -m benchmarks.http_servers [--seconds 2] [--rounds 3]

This says which server the service should stand behind. Of the others those are measured that are installed (``pip install
granian gunicorn``), each with two processes, in turns; medians on one kept connection, and requests per second on 16
(wrk). The service's own server is measured twice: finding an answer by its head, without a look at whether it is
still true and without its counters, and by a thread, as it answers what is not known.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import servers
from benchmarks.client import Client, take_turns
from benchmarks.known import per_second
from geo_service.web.sending import Answer, answer_of

CONTENT = b'{"type":"Feature"}'.ljust(3_400)
HEADERS = [
    ("content-type", "application/geo+json"),
    ("content-length", str(len(CONTENT))),
    ("etag", '"one"'),
    *((f"header-{number}", "a value as long as most of them are") for number in range(12)),
]
UNCHANGED = [pair for pair in HEADERS if not pair[0].startswith("content-")]
WORKERS = 2
THREADS = 8


def wsgi(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
    """Answer as a WSGI application."""
    if "HTTP_IF_NONE_MATCH" in environ:
        start("304 Not Modified", UNCHANGED.copy())
        return [b""]
    start("200 OK", HEADERS.copy())
    return [CONTENT]


async def asgi(scope: dict[str, Any], _receive: object, send: Callable[..., Any]) -> None:
    """Answer as an ASGI application."""
    unchanged = any(name == b"if-none-match" for name, _ in scope["headers"])
    headers = [(name.encode(), text.encode()) for name, text in (UNCHANGED if unchanged else HEADERS)]
    await send({"type": "http.response.start", "status": 304 if unchanged else 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if unchanged else CONTENT})


async def rsgi(scope: Any, protocol: Any) -> None:
    """Answer as an RSGI application, granian's own interface."""
    if "if-none-match" in scope.headers:
        protocol.response_empty(304, UNCHANGED)
    else:
        protocol.response_bytes(200, HEADERS, CONTENT)


class Laid:
    """Answers by head, as `AtOnce` does, without looking whether they are true."""

    def __init__(self) -> None:
        self._answers: dict[bytes, Answer] = {}

    def by_head(self, head: bytes) -> Answer:
        """Return the answer to a request."""
        found = self._answers.get(head)
        if found is None:
            unchanged = b"if-none-match" in head.lower()
            found = (
                answer_of("304 Not Modified", UNCHANGED, b"")
                if unchanged
                else answer_of("200 OK", HEADERS, CONTENT)
            )
            self._answers[head] = found
        return found


def serve_own(port: int, at_once: Any = None) -> None:
    """Serve by the server of the service."""
    from geo_service.web.worker import listen, make_server
    from geo_service.web.workers import Workers

    Workers(WORKERS, lambda: make_server(wsgi, THREADS, at_once).run([listen(("127.0.0.1", port))]), 5).run()


def serve_granian(port: int, interface: str) -> None:
    """Serve by granian."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    threads = {"blocking_threads": THREADS} if interface == "wsgi" else {}
    Granian(
        f"benchmarks.http_servers:{interface}",
        interface=Interfaces(interface),
        address="127.0.0.1",
        port=port,
        workers=WORKERS,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
        **threads,
    ).serve()


def serve_uvicorn(port: int) -> None:
    """Serve by uvicorn as it is."""
    import uvicorn

    uvicorn.run(
        "benchmarks.http_servers:asgi",
        port=port,
        workers=WORKERS,
        log_level="error",
        access_log=False,
        http="httptools",
        loop="uvloop",
    )


def serve_gunicorn(port: int) -> None:
    """Serve by gunicorn with threads."""
    from gunicorn.app.wsgiapp import run

    place = f"127.0.0.1:{port}"
    sys.argv = [
        "gunicorn",
        "-w",
        str(WORKERS),
        "--threads",
        str(THREADS),
        "-b",
        place,
        "benchmarks.http_servers:wsgi",
    ]
    run()


SERVERS: dict[str, tuple[str, Callable[[int], None]]] = {
    "the service's, by head alone": ("uvicorn", lambda port: serve_own(port, Laid())),
    "the service's, by a thread": ("uvicorn", serve_own),
    "granian, WSGI": ("granian", lambda port: serve_granian(port, "wsgi")),
    "granian, RSGI": ("granian", lambda port: serve_granian(port, "rsgi")),
    "uvicorn, ASGI": ("uvicorn", serve_uvicorn),
    "gunicorn, threads": ("gunicorn", serve_gunicorn),
}


def main() -> None:
    """Start all that are installed, measure and print; with --serve, be one of them."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.http_servers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="for each median")
    parser.add_argument("--rounds", type=int, default=3, help="of requests per second; the median counts")
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        SERVERS[options.serve[0]][1](int(options.serve[1]))
        return
    with ExitStack() as stack:
        places = {
            name: stack.enter_context(servers.running("benchmarks.http_servers", "--serve", name))
            for name, (package, _) in SERVERS.items()
            if importlib.util.find_spec(package)
        }
        files = stack.enter_context(servers.nginx())
        if files is not None:
            (files[1] / "answer").write_bytes(CONTENT)
            places["nginx, from a file"] = files[0]
        Console(width=140).print(
            measure({name: f"{place}/answer" for name, place in places.items()}, options)
        )


def measure(urls: dict[str, str], options: argparse.Namespace) -> Table:
    """Return the table."""
    table = Table("server", "ms", "ms, 304", "per second", "per second, 304", title="one answer of 3.4 kB")
    asked = {name: ({}, {"If-None-Match": Client(url).get().headers["etag"]}) for name, url in urls.items()}
    columns = []
    for which in (0, 1):
        clients = [Client(url, asked[name][which]) for name, url in urls.items()]
        columns.append([f"{value:.3f}" for value in take_turns(clients, options.seconds, most=5_000)])
        for client in clients:
            client.close()
    for which in (0, 1):
        found: dict[str, list[float]] = {name: [] for name in urls}
        for _ in range(options.rounds):
            for name, url in urls.items():
                found[name].append(per_second(url, asked[name][which]))
        columns.append([f"{statistics.median(rates):,.0f}" for rates in found.values()])
    for row in zip(urls, *columns, strict=True):
        table.add_row(*row)
    return table


if __name__ == "__main__":
    main()
