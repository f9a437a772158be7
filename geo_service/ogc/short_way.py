"""The short way: features and tiles that are not known are made without entering the framework.

It costs as much as reading the request and running the statement. What surrounds an answer (security, CORS and
whatever else the application adds to every answer of a resource) is learnt from the first one that went the long way;
errors go the long way, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_etags, unquote_etag
from werkzeug.wrappers import Request

from geo_service.ogc.answering import FAILED, follow_recipe, recipe_of, understand
from geo_service.ogc.base_url import API_PREFIX
from geo_service.ogc.keeping import Leaving, Recipe, Reply
from geo_service.ogc.negotiation import HTML_FORMAT

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi
    from geo_service.ogc.resources import Resource

NAMES = ("items", "item", "tile", "short_tile", "dataset_tile", "dataset_short_tile")
VARIABLE = re.compile(r"<(\w+)>")
STATUS_LINES = {200: "200 OK", 204: "204 NO CONTENT", 304: "304 NOT MODIFIED"}
# What does not belong to an answer without content (RFC 9110, section 15.4.5), as werkzeug leaves it out.
OF_CONTENT = frozenset({"content-type", "content-language", "content-encoding", "content-length"})
OF_LENGTH = frozenset({"content-type", "content-length"})
Headers = list[tuple[str, str]]


class ShortWay:
    """Answers GET and HEAD of the resources in `NAMES`; for all threads of a process."""

    def __init__(self, api: OgcApi) -> None:
        from geo_service.ogc.resources import RESOURCES

        self._api = api
        self._ways = [(_pattern(one.rule), one) for one in RESOURCES if one.name in NAMES]
        self._around: dict[str, Headers] = {}

    def learn(self, leaving: Leaving, headers: Headers) -> None:
        """Take from a whole answer what surrounds every answer of its resource."""
        if leaving.resource_name not in self._around and leaving.resource_name in NAMES:
            own = {name.lower() for name in leaving.reply.headers()} | OF_CONTENT
            self._around[leaving.resource_name] = [pair for pair in headers if pair[0].lower() not in own]

    def answer(self, environ: dict[str, Any]) -> tuple[str, Headers, bytes, Leaving] | None:
        """Return status line, headers, content and what it is; None where the application has to answer."""
        found = self._find(environ.get("PATH_INFO", ""))
        if found is None:
            return None
        resource, path = found
        around = self._around.get(resource.name)
        if around is None:
            return None
        request = Request(environ)
        try:
            api, asked = understand(self._api, resource, path, request)
            if asked.chosen is HTML_FORMAT or asked.chosen.is_file or not asked.shared:
                return None
            recipe = recipe_of(api, resource, path, asked, request)
            if not isinstance(recipe, Recipe):
                return None
            reply, leaving = follow_recipe(api, resource, asked, recipe, request)
        except Exception as error:
            environ[FAILED] = error
            return None
        line, headers = _complete(reply, asked.language, around, environ.get("HTTP_IF_NONE_MATCH"))
        return line, headers, reply.coded.data, leaving

    def _find(self, path: str) -> tuple[Resource, dict[str, str]] | None:
        if not path.startswith(API_PREFIX) or not path.isascii():
            return None
        for pattern, resource in self._ways:
            match = pattern.fullmatch(path)
            if match is not None:
                return resource, match.groupdict()
        return None


def names_tag(tags: str | None, etag: str) -> bool:
    """Compare entity tags weakly, as RFC 9110, section 13.1.2, asks for."""
    if tags is None:
        return False
    return tags == etag or parse_etags(tags).contains_weak(unquote_etag(etag)[0] or "")


def _complete(reply: Reply, language: str, around: Headers, tags: str | None) -> tuple[str, Headers]:
    own: Mapping[str, str] = {
        "Content-Language": language,
        **reply.headers(),
        "Content-Length": str(len(reply.coded.data)),
    }
    status = 304 if names_tag(tags, reply.coded.etag) else reply.made.status
    dropped = {304: OF_CONTENT, 204: OF_LENGTH}.get(status, frozenset())
    headers = [pair for pair in own.items() if pair[0].lower() not in dropped]
    return STATUS_LINES[status], headers + around


def _pattern(rule: str) -> re.Pattern[str]:
    """Turn a rule of the routing into a pattern that matches the same paths."""
    parts = VARIABLE.split(f"{API_PREFIX}{rule}")
    texts = [
        re.escape(part) if number % 2 == 0 else f"(?P<{part}>[^/]+)" for number, part in enumerate(parts)
    ]
    return re.compile("".join(texts))
