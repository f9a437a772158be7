"""Ends waiting for a database that does not answer any more, although nobody has closed the connection.

A statement timeout is the server's; it helps nobody when the server or the network between has fallen silent. So each
statement has a second limit on this side, somewhat longer: then the socket is shut down, and the driver reports a lost
connection to whoever waits.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERVAL_S = 0.25

log = logging.getLogger(__name__)


class Watchdog:
    """Knows which connections wait for an answer, and until when; shared by the threads of a process."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Any, float]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def waiting(self, connection: Any, seconds: float) -> Iterator[None]:
        """Let the block wait for an answer on a psycopg2 connection, but no longer than `seconds`."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            self._start()
        key = id(connection)
        self._waiting[key] = connection, time.monotonic() + seconds
        try:
            yield
        finally:
            self._waiting.pop(key, None)

    def _start(self) -> None:
        with self._lock:
            # It does not survive a fork.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="geo-service-watchdog", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(INTERVAL_S)
            now = time.monotonic()
            for key, entry in list(self._waiting.items()):
                connection, limit = entry
                # Whoever has been answered meanwhile may wait for something else by now.
                if now > limit and self._waiting.get(key) is entry:
                    log.warning("the database has not answered in time: the connection is given up")
                    _shut_down(connection)
                    self._waiting.pop(key, None)


def _shut_down(connection: Any) -> None:
    """End both directions of a connection's socket; who reads from it sees its end."""
    with contextlib.suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as other:
        other.shutdown(socket.SHUT_RDWR)


WATCHDOG = Watchdog()
