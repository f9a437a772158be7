"""What a request asks for, in the few words that its answer follows from: the key of what is kept.

Raw headers are no part of it. Each is turned into what was negotiated by a small table that remembers what it has
seen; the tables are bounded, and what is absurdly long is not looked up at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import get_host

from geo_service.domain.codings import choose_coding
from geo_service.errors import GeoServiceError
from geo_service.ogc.arguments import accepted_language, asked_language
from geo_service.ogc.base_url import public_address
from geo_service.ogc.negotiation import Formats, most_wanted
from geo_service.settings import Settings

TABLE_SIZE = 1_024
# Nobody's headers are that long; and so a table cannot hold much more than its size in kilobytes.
MAX_TEXT = 1_024
# Longer queries than that are answered, but their answers are not kept.
MAX_KEPT_QUERY = 8_192
CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
Pairs = tuple[tuple[str, str], ...]


class Asked(NamedTuple):
    """All that an answer follows from but the data: the same words, the same bytes (before coding)."""

    path: str
    query: Pairs
    base: str
    prefix: str
    format_name: str
    language: str

    @property
    def size(self) -> int:
        """Bytes of its texts, roughly."""
        return len(self.path) + sum(len(name) + len(text) + 150 for name, text in self.query)


class Query(NamedTuple):
    """A query string in canonical order, and what it says about format and language."""

    pairs: Pairs
    format_name: str | None
    language: str | None


class Offer:
    """The formats of a resource, which of them a header asks for, and what that was found to be before."""

    def __init__(self, formats: Formats) -> None:
        self._names = frozenset(one.name for one in formats)
        self._accepted = lru_cache(TABLE_SIZE)(lambda accept: most_wanted(accept, formats))

    def chosen(self, asked: str | None, accept: str) -> str | None:
        """Return the name of the format to answer in; None where that takes an explanation."""
        if asked is not None:
            return asked if asked in self._names else None
        if len(accept) > MAX_TEXT:
            return None
        found = self._accepted(accept)
        return found.name if found else None


class Tables:
    """Turns the words of requests into those of `Asked`; for all threads of a process."""

    def __init__(self, settings: Settings) -> None:
        self._let_through = frozenset(settings.let_through_parameters)
        self._query = lru_cache(TABLE_SIZE)(lambda text: canonical_query(text, self._let_through))
        self._language = lru_cache(TABLE_SIZE)(accepted_language)
        self._coding = lru_cache(TABLE_SIZE)(choose_coding)
        self._address = lru_cache(TABLE_SIZE)(lambda *parts: _address_or_none(settings, *parts))

    def asked(self, environ: Mapping[str, Any], offer: Offer) -> Asked | None:
        """Return what a GET asks for; None where it is not to be shared or has to be looked at more closely."""
        text, languages = environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
        path = environ.get("PATH_INFO", "")
        if len(text) > MAX_KEPT_QUERY or len(languages) > MAX_TEXT or len(path) > MAX_TEXT:
            return None
        query = self._query(text) if len(text) <= MAX_TEXT else canonical_query(text, self._let_through)
        if query is None:
            return None
        format_name = offer.chosen(query.format_name, environ.get("HTTP_ACCEPT", ""))
        prefix = environ.get("SCRIPT_NAME", "")
        base = self._address(
            environ.get("wsgi.url_scheme", ""),
            environ.get("HTTP_HOST", ""),
            environ.get("SERVER_NAME", ""),
            environ.get("SERVER_PORT", ""),
            prefix,
        )
        language = query.language or self._language(languages)
        if format_name is None or base is None:
            return None
        return Asked(path, query.pairs, base, prefix, format_name, language)

    def coding(self, accept_encoding: str) -> str:
        """Return the content coding to answer in."""
        return (
            choose_coding(accept_encoding)
            if len(accept_encoding) > MAX_TEXT
            else self._coding(accept_encoding)
        )


def canonical_query(text: str, let_through: frozenset[str]) -> Query | None:
    """Return a query string sorted by names; None where it is somebody's own, or is going to be refused."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    values = dict(pairs)
    if len(values) < len(pairs) or not let_through.isdisjoint(values):
        return None
    language = asked_language(values["lang"]) if "lang" in values else None
    if "lang" in values and language is None:
        return None
    return Query(tuple(sorted(pairs)), values.get("f"), language)


def _address_or_none(
    settings: Settings, scheme: str, host: str, server: str, port: str, prefix: str
) -> str | None:
    if len(host) > MAX_TEXT:
        return None
    try:
        return public_address(settings, scheme, get_host(scheme, host or None, (server, port)), prefix)
    except (GeoServiceError, HTTPException, ValueError):
        return None
