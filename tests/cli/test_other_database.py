"""``up`` and ``serve`` on a database of GEO_SERVICE_DATABASE_URL: no cluster of our own."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo_service.db.cluster import Cluster, temporary_cluster
from tests.cli.conftest import Service, clean_environment, run
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with temporary_cluster() as cluster:
        cluster.create_database("areas")
        yield cluster


@pytest.fixture(scope="module")
def elsewhere(server: Cluster, make_home: Callable[[], Path]) -> Iterator[Service]:
    """The service on that database, under a public address."""
    settings = {
        "GEO_SERVICE_DATABASE_URL": server.url("areas"),
        "GEO_SERVICE_PUBLIC_URL": "https://geo.example.org/areas/",
        "GEO_SERVICE_WORKERS": "1",
    }
    running = Service(make_home(), extra=settings)
    running.start()
    yield running
    running.stop()


def document(service: Service, path: str) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        found: dict[str, object] = json.loads(connection.getresponse().read())
        return found
    finally:
        connection.close()


def test_it_uses_that_database_and_starts_none(elsewhere: Service) -> None:
    assert elsewhere.status("/readyz") == 200
    assert not (elsewhere.home / "cluster").exists()
    page = document(elsewhere, "/api/collections/programme-areas/items?limit=1")
    assert page["numberReturned"] == 1


def test_the_public_address_is_in_every_link_and_on_the_screen(elsewhere: Service) -> None:
    text = json.dumps(document(elsewhere, "/api/collections/programme-areas/items?limit=1"))
    assert "https://geo.example.org/areas/api/collections/programme-areas/items" in text
    assert f"127.0.0.1:{elsewhere.port}" not in text
    assert "https://geo.example.org/areas/profiles" in elsewhere.log
    assert f"Listening on    http://127.0.0.1:{elsewhere.port}" in elsewhere.log


def test_a_command_tells_the_public_address_of_an_area(elsewhere: Service) -> None:
    shown = run("area", "show", "dortmund-nordstadt", **elsewhere.environment)
    address = "https://geo.example.org/areas/id/programme-area/dortmund-nordstadt: published"
    assert (shown.returncode, address in shown.stdout) == (0, True)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("role=geo_service_reader", "needs the role geo_service_writer"),
        ("default_transaction_read_only=on", "takes no changes"),
    ],
)
def test_an_address_that_cannot_be_written_to_is_told(
    elsewhere: Service, server: Cluster, option: str, told: str
) -> None:
    address = f"{server.url('areas')}&options=-c%20{option.replace('=', '%3D')}"
    environment = {**elsewhere.environment, "GEO_SERVICE_DATABASE_URL": address}
    refused = run("area", "withdraw", "dortmund-nordstadt", **environment)
    assert (refused.returncode, told in refused.stderr) == (2, True), refused.stderr
    assert "Traceback" not in refused.stderr
    assert elsewhere.status("/profiles/dortmund-nordstadt") == 200


def test_it_is_not_ready_while_the_database_is_away_and_recovers_by_itself(
    elsewhere: Service, server: Cluster
) -> None:
    web = elsewhere.web_process()
    server.stop()
    assert wait_until(lambda: elsewhere.status("/readyz") == 503)
    assert elsewhere.status("/healthz") == 200
    server.start()
    assert wait_until(lambda: elsewhere.status("/readyz") == 200)
    assert elsewhere.web_process() == web


def test_serve_runs_the_web_server_alone(elsewhere: Service) -> None:
    elsewhere.stop()
    alone = subprocess.Popen(
        [sys.executable, "-P", "-m", "geo_service", "serve", "--log-level", "error"],
        env=clean_environment(**elsewhere.environment),
    )
    try:
        assert wait_until(lambda: elsewhere.status("/readyz") == 200)
    finally:
        alone.send_signal(signal.SIGTERM)
    assert alone.wait(20) == 0
    assert elsewhere.status() is None
