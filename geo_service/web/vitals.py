"""What a worker process knows about itself: connections, kept answers, version."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

from flask import Flask
from sqlalchemy.pool import QueuePool

from geo_service.web.stalled import INTERVAL_S as SWEEP_INTERVAL_S
from geo_service.web.stalled import LIMIT_S, StalledConnections

INTERVAL_S = 2.0
ANSWER_GRACE_S = 15.0

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


def look_after(app: Flask) -> None:
    """Every few seconds write down the vitals, for whichever worker is asked for them, and end stalled connections."""
    context = app.extensions["geo_service"]
    # Whoever waits for an answer may wait for a connection and as long as a statement takes; for a file still longer.
    answer_s = context.settings.statement_timeout_ms / 1000 + ANSWER_GRACE_S
    stalled = StalledConnections(context.settings.port)
    bounded = app.extensions["geo_service_bounded"]

    def report() -> None:
        swept = time.monotonic()
        while True:
            time.sleep(INTERVAL_S)
            try:
                context.metrics.show(vitals(app))
                if (seconds := time.monotonic() - swept) > SWEEP_INTERVAL_S:
                    swept += seconds
                    limit = answer_s if bounded.overdue() else max(answer_s, LIMIT_S)
                    if ended := stalled.sweep(seconds, limit):
                        log.info("%s stalled connections were ended", ended)
            except Exception:
                log.exception("looking after this process failed")

    threading.Thread(target=report, name="geo-service-vitals", daemon=True).start()
