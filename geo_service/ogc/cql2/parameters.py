"""The parameters of a filter (OGC API - Features - Part 3: 19-079r2), and the body that stands for them."""

from __future__ import annotations

import re

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from geo_service.domain.cql2 import MAX_LENGTH, ClientFilter, invalid, too_long
from geo_service.domain.crs import ReferenceSystem
from geo_service.ogc.arguments import Arguments, refuse
from geo_service.ogc.cql2.json_encoding import parse_json
from geo_service.ogc.cql2.text import parse_text
from geo_service.ogc.links import JSON

FILTER_PARAMETERS = ("filter", "filter-lang", "filter-crs")
FILTER_LANGUAGES = ("cql2-text", "cql2-json", "cql-text")
_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|\s+', re.DOTALL)


def parse_filter(arguments: Arguments, crs: ReferenceSystem) -> ClientFilter | None:
    """Read ``filter`` in the language of ``filter-lang``; its geometries are in `crs`."""
    language = arguments.get("filter-lang") or FILTER_LANGUAGES[0]
    if language not in FILTER_LANGUAGES:
        names = ", ".join(FILTER_LANGUAGES)
        refuse(
            "filter-lang",
            f"filter-lang muss eines von {names} sein.",
            f"filter-lang must be one of {names}.",
        )
    text = arguments.get("filter")
    if text is None:
        return None
    return ClientFilter(parse_json(text) if language == "cql2-json" else parse_text(text), crs)


def take_body(request: Request, arguments: Arguments) -> None:
    """Take CQL2 JSON that was posted for the parameters ``filter`` and ``filter-lang``.

    From there on nothing differs from a GET with these parameters; so links to other pages can be followed.

    Raises
    ------
    InvalidParameterError
        There is a filter in the address too, or the body is too long or no text.
    UnsupportedMediaType
        The body is not JSON.
    """
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    if arguments.get("filter") is not None or arguments.get("filter-lang") not in (None, "cql2-json"):
        refuse(
            "filter",
            "Der Filter steht entweder in der Adresse oder als CQL2 JSON im Inhalt der Anfrage.",
            "The filter is either in the address or, as CQL2 JSON, in the body of the request.",
        )
    body = request.stream.read(MAX_LENGTH + 1)
    if len(body) > MAX_LENGTH:
        raise too_long()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise invalid("Der Inhalt ist kein UTF-8.", "The body is not UTF-8.") from None
    arguments.assume("filter", _SPACE.sub(lambda match: match[1] or "", text))
    arguments.assume("filter-lang", "cql2-json")
