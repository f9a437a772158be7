"""The formats of the API: their names in ``f``, media types and titles, and which of them a request gets.

A resource lists the formats that it has; links, negotiation and the API definition are made from these lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotFound
from werkzeug.http import parse_accept_header, parse_options_header

from geo_service.errors import InvalidParameterError, Message, NotAcceptableError
from geo_service.ogc.arguments import Arguments
from geo_service.ogc.links import (
    CSV,
    FLATGEOBUF,
    GEOJSON,
    GEOJSON_SEQUENCE,
    GEOPACKAGE,
    HTML,
    JSON,
    JSON_FG,
    MVT,
    OPENAPI,
    SCHEMA,
    SHAPEFILE,
)


@dataclass(frozen=True)
class Format:
    """One format of a resource.

    Attributes
    ----------
    name : str
        As in ``f=``.
    media_types : tuple of str
        What selects it in ``Accept``; the first one is what links and the API definition say.
    title : Message
        What people call it.
    extension : str
        Ending of a file of this format, with its dot.
    is_file : bool
        Whether it is written to a file and streamed from there, instead of being made in memory.
    """

    name: str
    media_types: tuple[str, ...]
    title: Message
    extension: str
    is_file: bool = False

    @property
    def media_type(self) -> str:
        """The media type that links and the API definition say."""
        return self.media_types[0]


Formats = tuple[Format, ...]


def _same(title: str) -> Message:
    return Message(title, title)


JSON_FORMAT = Format("json", (JSON,), _same("JSON"), ".json")
GEOJSON_FORMAT = Format("json", (GEOJSON, JSON), _same("GeoJSON"), ".geojson")
SCHEMA_FORMAT = Format("json", (SCHEMA, JSON), _same("JSON Schema"), ".json")
OPENAPI_FORMAT = Format(
    "json", (OPENAPI, OPENAPI.partition(";")[0], JSON), Message("OpenAPI 3.0", "OpenAPI 3.0"), ".json"
)
TILE_FORMAT = Format(
    "mvt", (MVT, "application/x-protobuf", "application/octet-stream"), _same("Mapbox Vector Tile"), ".mvt"
)
JSON_FG_FORMAT = Format("jsonfg", (JSON_FG,), _same("JSON-FG"), ".json")
CSV_FORMAT = Format("csv", (CSV,), _same("CSV"), ".csv")
SEQUENCE_FORMAT = Format(
    "geojsonseq", (GEOJSON_SEQUENCE,), Message("GeoJSON-Textfolge", "GeoJSON text sequence"), ".geojsons"
)
SHAPEFILE_FORMAT = Format(
    "shp", (SHAPEFILE, "application/x-shapefile"), _same("Shapefile"), ".zip", is_file=True
)
GEOPACKAGE_FORMAT = Format("gpkg", (GEOPACKAGE,), _same("GeoPackage"), ".gpkg", is_file=True)
FLATGEOBUF_FORMAT = Format("fgb", (FLATGEOBUF,), _same("FlatGeobuf"), ".fgb", is_file=True)
HTML_FORMAT = Format("html", (HTML,), _same("HTML"), ".html")

# The first one is the answer where nothing, or anything (``*/*``), is asked for. HTML is added to what has
# pages where a renderer is given.
JSON_FORMATS: Formats = (JSON_FORMAT,)
SCHEMA_FORMATS: Formats = (SCHEMA_FORMAT,)
OPENAPI_FORMATS: Formats = (OPENAPI_FORMAT,)
TILE_FORMATS: Formats = (TILE_FORMAT,)
ITEMS_FORMATS: Formats = (
    GEOJSON_FORMAT,
    JSON_FG_FORMAT,
    SEQUENCE_FORMAT,
    CSV_FORMAT,
    GEOPACKAGE_FORMAT,
    FLATGEOBUF_FORMAT,
    SHAPEFILE_FORMAT,
)
ITEM_FORMATS: Formats = (GEOJSON_FORMAT, JSON_FG_FORMAT)


def choose_format(request: Request, arguments: Arguments, formats: Sequence[Format]) -> Format:
    """Return the format to answer in: ``f`` wins over ``Accept``; without both it is the first.

    Raises
    ------
    InvalidParameterError
        ``f`` names no format of this resource.
    NotAcceptableError
        ``Accept`` allows none of the media types.
    NotFound
        There are no formats: the address leads nowhere.
    """
    if not formats:
        raise NotFound
    asked = arguments.get("f")
    if asked is not None:
        return _by_name(asked, formats)
    accept = request.headers.get("Accept", "")
    best = most_wanted(accept, formats)
    if best is None:
        types = ", ".join(media_type for one in formats for media_type in one.media_types)
        raise NotAcceptableError(
            f"Accept: {accept[:200]}",
            Message(
                f"Keines der gewünschten Formate ist verfügbar; verfügbar sind: {types}.",
                f"None of the formats accepted is available; available are: {types}.",
            ),
        )
    return best


def most_wanted(accept: str, formats: Sequence[Format]) -> Format | None:
    """Return the format that the header asks for most, of equals the first; None where it allows none."""
    if accept.strip() in ("", "*/*"):  # what programs send
        return formats[0]
    ranges = parse_accept_header(accept, MIMEAccept)
    best, wanted = None, UNACCEPTABLE
    for one in formats:
        preference = max(_quality(ranges, media_type) for media_type in one.media_types)
        if preference > wanted:
            best, wanted = one, preference
    return best


def _by_name(asked: str, formats: Sequence[Format]) -> Format:
    for one in formats:
        if one.name == asked:
            return one
    names = ", ".join(one.name for one in formats)
    raise InvalidParameterError(
        "f",
        Message(
            f"Dieses Format (f) gibt es hier nicht; erlaubt sind: {names}.",
            f"This format (f) is not available here; allowed are: {names}.",
        ),
    )


# How much a client wants a format: quality, then how exactly it named it.
UNACCEPTABLE = (0.0, 0)


def _quality(ranges: MIMEAccept, media_type: str) -> tuple[float, int]:
    """Return the quality of the most specific range that matches (RFC 9110, section 12.5.1)."""
    quality, closest = 0.0, 0
    for media_range, wanted in ranges:
        specificity = _specificity(media_range, media_type)
        if specificity > closest:
            quality, closest = float(wanted), specificity
    return (quality, closest) if quality > 0 else UNACCEPTABLE


def _specificity(media_range: str, media_type: str) -> int:
    """Return 0 where the range does not match, 1 for ``*/*`` and up to 4 for a type with its parameters."""
    name, parameters = parse_options_header(media_range.lower())
    offered, offered_parameters = parse_options_header(media_type)
    parameters.pop("charset", None)  # everything is UTF-8, and JSON knows no such parameter
    if name == "*/*":
        return 1
    if name == f"{offered.partition('/')[0]}/*":
        return 2
    if name != offered:
        return 0
    if not parameters:
        return 3
    return 4 if parameters == offered_parameters else 0
