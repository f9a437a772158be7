"""A door to the database that can be shut: cut all connections, or swallow every byte without a word."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"


class Relay:
    """Passes on what comes to a unix socket in `directory` to the one in `target`, both named as PostgreSQL does.

    Attributes
    ----------
    silent : bool
        While true, connections are taken and nothing is passed on, as when a firewall forgets them.
    """

    def __init__(self, directory: Path, target: Path) -> None:
        self.directory = directory
        self.silent = False
        self._target = target / SOCKET_NAME
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._closed = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(directory / SOCKET_NAME))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections."""
        for pair in list(self._pairs):
            for one in pair:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End all connections, and take no more."""
        self._closed = True
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while not self._closed:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(str(self._target))
            self._pairs.add((here, there))
            threading.Thread(target=self._pass_on, args=(here, there), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while not self._closed:
                ready, _, _ = select.select([here, there], [], [], 0.2)
                if self.silent:
                    threading.Event().wait(0.02)
                    continue
                for one in ready:
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    (there if one is here else here).sendall(data)
        except OSError:
            return
        finally:
            self._pairs.discard((here, there))
            here.close()
            there.close()
