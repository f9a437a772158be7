"""One small parser per query parameter: text to value, or a 400 that says what is allowed."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal, InvalidOperation

from geo_service.domain.collections import Collection
from geo_service.domain.crs import BY_URI, CRS84, IN_DEGREES, ReferenceSystem
from geo_service.domain.fields import Field
from geo_service.domain.query import BBox, DateInterval, FilterValue, ItemsQuery, PropertyFilter
from geo_service.ogc.arguments import Arguments, refuse
from geo_service.ogc.cql2.parameters import FILTER_PARAMETERS, parse_filter
from geo_service.ogc.cursors import parse_cursor
from geo_service.ogc.presentation import (
    SELECTION_PARAMETERS,
    parse_selection,
    parse_sortby,
    parse_words,
)
from geo_service.ogc.profiles import PARAMETER as PROFILE

ITEM_PARAMETERS = ("crs", *SELECTION_PARAMETERS, PROFILE)
ITEMS_PARAMETERS = (
    "limit",
    "offset",
    "cursor",
    "bbox",
    "bbox-crs",
    "datetime",
    "q",
    "sortby",
    "resultType",
    *FILTER_PARAMETERS,
    *ITEM_PARAMETERS,
)
MAX_OFFSET = 100_000_000

INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
MAX_INTEGER = 10**18 - 1
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
TIME = r"[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
DATE_TIME = re.compile(f"{DATE}({TIME})?", re.ASCII)
# A plus that became a space on its way, as it does in addresses where it is not percent-encoded.
LOST_PLUS = re.compile(r"(?<=[0-9]) (?=[0-9]{2}:[0-9]{2}$)", re.ASCII)


_filter_fields: dict[str, dict[str, Field]] = {}


def filter_fields(collection: Collection) -> dict[str, Field]:
    """Return the fields that may be filtered on by ``name=value``: those that the database stores."""
    known = _filter_fields.get(collection.collection_id)
    if known is None:
        known = {field.name: field for field in collection.fields if field.stored}
        _filter_fields[collection.collection_id] = known
    return known


def parse_items_query(
    arguments: Arguments,
    collection: Collection,
    *,
    default_limit: int,
    max_limit: int,
    default_crs: ReferenceSystem = CRS84,
) -> ItemsQuery:
    """Turn the parameters of ``/items`` into a query."""
    sort = parse_sortby(arguments.get("sortby"), collection)
    place = parse_cursor(arguments.get("cursor"), collection, sort)
    offset = parse_whole(arguments, "offset", default=0, minimum=0, maximum=MAX_OFFSET)
    if place is not None and offset:
        refuse(
            "offset",
            "Die Parameter cursor und offset schließen einander aus.",
            "The parameters cursor and offset exclude each other.",
        )
    crs = parse_crs(arguments.get("crs"), "crs", default_crs)
    bbox_crs = parse_crs(arguments.get("bbox-crs"), "bbox-crs")
    fields = filter_fields(collection)
    return ItemsQuery(
        collection=collection,
        limit=min(parse_whole(arguments, "limit", default=default_limit, minimum=1), max_limit),
        crs=crs,
        bbox=parse_bbox(arguments.get("bbox"), bbox_crs),
        datetime=parse_datetime(arguments.get("datetime")),
        filters=tuple(
            PropertyFilter(fields[name], parse_value(fields[name], text))
            for name, text in arguments.items()
            if name in fields
        ),
        filter=parse_filter(arguments, parse_crs(arguments.get("filter-crs"), "filter-crs")),
        q=parse_words(arguments.get("q")),
        sort=sort,
        place=place,
        offset=offset,
        selection=parse_selection(arguments, collection, crs),
        result_type=parse_result_type(arguments.get("resultType")),
    )


def parse_whole(
    arguments: Arguments, name: str, *, default: int, minimum: int, maximum: int | None = None
) -> int:
    """Parse a whole number; `maximum` is a bound, not a cap."""
    text = arguments.get(name)
    if text is None:
        return default
    value = int(text) if INTEGER.fullmatch(text) else None
    if value is None or value < minimum or (maximum is not None and value > maximum):
        upper = "" if maximum is None else f" bis {maximum}"
        upper_en = "" if maximum is None else f" up to {maximum}"
        refuse(
            name,
            f"{name} muss eine ganze Zahl ab {minimum}{upper} sein.",
            f"{name} must be a whole number from {minimum}{upper_en}.",
        )
    return value


def parse_result_type(text: str | None) -> str:
    """Parse ``resultType``: ``hits`` asks for the number of matches alone."""
    if text in (None, "results", "hits"):
        return text or "results"
    return refuse(
        "resultType", "resultType muss results oder hits sein.", "resultType must be results or hits."
    )


def parse_crs(text: str | None, parameter: str, default: ReferenceSystem = CRS84) -> ReferenceSystem:
    """Parse a CRS URI (OGC API - Features - Part 2, 18-058r1); brackets around it are tolerated."""
    if text is None:
        return default
    system = BY_URI.get(text.strip().removeprefix("<").removesuffix(">"))
    if system is None:
        uris = ", ".join(BY_URI)
        refuse(
            parameter,
            f"Dieses Koordinatenreferenzsystem ({parameter}) gibt es hier nicht; erlaubt sind: {uris}.",
            f"This coordinate reference system ({parameter}) is not available; allowed are: {uris}.",
        )
    return system


def parse_bbox(text: str | None, crs: ReferenceSystem) -> BBox | None:
    """Parse four or six numbers in the axis order of `crs`; heights are read and ignored."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",", 6)]
    numbers = [float(part) if NUMBER.fullmatch(part) and len(part) <= 64 else math.nan for part in parts]
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        refuse(
            "bbox",
            "bbox besteht aus vier oder sechs Zahlen, durch Kommas getrennt, etwa bbox=7.4,51.4,7.6,51.6.",
            "bbox consists of four or six numbers separated by commas, such as bbox=7.4,51.4,7.6,51.6.",
        )
    half = len(numbers) // 2
    first, second, other_first, other_second = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if crs.axes_swapped:
        first, second, other_first, other_second = second, first, other_second, other_first
    _check_corners(first, second, other_first, other_second, crs)
    return BBox(first, second, other_first, other_second, crs)


