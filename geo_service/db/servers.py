"""Which database servers are read from, and how a connection to one of them is made.

The address for reading may name several servers, as libpq allows. They are tried in order. One that cannot be reached is
left out for a while, and so is a replica that lags behind what this machine has already shown; the last resort is the
primary itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg2
from sqlalchemy import URL, make_url

from geo_service.db.freshness import VERSION_SQL, Newest
from geo_service.db.hung import WATCHDOG
from geo_service.settings import Settings

READER_ROLE = "geo_service_reader"
APPLICATION_NAME = "geo-service-web"
CONNECT_TIMEOUT_S = 3
PREPARE_S = 5.0
LEFT_OUT_S = 10.0
# A replica that is only just behind is waited for, so that no write sends everybody to the primary.
CATCH_UP_S = 0.2
# Who has vanished without a word is noticed after some ten seconds.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """A database server as one address names it.

    Attributes
    ----------
    is_primary : bool
        It is the one that is written to, so it cannot be behind.
    takes_role : bool
        Its login may do more than read, and therefore takes the role of the reader.
    """

    arguments: Mapping[str, Any]
    is_primary: bool
    takes_role: bool

    @property
    def place(self) -> tuple[str, str]:
        """Host (or socket directory) and port."""
        return str(self.arguments.get("host", "")), str(self.arguments.get("port", 5432))


def single_addresses(address: str) -> list[URL]:
    """Split an address in libpq's form, with several hosts, into addresses of one server each."""
    parts = urlsplit(address)
    login, at, hosts = parts.netloc.rpartition("@")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "," not in hosts and "," not in query.get("host", ""):
        return [make_url(address)]
    if "," in hosts:
        return [
            make_url(urlunsplit(parts._replace(netloc=f"{login}{at}{host}"))) for host in hosts.split(",")
        ]
    names, ports = query["host"].split(","), query.get("port", "").split(",")
    found = []
    for number, name in enumerate(names):
        one = {**query, "host": name, "port": ports[number] if len(ports) > 1 else ports[0]}
        kept = {key: value for key, value in one.items() if value}
        found.append(make_url(urlunsplit(parts._replace(query=urlencode(kept)))))
    return found


def _arguments(address: str) -> list[dict[str, Any]]:
    return [dict(url.get_dialect()().create_connect_args(url)[1]) for url in single_addresses(address)]


def libpq_arguments(address: str) -> dict[str, Any]:
    """Return what names several servers to libpq itself, which finds the one that may be written to; else nothing."""
    each = _arguments(address)
    if len(each) < 2:
        return {}
    return {
        "host": ",".join(str(one.get("host", "")) for one in each),
        "port": ",".join(str(one.get("port", 5432)) for one in each),
        "target_session_attrs": each[0].get("target_session_attrs", "read-write"),
    }


def read_servers(settings: Settings) -> list[Server]:
    """Return the servers to read from, best first; the primary is among them or comes last."""
    written = _arguments(settings.database_url.get_secret_value()) if settings.database_url else []
    primaries = [Server(one, is_primary=True, takes_role=True) for one in written]
    if settings.database_read_url is None:
        return primaries
    places = {server.place for server in primaries}
    read = [Server(one, False, False) for one in _arguments(settings.database_read_url.get_secret_value())]
    read = [replace(server, is_primary=server.place in places) for server in read]
    named = {server.place for server in read}
    return [*read, *(server for server in primaries if server.place not in named)]


class Connector:
    """Makes connections for a pool: to the first server that answers and is not behind."""

    def __init__(self, servers: Sequence[Server], statement_timeout_ms: int, newest: Newest | None) -> None:
        self._servers = servers
        self._statement_timeout_ms = statement_timeout_ms
        self.newest = newest
        self._left_out: dict[tuple[str, str], float] = {}

    def connect(self) -> Any:
        """Return a new connection, prepared for reading.

        Raises
        ------
        psycopg2.OperationalError
            No server can be reached.
        """
        return self._first(self._servers)

    def connect_to_primary(self) -> Any:
        """Return a new connection to the primary, where publications can be heard; if need be to another."""
        for server in self._servers:
            if server.is_primary:
                # Also when it was left out: nobody else tells what is new.
                self._left_out.pop(server.place, None)
        return self._first(sorted(self._servers, key=lambda server: not server.is_primary))

    def is_behind(self, connection: Any) -> bool:
        """Tell whether a connection's server lags behind what is known here, after a moment of patience."""
        if self.newest is None:
            return False
        limit = time.monotonic() + CATCH_UP_S
        while (version := read_version(connection)) < self.newest.version:
            if time.monotonic() > limit:
                return True
            time.sleep(CATCH_UP_S / 10)
        self.newest.note(version)
        return False

    def _first(self, servers: Sequence[Server]) -> Any:
        now = time.monotonic()
        wanted = [server for server in servers if self._left_out.get(server.place, 0.0) <= now]
        fault: psycopg2.Error | None = None
        for server in [*wanted, *(server for server in servers if server not in wanted)]:
            reason = "it lags"
            try:
                connection = self._open(server)
                if connection is not None:
                    return connection
            except psycopg2.OperationalError as error:
                fault, reason = error, "it cannot be reached"
            if len(self._servers) > 1:
                log.warning("the database server at %s, port %s is left out: %s", *server.place, reason)
                self._left_out[server.place] = time.monotonic() + LEFT_OUT_S
        raise fault or psycopg2.OperationalError("no database server has the newest data")

    def _open(self, server: Server) -> Any:
        """Return a connection to one server; None when it is a replica that lags."""
        options = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": APPLICATION_NAME, **KEEPALIVE}
        connection = psycopg2.connect(**{**options, **server.arguments})
        try:
            connection.autocommit = True
            with WATCHDOG.waiting(connection, PREPARE_S):
                self._prepare(connection, server)
                if self.newest is None or not self.is_behind(connection):
                    return connection
                if server.is_primary:
                    self.newest.reset(read_version(connection))
                    return connection
        except psycopg2.Error:
            connection.close()
            raise
        connection.close()
        return None

    def _prepare(self, connection: Any, server: Server) -> None:
        with connection.cursor() as cursor:
            if server.takes_role:
                cursor.execute(f"SET ROLE {READER_ROLE}")
            cursor.execute(
                "SET default_transaction_read_only = on; SET statement_timeout = %s;"
                "SET search_path = publication, public;"
                # These answers take milliseconds; compiling them would take longer than running them.
                "SET jit = off; SET TimeZone = 'UTC';"
                # An outline that is looked at and not valid is no news.
                "SET client_min_messages = warning;"
                # Of statements that are prepared; see `db.steady`.
                "SET plan_cache_mode = force_generic_plan",
                (self._statement_timeout_ms,),
            )


def read_version(connection: Any) -> int:
    """Return the version of the published data; 0 where nothing was ever published."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(VERSION_SQL)
        except psycopg2.errors.UndefinedTable:
            return 0
        row = cursor.fetchone()
    return int(row[0]) if row else 0
