"""A real PostGIS for every test that touches data: one throw-away cluster, one template, cheap clones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from geo_service.db.cluster import Cluster, temporary_cluster
from geo_service.db.engine import read_engine
from geo_service.db.migrate import migrate
from geo_service.db.publication import rebuild
from geo_service.settings import PROJECT_DIR, Settings

_numbers = itertools.count(1)


QGIS_TESTS = Path(__file__).parent / "qgis"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests with QGIS be a job of their own."""
    parser.addoption("--qgis", action="store_true", help="run the tests in tests/qgis, and only those")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests with QGIS unless they are asked for, by the option or by their path; then all others."""
    if not config.getoption("--qgis"):
        named = any("qgis" in Path(argument.partition("::")[0]).parts for argument in config.args)
        return True if collection_path == QGIS_TESTS and not named else None
    inside = collection_path == QGIS_TESTS or QGIS_TESTS in collection_path.parents
    return None if inside or collection_path in QGIS_TESTS.parents else True


def pytest_report_header() -> str:
    """Say which versions the results rest on."""
    from importlib.metadata import version

    names = (
        "sqlalchemy",
        "geoalchemy2",
        "psycopg2-binary",
        "shapely",
        "pyproj",
        "pyogrio",
        "pygeoapi",
        "flask",
    )
    return ", ".join(f"{name} {version(name)}" for name in names)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private cluster for this run, removed afterwards."""
    with temporary_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def database_template(cluster: Cluster) -> str:
    """Name of a migrated, empty database that clones are made from."""
    cluster.create_database("template_empty")
    engine = create_engine(cluster.url("template_empty"))
    migrate(engine)
    engine.dispose()
    return "template_empty"


@pytest.fixture(scope="session")
def sample_template(cluster: Cluster, database_template: str) -> str:
    """Name of a database that holds the sample data."""
    from geo_service.ingest.sample import load_sample

    cluster.create_database("template_sample", template=database_template)
    engine = create_engine(cluster.url("template_sample"))
    load_sample(engine, PROJECT_DIR / "data")
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    engine.dispose()
    return "template_sample"


@pytest.fixture(scope="session")
def clone(cluster: Cluster) -> Callable[[str], str]:
    """Return a function that copies a template and returns the new database's name."""

    def _clone(template: str) -> str:
        name = f"test_{next(_numbers)}"
        cluster.create_database(name, template=template)
        return name

    return _clone


@pytest.fixture(scope="module")
def database(cluster: Cluster, clone: Callable[[str], str], database_template: str) -> Iterator[str]:
    """Name of a migrated, empty database of this module, which may commit to it."""
    name = clone(database_template)
    yield name
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def database_url(cluster: Cluster, database: str) -> str:
    """Address of this module's own database."""
    return cluster.url(database)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Engine of this module's own database, with the owner's rights."""
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose work is rolled back; publish what is pending by ``SET CONSTRAINTS ALL IMMEDIATE``."""
    with engine.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture(scope="session")
def sample_database(cluster: Cluster, clone: Callable[[str], str], sample_template: str) -> str:
    """Name of a database with the sample data, to be read only."""
    return clone(sample_template)


@pytest.fixture(scope="session")
def sample_database_url(cluster: Cluster, sample_database: str) -> str:
    """Address of the sample database with the owner's rights, to be read only."""
    return cluster.url(sample_database)


@pytest.fixture(scope="session")
def sample_engine(sample_database_url: str) -> Iterator[Engine]:
    """Engine of the sample database, to be read only."""
    made = create_engine(sample_database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def make_settings(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Settings]:
    """Return a function that makes settings for a database (by name), free of the environment's influence."""
    import os

    home = tmp_path_factory.mktemp("home")
    vendor = os.environ.get("GEO_SERVICE_VENDOR_DIR")

    def _make(database: str, **changes: object) -> Settings:
        values: dict[str, object] = {
            "home": home,
            "database_url": cluster.url(database),
            "database_read_url": cluster.url(database, role="reader"),
            **({"vendor_dir": Path(vendor)} if vendor else {}),
            **changes,
        }
        return Settings.load({}, **values)

    return _make


@pytest.fixture
def reader(make_settings: Callable[..., Settings], database: str) -> Iterator[Engine]:
    """The web process's engine of this module's own database, which only reads."""
    made = read_engine(make_settings(database))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def sample_settings(make_settings: Callable[..., Settings], sample_database: str) -> Settings:
    """Settings of a service on the sample data."""
    return make_settings(sample_database)


@pytest.fixture
def rebuilt(engine: Engine) -> Iterator[None]:
    """After the test, a rebuild finds nothing to correct in this module's database."""
    yield
    assert rebuild(engine).corrected_rows == 0
