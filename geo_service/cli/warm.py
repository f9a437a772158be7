"""Fills the caches of the running service through its own front door: over HTTP, each worker for itself."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from geo_service.errors import ConfigError, UnavailableError
from geo_service.settings import Settings
from geo_service.web.server import reachable_host

COLLECTIONS = ("programme-areas", "municipalities")
GRID_ID = "WebMercatorQuad"
# What browsers say over TLS; they get the same coding.
HEADERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
# Which worker takes a connection is the kernel's choice. When so many in a row meet none but those that are known,
# there is no other, but for one chance in millions.
REPEATS_PER_WORKER = 16
TIMEOUT_S = 60

Progress = Callable[[str, int, int | None], None]


@dataclass
class WarmReport:
    """What was asked for: tiles with content, and the worker processes that have them now."""

    tiles: int
    workers: int

    def lines(self, language: str = "de") -> list[str]:
        """Return the report as lines of text."""
        if language.startswith("de"):
            return [f"{self.tiles} Kacheln in {self.workers} Prozessen bereit"]
        return [f"{self.tiles} tiles ready in {self.workers} processes"]


def warm(settings: Settings, min_zoom: int, max_zoom: int, progress: Progress) -> WarmReport:
    """Ask each worker of the service for the tiles of the collections that maps show.

    Raises
    ------
    ConfigError
        The zooms do not rise.
    UnavailableError
        The service does not run, or does not answer.
    """
    if min_zoom > max_zoom:
        raise ConfigError("The zooms have to rise.")
    try:
        workers = _connections(settings)
        try:
            return _warm_all(workers, min_zoom, max_zoom, progress)
        finally:
            for connection in workers:
                connection.close()
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        raise UnavailableError(
            f"The service on {settings.host} port {settings.port} does not answer as it should: {error!r}."
        ) from error


def _warm_all(
    workers: list[http.client.HTTPConnection], min_zoom: int, max_zoom: int, progress: Progress
) -> WarmReport:
    paths = [
        path
        for collection_id in COLLECTIONS
        for path in _tiles(
            workers[0], f"/api/collections/{collection_id}/tiles/{GRID_ID}", min_zoom, max_zoom
        )
    ]
    lock, done = threading.Lock(), itertools.count(1)
    total = len(paths) * len(workers)

    def ask(connection: http.client.HTTPConnection) -> int:
        found = 0
        for path in paths:
            found += _get(connection, path, HEADERS)[0] == 200
            with lock:
                progress("tiles", next(done), total)
        return found

    with ThreadPoolExecutor(len(workers)) as pool:
        return WarmReport(max(pool.map(ask, workers)), len(workers))


def _tiles(connection: http.client.HTTPConnection, url: str, min_zoom: int, max_zoom: int) -> Iterator[str]:
    for limit in json.loads(_get(connection, url)[1])["tileMatrixSetLimits"]:
        if min_zoom <= int(limit["tileMatrix"]) <= max_zoom:
            for row in range(limit["minTileRow"], limit["maxTileRow"] + 1):
                for column in range(limit["minTileCol"], limit["maxTileCol"] + 1):
                    yield f"{url}/{limit['tileMatrix']}/{row}/{column}"


def _connections(settings: Settings) -> list[http.client.HTTPConnection]:
    """Return one lasting connection to each worker process."""
    host = reachable_host(settings.host)
    found: dict[Any, http.client.HTTPConnection] = {}
    repeated = 0
    while not found or repeated < REPEATS_PER_WORKER * len(found):
        connection = http.client.HTTPConnection(host, settings.port, timeout=TIMEOUT_S)
        process = json.loads(_get(connection, "/healthz")[1])["process"]
        if process in found:
            connection.close()
            repeated += 1
        else:
            found[process] = connection
            repeated = 0
    return list(found.values())


def _get(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    connection.request("GET", path, headers=dict(headers or {}))
    response = connection.getresponse()
    content = response.read()
    if response.status not in (200, 204):
        raise ValueError(f"{response.status} {response.reason} for {path}")
    return response.status, content
