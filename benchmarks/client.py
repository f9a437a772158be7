"""A small HTTP client that costs next to nothing, and rounds of requests that take turns.

A full client library needs longer for a small answer than the servers that are compared here.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


class BadAnswer(Exception):
    """A server answered otherwise than it was expected to."""


@dataclass(frozen=True)
class Reply:
    """Status, headers (names in lower case) and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """One kept connection that sends the same request again and again."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname or "127.0.0.1", parts.port or 80)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = {"Host": parts.netloc, "Accept": "*/*", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._request = f"GET {target} HTTP/1.1\r\n{head}\r\n".encode()
        self._socket: socket.socket | None = None

    def get(self) -> Reply:
        """Ask, and read the whole answer; once more on a new connection when the server had closed the old one."""
        if self._socket is not None:
            try:
                return self._ask(self._socket)
            except (ConnectionError, BrokenPipeError):
                self.close()
        self._socket = socket.create_connection(self._place, timeout=300)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._ask(self._socket)

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, connection: socket.socket) -> Reply:
        connection.sendall(self._request)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            _receive(connection, data)
        head, body = data[:end].decode("latin-1"), data[end + 4 :]
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split()[1])
        if status in (204, 304):
            return Reply(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Reply(status, headers, _chunks(connection, body))
        length = int(headers["content-length"])
        while len(body) < length:
            _receive(connection, body)
        return Reply(status, headers, bytes(body))


def _receive(connection: socket.socket, data: bytearray) -> None:
    part = connection.recv(1 << 20)
    if not part:
        raise ConnectionResetError
    data += part


def _chunks(connection: socket.socket, data: bytearray) -> bytes:
    body = bytearray()
    while True:
        while (end := data.find(b"\r\n")) < 0:
            _receive(connection, data)
        size = int(data[:end].split(b";")[0], 16)
        while len(data) < end + 2 + size + 2:
            _receive(connection, data)
        body += data[end + 2 : end + 2 + size]
        del data[: end + 2 + size + 2]
        if not size:
            return bytes(body)


def take_turns(clients: Sequence[Client], seconds: float, least: int = 7, most: int = 300) -> list[float]:
    """Return the median time (milliseconds) of each client's request.

    They are asked one after the other in rounds, so that whatever else the machine does falls on all of them; rounds
    go on for `seconds`, but there are at least `least` and at most `most`; of slow ones, which take five times as long,
    three. The first two rounds do not count, of slow ones the first.
    """
    times: list[list[float]] = [[] for _ in clients]
    began = time.perf_counter()
    rounds = 0
    while rounds < most:
        taken_s = time.perf_counter() - began
        if rounds >= 3 and taken_s > (seconds if rounds >= least + 2 else 5 * seconds):
            break
        for client, taken in zip(clients, times, strict=True):
            start = time.perf_counter()
            client.get()
            taken.append((time.perf_counter() - start) * 1000)
        rounds += 1
    warm_up = 2 if rounds >= least + 2 else 1
    return [statistics.median(taken[warm_up:]) for taken in times]
