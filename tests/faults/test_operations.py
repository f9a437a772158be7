"""What an operator sees of the really served service: metrics, logs, health, headers."""

import json
import os
import re
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.serving import ITEMS
from tests.waiting import wait_until

SECURITY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


def ask_until_all_workers_answered(served):
    """Ask over many connections: which worker takes one is the kernel's choice."""
    seen = set()

    def once(_):
        served.ask(f"{ITEMS}?limit=1")
        seen.add(served.ask("/healthz").json["process"])

    count, deadline = 0, time.monotonic() + 30  # a worker that was started anew needs seconds
    while len(seen) < served.workers:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(once, range(8)))
        count += 8
        assert time.monotonic() < deadline
    return count


def test_the_metrics_are_the_sum_of_all_workers_and_survive_a_worker(served):
    name = (
        'geo_service_requests_total{method="GET",route="/api/collections/<collection_id>/items",status="200"}'
    )
    before = served.metric(name)
    asked = ask_until_all_workers_answered(served)
    assert served.metric(name) == before + asked
    assert served.metric("geo_service_workers") == 2
    victim = served.worker_pids()[0]
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: victim not in served.worker_pids() and len(served.worker_pids()) == 2)
    assert wait_until(lambda: served.status("/readyz") == 200)
    assert served.metric(name) == before + asked, "what the dead worker counted is not lost"
    ask_until_all_workers_answered(served)
    directory = next((served.home / "run").iterdir())
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert served.metric("geo_service_workers") == 2
    owners = {
        int(found[1]) for file in directory.iterdir() if (found := re.search(r"_(\d+)\.db$", file.name))
    }
    assert owners == set(served.worker_pids()), "the dead worker's files are gone"


def test_the_metrics_tell_of_statements_pool_cache_and_version(served):
    for _ in range(12):
        served.ask("/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33")
    text = served.ask("/metrics").text
    assert served.metric("geo_service_statement_seconds_count") > 0
    assert served.metric("geo_service_request_seconds_count") > 0
    assert served.metric("geo_service_worker_resident_bytes") > 10_000_000
    assert "geo_service_info{version=" in text
    assert wait_until(lambda: served.metric("geo_service_pool_connections_limit") == 16)
    assert wait_until(lambda: served.metric("geo_service_dataset_version") > 0)
    assert wait_until(lambda: served.metric("geo_service_cache_hits_total") > 0)
    assert wait_until(lambda: served.metric("geo_service_cache_bytes") > 0)
    assert "programme-areas" not in text, "routes are patterns; nothing of an address is in the metrics"


def test_the_metrics_are_not_for_everybody(served):
    refused = served.ask("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert refused.status == 403, "somebody forwards for somebody"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert b"geo_service_requests" not in refused.content
    assert served.ask("/metrics").headers["Cache-Control"] == "no-store"


def test_a_request_has_an_id_in_answer_and_log(served):
    given = served.ask("/healthz", headers={"X-Request-Id": "from-the-gateway-4711"})
    assert given.headers["X-Request-Id"] == "from-the-gateway-4711"
    for odd in ("short", "a b c d e f g h", "x" * 200, "<script>alert(1)</script>"):
        made = served.ask("/healthz", headers={"X-Request-Id": odd}).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f]{24}", made)
    lines = [json.loads(line) for line in served.log.splitlines()]
    assert any(line.get("request_id") == "from-the-gateway-4711" for line in lines)


