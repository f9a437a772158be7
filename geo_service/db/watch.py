"""The lease on what is remembered: which version is published now, mostly without asking.

A thread per process listens for publications on a connection of its own and asks every few hundredths of a
second whether it has missed one. What it heard holds for `LEASE_S`; when it has heard nothing for longer, because
its connection was cut, hangs or was never made, each request asks the database itself. So an answer is never
staler than the lease, whatever happens to the listener.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any, Literal

import psycopg2
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geo_service.db.changes import CHANNEL, Box, ChangeLog, Fetch, Token, changes_since
from geo_service.db.engine import listening_connection, reading
from geo_service.db.freshness import seen
from geo_service.db.hung import WATCHDOG

LEASE_S = 0.08
HEARTBEAT_S = 0.03
# Without requests for so long the heartbeat rests, and later the connection is given back.
REST_AFTER_S = 2.0
END_AFTER_S = 60.0
RECONNECT_AFTER_S = 0.5
STANDBY_S = 5.0
# The listener's statements take no millisecond: who needs longer is gone.
ANSWER_S = 2.0
APPLICATION_NAME = "geo-service-listener"

WatchState = Literal["listening", "resting", "lost"]
"""It hears of publications; nobody has asked it for a while; or each request has to ask the database itself."""

log = logging.getLogger(__name__)


class PublicationWatch:
    """Knows the published version and what changed on the way to it; shared by the threads of a process.

    Nothing is started before the first question, so that it may be made before a process forks.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._log = ChangeLog()
        self._confirmed = float("-inf")
        self._asked = float("-inf")
        self._thread: threading.Thread | None = None
        self._wake: int | None = None
        self._until = float("inf")

    def current(self) -> Token:
        """Return the state that is published now, or was less than `LEASE_S` ago.

        Raises
        ------
        UnavailableError
            The lease has run out and the database does not answer.
        """
        now = time.monotonic()
        with self._lock:
            self._asked = now
            if now - self._confirmed < LEASE_S:
                return self._log.token
        self._rouse()
        with reading(self._engine) as connection:
            self._confirm(lambda sql, values: connection.exec_driver_sql(sql, dict(values)).all())
        with self._lock:
            return self._log.token

    def known(self) -> Token | None:
        """Return what `current` would, where that needs no question; else None, and the listener is roused."""
        now = time.monotonic()
        # No lock: this is asked for each answer that is known. The lease is read before the state that it is for.
        self._asked = now
        if now - self._confirmed < LEASE_S:
            return self._log.token
        self._rouse()
        return None

    def state(self) -> tuple[WatchState, int | None]:
        """Tell how the watch is doing, and the newest version that it knows; asks nobody."""
        now = time.monotonic()
        with self._lock:
            version = self._log.token.version if self._confirmed > float("-inf") else None
            if now - self._confirmed < LEASE_S:
                return "listening", version
            return ("resting" if now - self._asked > REST_AFTER_S else "lost"), version

    def touched(
        self,
        since: Token,
        collections: Collection[str],
        box: Box | None = None,
        feature_id: str | None = None,
    ) -> bool:
        """Tell whether something of `collections` may have changed after `since`: as `ChangeLog.touched`."""
        with self._lock:
            return self._log.touched(since, collections, box, feature_id)

    def epoch(self) -> int:
        """Return the epoch that something read from now on belongs to; the heartbeat starts, if it rests."""
        with self._lock:
            self._asked = now = time.monotonic()
            beats, epoch = now - self._confirmed < LEASE_S, self._log.token.epoch
        if not beats:
            self._rouse()
        return epoch

    def _confirm(self, fetch: Fetch) -> None:
        """Ask for the version; the lease counts from before the question."""
        with self._lock:
            known = self._log.token.version
        asked = time.monotonic()
        changes = changes_since(fetch, known)
        seen(self._engine, changes.version)
        with self._lock:
            self._log.extend(changes)
            self._confirmed = max(self._confirmed, asked)

    def _rouse(self) -> None:
        """Make the listener's heart beat again, or start it: it ends by itself, and does not survive a fork."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                if self._wake is not None:
                    with contextlib.suppress(OSError):
                        os.write(self._wake, b"!")
                return
            self._thread = threading.Thread(target=self._run, name=APPLICATION_NAME, daemon=True)
            self._thread.start()

    def _idle(self) -> float:
        with self._lock:
            return time.monotonic() - self._asked

    def _run(self) -> None:
        while True:
            try:
                self._listen()
                return
            except (psycopg2.Error, SQLAlchemyError, OSError, ValueError) as error:
                log.info("listening for publications was interrupted: %s", str(error).strip())
            if self._idle() > REST_AFTER_S:
                return  # the next request starts it again
            time.sleep(RECONNECT_AFTER_S)

    def _listen(self) -> None:
        """Listen until nobody asks any more; errors of the connection end it as well."""
        connection = self._connect()
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        try:
            with self._lock:
                self._wake = wake
            with connection.cursor() as cursor:
                self._beat(connection, cursor, woken)
        finally:
            with self._lock:
                self._wake = None
            os.close(wake)
            os.close(woken)
            connection.close()

    def _beat(self, connection: Any, cursor: Any, woken: int) -> None:
        def fetch(sql: str, values: Mapping[str, int]) -> list[Any]:
            with WATCHDOG.waiting(connection, ANSWER_S):
                cursor.execute(sql, values)
            rows: list[Any] = cursor.fetchall()
            return rows

        while (idle := self._idle()) < END_AFTER_S:
            if time.monotonic() > self._until:
                raise OSError("listening on a standby; the primary may be back")
            connection.notifies.clear()
            if idle < REST_AFTER_S:
                self._confirm(fetch)
                if connection.notifies:
                    continue  # it came with the answer, and perhaps after the answer was made
            pause = HEARTBEAT_S if idle < REST_AFTER_S else END_AFTER_S - idle
            # A notification ends the pause early; so does a request that had to ask by itself.
            ready, _, _ = select.select([connection, woken], [], [], pause)
            if connection in ready:
                connection.poll()
            if woken in ready:
                os.read(woken, 4096)

    def _connect(self) -> Any:
        """Return a connection of the reading role that is none of the pool."""
        connection = listening_connection(self._engine)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", (APPLICATION_NAME,))
            cursor.execute("SET statement_timeout = 1000")
            # On a standby nobody can listen; there the heartbeat alone has to do.
            self._until = float("inf")
            try:
                cursor.execute(f"LISTEN {CHANNEL}")
            except (psycopg2.errors.ReadOnlySqlTransaction, psycopg2.NotSupportedError):
                # And the primary is tried again after a while.
                self._until = time.monotonic() + STANDBY_S
        return connection
