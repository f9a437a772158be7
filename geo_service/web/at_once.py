"""Known answers leave at once, in the thread that serves the connections: no other thread is woken for them.

There are two ways to know one. A client sends the same head each time that it asks for the same: so the bytes of a
head lead to the answer that such a request got, without being read again. And a request that was read is known by what
it asks for, however it is worded. Heads are no keys: two of one meaning lead to one answer while it is kept and true.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from geo_service.ogc.cache import AnswerCache
from geo_service.ogc.kept import Headers, Ready
from geo_service.web.logs import REQUEST_HEADER, RequestLine, new_request_id, request_id
from geo_service.web.proxies import WAS_FORWARDED, TrustedProxies

if TYPE_CHECKING:
    from geo_service.settings import Settings
    from geo_service.web.front import Front, Known
    from geo_service.web.metrics import Metrics

MAX_HEAD_BYTES = 2_048
END = b"\r\n\r\n"
# What follows from more than the head is looked at each time: who forwards it, which id it has, what comes behind it.
LOOKED_AT = (
    WAS_FORWARDED,
    "HTTP_X_REQUEST_ID",
    "CONTENT_LENGTH",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_EXPECT",
    "HTTP_UPGRADE",
)
_ID = REQUEST_HEADER.lower().encode()

log = logging.getLogger(__name__)


class Whole(NamedTuple):
    """An answer in one piece; names of headers in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


def is_whole_head(data: bytes) -> bool:
    """Tell whether bytes are the head of a single request that asks for something and brings nothing along."""
    return (
        len(data) <= MAX_HEAD_BYTES
        and data.find(END) == len(data) - len(END)
        and data.startswith((b"GET ", b"HEAD "))
        and data.count(b"\n") == data.count(b"\r\n")  # other line ends may hide a second request
    )


class AtOnce:
    """What one process answers at once.

    Parameters
    ----------
    front : Front
        Who knows answers by what they are asked for.
    """

    def __init__(self, front: Front, cache: AnswerCache, metrics: Metrics, settings: Settings) -> None:
        self._cache, self._metrics = cache, metrics
        # A middleware returns what is behind it returns.
        self._known: Any = TrustedProxies(lambda environ, _start: front.known(environ), settings)  # type: ignore[arg-type,return-value]

    def by_head(self, head: bytes) -> tuple[bytes, bytes] | None:
        """Return the lines of an answer's head, the last one without its end, and the content; None: it is not known.

        What is returned is counted and logged.
        """
        began = time.perf_counter()
        ready = self._cache.ready(head)
        if ready is None:
            return None
        own_id = new_request_id()
        self._note(ready.about, began, len(ready.body), own_id)
        return b"%s%s: %s" % (ready.head, _ID, own_id.encode()), ready.body

    def by_request(self, environ: dict[str, Any], head: bytes) -> Whole | None:
        """Return the answer to a request that was read, counted and logged; None: it is not known.

        Parameters
        ----------
        environ : dict
            As of PEP 3333; what proxies say is taken over, whether there is an answer or not.
        head : bytes
            The head of the request, word for word, or nothing if another one may follow it.
        """
        began = time.perf_counter()
        try:
            known: Known | None = self._known(environ, None)
        except Exception:
            log.exception("what is known could not be told")
            return None
        if known is None:
            return None
        line = RequestLine(
            environ["REQUEST_METHOD"], known.route, known.status, environ.get("QUERY_STRING", "")
        )
        if head and _follows_from_head(environ):
            ready = Ready(_lines(known.status, known.headers), known.body, line)
            self._cache.recognise(known.kept, head, ready)
        own_id = request_id(environ)
        self._note(line, began, len(known.body), own_id)
        return Whole(known.status, [*encoded(known.headers), (_ID, own_id.encode())], known.body)

    def _note(self, line: RequestLine, began: float, sent: int, own_id: str) -> None:
        seconds = time.perf_counter() - began
        self._metrics.answered_at_once(line.method, line.route, line.status, seconds, sent)
        line.write(seconds, sent, own_id)


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return headers as they are sent."""
    return [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]


def _follows_from_head(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request with the same head gets the same answer, on a connection that stays open."""
    return (
        "HTTP_HOST" in environ  # else the address of this machine stands in the links
        and environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        and environ.get("HTTP_CONNECTION", "keep-alive").lower() == "keep-alive"
        and environ.keys().isdisjoint(LOOKED_AT)
    )


def _lines(status: int, headers: Headers) -> bytes:
    lines = [b"%s: %s\r\n" % pair for pair in encoded(headers)]
    return b"".join((f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode(), *lines))
