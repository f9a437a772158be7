"""What the service counts, for Prometheus: requests, statements, connections, memory; summed over all workers.

With ``PROMETHEUS_MULTIPROC_DIR`` in the environment (each worker sets it, see `metrics_files`) the numbers live in
files that every worker can read; without it, as in tests, in this process alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Engine

from geo_service import __version__
from geo_service.db.engine import observe_statements
from geo_service.web import metrics_files
from geo_service.web.logs import NO_ROUTE
from geo_service.web.tally import LOCK, Tally, Value

REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STATEMENT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0)
# What each process knows about itself and sets anew, and how the values of all processes become one.
SHOWN = (
    ("pool_connections_used", "Database connections in use.", "livesum"),
    ("pool_connections_idle", "Database connections open and idle.", "livesum"),
    ("pool_connections_limit", "Database connections that may be open.", "livesum"),
    ("cache_bytes", "Memory of kept answers.", "livesum"),
    ("cache_entries", "Kept answers.", "livesum"),
    ("dataset_version", "Newest version of the published data that a worker has seen.", "livemax"),
)
# Sums that each process keeps itself, and tells of now and then.
COUNTED = (
    ("cache_hits", "Answers given from memory."),
    ("cache_misses", "Answers that were not in memory and had to be made."),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counters of one process, and the page that shows those of all."""

    def __init__(self) -> None:
        directory = os.environ.get(metrics_files.VARIABLE)
        self.directory = Path(directory) if directory else None
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "geo_service_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "geo_service_request_seconds",
            "Time from a request to the end of its answer.",
            ["route"],
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        self._sent = Counter(
            "geo_service_response_bytes", "Bytes of answers, without headers.", ["route"], registry=registry
        )
        self._running = Gauge(
            "geo_service_requests_running",
            "Requests being answered now.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._statements = Histogram(
            "geo_service_statement_seconds",
            "Time of an SQL statement, as the service sees it.",
            buckets=STATEMENT_SECONDS,
            registry=registry,
        )
        self._failed = Counter(
            "geo_service_statements_failed", "SQL statements that failed.", registry=registry
        )
        self._shown = {
            name: Gauge(f"geo_service_{name}", text, registry=registry, multiprocess_mode=mode)
            for name, text, mode in SHOWN
        }
        self._counted = {
            name: Counter(f"geo_service_{name}", text, registry=registry) for name, text in COUNTED
        }
        self._before: dict[str, float] = dict.fromkeys(self._counted, 0.0)
        self._tallies: dict[tuple[str, str, int], Tally] = {}
        self._now_running = Value(self._running._value)

    def started(self) -> None:
        """Count a request that begins."""
        with LOCK:
            self._now_running.add(1.0)

    def answered(self, method: str, route: str, status: int, seconds: float, sent: int) -> None:
        """Count a request that has been answered."""
        tally = self._tallies.get((method, route, status)) or self._tally(method, route, status)
        with LOCK:
            self._now_running.add(-1.0)
            tally.add(seconds, sent)

    def answered_at_once(
        self, method: str, route: str | None, status: int, seconds: float, sent: int
    ) -> None:
        """Count a request that was answered as it came, and so was never under way."""
        route = route or NO_ROUTE
        tally = self._tallies.get((method, route, status)) or self._tally(method, route, status)
        with LOCK:
            tally.add(seconds, sent)

    def _tally(self, method: str, route: str, status: int) -> Tally:
        key = (method if method in METHODS else "other", route, status)
        tally = self._tallies.get(key)
        if tally is None:
            counter = self._requests.labels(*map(str, key))
            tally = Tally(counter, self._seconds.labels(route), self._sent.labels(route))
            tally = self._tallies.setdefault(key, tally)
        return tally

    def show(self, values: Iterable[tuple[str, float]]) -> None:
        """Set what this process knows about itself, by name; a sum may only grow."""
        for name, value in values:
            if name in self._shown:
                self._shown[name].set(value)
            else:
                self._counted[name].inc(max(0.0, value - self._before[name]))
                self._before[name] = value

    def observe(self, engine: Engine) -> None:
        """Time the statements of an engine."""

        def tell(_statement: str, seconds: float, succeeded: bool) -> None:
            if succeeded:
                self._statements.observe(seconds)
            else:
                self._failed.inc()

        observe_statements(engine, tell)

    def page(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        own = CollectorRegistry()
        if self.directory is None:
            own.register(_Processes(lambda: [os.getpid()]))
            return generate_latest(self._registry) + generate_latest(own)
        directory = self.directory
        with metrics_files.locked(directory):
            metrics_files.fold_dead(directory)
            MultiProcessCollector(own, str(directory))
            own.register(_Processes(lambda: metrics_files.workers(directory)))
            return generate_latest(own)


class _Processes:
    """The worker processes themselves, looked at when the page is made."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self._pids = pids

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the version, the number of workers and the memory of each."""
        info = GaugeMetricFamily("geo_service_info", "The version that runs.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        pids = self._pids()
        yield GaugeMetricFamily("geo_service_workers", "Worker processes.", value=len(pids))
        memory = GaugeMetricFamily(
            "geo_service_worker_resident_bytes", "Memory of a worker process.", labels=["process"]
        )
        for pid in pids:
            memory.add_metric([str(pid)], metrics_files.resident_bytes(pid))
        yield memory
