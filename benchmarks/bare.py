"""The HTTP server alone: it hands over answers that were laid down before, with as many headers as the service gives.

``python -m benchmarks.bare DIRECTORY PORT`` serves ``DIRECTORY/NAME`` with the headers in ``NAME.json`` by a WSGI
function that looks nothing up and counts nothing, in a thread as every function is called that may wait for something.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.servers import HEADERS_OF
from geo_service.web.worker import listen, make_server
from geo_service.web.workers import Workers

Start = Callable[[str, list[tuple[str, str]]], object]


def make_app(directory: Path) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Return the WSGI function."""

    @lru_cache
    def laid(name: str) -> tuple[bytes, list[tuple[str, str]]]:
        headers = json.loads((directory / HEADERS_OF.format(name=name)).read_text())
        return (directory / name).read_bytes(), list(headers.items())

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        content, headers = laid(environ["PATH_INFO"].strip("/"))
        if "HTTP_IF_NONE_MATCH" in environ:
            start("304 Not Modified", [pair for pair in headers if not pair[0].startswith("content-")])
            return [b""]
        start("200 OK", headers.copy())
        return [content]

    return app


def main(directory: Path, port: int) -> None:
    """Serve until a signal ends it."""
    Workers(2, lambda: make_server(make_app(directory), 8).run([listen(("127.0.0.1", port))]), 5).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
