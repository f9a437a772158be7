"""What a page of the API knows besides its document: the request, its language, its formats, its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from geo_service.web.page import Page

Document = Mapping[str, Any]
API = "/api"
# What a filter form or a change of the filter must not carry on: the place inside of the old result.
PLACES = ("cursor", "offset")


@dataclass(frozen=True)
class FormatLink:
    """The same resource in one format: name as in ``f``, media type, address."""

    name: str
    title: str
    media_type: str
    href: str


@dataclass(frozen=True)
class ApiContext:
    """The request for one resource of the API.

    Attributes
    ----------
    resource : str
        Name of the function that made the document, such as ``items``.
    values : Mapping
        The parts of the address, such as ``collection_id``.
    arguments : Sequence
        Names and texts of the query parameters, as they were given.
    allowed : Sequence
        Names of all query parameters that this resource reads.
    """

    resource: str
    values: Mapping[str, str]
    page: Page
    arguments: Sequence[tuple[str, str]] = ()
    allowed: Sequence[str] = ()
    formats: Sequence[FormatLink] = field(default=())

    def text(self, key: str, /, **values: object) -> str:
        """Return a sentence of the catalogue in the language of the page."""
        return self.page.text(key, **values)

    def local(self, href: str, f: str | None = None) -> str:
        """Return the address that a page uses for what a document links to.

        Addresses of this service lose their host, so that a page works under every name that leads to it,
        and get the format `f`; without one browsers get a page. Other addresses stay as they are.
        """
        base = self.page.base
        if href != base and not href.startswith((f"{base}/", f"{base}?")):
            return href
        parts = urlsplit(href)
        query = [(name, text) for name, text in parse_qsl(parts.query) if name != "f"]
        return _address(unquote(parts.path), query + ([("f", f)] if f else []))

    def link(self, path: str, **query: object) -> str:
        """Return the address of a resource of the API, `path` below its landing page."""
        return self.page.link(f"{API}{path}", **query)

    def changed(self, drop: Iterable[str] = (), **query: object) -> str:
        """Return the address of this page with parts of its query changed; it begins with the first feature."""
        dropped = {*drop, *query, *PLACES}
        kept = [(name, text) for name, text in self.arguments if name not in dropped]
        return _address(
            self.page.prefix + self.page.path, kept + [(name, str(text)) for name, text in query.items()]
        )

    def same(self, drop: Iterable[str] = (), **query: object) -> str:
        """Return the address of this page, at the same place of the result, with parts of its query changed."""
        dropped = {*drop, *query}
        kept = [(name, text) for name, text in self.arguments if name not in dropped]
        return _address(
            self.page.prefix + self.page.path, kept + [(name, str(text)) for name, text in query.items()]
        )

    def argument(self, name: str) -> str | None:
        """Return the text of a query parameter, or None."""
        return next((text for key, text in self.arguments if key == name), None)


def _address(path: str, query: Sequence[tuple[str, str]]) -> str:
    return quote(path, safe="/{}") + (f"?{urlencode(query)}" if query else "")


def by_relation(document: Document) -> dict[str, list[Mapping[str, Any]]]:
    """Return the links of a document by the last part of their relation type."""
    result: dict[str, list[Mapping[str, Any]]] = {}
    for each in document.get("links", ()):
        result.setdefault(str(each["rel"]).rpartition("/")[2], []).append(each)
    return result
