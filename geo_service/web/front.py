"""Known answers leave here, before Flask is entered: a few look-ups, and the bytes as they left before.

What is not known, or is meant for one caller alone, goes on to the application. Of its answers those that are kept
are remembered with the very headers that they left with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.http import parse_etags, unquote_etag

from geo_service.domain.codings import MIN_CODED_BYTES
from geo_service.ogc.asked import CREDENTIALS, Tables
from geo_service.ogc.cache import AnswerCache, Coded, Headers, Kept
from geo_service.ogc.keeping import HIT, LEAVING
from geo_service.web.observe import ROUTE

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Who sends one of these is answered by the application.
NEVER_KNOWN = (*CREDENTIALS, "HTTP_IF_MATCH")
# Headers of one request alone are not remembered; what stands before this front adds its own to each answer.
OF_ONE_REQUEST = frozenset({"x-request-id", "server-timing", "set-cookie", "date"})


class Front:
    """A WSGI application that stands before another one.

    Parameters
    ----------
    cache, tables : AnswerCache, Tables
        Those that the application keeps its answers in and tells them apart by.
    """

    def __init__(self, application: Application, cache: AnswerCache, tables: Tables) -> None:
        self._application = application
        self._cache = cache
        self._tables = tables

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is known, and let the application answer all else."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        known = self._known(environ)
        if known is not None:
            kept, coded, route = known
            tags = environ.get("HTTP_IF_NONE_MATCH")
            status = 304 if tags is not None and _names(tags, coded.etag) else kept.made.status
            leaving = coded.leaving.get(status)
            if leaving is not None:
                line, headers = leaving
                environ[ROUTE] = route
                start_response(line, headers.copy())
                return [b""] if status == 304 or method == "HEAD" else [coded.data]
        return self._application(environ, self._remembering(environ, start_response))

    def _known(self, environ: Environ) -> tuple[Kept, Coded, str | None] | None:
        place = self._cache.place(environ.get("PATH_INFO", ""))
        if place is None:
            return None
        offer, route = place
        for name in NEVER_KNOWN:
            if name in environ:
                return None
        asked = self._tables.asked(environ, offer)
        kept = None if asked is None else self._cache.find(asked)
        if kept is None:
            return None
        coding = "identity"
        if len(kept.made.data) >= MIN_CODED_BYTES:
            coding = self._tables.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        coded = kept.codings.get(coding)
        return None if coded is None else (kept, coded, route)

    def _remembering(self, environ: Environ, start_response: StartResponse) -> StartResponse:
        def start(line: str, headers: Headers, *error: Any) -> Any:
            leaving = environ.pop(LEAVING, None)
            status = int(line[:3])
            if leaving is not None and status in (leaving.kept.made.status, 304):
                kept, coded, asked, offer = leaving
                place = offer, environ.get(ROUTE)
                self._cache.name(kept, asked, asked.size, asked.path, place)
                self._cache.leaves(kept, coded, status, line, _lasting(headers))
            return start_response(line, headers, *error)

        return start


def _names(tags: str, etag: str) -> bool:
    """Compare entity tags weakly, as RFC 9110, section 13.1.2, asks for."""
    return tags == etag or parse_etags(tags).contains_weak(unquote_etag(etag)[0] or "")


def _lasting(headers: Headers) -> Headers:
    """Return the headers that the next answer has as well; it is not made any more, but taken."""
    return [
        (name, HIT if name == "Cache-Status" else text)
        for name, text in headers
        if name.lower() not in OF_ONE_REQUEST
    ]
