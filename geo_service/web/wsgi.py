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

from geo_service.web.at_once import AtOnce
from geo_service.web.sending import Answer, answer_of, give

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from uvicorn._types import HTTPScope
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

# Where in the scope of a request its head stands, if it is one that may be known next time.
HEAD = "geo_service.head"
# Their names in the environment, where they are not HTTP_NAME (PEP 3333).
_PLAIN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}

log = logging.getLogger(__name__)


_FAILED = answer_of("500 Internal Server Error", [], b"", closes=True)


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
            known = self.at_once.by_request(environ, head)
            if known is not None:
                give(loop, cycle, known)
                return
        self._asked.put(_Asked(client, environ, body))

    def _work(self) -> None:
        while True:
            client, environ, body = self._asked.get()
            try:
                answer = self._call(client, environ, body)
            except Exception:
                log.exception("an answer broke off")
                answer = _FAILED
            if answer is not None:
                client.give(answer)

    def _call(self, client: _Client, environ: dict[str, Any], body: Body | None) -> Answer | None:
        """Call the application; return its answer where it is whole, else None when it was sent."""
        started = _Started()
        pieces = self._app(environ, started)
        # What still comes would be read as a request.
        closes = body is not None and not body.ended
        if isinstance(pieces, list):
            is_head = environ["REQUEST_METHOD"] == "HEAD"
            return answer_of(started.line, started.headers, b"".join(pieces), is_head=is_head, closes=closes)
        client.send_pieces(started, pieces, closes=closes)
        return None


def _brings_body(scope: HTTPScope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and length != b"0")
        for name, length in scope["headers"]
    )


class _Started:
    """What an application says before its content: ``start_response`` of PEP 3333."""

    def __init__(self) -> None:
        self.line = "500 Internal Server Error"
        self.headers: list[tuple[str, str]] = []

    def __call__(self, line: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        self.line, self.headers = line, headers
        return _no_write


def _no_write(_content: bytes) -> None:
    raise NotImplementedError("content is returned, not written")


class _Client:
    """Who asks, as seen from a thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, cycle: RequestResponseCycle) -> None:
        self._loop, self._cycle = loop, cycle

    def give(self, answer: Answer) -> None:
        """Send an answer, without waiting until it is taken."""
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            self._loop.call_soon_threadsafe(give, self._loop, self._cycle, answer)

    def receive(self) -> Any:
        """Wait for what comes next."""
        return asyncio.run_coroutine_threadsafe(self._cycle.receive(), self._loop).result()

    def send_pieces(self, started: _Started, pieces: Iterable[bytes], *, closes: bool) -> None:
        """Send an answer piece by piece, as the client takes it, until it has gone away."""
        headers = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in started.headers]
        if closes:
            headers.append((b"connection", b"close"))
        gone = asyncio.run_coroutine_threadsafe(self._wait_until_gone(), self._loop)
        try:
            self._say({"type": "http.response.start", "status": int(started.line[:3]), "headers": headers})
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
