"""Who may do what: the reader sees publication only, the writer changes registry only."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo_service.db.engine import read_engine, reading, write_engine
from geo_service.db.migrate import migrate
from geo_service.errors import ConfigError, InvalidParameterError, UnavailableError
from tests.factories import make_area, square

DENIED = "permission denied"


@pytest.fixture(scope="module", params=["own login", "SET ROLE"])
def reader(request, make_settings, database):
    changes = {} if request.param == "own login" else {"database_read_url": None}
    engine = read_engine(make_settings(database, statement_timeout_ms=300, **changes))
    yield engine
    engine.dispose()


def test_the_reader_reads_publication(reader):
    with reading(reader) as connection:
        assert connection.scalar(text("SELECT version FROM dataset")) is not None
        assert connection.scalar(text("SELECT current_user")) == "geo_service_reader"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM registry.contact",
        "SELECT registry.rebuild_publication()",
        "CREATE TABLE public.mine (x int)",
    ],
)
def test_the_reader_sees_nothing_else(reader, statement):
    with pytest.raises(DBAPIError, match=f"{DENIED}|read-only"), reading(reader) as connection:
        connection.execute(text(statement))


def test_the_reader_changes_nothing(reader):
    with pytest.raises(DBAPIError, match="read-only"), reading(reader) as connection:
        connection.execute(text("UPDATE publication.dataset SET version = 7"))
    with pytest.raises(ProgrammingError, match=DENIED), reading(reader) as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text("UPDATE publication.dataset SET version = 7"))


def test_an_expensive_question_is_cut_off(reader):
    with pytest.raises(UnavailableError, match="timeout") as caught, reading(reader) as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert "narrow" in caught.value.public.en


def test_a_value_that_cannot_be_processed_is_the_callers_fault(reader):
    with pytest.raises(InvalidParameterError), reading(reader) as connection:
        connection.execute(text("SELECT :d ::date"), {"d": "0000-01-01"})


def test_more_readers_than_connections_wait_and_then_are_told_so(make_settings, database):
    engine = read_engine(make_settings(database, pool_size=1))
    engine.pool._timeout = 0.1
    with reading(engine), pytest.raises(UnavailableError, match="in use"), reading(engine):
        pass
    engine.dispose()


def test_the_writer_changes_registry_and_the_triggers_publish(engine):
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("SET ROLE geo_service_writer"))
        area_no = make_area(connection)
        connection.execute(
            text("UPDATE registry.programme_area_edit SET geom = :g WHERE area_no = :n"),
            {"g": square(395_000), "n": area_no},
        )
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        assert connection.scalar(text("SELECT count(*) FROM publication.programme_area")) == 1
        with pytest.raises(ProgrammingError, match=DENIED), connection.begin_nested():
            connection.execute(text("DELETE FROM publication.programme_area"))
        with pytest.raises(ProgrammingError, match=DENIED), connection.begin_nested():
            connection.execute(text("DELETE FROM registry.area_mark"))
        transaction.rollback()


@pytest.fixture
def poor_login(cluster):
    """Address of an empty database whose owner may create neither roles nor the extension."""
    cluster.create_database("poor")
    owner = create_engine(cluster.url("poor"), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS poor_login"))
        connection.execute(text("CREATE ROLE poor_login"))
        connection.execute(text("REVOKE geo_service_reader FROM poor_login"))
        connection.execute(text("GRANT CREATE ON DATABASE poor TO poor_login"))
    engine = create_engine(cluster.url("poor") + "&options=-crole%3Dpoor_login")
    yield engine, owner
    engine.dispose()
    owner.dispose()
    cluster.drop_database("poor")
    cleaner = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with cleaner.connect() as connection:
        connection.execute(text("DROP ROLE poor_login"))
    cleaner.dispose()


def test_a_login_without_rights_is_told_what_an_administrator_runs(poor_login, database_template):
    engine, owner = poor_login
    with pytest.raises(ConfigError) as caught:
        migrate(engine)
    statements = [line.strip().rstrip(";") for line in str(caught.value).splitlines()[1:]]
    assert statements[0] == "CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public"
    assert "GRANT geo_service_reader TO poor_login" in statements
    with owner.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    assert migrate(engine).state == "current"


def test_a_database_of_a_newer_schema_is_refused(cluster, clone, database_template):
    engine = create_engine(cluster.url(clone(database_template)))
    with engine.begin() as connection:
        connection.execute(text("UPDATE publication.alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer version of the programme"):
        migrate(engine)
    engine.dispose()


def test_a_database_that_does_not_exist_is_one_clear_sentence(cluster, make_settings):
    engine = write_engine(make_settings("nowhere"))
    with pytest.raises(ConfigError, match='database "nowhere" does not exist'):
        migrate(engine)


def test_a_server_that_is_not_there_is_one_clear_sentence(make_settings):
    engine = write_engine(make_settings("x", database_url="postgresql://u:secret@127.0.0.1:9/x"))
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        migrate(engine)
    assert "secret" not in str(caught.value)


def test_a_server_without_postgis_is_one_clear_sentence(cluster):
    """PostGIS is installed wherever the tests run, so here it is hidden: by a list of extensions that comes first."""
    cluster.create_database("bare", template="template0")
    owner = create_engine(cluster.url("bare"))
    with owner.begin() as connection:
        connection.execute(text("CREATE SCHEMA hiding"))
        connection.execute(
            text(
                "CREATE VIEW hiding.pg_available_extensions AS"
                " SELECT * FROM pg_catalog.pg_available_extensions WHERE name <> 'postgis'"
            )
        )
    engine = create_engine(cluster.url("bare") + "&options=-csearch_path%3Dhiding,pg_catalog")
    with pytest.raises(ConfigError, match=r"has no PostGIS: install it there .*postgis-3"):
        migrate(engine)
    engine.dispose()
    owner.dispose()
    cluster.drop_database("bare")