def _check_corners(min_x: float, min_y: float, max_x: float, max_y: float, crs: ReferenceSystem) -> None:
    in_degrees = crs.srid in IN_DEGREES
    if in_degrees and (max(abs(min_x), abs(max_x)) > 180 or max(abs(min_y), abs(max_y)) > 90):
        refuse(
            "bbox",
            "bbox: Längen liegen zwischen -180 und 180, Breiten zwischen -90 und 90 Grad.",
            "bbox: longitudes are between -180 and 180, latitudes between -90 and 90 degrees.",
        )
    # Only a box in degrees may run from east to west: across the antimeridian.
    if min_y > max_y or (min_x > max_x and not in_degrees):
        refuse(
            "bbox",
            "bbox: Die untere linke Ecke kommt zuerst, dann die obere rechte.",
            "bbox: the lower left corner comes first, then the upper right one.",
        )


def parse_datetime(text: str | None) -> DateInterval | None:
    """Parse an instant or an interval (RFC 3339, section 5.6; ``..`` or nothing is an open end).

    The day counts as it is written, since the areas know days and no time zone. Clients send the years 0000
    and 9999 for open ends.
    """
    if text is None:
        return None
    start, separator, end = text.partition("/")
    if not separator:
        day = _parse_day(start, open_year=None)
        return DateInterval(day, day)
    interval = DateInterval(_parse_day(start, open_year="0000"), _parse_day(end, open_year="9999"))
    if interval.start and interval.end and interval.start > interval.end:
        refuse(
            "datetime",
            "datetime: Der Beginn liegt nach dem Ende.",
            "datetime: the start lies after the end.",
        )
    return interval


def _parse_day(text: str, *, open_year: str | None) -> dt.date | None:
    if open_year is not None and text in ("", ".."):
        return None
    match = DATE_TIME.fullmatch(LOST_PLUS.sub("+", text))
    if match:
        if match["year"] == open_year:
            return None
        try:
            return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            pass  # such as 30 February or the year 0000
    example = f"{text}-01-01/{text}-12-31" if re.fullmatch(r"[12][0-9]{3}", text) else "2008-01-01/2008-12-31"
    return refuse(
        "datetime",
        "datetime ist ein Tag oder Zeitpunkt nach RFC 3339 oder ein Zeitraum daraus, "
        f"auch offen (..), etwa datetime={example}.",
        "datetime is a day or instant as in RFC 3339, or an interval of them, open (..) if you like, "
        f"such as datetime={example}.",
    )


def parse_value(field: Field, text: str) -> FilterValue:
    """Parse the value that a field is compared with, by the field's type."""
    if field.type == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if field.type == "number" and NUMBER.fullmatch(text) and len(text) <= 64:
        try:
            return Decimal(text)
        except InvalidOperation:
            pass
    if field.type == "date" and re.fullmatch(DATE, text, re.ASCII):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    if field.type == "date-time" and re.fullmatch(DATE + TIME, instant := LOST_PLUS.sub("+", text), re.ASCII):
        try:
            return dt.datetime.fromisoformat(instant.upper())
        except ValueError:
            pass
    if field.type in ("string", "url", "string-array"):
        if field.code_list is not None and text not in field.code_list:
            codes = ", ".join(field.code_list.codes)
            refuse(
                field.name,
                f"{field.name} ist ein Schlüssel aus: {codes}.",
                f"{field.name} must be one of: {codes}.",
            )
        return text
    de = {"integer": "eine ganze Zahl", "number": "eine Zahl", "date": "ein Tag wie 2012-05-01"}
    en = {"integer": "a whole number", "number": "a number", "date": "a day such as 2012-05-01"}
    return refuse(
        field.name,
        f"{field.name} muss {de.get(field.type, 'ein Zeitpunkt wie 2012-05-01T00:00:00Z')} sein.",
        f"{field.name} must be {en.get(field.type, 'an instant such as 2012-05-01T00:00:00Z')}.",
    )
