"""The real HTTP server in a thread of the tests, and a client that sends bytes as they stand."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from geo_service.web.at_once import AtOnce
from geo_service.web.worker import listen, make_server
from tests.waiting import wait_until

THREADS = 4


@contextmanager
def serving(app: Any, at_once: AtOnce | None = None) -> Iterator[int]:
    """Serve a WSGI application; yield the port."""
    listening = listen(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = make_server(app, THREADS, at_once)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        assert wait_until(lambda: server.started)
        yield port
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()


class Answer:
    """An answer as it came."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, dict(response.getheaders())
        self.data = response.read()


class Line:
    """One connection on which requests are sent byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)

    def receive(self, method: str = "GET") -> Answer:
        """Read the next answer, and no byte of the one behind it."""
        response = http.client.HTTPResponse(self, method=method)  # type: ignore[arg-type]
        response.begin()
        return Answer(response)

    def makefile(self, _mode: str) -> Any:
        return _Kept(self._file)

    def ask(self, *pieces: bytes, method: str = "GET") -> Answer:
        self.send(*pieces)
        return self.receive(method)

    def is_closed(self) -> bool:
        """Tell whether the server has closed the connection, after what it still sent."""
        try:
            while self.socket.recv(65_536):
                pass
        except ConnectionResetError:
            return True
        return True

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class _Kept:
    """A file that an answer does not close behind it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """Leave it open: the next answer comes from it."""


def head(path: str, *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/{version}", "Host: 127.0.0.1", *lines, "", "")).encode()
