"""The API on the sample data: an application with nothing but the blueprint, and one that is really served."""

from __future__ import annotations

import re
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
from geo_service.settings import Settings
from tests.many_areas import make_areas
from tests.served_process import served_process


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


@pytest.fixture
def own_api(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], database: str
) -> FlaskClient:
    """A client of the API on this module's own database, which knows no answers yet."""
    return make_api(make_settings(database)).test_client()


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the served API writes a line for each request."""
    return tmp_path_factory.mktemp("served") / "requests.log"


@pytest.fixture(scope="session")
def served(sample_settings: Settings, server_log: Path) -> Iterator[str]:
    """Address of the API on the sample data, served over real HTTP by another process."""
    with served_process(Path(__file__).with_name("serve.py"), sample_settings, server_log) as address:
        yield f"{address}/api"


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
