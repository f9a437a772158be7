"""The outermost layer of the application: gives every request an id, measures it, and lets no exception out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from geo_service.web.bodies import STREAMS
from geo_service.web.logs import NO_ROUTE, REQUEST_HEADER, REQUEST_ID, RequestLine, request_id
from geo_service.web.metrics import Metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Whoever answers says here which route it was: the pattern of the address, which has no values in it.
ROUTE = "geo_service.route"
# Set for an answer that is made while it is sent. Such a long one is handed over as the client takes it.
STREAMED = "geo_service.streamed"
WHOLE_BYTES = 2 * 2**20
_FAILED = b'{"type":"about:blank","title":"Internal error","status":500}'
_BUSY = (
    b'{"type":"about:blank","title":"Temporarily unavailable","status":503,'
    b'"detail":"Too many long answers are being sent at the moment. Please try again in a few seconds."}'
)

log = logging.getLogger(__name__)


class Observed:
    """WSGI middleware around everything else."""

    def __init__(self, app: WSGIApplication, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._streams = threading.BoundedSemaphore(STREAMS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, count it and log it."""
        seen = _Request(environ, start_response, self._metrics)
        try:
            body = self._app(environ, seen.start)
            if isinstance(body, list):
                return seen.finish(body)
            if not environ.get(STREAMED) or seen.length() <= WHOLE_BYTES:
                return seen.finish(_whole(body))
            if not self._streams.acquire(blocking=False):
                _close(body)
                return seen.fail("503 Service Unavailable", _BUSY, ("Retry-After", "5"))
        except Exception:
            log.exception("a request failed outside of the application")
            return seen.fail("500 Internal Server Error", _FAILED)
        return _Pieces(body, seen, self._streams)


class _Request:
    """A request under way."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse, metrics: Metrics) -> None:
        self._began = time.perf_counter()
        self._environ, self._start_response, self._metrics = environ, start_response, metrics
        self._id = request_id(environ)
        self._status = 500
        self._done = False
        self._headers: list[tuple[str, str]] = []
        REQUEST_ID.set(self._id)
        metrics.started()

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._status = int(status[:3])
        # The list is the server's now (PEP 3333: it may change it).
        headers.append((REQUEST_HEADER, self._id))
        self._headers = headers
        return self._start_response(status, headers, exc_info)

    def length(self) -> int:
        """Return the bytes of the answer as its header says; very many where it says nothing."""
        if self._status in (204, 304):
            return 0
        return next((int(value) for name, value in self._headers if name.lower() == "content-length"), 2**62)

    def finish(self, body: list[bytes]) -> list[bytes]:
        self.end(len(body[0]) if len(body) == 1 else sum(map(len, body)))
        return body

    def fail(self, status: str, content: bytes, *more: tuple[str, str]) -> list[bytes]:
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            *more,
        ]
        self.start(status, headers)
        return self.finish([content])

    def end(self, sent: int) -> None:
        if self._done:
            return
        self._done = True
        environ = self._environ
        seconds = time.perf_counter() - self._began
        method, route = environ["REQUEST_METHOD"], environ.get(ROUTE) or NO_ROUTE
        self._metrics.answered(method, route, self._status, seconds, sent)
        line = RequestLine(method, route, self._status, environ.get("QUERY_STRING", ""))
        line.write(seconds, sent, self._id)


class _Pieces:
    """An answer that is sent as the client takes it; it has ended when it is closed."""

    def __init__(self, body: Iterable[bytes], seen: _Request, place: threading.BoundedSemaphore) -> None:
        self._body, self._seen, self._sent = body, seen, 0
        self._place: threading.BoundedSemaphore | None = place

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            self._sent += len(piece)
            yield piece

    def close(self) -> None:
        try:
            _close(self._body)
        finally:
            place, self._place = self._place, None
            if place is not None:
                place.release()
            self._seen.end(self._sent)


def _whole(body: Iterable[bytes]) -> list[bytes]:
    """Return an answer in one piece, so that no slow client keeps a thread."""
    try:
        return [b"".join(body)]
    finally:
        _close(body)


def _close(body: Any) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
