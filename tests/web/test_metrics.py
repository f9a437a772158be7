"""What is counted of requests: quickly, and the same as prometheus_client would count."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from geo_service.web.metrics import REQUEST_SECONDS, Metrics

# On, between and beyond the bounds of the buckets.
SECONDS = (0.0, 0.001, 0.0010001, 0.03, 30.0, 31.0)


@pytest.fixture
def metrics(monkeypatch) -> Metrics:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    return Metrics()


def samples(page: bytes) -> dict[str, float]:
    lines = [line for line in page.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def count(metrics: Metrics, method: str, route: str, status: int, seconds: float, sent: int) -> None:
    metrics.started()
    metrics.answered(method, route, status, seconds, sent)


def test_requests_and_bytes_are_counted_by_method_route_and_status(metrics):
    for _ in range(3):
        count(metrics, "GET", "/a", 200, 0.002, 100)
    count(metrics, "GET", "/a", 304, 0.002, 0)
    count(metrics, "HEAD", "/b", 200, 0.002, 7)
    for method in ("BREW", "WHEN"):
        count(metrics, method, "/b", 405, 0.002, 5)
    shown = samples(metrics.page())
    found = {name: value for name, value in shown.items() if name.startswith("geo_service_requests_total")}
    assert found == {
        'geo_service_requests_total{method="GET",route="/a",status="200"}': 3,
        'geo_service_requests_total{method="GET",route="/a",status="304"}': 1,
        'geo_service_requests_total{method="HEAD",route="/b",status="200"}': 1,
        'geo_service_requests_total{method="other",route="/b",status="405"}': 2,
    }
    assert shown['geo_service_response_bytes_total{route="/a"}'] == 300
    assert shown['geo_service_response_bytes_total{route="/b"}'] == 17
    assert shown['geo_service_request_seconds_count{route="/a"}'] == 4
    assert shown["geo_service_requests_running"] == 0


def test_what_has_begun_and_not_ended_is_running(metrics):
    metrics.started()
    metrics.started()
    metrics.answered("GET", "/a", 200, 0.1, 1)
    assert samples(metrics.page())["geo_service_requests_running"] == 1


def test_times_are_shown_as_the_library_itself_shows_them(metrics):
    registry = CollectorRegistry()
    theirs = Histogram(
        "geo_service_request_seconds", "_", ["route"], buckets=REQUEST_SECONDS, registry=registry
    )
    for seconds in SECONDS:
        count(metrics, "GET", "/a", 200, seconds, 1)
        theirs.labels("/a").observe(seconds)
    ours = samples(metrics.page())
    expected = samples(generate_latest(registry))
    for name, value in expected.items():
        if "_created" not in name:
            assert ours[name] == pytest.approx(value), name
    assert ours['geo_service_request_seconds_bucket{le="0.001",route="/a"}'] == 2


def test_no_request_is_lost_between_threads(metrics):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: count(metrics, "GET", "/a", 200, 0.002, 3), range(4_000)))
    shown = samples(metrics.page())
    assert shown['geo_service_requests_total{method="GET",route="/a",status="200"}'] == 4_000
    assert shown['geo_service_response_bytes_total{route="/a"}'] == 12_000
    assert shown["geo_service_requests_running"] == 0


WORKER = """
import os
from geo_service.web.metrics import Metrics
metrics = Metrics()
for number in range(5):
    metrics.started()
    metrics.answered("GET", "/a", 200, 0.002 * number, 10)
metrics.started()
os._exit(9)
"""


GROWING = """
import os
from geo_service.web.metrics import Metrics
metrics = Metrics()
for number in range(500):
    metrics.answered_at_once("GET", f"/{number}", 200, 0.002, 10)
metrics.answered_at_once("GET", "/0", 200, 0.002, 10)
os._exit(9)
"""


def test_numbers_stay_in_their_places_when_a_file_grows(tmp_path):
    worker = subprocess.run([sys.executable, "-c", GROWING], env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    assert worker.returncode == 9
    assert max(path.stat().st_size for path in tmp_path.iterdir()) > 2**17  # it began with half of that
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(tmp_path))
    shown = samples(generate_latest(registry))
    counts = [
        shown[f'geo_service_requests_total{{method="GET",route="/{n}",status="200"}}'] for n in range(500)
    ]
    assert counts == [2, *[1] * 499]
    assert shown['geo_service_request_seconds_sum{route="/0"}'] == pytest.approx(0.004)
    assert shown['geo_service_request_seconds_bucket{le="+Inf",route="/0"}'] == 2


def test_what_a_worker_counted_is_there_for_others_at_once(tmp_path):
    """Nothing waits in its memory: it ends here without a word."""
    worker = subprocess.run([sys.executable, "-c", WORKER], env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    assert worker.returncode == 9
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(tmp_path))
    shown = samples(generate_latest(registry))
    assert shown['geo_service_requests_total{method="GET",route="/a",status="200"}'] == 5
    assert shown['geo_service_request_seconds_sum{route="/a"}'] == pytest.approx(0.02)
    assert shown['geo_service_request_seconds_bucket{le="0.0025",route="/a"}'] == 2
    assert shown['geo_service_request_seconds_bucket{le="+Inf",route="/a"}'] == 5
    assert shown['geo_service_response_bytes_total{route="/a"}'] == 50
    assert shown["geo_service_requests_running"] == 1
