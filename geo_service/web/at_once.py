"""Known answers leave at once, in the thread that serves the connections: no other thread is woken for them.

There are two ways to know one. A client sends the same head each time that it asks for the same: so the bytes of a
head lead to the answer that such a request got, without being read again. And a request that was read is known by what
it asks for, however it is worded. Heads are no keys: two of one meaning lead to one answer while it is kept and true.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geo_service.ogc.cache import AnswerCache
from geo_service.ogc.kept import Ready
from geo_service.web.logs import REQUEST_HEADER, RequestLine, new_request_id, request_id
from geo_service.web.proxies import WAS_FORWARDED, TrustedProxies
from geo_service.web.sending import Answer

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

    def by_head(self, head: bytes) -> Answer | None:
        """Return the answer to a request with this very head, counted and logged; None: it is not known."""
        began = time.perf_counter()
        ready = self._cache.ready(head)
        return None if ready is None else self._answer(ready, began, new_request_id())

    def by_request(self, environ: dict[str, Any], head: bytes) -> Answer | None:
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
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        ready = Ready(known.head, known.body, RequestLine(method, known.route, known.status, query))
        if head and _follows_from_head(environ):
            self._cache.recognise(known.kept, head, ready)
        return self._answer(ready, began, request_id(environ))

    def _answer(self, ready: Ready, began: float, own_id: str) -> Answer:
        line: RequestLine = ready.about
        seconds, sent = time.perf_counter() - began, len(ready.body)
        self._metrics.answered_at_once(line.method, line.route, line.status, seconds, sent)
        line.write(seconds, sent, own_id)
        return Answer(b"%s%s: %s\r\n" % (ready.head.data, _ID, own_id.encode()), ready.body)


def _follows_from_head(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request with the same head gets the same answer, on a connection that stays open."""
    return (
        "HTTP_HOST" in environ  # else the address of this machine stands in the links
        and environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        and environ.get("HTTP_CONNECTION", "keep-alive").lower() == "keep-alive"
        and environ.keys().isdisjoint(LOOKED_AT)
    )
