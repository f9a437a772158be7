"""What every page needs to know about its request: language, addresses, wanted format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from flask import Request, g, request

from geo_service.domain.code_lists import LANGUAGES
from geo_service.errors import InvalidParameterError
from geo_service.ogc.arguments import language_of
from geo_service.ogc.base_url import public_base
from geo_service.web.context import shared
from geo_service.web.messages import BAD_FORMAT, text

VARY = ("Accept", "Accept-Language")
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Page:
    """The language of a page and how it writes addresses.

    Attributes
    ----------
    base : str
        Public address of the service without a slash at the end, for links that leave the page
        (JSON, ``Link`` headers, canonical address).
    chosen : bool
        The address itself says the language (``lang=``), so the links of the page keep it.
    """

    language: str
    chosen: bool
    base: str
    path: str
    query: tuple[tuple[str, str], ...]

    @cached_property
    def prefix(self) -> str:
        """The path below which the service is published, often empty.

        Links between pages begin with it rather than with the whole public address, so that a page
        also works when it is reached under another host name.
        """
        return urlsplit(self.base).path.rstrip("/")

    def link(self, path: str, **query: object) -> str:
        """Return the address of a page of this service, in the chosen language."""
        values = {key: str(value) for key, value in query.items() if value is not None}
        if self.chosen:
            values.setdefault("lang", self.language)
        return f"{self.prefix}{quote(path)}" + (f"?{urlencode(values)}" if values else "")

    def link_to(self, path: str, pairs: Iterable[tuple[str, str]]) -> str:
        """Return an address like `link`, for parameters that may repeat."""
        values = [*pairs, *([("lang", self.language)] if self.chosen else [])]
        return f"{self.prefix}{quote(path)}" + (f"?{urlencode(values)}" if values else "")

    def absolute(self, path: str) -> str:
        """Return the public address of `path`, without a language."""
        return self.base + quote(path)

    def canonical(self, language: str | None = None) -> str:
        """Return the public address by which search engines know this page: without filters and views.

        Without `language`, the language stands in it when the page's own address says it.
        """
        language = language or (self.language if self.chosen else None)
        return self.absolute(self.path) + (f"?lang={language}" if language else "")

    def address(self, **query: object) -> str:
        """Return the public address of this very page, with parts of its query changed; None drops one."""
        kept = [(key, value) for key, value in self.query if key not in query]
        changed = [(key, str(value)) for key, value in query.items() if value is not None]
        values = urlencode(kept + changed)
        return self.absolute(self.path) + (f"?{values}" if values else "")

    def in_language(self, language: str) -> str:
        """Return the address of this very page in another language."""
        query = [(key, value) for key, value in self.query if key != "lang"] + [("lang", language)]
        return f"{self.prefix}{quote(self.path)}?{urlencode(query)}"

    def text(self, key: str, /, **values: object) -> str:
        """Return a sentence of the catalogue in the language of the page."""
        return text(key, self.language, **values)


def current_page() -> Page:
    """Return the page context of the request being answered."""
    if "page" not in g:
        g.page = _make_page(request)
    return cast(Page, g.page)


def _make_page(request: Request) -> Page:
    asked = request.args.get("lang", "").replace("_", "-").lower().partition("-")[0]
    chosen = asked in LANGUAGES
    base = public_base(request, shared().settings)
    return Page(language_of(request), chosen, base, request.path, tuple(request.args.items(multi=True)))


def wants_json(request: Request) -> bool:
    """Tell whether a page that exists as HTML and JSON is wanted as JSON; HTML unless somebody asks.

    Raises
    ------
    InvalidParameterError
        ``f`` is neither ``json`` nor ``html``.
    """
    asked = asked_format(request)
    if asked is not None:
        return asked == "json"
    accepted = request.accept_mimetypes
    return accepted["application/json"] > max(accepted[html] for html in _HTML_TYPES)


def prefers_html(request: Request) -> bool:
    """Tell whether a client names HTML itself (``*/*`` does not count) and likes it at least as much as JSON."""
    qualities = dict(request.accept_mimetypes)
    html = max(qualities.get(name, 0) for name in _HTML_TYPES)
    return html > 0 and html >= qualities.get("application/json", 0)


def wants_map_page(request: Request) -> bool:
    """Tell whether ``/`` is to be the map page; otherwise it is the landing page of the API.

    Raises
    ------
    InvalidParameterError
        ``f`` is neither ``json`` nor ``html``.
    """
    asked = asked_format(request)
    return asked == "html" if asked is not None else prefers_html(request)


def asked_format(request: Request) -> str | None:
    """Return what ``f`` asks for, or None.

    Raises
    ------
    InvalidParameterError
        ``f`` is neither ``json`` nor ``html``.
    """
    asked = request.args.get("f")
    if asked is None or asked in ("json", "html"):
        return asked
    raise InvalidParameterError("f", BAD_FORMAT)
