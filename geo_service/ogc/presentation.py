"""How features are presented: in which order, with which properties, and how detailed their outlines are.

After the drafts OGC API - Features - Part 6 (property selection), 7 (geometry simplification), 8 (sorting) and
9 (text search).
"""

from __future__ import annotations

import math
import re

from geo_service.domain.collections import Collection
from geo_service.domain.crs import IN_DEGREES, ReferenceSystem
from geo_service.domain.fields import Field
from geo_service.domain.query import Selection, SortKey
from geo_service.ogc.arguments import Arguments, refuse

SELECTION_PARAMETERS = (
    "properties",
    "exclude-properties",
    "skipGeometry",
    "zoom-level",
    "max-allowable-offset",
)
MAX_WORDS_LENGTH = 200
# Each field is a branch or two of the statement, and each branch repeats the filter.
MAX_SORT_FIELDS = 10

NUMBER = re.compile(r"\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
# A pixel of WebMercatorQuad at zoom level 0, at the equator.
PIXEL_M = 156_543.033928
PIXEL_DEGREES = 360 / 256
# In the north of North Rhine-Westphalia (52.6°) a pixel is that much shorter on the ground.
SHORTER = math.cos(math.radians(52.6))


def parse_sortby(text: str | None, collection: Collection) -> tuple[SortKey, ...]:
    """Parse ``[+|-]field,…``; a plus that became a space on its way is one. Repetitions change nothing."""
    if text is None:
        return ()
    sortables = {field.name: field for field in collection.sortables}
    parts = text.split(",")
    if len(parts) > MAX_SORT_FIELDS:
        refuse(
            "sortby",
            f"sortby nennt höchstens {MAX_SORT_FIELDS} Felder.",
            f"sortby names {MAX_SORT_FIELDS} fields at most.",
        )
    result: dict[str, SortKey] = {}
    for part in parts:
        name = part.removeprefix(part[:1]) if part[:1] in ("+", "-", " ") else part
        if name not in sortables:
            _refuse_name("sortby", name, list(sortables))
        result.setdefault(name, SortKey(sortables[name], part.startswith("-")))
    return tuple(result.values())


def parse_words(text: str | None) -> str | None:
    """Parse ``q``: any text is good, as it is only searched for words."""
    if text is not None and not 1 <= len(text) <= MAX_WORDS_LENGTH:
        refuse(
            "q",
            f"q besteht aus Wörtern, zusammen höchstens {MAX_WORDS_LENGTH} Zeichen.",
            f"q consists of words, together at most {MAX_WORDS_LENGTH} characters.",
        )
    return text


def parse_selection(arguments: Arguments, collection: Collection, crs: ReferenceSystem) -> Selection:
    """Parse what is to be written of each feature."""
    fields = {field.name: field for field in collection.fields}
    wanted = _parse_names("properties", arguments.get("properties"), fields)
    unwanted = _parse_names("exclude-properties", arguments.get("exclude-properties"), fields)
    properties = None
    if wanted is not None or unwanted:
        properties = tuple(
            field
            for name, field in fields.items()
            if (wanted is None or name in wanted) and name not in (unwanted or ())
        )
    return Selection(properties, not _parse_skip_geometry(arguments), _parse_max_offset(arguments, crs))


def _parse_names(parameter: str, text: str | None, fields: dict[str, Field]) -> set[str] | None:
    if text is None:
        return None
    names = text.split(",")
    for name in names:
        if name not in fields:
            _refuse_name(parameter, name, list(fields))
    return set(names)


def _parse_skip_geometry(arguments: Arguments) -> bool:
    text = arguments.get("skipGeometry")
    if text not in (None, "true", "false"):
        refuse(
            "skipGeometry", "skipGeometry muss true oder false sein.", "skipGeometry must be true or false."
        )
    return text == "true"


def _parse_max_offset(arguments: Arguments, crs: ReferenceSystem) -> float | None:
    """Return how far an outline may be moved, in units of `crs`; the stricter of the two parameters counts."""
    zoom_level = _parse_number(arguments, "zoom-level")
    max_offset = _parse_number(arguments, "max-allowable-offset")
    if zoom_level is not None:
        pixel = PIXEL_DEGREES if crs.srid in IN_DEGREES else PIXEL_M
        if crs.srid != 3857:
            pixel *= SHORTER
        of_level = pixel * 2.0**-zoom_level
        max_offset = of_level if max_offset is None else min(of_level, max_offset)
    return max_offset


def _parse_number(arguments: Arguments, name: str) -> float | None:
    text = arguments.get(name)
    if text is None:
        return None
    value = float(text) if NUMBER.fullmatch(text) and len(text) <= 400 else math.inf
    if not math.isfinite(value):
        refuse(name, f"{name} muss eine Zahl ab 0 sein.", f"{name} must be a number from 0.")
    return value


def _refuse_name(parameter: str, name: str, allowed: list[str]) -> None:
    names = ", ".join(allowed)
    refuse(
        parameter,
        f"{parameter} kennt {name[:60]!r} nicht; erlaubt sind: {names}.",
        f"{parameter} does not know {name[:60]!r}; allowed are: {names}.",
    )