def test_the_log_is_json_and_names_nobody(served):
    marks = {"X-Request-Id": "who-is-asking-here"}
    agent = {
        "User-Agent": "Privatbrowser/1.0",
        "Cookie": "name=Mustermann",
        "Referer": "http://privat.example/",
    }
    served.ask(f"{ITEMS}?q=Hauptstrasse+7&bbox=7.46512,51.51413,7.4652,51.5142", headers=marks | agent)
    served.ask("/nowhere/erika@example.org?mail=erika@example.org", headers=marks | agent)
    served.ask(f"{ITEMS}?bbox=geheim", headers=marks | agent)
    lines = [json.loads(line) for line in served.log.splitlines()]
    ours = [line for line in lines if line.get("request_id") == "who-is-asking-here"]
    assert [line["status"] for line in ours if line["message"] == "request"] == [200, 404, 400]
    assert ours[0]["route"] == "/api/collections/<collection_id>/items"
    assert ours[0]["parameters"] == ["bbox", "q"]
    for secret in ("Hauptstrasse", "51.514", "erika", '127.0.0.1"', "Privatbrowser", "Mustermann", "geheim"):
        assert secret not in served.log.replace("Listening at: http://127.0.0.1", ""), secret


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/", "GET", {"Accept": "text/html"}, 200),
        ("/profiles", "GET", {"Accept": "text/html"}, 200),
        ("/nowhere", "GET", {"Accept": "text/html"}, 404),
        ("/nowhere", "GET", {}, 404),
        ("/api/nowhere", "GET", {}, 404),
        ("/static/css/site.css", "GET", {}, 200),
        ("/static/nothing.css", "GET", {}, 404),
        (f"{ITEMS}?limit=1", "GET", {}, 200),
        (f"{ITEMS}?limit=1", "HEAD", {}, 200),
        (f"{ITEMS}?limit=none", "GET", {}, 400),
        (ITEMS, "OPTIONS", {"Origin": "http://example.org", "Access-Control-Request-Method": "GET"}, 204),
        (ITEMS, "DELETE", {}, 405),
        ("/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33", "GET", {}, 200),
        ("/healthz", "GET", {}, 200),
        ("/readyz", "GET", {}, 200),
        ("/metrics", "GET", {"Forwarded": "for=192.0.2.1"}, 403),
    ],
)
def test_every_answer_has_the_security_headers_and_an_id(served, path, method, headers, status):
    answer = served.ask(path, method, headers)
    assert answer.status == status
    for name in (*SECURITY, "X-Request-Id"):
        assert len(answer.headers.get_all(name, [])) == 1, name
    assert answer.headers.get_all("Date") is not None
    assert len(answer.headers.get_all("Date")) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/static/css/site.css",
        f"{ITEMS}?limit=1",
        "/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33",
    ],
)
def test_304_has_them_as_well(served, path):
    etag = served.ask(path).headers["ETag"]
    known = served.ask(path, headers={"If-None-Match": etag})
    assert (known.status, known.content) == (304, b"")
    for name in (*SECURITY, "X-Request-Id"):
        assert known.headers[name], name


def test_other_origins_may_read_what_they_need(served):
    answer = served.ask(f"{ITEMS}?limit=1", headers={"Origin": "http://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = {name.strip().lower() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"link", "content-crs", "etag", "ogc-numbermatched", "retry-after", "x-request-id"} <= exposed
    # What a browser lets a script read anyway need not be listed; all else that we send on purpose has to be.
    safelisted = {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
    }
    ours = {name.lower() for name in answer.headers} - safelisted
    not_for_scripts = {"date", "server", "vary", "accept-ranges", "connection"}
    policies = {name.lower() for name in (*SECURITY, "Permissions-Policy", "Cross-Origin-Opener-Policy")}
    cors = {name for name in ours if name.startswith("access-control-")}
    assert ours - not_for_scripts - policies - cors <= exposed


def test_ready_says_what_of(served):
    served.ask("/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33")
    answer = served.ask("/readyz")
    assert answer.status == 200
    checks = answer.json["checks"]
    assert set(checks) == {"database", "migrations", "cache_channel"}
    assert all(check["status"] == "ok" for check in checks.values())
    assert re.fullmatch(r"\d{4}", checks["migrations"]["revision"])
    assert answer.headers["Cache-Control"] == "no-store"
    for secret in ("postgres", "geo_service_owner", str(Path("/tmp")), "host"):
        assert secret not in answer.text


def test_the_number_of_workers_is_chosen_at_the_start(make_served):
    assert len(make_served(workers=1).worker_pids()) == 1
