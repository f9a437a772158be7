"""Connections to PostGIS: one engine that writes, one that can only read ``publication``.

The read engine is the role ``geo_service_reader``: by its own login where a read address is given (the
private cluster does so), else by ``SET ROLE`` right after connecting.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from geo_service.db import freshness
from geo_service.db.hung import WATCHDOG
from geo_service.db.servers import Connector, libpq_arguments, read_servers, single_addresses
from geo_service.db.steady import Sender
from geo_service.domain.cql2 import FILTER_MARK
from geo_service.errors import ConfigError, InvalidParameterError, Message, UnavailableError
from geo_service.settings import Settings

WRITER_ROLE = "geo_service_writer"
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 10
PING_S = 3.0
# For so long after an answer the database is taken to be there.
HEARD_S = 0.25
# So much later than its own timeout a server may tell of it.
SERVER_GRACE_S = 3.0
RECYCLE_S = 60
CROWDED_S = 1.0

Observer = Callable[[str, float, bool], None]
"""Is told of a statement when it has ended: its text, how many seconds it took, and whether it succeeded."""

_crowded: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()
_connectors: WeakKeyDictionary[Engine, Connector] = WeakKeyDictionary()
_observers: WeakKeyDictionary[Engine, list[Observer]] = WeakKeyDictionary()
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
    address = _address(settings)
    return create_engine(
        single_addresses(address)[0],
        pool_size=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "geo-service",
            **libpq_arguments(address),
        },
    )


def read_engine(settings: Settings) -> Engine:
    """Make the engine of the web process: read-only, with a statement timeout, bounded in connections.

    Where other servers than the primary are read from, each use of a connection looks first whether its server has
    reached the newest version that this machine knows of.
    """
    address = (
        settings.database_read_url.get_secret_value() if settings.database_read_url else _address(settings)
    )
    servers = read_servers(settings)
    newest = None if all(server.is_primary for server in servers) else freshness.share()
    connector = Connector(servers, settings.statement_timeout_ms, newest)
    engine = create_engine(
        single_addresses(address)[0],
        creator=connector.connect,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=newest is None,
        # Back to a server that had been left out.
        pool_recycle=-1 if len(servers) == 1 else RECYCLE_S,
        # What somebody asked for belongs into no log.
        hide_parameters=True,
        # One statement per answer: no transaction to open and to close around it.
        isolation_level="AUTOCOMMIT",
        use_native_hstore=False,
    )
    _connectors[engine] = connector
    _limit_waiting(engine, settings.statement_timeout_ms / 1000 + SERVER_GRACE_S)
    if newest is not None:
        freshness.concerns(engine, newest)
        _look_for_lag(engine, connector)
    return engine


def listening_connection(engine: Engine) -> Any:
    """Return a psycopg2 connection that is none of the pool, to the primary if it can be reached."""
    return _connectors[engine].connect_to_primary()


def observe_statements(engine: Engine, observer: Observer) -> None:
    """Tell of each statement that goes through a read engine, whichever way it was sent.

    What SQLAlchemy itself asks on its first connection is told to nobody.
    """
    _observers[engine].append(observer)


def _limit_waiting(engine: Engine, seconds: float) -> None:
    """Give up a connection on which an answer does not come, although the server should have ended the statement."""
    initialize, ping, execute = engine.dialect.initialize, engine.dialect.do_ping, engine.dialect.do_execute
    sender, observers = Sender(), _observers.setdefault(engine, [])
    heard, initializing = float("-inf"), False

    def do_initialize(connection: Connection) -> None:
        # All other threads wait until this is done.
        nonlocal initializing
        initializing = True
        try:
            initialize(connection)
        finally:
            initializing = False

    def do_ping(connection: Any) -> bool:
        # Who has heard from the database just now asks only whether this connection has been closed meanwhile.
        if time.monotonic() - heard < HEARD_S and not _has_something_to_read(connection):
            return True
        with WATCHDOG.waiting(connection, PING_S):
            return ping(connection)

    def do_execute(cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        nonlocal heard
        began, done = time.monotonic(), False
        try:
            with WATCHDOG.waiting(cursor.connection, seconds):
                execute(cursor, sender.text(cursor, statement), parameters, context)
            done = True
        finally:
            ended = time.monotonic()
            if not initializing:
                for tell in observers:
                    tell(statement, ended - began, done)
        heard = ended

    engine.dialect.initialize = do_initialize  # type: ignore[method-assign]
    engine.dialect.do_ping = do_ping  # type: ignore[assignment, method-assign]
    engine.dialect.do_execute = do_execute  # type: ignore[method-assign]


def _has_something_to_read(connection: Any) -> bool:
    """Tell whether a resting connection has been closed or told something: the server ends none without a word."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _look_for_lag(engine: Engine, connector: Connector) -> None:
    @event.listens_for(engine, "checkout")
    def _check(connection: Any, _record: Any, _proxy: Any) -> None:
        try:
            with WATCHDOG.waiting(connection, PING_S):
                behind = connector.is_behind(connection)
        except psycopg2.Error as error:
            raise DisconnectionError("the connection is lost") from error
        if behind:
            raise DisconnectionError("the replica lags")


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
    with errors_as_ours(engine), engine.connect() as connection:
        yield connection


@contextmanager
def errors_as_ours(engine: Engine) -> Iterator[None]:
    """Let errors around one read leave as `reading` says; nobody waits in a crowd."""
    _refuse_in_a_crowd(engine)
    try:
        yield
    except PoolTimeoutError as error:
        _crowded[engine] = time.monotonic()
        raise UnavailableError("all database connections are in use", retry_after=1) from error
    except InvalidRequestError as error:
        # What the pool says when a second connection was no better than the first.
        if "connection is closed" not in str(error):
            raise
        raise UnavailableError("no database server can be used at the moment", retry_after=1) from error
    except DBAPIError as error:
        raise translate(error) from error


def _refuse_in_a_crowd(engine: Engine) -> None:
    """Let nobody wait for a connection shortly after somebody has waited in vain: the queue would only grow."""
    if time.monotonic() - _crowded.get(engine, float("-inf")) < CROWDED_S:
        pool = engine.pool
        if isinstance(pool, QueuePool) and pool.checkedout() >= pool.size():
            raise UnavailableError("all database connections are in use", retry_after=1)


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
        return UnavailableError(f"the database cannot be reached: {_what_happened(error)}")
    return error


def _what_happened(error: psycopg2.Error | DBAPIError) -> str:
    """Return the driver's own words; an indented line asks whether the server runs, the one before it says more."""
    text = str(getattr(error, "orig", error)).strip()
    told = [line for line in text.splitlines() if not line.startswith("\t")]
    return told[-1].strip() if told else "no reason given"


def connection_fault(error: psycopg2.Error | DBAPIError) -> ConfigError | UnavailableError:
    """Say in one sentence why a connection could not be made, for the command line; never with the password."""
    text = str(getattr(error, "orig", error)).strip()
    detail = _what_happened(error)
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
