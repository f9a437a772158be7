"""Connections to PostGIS: one engine that writes, one that can only read ``publication``.

The read engine is the role ``geo_service_reader``: by its own login where a read address is given (the
private cluster does so), else by ``SET ROLE`` right after connecting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo_service.domain.cql2 import FILTER_MARK
from geo_service.errors import ConfigError, InvalidParameterError, Message, UnavailableError
from geo_service.settings import Settings

READER_ROLE = "geo_service_reader"
WRITER_ROLE = "geo_service_writer"
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 5

_TOO_EXPENSIVE = Message(
    "Die Anfrage war in der erlaubten Zeit nicht zu beantworten. Bitte schränken Sie sie ein.",
    "The request could not be answered in the time allowed. Please narrow it down.",
)
_BAD_FILTER = Message(
    "filter: Der Ausdruck lässt sich nicht auswerten. Bitte prüfen Sie Zahlen (etwa eine Division durch null), "
    "Muster und Geometrien.",
    "filter: the expression cannot be evaluated. Please check numbers (a division by zero, for example), "
    "patterns and geometries.",
)
_BAD_VALUE = Message(
    "Ein Wert der Anfrage kann nicht verarbeitet werden. Bitte prüfen Sie Zahlen, Daten und Koordinaten.",
    "A value of the request cannot be processed. Please check numbers, dates and coordinates.",
)


def write_engine(settings: Settings, *, pool_size: int = 2) -> Engine:
    """Make the engine of the command line and the importer, with the rights of the configured address.

    Raises
    ------
    ConfigError
        No database address is configured.
    """
    return create_engine(
        _address(settings),
        pool_size=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "geo-service"},
    )


def read_engine(settings: Settings) -> Engine:
    """Make the engine of the web process: read-only, with a statement timeout, bounded in connections."""
    own_login = settings.database_read_url is not None
    engine = create_engine(
        settings.database_read_url.get_secret_value() if settings.database_read_url else _address(settings),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        # What somebody asked for belongs into no log.
        hide_parameters=True,
        # One statement per answer: no transaction to open and to close around it.
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "geo-service-web"},
    )

    @event.listens_for(engine, "connect")
    def _restrict(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.autocommit = True
        with dbapi_connection.cursor() as cursor:
            if not own_login:
                cursor.execute(f"SET ROLE {READER_ROLE}")
            cursor.execute("SET default_transaction_read_only = on")
            cursor.execute("SET statement_timeout = %s", (settings.statement_timeout_ms,))
            cursor.execute("SET search_path = publication, public")
            # These answers take milliseconds; compiling them would take longer than running them.
            cursor.execute("SET jit = off")
            cursor.execute("SET TimeZone = 'UTC'")

    return engine


def _address(settings: Settings) -> str:
    if settings.database_url is None:
        raise ConfigError(
            "No database is configured: set GEO_SERVICE_DATABASE_URL, or start with `geo-service up`."
        )
    return settings.database_url.get_secret_value()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection for one read; the driver's errors leave as ours.

    Raises
    ------
    UnavailableError
        The database cannot be reached, is starting or stopping, all connections are in use, or the statement
        timeout was reached.
    InvalidParameterError
        A value could not be processed (SQLSTATE class 22), which can only have come from the request; or GEOS,
        PROJ or a limit of the database (XX000, class 54) failed under a client's filter.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except PoolTimeoutError as error:
        raise UnavailableError("all database connections are in use", retry_after=1) from error
    except DBAPIError as error:
        raise translate(error) from error


@contextmanager
def reading_snapshot(engine: Engine) -> Iterator[Connection]:
    """Lend a connection as `reading` does, on which all statements see the same state of the data."""
    with reading(engine) as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ")


def translate(error: DBAPIError) -> Exception:
    """Turn an error of the driver into one of ours; what is a fault of the program stays what it was."""
    state = getattr(error.orig, "pgcode", None) or ""
    if state == "57014":
        return UnavailableError("a statement reached its timeout", _TOO_EXPENSIVE)
    if state.startswith(("22", "XX000", "54")) and FILTER_MARK in (error.statement or ""):
        return InvalidParameterError("filter", _BAD_FILTER)
    if state.startswith("22"):
        return InvalidParameterError("query", _BAD_VALUE)
    if error.connection_invalidated or state.startswith(("08", "40", "53", "57")):
        return UnavailableError(f"the database does not answer (SQLSTATE {state or 'none'})")
    if not state and isinstance(error, OperationalError | InterfaceError):
        return UnavailableError("the database cannot be reached")
    return error


def connection_fault(error: psycopg2.Error | DBAPIError) -> ConfigError | UnavailableError:
    """Say in one sentence why a connection could not be made, for the command line; never with the password."""
    text = str(getattr(error, "orig", error)).strip()
    detail = text.splitlines()[-1].strip() if text else "no reason given"
    reason = detail.rpartition("FATAL:")[2].strip() or detail
    lowered = text.lower()
    if "authentication failed" in lowered or "no password supplied" in lowered:
        return ConfigError(
            f"The database refused the login: {reason}. Check user and password in the address."
        )
    if "does not exist" in lowered:
        return ConfigError(f"The database address is not right: {reason}.")
    if "could not translate host name" in lowered:
        return ConfigError(f"The database address is not right: {reason}")
    return UnavailableError(f"The database cannot be reached: {reason}.")
