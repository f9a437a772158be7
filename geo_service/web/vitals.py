"""What a worker process knows about itself: connections, kept answers, version."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from flask import Flask
from sqlalchemy.pool import QueuePool

INTERVAL_S = 2.0

log = logging.getLogger(__name__)


def vitals(app: Flask) -> Iterator[tuple[str, float]]:
    """Yield names of `metrics.Metrics.show` with their values."""
    context, cache = app.extensions["geo_service"], app.extensions["geo_service_ogc"].cache
    pool = context.engine.pool
    if isinstance(pool, QueuePool):
        yield "pool_connections_used", pool.checkedout()
        yield "pool_connections_idle", pool.checkedin()
        yield "pool_connections_limit", pool.size()
    for name, value in cache.stats().items():
        yield f"cache_{name}", value
    _, version = cache.watch.state()
    if version is not None:
        yield "dataset_version", version


def start_reporting(app: Flask) -> None:
    """Write down the vitals every few seconds, for the worker that is asked for the metrics of all."""
    metrics = app.extensions["geo_service"].metrics
    rest = threading.Event()

    def report() -> None:
        while not rest.wait(INTERVAL_S):
            try:
                metrics.show(vitals(app))
            except Exception:
                log.exception("the vitals could not be written down")

    threading.Thread(target=report, name="geo-service-vitals", daemon=True).start()
