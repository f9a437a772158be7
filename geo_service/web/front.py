"""Known answers leave here, before Flask is entered: a few look-ups, and the bytes as they left before.

Features and tiles that are not known are made on the short way. What is meant for one caller alone, and all else, goes
on to the application. Answers that are kept are remembered with the very headers that they left with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from geo_service.domain.codings import IDENTITY, MIN_CODED_BYTES
from geo_service.ogc.asked import CREDENTIALS
from geo_service.ogc.keeping import HIT, LEAVING, Leaving
from geo_service.ogc.kept import Coded, Head, Headers, Kept
from geo_service.ogc.short_way import ShortWay, names_tag
from geo_service.web.bodies import REFUSED
from geo_service.web.observe import ROUTE

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Who sends one of these is answered by the application.
NEVER_KNOWN = (*CREDENTIALS, "HTTP_IF_MATCH", REFUSED)
# Headers of one request alone are not remembered; what stands before this front adds its own to each answer.
OF_ONE_REQUEST = frozenset({"x-request-id", "server-timing", "set-cookie", "date"})


class Known(NamedTuple):
    """A known answer: the head with which it left before, and its content."""

    kept: Kept
    status: int
    head: Head
    body: bytes
    route: str | None


class Front:
    """A WSGI application that stands before another one.

    Parameters
    ----------
    api : OgcApi
        Whose cache the application keeps its answers in, and which tells them apart.
    """

    def __init__(self, application: Application, api: OgcApi) -> None:
        self._application = application
        self._cache = api.cache
        self._tables = api.tables
        self._short_way = ShortWay(api)
        self._routes: dict[str, str | None] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is known or quickly made, and let the application answer all else."""
        if not _may_be_known(environ):
            return self._application(environ, start_response)
        known = self.known(environ)
        if known is not None:
            start_response(known.head.line, known.head.headers.copy())
            return [known.body]
        made = self._short_way.answer(environ)
        if made is not None:
            line, headers, content, what = made
            environ[ROUTE] = self._routes.get(what.resource_name)
            self._remember(what, line, headers, environ)
            start_response(line, headers)
            return [b""] if line.startswith("304") or environ["REQUEST_METHOD"] == "HEAD" else [content]
        return self._application(environ, self._remembering(environ, start_response))

    def known(self, environ: Environ) -> Known | None:
        """Return the answer to a request if it is known; asks nobody, and waits for nothing."""
        if not _may_be_known(environ):
            return None
        found = self._known(environ)
        if found is None:
            return None
        kept, coded, route = found
        status = 304 if names_tag(environ.get("HTTP_IF_NONE_MATCH"), coded.etag) else kept.made.status
        leaving = coded.leaving.get(status)
        if leaving is None:
            return None
        environ[ROUTE] = route
        has_body = status != 304 and environ["REQUEST_METHOD"] != "HEAD"
        return Known(kept, status, leaving, coded.data if has_body else b"", route)

    def _known(self, environ: Environ) -> tuple[Kept, Coded, str | None] | None:
        place = self._cache.place(environ.get("PATH_INFO", ""))
        if place is None:
            return None
        offer, route = place
        asked = self._tables.asked(environ, offer)
        kept = None if asked is None else self._cache.find(asked)
        if kept is None:
            return None
        coding = IDENTITY
        if len(kept.made.data) >= MIN_CODED_BYTES:
            coding = self._tables.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        coded = kept.codings.get(coding)
        return None if coded is None else (kept, coded, route)

    def _remembering(self, environ: Environ, start_response: StartResponse) -> StartResponse:
        def start(line: str, headers: Headers, *error: Any) -> Any:
            what = environ.pop(LEAVING, None)
            if what is not None and line[:3] in ("200", "204", "304"):
                self._routes[what.resource_name] = environ.get(ROUTE)
                if line.startswith("200"):
                    self._short_way.learn(what, _lasting(headers))
                self._remember(what, line, headers, environ)
            return start_response(line, headers, *error)

        return start

    def _remember(self, what: Leaving, line: str, headers: Headers, environ: Environ) -> None:
        """Keep an answer's headers, where the answer itself is kept."""
        kept, asked = what.reply.kept, what.asked
        if kept is not None and asked is not None:
            self._cache.name(kept, asked, asked.size, asked.path, (what.offer, environ.get(ROUTE)))
            self._cache.leaves(kept, what.reply.coded, int(line[:3]), line, _lasting(headers))


def _may_be_known(environ: Environ) -> bool:
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.keys().isdisjoint(NEVER_KNOWN)


def _lasting(headers: Headers) -> Headers:
    """Return the headers that the next answer has as well; it is not made any more, but taken."""
    return [
        (name, HIT if name == "Cache-Status" else text)
        for name, text in headers
        if name.lower() not in OF_ONE_REQUEST
    ]
