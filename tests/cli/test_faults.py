"""What cannot work is said in one sentence, with an exit code, before anything happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import text

from geo_service.cli.session import command_engine
from geo_service.db.cluster import Cluster, temporary_cluster
from geo_service.errors import UnavailableError
from tests.cli.conftest import free_port, run


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A database server with a login that needs a password."""
    with temporary_cluster() as cluster:
        cluster.create_database("areas")
        execute(cluster, "CREATE ROLE gis LOGIN SUPERUSER PASSWORD 'right'")
        rules = cluster.data_dir / "pg_hba.conf"
        rules.write_text("local all gis scram-sha-256\n" + rules.read_text())
        execute(cluster, "SELECT pg_reload_conf()")
        yield cluster


def execute(cluster: Cluster, statement: str, database: str = "postgres") -> None:
    connection = psycopg2.connect(cluster.url(database).replace("postgresql+psycopg2", "postgresql"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def address(cluster: Cluster, password: str, database: str = "areas") -> str:
    return cluster.url(database).replace("//geo_service_owner@", f"//gis:{password}@")


@pytest.fixture
def up(make_home: Callable[[], Path]) -> Callable[..., tuple[int, str]]:
    def _up(**environment: str) -> tuple[int, str]:
        values = {"GEO_SERVICE_HOME": str(make_home()), "GEO_SERVICE_PORT": str(free_port()), **environment}
        outcome = run("up", **values)
        assert "Traceback" not in outcome.stderr
        faults = [line for line in outcome.stderr.splitlines() if line.startswith("geo-service: ")]
        assert len(faults) == 1, outcome.stderr
        return outcome.returncode, faults[0]

    return _up


def test_a_wrong_password(server: Cluster, up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(GEO_SERVICE_DATABASE_URL=address(server, "wrong"))
    assert status == 2
    assert "password" in sentence
    assert "wrong" not in sentence


def test_a_server_that_cannot_be_reached(up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(GEO_SERVICE_DATABASE_URL=f"postgresql://gis@127.0.0.1:{free_port()}/areas")
    assert status == 3
    assert "database" in sentence


def test_a_database_that_does_not_exist(server: Cluster, up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(GEO_SERVICE_DATABASE_URL=address(server, "right", database="nowhere"))
    assert status == 2
    assert "nowhere" in sentence


def test_a_database_of_a_newer_schema(server: Cluster, up: Callable[..., tuple[int, str]]) -> None:
    server.create_database("newer")
    execute(server, "CREATE SCHEMA publication", "newer")
    execute(server, "CREATE TABLE publication.alembic_version (version_num text)", "newer")
    execute(server, "INSERT INTO publication.alembic_version VALUES ('9999')", "newer")
    status, sentence = up(GEO_SERVICE_DATABASE_URL=address(server, "right", database="newer"))
    assert status == 2
    assert "9999" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEO_SERVICE_PORT", "many"),
        ("GEO_SERVICE_PUBLIC_URL", "example.org"),
        ("GEO_SERVICE_COLOUR", "blue"),
        ("GEO_SERVICE_DATABASE_URL", "mysql://example.org/areas"),
        ("GEO_SERVICE_DATABASE_URL", "postgresql://gis:secret@example.org:areas/areas"),
        ("GEO_SERVICE_DATABASE_URL", "postgresql://gis:secret@[::1/areas"),
        ("GEO_SERVICE_DATABASE_READ_URL", "postgresql://gis:secret@one:5432,two:99999/areas"),
    ],
)
def test_settings_that_make_no_sense(name: str, value: str, up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(**{name: value})
    assert status == 2
    assert name in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize(
    "command",
    [
        ("db", "status"),
        ("db", "migrate"),
        ("db", "rebuild"),
        ("export", "areas.gpkg"),
        ("profile", "check"),
        ("content", "get", "site"),
        ("tiles", "export", "areas.pmtiles"),
    ],
    ids=" ".join,
)
def test_every_command_says_that_the_database_is_away(command: tuple[str, ...], tmp_path: Path) -> None:
    outcome = run(
        *command,
        GEO_SERVICE_HOME=str(tmp_path),
        GEO_SERVICE_DATABASE_URL=f"postgresql://gis:secret@127.0.0.1:{free_port()}/areas",
    )
    assert outcome.returncode == 3
    (line,) = outcome.stderr.splitlines()
    assert "database cannot be reached" in line
    assert "Connection refused" in line
    assert "secret" not in line


def test_a_database_that_goes_away_in_the_middle_is_told(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_SERVICE_HOME", str(tmp_path))
    monkeypatch.setenv("GEO_SERVICE_DATABASE_URL", database_url)
    with (
        pytest.raises(UnavailableError, match="does not answer"),
        command_engine("import") as (engine, _),
        engine.begin() as connection,
    ):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_host_that_is_not_this_machine(up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(GEO_SERVICE_HOST="192.0.2.1")
    assert status == 2
    assert "Cannot listen on 192.0.2.1" in sentence


def test_a_home_that_cannot_be_made(up: Callable[..., tuple[int, str]]) -> None:
    status, sentence = up(GEO_SERVICE_HOME="/proc/geo-service")
    assert status == 2
    assert "/proc/geo-service" in sentence


def test_serve_needs_a_database(make_home: Callable[[], Path]) -> None:
    outcome = run("serve", GEO_SERVICE_HOME=str(make_home()))
    assert outcome.returncode == 2
    assert "GEO_SERVICE_DATABASE_URL" in outcome.stderr
