"""Readiness follows the database: away and back without a restart of the service."""

import time

import pytest

from geo_service.db.cluster import temporary_cluster
from geo_service.db.migrate import migrate
from geo_service.settings import Settings
from tests.web.conftest import HTML


@pytest.fixture(scope="module")
def own(make_app, tmp_path_factory):
    """A cluster that may be stopped, and the application on it."""
    from sqlalchemy import create_engine

    with temporary_cluster() as cluster:
        cluster.create_database("own")
        engine = create_engine(cluster.url("own"))
        migrate(engine)
        engine.dispose()
        settings = Settings.load(
            {},
            home=tmp_path_factory.mktemp("home"),
            database_url=cluster.url("own"),
            database_read_url=cluster.url("own", role="reader"),
        )
        yield cluster, make_app(settings).test_client()


def test_readiness_follows_the_database(own):
    cluster, client = own
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/profiles", headers=HTML).status_code == 200
    cluster.stop()
    assert client.get("/healthz").status_code == 200
    away = client.get("/readyz")
    assert away.status_code == 503
    assert int(away.headers["Retry-After"]) > 0
    for path in ("/", "/profiles", "/profiles/some-area"):
        page = client.get(path, headers=HTML)
        assert (page.status_code, page.mimetype) == (503, "text/html")
        assert "Gleich wieder da" in page.text
        assert int(page.headers["Retry-After"]) > 0
    assert client.get("/profiles?f=json").mimetype == "application/problem+json"
    cluster.start()
    started = time.monotonic()
    assert client.get("/readyz").status_code == 200, "it recovers by itself"
    assert client.get("/profiles", headers=HTML).status_code == 200
    assert time.monotonic() - started < 10


def test_a_database_of_another_schema_is_not_ready(cluster, make_app, make_settings):
    cluster.create_database("without_schema")
    client = make_app(make_settings("without_schema")).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
