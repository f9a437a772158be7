"""What the map style says about the looks of things: colours, shapes, patterns, outlines, labels, scales.

Symbols, patterns, legends and the files for QGIS are all made from the one MapLibre style in
``config/map-style.json``; this module reads it, whoever draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo_service.domain.code_lists import GEOM_BASIS, STATUS, Label

Style = Mapping[str, Any]
Look = Mapping[str, Any]

PALETTE_KEY = "geo-service:status"
UNKNOWN = "unknown"  # the palette's name for a status that is null
LEGEND_ORDER = ("ongoing", "completed", "planned", UNKNOWN)
OUTLINE_LAYERS = {"official": "area-outline-official", "schematic": "area-outline-schematic"}

# Symbols are drawn in a square of this edge, patterns repeat after half of it; lengths below are shares of half
# an edge of the square they are drawn in. All in CSS pixels of 1/96 inch.
CELL = 24
PATTERN_CELL = CELL // 2
SYMBOL_SIZE = {
    "circle": 0.58,
    "square": 0.52,
    "triangle": 0.58,
    "ring": 0.58,
}  # of the triangle: half its height
HALO = 0.16
RING_WIDTH = 0.26
HATCH_WIDTH = 0.26  # of the distance between two lines
DOT_RADIUS = 0.34
PATTERN_ALPHA = {"hatch": 0.75, "dots": 0.85}

MILLIMETRES_PER_PIXEL = 25.4 / 96
# Level 0 of a MapLibre map shows the world in 512 pixels.
EQUATOR_PIXEL_METRES = 2 * math.pi * 6_378_137 / 512


@dataclass(frozen=True)
class StatusEntry:
    """A status: its code (null: not documented), what many areas of it are called, and how they look."""

    key: str
    label: Label
    look: Look

    @property
    def code(self) -> str | None:
        """The code as in the data."""
        return None if self.key == UNKNOWN else self.key


@dataclass(frozen=True)
class OutlineEntry:
    """An outline: its code, label, and dashes and gaps in units of the line's width (none: a solid line)."""

    code: str
    label: Label
    dashes: tuple[float, ...]


def status_entries(style: Style) -> list[StatusEntry]:
    """Return the status in the order of the legend; the last is *not documented*."""
    palette = style["metadata"][PALETTE_KEY]
    labels = {entry.code: entry.legend_label for entry in STATUS}
    if STATUS.null:
        labels[UNKNOWN] = STATUS.null.legend_label
    opacity = _cases(layer(style, "area-fill")["paint"]["fill-opacity"])
    return [
        StatusEntry(key, labels[key], {**palette[key], "opacity": opacity.get(key, opacity[None])})
        for key in LEGEND_ORDER
    ]


def outline_entries(style: Style) -> list[OutlineEntry]:
    """Return the kinds of outlines."""
    return [
        OutlineEntry(
            entry.code,
            entry.legend_label,
            tuple(layer(style, OUTLINE_LAYERS[entry.code])["paint"].get("line-dasharray", ())),
        )
        for entry in GEOM_BASIS
    ]


def layer(style: Style, layer_id: str) -> Mapping[str, Any]:
    """Return one layer of the style."""
    found: Mapping[str, Any] = next(one for one in style["layers"] if one["id"] == layer_id)
    return found


def value_at(expression: Any, zoom: float) -> float:
    """Return a number of the style at a zoom level: as it is, or between the stops of ``interpolate``.

    Exponential curves are taken for straight lines between their stops.
    """
    if not isinstance(expression, list):
        return float(expression)
    stops = list(zip(expression[3::2], expression[4::2], strict=True))
    below = [stop for stop in stops if stop[0] <= zoom] or stops[:1]
    above = [stop for stop in stops if stop[0] >= zoom] or stops[-1:]
    (start, low), (end, high) = below[-1], above[0]
    share = (zoom - start) / (end - start) if end > start else 0.0
    return float(low + (high - low) * share)


def scale_at(style: Style, zoom: float) -> int:
    """Return the denominator of the scale at a zoom level in the middle of the map, at 96 dpi, to two digits."""
    latitude = math.radians(style["center"][1])
    pixel_metres = EQUATOR_PIXEL_METRES * math.cos(latitude) / 2**zoom
    denominator = pixel_metres * 1000 / MILLIMETRES_PER_PIXEL
    return int(round(denominator, 1 - math.floor(math.log10(denominator))))


def _cases(expression: Any) -> dict[str | None, Any]:
    """Return the values of ``["match", input, code, value, …, fallback]`` by code, the fallback by None."""
    return {**dict(zip(expression[2:-1:2], expression[3:-1:2], strict=True)), None: expression[-1]}
