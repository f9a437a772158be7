"""The API on the sample data: an application with nothing but the blueprint, and one that is really served."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from geo_service.db.cluster import Cluster
from geo_service.db.engine import read_engine
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import PROJECT_DIR, Settings
from tests.factories import make_areas


@pytest.fixture(scope="session")
def make_api() -> Iterator[Callable[[Settings], Flask]]:
    """Return a function that makes an application with the API alone."""
    engines = []

    def _make(settings: Settings) -> Flask:
        engine = read_engine(settings)
        engines.append(engine)
        application = Flask("test", static_folder=None)
        application.register_blueprint(make_blueprint(settings, engine))
        return application

    yield _make
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def api(make_api: Callable[[Settings], Flask], sample_settings: Settings) -> FlaskClient:
    """A client of the API on the sample data."""
    return make_api(sample_settings).test_client()


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the served API writes a line for each request."""
    return tmp_path_factory.mktemp("served") / "requests.log"


@pytest.fixture(scope="session")
def served(sample_settings: Settings, server_log: Path) -> Iterator[str]:
    """Address of the API on the sample data, served over real HTTP by another process."""
    assert sample_settings.database_url
    assert sample_settings.database_read_url
    environ = {
        **{name: text for name, text in os.environ.items() if not name.startswith("GEO_SERVICE_")},
        "GEO_SERVICE_DATABASE_URL": sample_settings.database_url.get_secret_value(),
        "GEO_SERVICE_DATABASE_READ_URL": sample_settings.database_read_url.get_secret_value(),
        "PYTHONPATH": str(PROJECT_DIR),
    }
    program = Path(__file__).with_name("serve.py")
    with (
        server_log.open("w") as log,
        subprocess.Popen(
            [sys.executable, str(program)], env=environ, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/api"
        process.terminate()


@pytest.fixture
def requests_sent(served: str, server_log: Path) -> Callable[[], list[SplitResult]]:
    """Return a function that tells which addresses were asked for since the test began."""
    start = server_log.stat().st_size

    def _sent() -> list[SplitResult]:
        lines = server_log.read_bytes()[start:].decode()
        coloured = r"(?:\x1b\[[0-9;]*m)*"  # as all but 200 and 304 are
        return [urlsplit(path) for path in re.findall(rf'"{coloured}(?:GET|POST) (\S+) HTTP', lines)]

    return _sent


@pytest.fixture(scope="session")
def many_database(cluster: Cluster, clone: Callable[[str], str], database_template: str) -> str:
    """Name of a database with thousands of areas, with ties and gaps in every field; to be read only."""
    name = clone(database_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        make_areas(connection, 4000)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def many_engine(cluster: Cluster, many_database: str) -> Iterator[Engine]:
    """Engine of the database with thousands of areas, to be read only."""
    made = create_engine(cluster.url(many_database))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def many_api(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], many_database: str
) -> FlaskClient:
    """A client of the API on thousands of areas."""
    return make_api(make_settings(many_database)).test_client()
