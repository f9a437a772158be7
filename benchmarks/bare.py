"""The HTTP server alone: it hands over answers that were laid down before, with as many headers as the service gives.

``python -m benchmarks.bare PORT DIRECTORY`` serves ``DIRECTORY/NAME`` with the headers in ``NAME.json`` by a WSGI
function that looks nothing up and counts nothing. What a known answer takes longer than this is the service's own part.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.servers import HEADERS_OF

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


def main(port: int, directory: Path) -> None:
    """Serve until a signal ends it."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.bare:make_app",
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=2,
        blocking_threads=8,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
    ).serve(target_loader=lambda: make_app(directory), wrap_loader=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
