"""The application is WSGI: each request is answered in a thread, while one thread serves all connections.

An answer in one piece goes back to the connections' thread as a whole, so that a slow client keeps no thread. One that
is made while it is sent keeps its thread, which waits for the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Iterable
from io import BytesIO
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from geo_service.web.at_once import AtOnce, Whole, encoded

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from uvicorn._types import HTTPScope
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

Headers = list[tuple[bytes, bytes]]
# Where in the scope of a request its head stands, if it is one that may be known next time.
HEAD = "geo_service.head"
# Their names in the environment, where they are not HTTP_NAME (PEP 3333).
_PLAIN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_NO_CONTENT = frozenset({204, 304})
# Answers up to this size leave in one piece.
PIECE_BYTES = 2**16

log = logging.getLogger(__name__)


_FAILED = Whole(500, [(b"content-length", b"0"), (b"connection", b"close")], b"")


class Threads:
    """Threads in which a WSGI application answers.

    Parameters
    ----------
    count : int
        How many; a request that comes when all are busy waits for one.
    at_once : AtOnce, optional
        Who answers without a thread what is known.
    """

    def __init__(self, app: WSGIApplication, count: int, at_once: AtOnce | None = None) -> None:
        self._app, self.at_once = app, at_once
        self._asked: SimpleQueue[_Asked] = SimpleQueue()
        for number in range(count):
            threading.Thread(target=self._work, name=f"geo-service-request-{number}", daemon=True).start()

    def answer(self, loop: asyncio.AbstractEventLoop, cycle: RequestResponseCycle) -> None:
        """Answer a request at once, or let it be answered; `loop` serves its connection."""
        scope = cycle.scope
        client = _Client(loop, cycle)
        body = Body(client) if _brings_body(scope) else None
        environ = environ_of(scope, body)
        if self.at_once is not None and body is None and scope["method"] in ("GET", "HEAD"):
            head: bytes = scope.get(HEAD, b"")  # type: ignore[assignment]
            whole = self.at_once.by_request(environ, head)
            if whole is not None:
                give(loop, cycle, whole)
                return
        self._asked.put(_Asked(client, environ, body))

    def _work(self) -> None:
        while True:
            client, environ, body = self._asked.get()
            try:
                whole = self._call(client, environ, body)
            except Exception:
                log.exception("an answer broke off")
                whole = _FAILED
            if whole is not None:
                client.give(whole)

    def _call(self, client: _Client, environ: dict[str, Any], body: Body | None) -> Whole | None:
        """Call the application; return its answer where it is whole, else None when it was sent."""
        started = _Started()
        pieces = self._app(environ, started)
        if body is not None and not body.ended:
            started.headers.append((b"connection", b"close"))  # what still comes would be read as a request
        if isinstance(pieces, list):
            return Whole(started.status, started.headers, b"".join(pieces))
        client.send_pieces(started, pieces)
        return None


def _brings_body(scope: HTTPScope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and length != b"0")
        for name, length in scope["headers"]
    )


def give(loop: asyncio.AbstractEventLoop, cycle: RequestResponseCycle, whole: Whole) -> None:
    """Send an answer, in the thread of the connections; nobody waits until it has been taken."""
    if cycle.disconnected:
        return
    if cycle.response_started:
        cycle.transport.close()  # it broke off
    elif cycle.flow.write_paused:
        # This client has not taken the one before, and may have asked for many more.
        waiting = loop.create_task(_give_later(cycle, whole))
        _waiting.add(waiting)
        waiting.add_done_callback(_waiting.discard)
    else:
        _write(cycle, whole)


_waiting: set[asyncio.Task[None]] = set()  # a loop does not keep its tasks alive


async def _give_later(cycle: RequestResponseCycle, whole: Whole) -> None:
    await cycle.flow.drain()
    if not cycle.disconnected:
        _write(cycle, whole)


def _write(cycle: RequestResponseCycle, whole: Whole) -> None:
    """Do what ``cycle.send`` does with an answer that comes in several messages, without looking at each header."""
    status, headers, content = whole
    if status in _NO_CONTENT:
        headers = [pair for pair in headers if pair[0] != b"content-length"]
    names = {name for name, _ in headers}
    more = [(b"connection", b"close")] if not cycle.keep_alive and b"connection" not in names else []
    if b"content-length" not in names and status not in _NO_CONTENT:
        more.append((b"content-length", str(len(content)).encode()))
    lines = [b"%s: %s\r\n" % pair for pair in (*cycle.default_headers, *headers, *more)]
    parts = [STATUS_LINE[status], *lines, b"\r\n"]
    if cycle.scope["method"] == "HEAD" or status in _NO_CONTENT:
        content = b""
    if len(content) <= PIECE_BYTES:
        cycle.transport.write(b"".join((*parts, content)))
    else:
        cycle.transport.write(b"".join(parts))
        cycle.transport.write(content)
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive or (b"connection", b"close") in headers:
        cycle.transport.close()
    cycle.on_response()


class _Started:
    """What an application says before its content: ``start_response`` of PEP 3333."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    def __call__(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        self.status = int(status[:3])
        self.headers = encoded(headers)
        return _no_write


def _no_write(_content: bytes) -> None:
    raise NotImplementedError("content is returned, not written")


class _Client:
    """Who asks, as seen from a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, cycle: RequestResponseCycle) -> None:
        self._loop, self._cycle = loop, cycle

    def give(self, whole: Whole) -> None:
        """Send an answer, without waiting until it is taken."""
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            self._loop.call_soon_threadsafe(give, self._loop, self._cycle, whole)

    def receive(self) -> Any:
        """Wait for what comes next."""
        return asyncio.run_coroutine_threadsafe(self._cycle.receive(), self._loop).result()

    def send_pieces(self, started: _Started, pieces: Iterable[bytes]) -> None:
        """Send an answer piece by piece, as the client takes it, until it has gone away."""
        gone = asyncio.run_coroutine_threadsafe(self._wait_until_gone(), self._loop)
        try:
            self._say({"type": "http.response.start", "status": started.status, "headers": started.headers})
            for piece in pieces:
                if gone.done():
                    return
                if piece:
                    self._say({"type": "http.response.body", "body": piece, "more_body": True})
            self._say({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _say(self, message: Any) -> None:
        asyncio.run_coroutine_threadsafe(self._cycle.send(message), self._loop).result()

    async def _wait_until_gone(self) -> None:
        while (await self._cycle.receive())["type"] != "http.disconnect":
            pass


class _Asked(NamedTuple):
    client: _Client
    environ: dict[str, Any]
    body: Body | None


class Body:
    """What a request brings along, read in the thread that answers it: ``wsgi.input`` of PEP 3333."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._come = bytearray()
        self.ended = False

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, as soon as there are some; none at the end, or when the client went away."""
        while not self.ended and (size < 0 or not self._come):
            message = self._client.receive()
            self._come += message.get("body", b"")
            self.ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        piece = bytes(self._come if size < 0 else self._come[:size])
        del self._come[: len(piece)]
        return piece


def environ_of(scope: HTTPScope, body: Body | None) -> dict[str, Any]:
    """Return the environment of a request (PEP 3333): text is bytes, each read as a character of Latin-1."""
    path, client, server = scope["raw_path"], scope["client"], scope["server"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0] if server else "",
        "SERVER_PORT": str(server[1]) if server else "",
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO() if body is None else body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # With an underscore it would pass for another one, such as those that proxies set.
        if b"_" in name:
            continue
        key = _PLAIN.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text
    return environ
