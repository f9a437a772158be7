"""Bring a database to the schema of this programme: extension, roles, Alembic's migrations, forward only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from geo_service.db.engine import WRITER_ROLE, connection_fault, reading
from geo_service.db.servers import READER_ROLE
from geo_service.errors import ConfigError, UnavailableError

MINIMUM_POSTGRESQL = 150000
MINIMUM_POSTGIS = (3, 3)
# Any number will do, as long as it is not that of the writing lock in sql/0001_publish.sql.
MIGRATION_LOCK = 5905190120262

State = Literal["empty", "behind", "current", "newer"]


@dataclass(frozen=True)
class Status:
    """Where a database stands: its revision, the programme's own, and how they compare."""

    revision: str | None
    head: str
    state: State


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@lru_cache(maxsize=1)
def head_revision() -> str:
    """Return the revision that this programme needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise ConfigError("The programme is incomplete: it has no migrations.")
    return head


@lru_cache(maxsize=1)
def _known_revisions() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def migrate(engine: Engine) -> Status:
    """Make or update the schema; nothing happens where it is current.

    Two that migrate at once do so one after the other. The schema changes in one transaction: a migration
    that fails leaves the database as it was.

    Raises
    ------
    ConfigError
        The address or login is wrong, PostgreSQL or PostGIS are missing or too old, the schema is newer than
        this programme, or the login lacks rights: then the message holds the statements for an administrator.
    UnavailableError
        The database cannot be reached.
    """
    with _connected(engine) as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        connection.commit()
        found = _status(connection)
        if found.state == "newer":
            raise ConfigError(_newer(found))
        _check_server(connection)
        if found.state != "current":
            _prepare(connection)
            config = _config()
            config.attributes["connection"] = connection
            with connection.begin():
                connection.execute(text("CREATE SCHEMA IF NOT EXISTS publication"))
                command.upgrade(config, "head")
            _tidy(connection)
        return _status(connection)


def _tidy(connection: Connection) -> None:
    """Let the planner know tables that a migration has written anew, which autovacuum would take for unchanged."""
    with connection.execution_options(isolation_level="AUTOCOMMIT").begin():
        connection.execute(text("VACUUM (ANALYZE) publication.programme_area"))
    connection.execution_options(isolation_level="READ COMMITTED")


def status(engine: Engine) -> Status:
    """Return where the database stands.

    Raises
    ------
    ConfigError, UnavailableError
        As :func:`migrate`, where it is about the connection.
    """
    with _connected(engine) as connection:
        return _status(connection)


def check_ready(engine: Engine) -> None:
    """Check that the database answers and has the schema of this programme; for the read engine.

    Raises
    ------
    UnavailableError
        It does not, at the moment.
    """
    try:
        with reading(engine) as connection:
            revision = connection.scalar(text("SELECT version_num FROM publication.alembic_version"))
    except ProgrammingError as error:
        raise UnavailableError("the database has no schema of this service yet", reason="schema") from error
    if revision != head_revision():
        raise UnavailableError(
            f"the database is at revision {revision}, not {head_revision()}", reason="schema"
        )


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise connection_fault(error) from error
    try:
        yield connection
    finally:
        # Closes the session as well, and with it the advisory lock.
        connection.invalidate()
        connection.close()


def _status(connection: Connection) -> Status:
    head = head_revision()
    with connection.begin():
        table = connection.scalar(text("SELECT to_regclass('publication.alembic_version')::text"))
        revision = (
            connection.scalar(text("SELECT version_num FROM publication.alembic_version")) if table else None
        )
    state: State = "behind"
    if revision is None:
        state = "empty"
    elif revision == head:
        state = "current"
    elif revision not in _known_revisions():
        state = "newer"
    return Status(revision, head, state)


def _newer(found: Status) -> str:
    return (
        f"The database has schema revision {found.revision}, which this programme (revision {found.head})"
        " does not know: use a newer version of the programme."
    )


def _check_server(connection: Connection) -> None:
    with connection.begin():
        version = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
        if version < MINIMUM_POSTGRESQL:
            raise ConfigError(f"PostgreSQL 15 or newer is needed; this server is {version // 10000}.")
        available = connection.scalar(
            text("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
        )
        if available is None:
            raise ConfigError(
                "This PostgreSQL server has no PostGIS: install it there"
                f" (on Debian the package postgresql-{version // 10000}-postgis-3)."
            )
        found = connection.execute(
            text(
                "SELECT e.extversion, n.nspname FROM pg_extension e"
                " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
            )
        ).one_or_none()
    if found is not None and found.nspname != "public":
        raise ConfigError(f"PostGIS must be in the schema public; in this database it is in {found.nspname}.")
    release = found.extversion if found is not None else available
    if tuple(int(part) for part in release.split(".")[:2]) < MINIMUM_POSTGIS:
        raise ConfigError(f"PostGIS 3.3 or newer is needed; this server has {release}.")


def _prepare(connection: Connection) -> None:
    """Make the extension and the roles; where the login may not, say which statements an administrator runs."""
    with connection.begin():
        user, database, superuser = connection.execute(
            text(
                "SELECT quote_ident(current_user), quote_ident(current_database()), rolsuper"
                " FROM pg_roles WHERE rolname = current_user"
            )
        ).one()
    missing = []
    for statements, is_done in _preparations(user, superuser):
        with connection.begin():
            if connection.scalar(text(is_done)):
                continue
        for statement in statements:
            try:
                with connection.begin():
                    connection.execute(text(statement))
            except ProgrammingError:
                missing.append(statement)
            except DBAPIError as error:
                raise ConfigError(f"The database cannot be prepared: {error.orig}".strip()) from error
    with connection.begin():
        if not missing and not connection.scalar(
            text("SELECT has_database_privilege(current_database(), 'CREATE')")
        ):
            missing.append(f"GRANT CREATE ON DATABASE {database} TO {user}")
    if missing:
        raise ConfigError(
            "The login may not prepare the database. Please have an administrator run this in it, then try"
            " again:\n" + "".join(f"    {statement};\n" for statement in missing).rstrip()
        )


def _preparations(user: str, superuser: bool) -> list[tuple[list[str], str]]:
    steps = [
        (
            ["CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public"],
            "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')",
        ),
        (
            [f"CREATE ROLE {WRITER_ROLE} NOLOGIN"],
            f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WRITER_ROLE}')",
        ),
        (
            [f"CREATE ROLE {READER_ROLE} NOLOGIN"],
            f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER_ROLE}')",
        ),
        (
            [
                f"ALTER ROLE {READER_ROLE} SET statement_timeout = '15s'",
                f"ALTER ROLE {READER_ROLE} SET default_transaction_read_only = on",
            ],
            "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
            f" WHERE r.rolname = '{READER_ROLE}' AND s.setdatabase = 0"
            " AND s.setconfig::text LIKE '%statement_timeout%')",
        ),
    ]
    if not superuser:
        # The web process of this login becomes the reader by SET ROLE.
        steps.append(
            (
                [f"GRANT {READER_ROLE} TO {user}"],
                f"SELECT pg_has_role(current_user, '{READER_ROLE}', 'MEMBER')",
            )
        )
    return steps
