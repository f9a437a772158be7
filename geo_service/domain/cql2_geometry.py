"""Geometry literals of a CQL2 filter: what makes one, and what it is in the axis order (x, y).

Both encodings build geometries here, so that both are refused for the same reasons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo_service.domain.cql2 import Geometry, Position, invalid
from geo_service.domain.crs import IN_DEGREES, ReferenceSystem

SIMPLE = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def point(position: Position) -> Geometry:
    """Return a point."""
    return Geometry("Point", (position,))


def line(positions: Sequence[Position]) -> Geometry:
    """Return a line of two positions at least."""
    if len(positions) < 2:
        raise invalid(
            "Ein LINESTRING hat mindestens zwei Positionen.", "A LINESTRING has two positions at least."
        )
    return Geometry("LineString", tuple(positions))


def polygon(rings: Sequence[Sequence[Position]]) -> Geometry:
    """Return a polygon: its shell and its holes, each closed."""
    if not rings or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise invalid(
            "Ein Ring eines POLYGON hat mindestens vier Positionen, und die letzte ist die erste.",
            "A ring of a POLYGON has four positions at least, and the last one is the first.",
        )
    return Geometry("Polygon", tuple(tuple(ring) for ring in rings))


def several(kind: str, parts: Sequence[Geometry]) -> Geometry:
    """Return a geometry of parts: MultiPoint, MultiLineString, MultiPolygon or GeometryCollection."""
    if not parts:
        raise invalid("Eine Geometrie ist leer.", "A geometry is empty.")
    return Geometry(kind, tuple(parts))


def bbox(lower: Position, upper: Position) -> Geometry:
    """Return a box by its corners in the axis order of the filter's CRS."""
    return Geometry("BBox", (lower, upper))


def to_shape(geometry: Geometry, crs: ReferenceSystem) -> BaseGeometry:
    """Return what a literal means in `crs`, in the axis order (x, y).

    A box without width or height is a line or a point; one whose west lies east of its east spans the
    antimeridian and has two parts.

    Raises
    ------
    InvalidParameterError
        The box runs backwards, or a polygon is not valid.
    """
    shape = _box(geometry, crs) if geometry.kind == "BBox" else _shape(geometry, crs.axes_swapped)
    if not shapely.is_valid(shape):
        reason = str(shapely.is_valid_reason(shape))
        where = re.sub(r"\[.*", "", reason).strip()
        raise invalid(f"Eine Geometrie ist nicht gültig ({where}).", f"A geometry is not valid ({where}).")
    return shape


def _box(geometry: Geometry, crs: ReferenceSystem) -> BaseGeometry:
    (min_x, min_y), (max_x, max_y) = (_ordered(one, crs.axes_swapped) for one in geometry.parts)
    across = min_x > max_x and crs.srid in IN_DEGREES
    if min_y > max_y or (min_x > max_x and not across):
        raise invalid(
            "BBOX: Die untere linke Ecke kommt zuerst, dann die obere rechte.",
            "BBOX: the lower left corner comes first, then the upper right one.",
        )
    if across:
        return shapely.union(_rectangle(min_x, min_y, 180.0, max_y), _rectangle(-180.0, min_y, max_x, max_y))
    return _rectangle(min_x, min_y, max_x, max_y)


def _rectangle(min_x: float, min_y: float, max_x: float, max_y: float) -> BaseGeometry:
    if min_x == max_x and min_y == max_y:
        return shapely.Point(min_x, min_y)
    if min_x == max_x or min_y == max_y:
        return shapely.LineString([(min_x, min_y), (max_x, max_y)])
    return shapely.box(min_x, min_y, max_x, max_y)


def _shape(geometry: Geometry, swapped: bool) -> BaseGeometry:
    kind, parts = geometry.kind, geometry.parts
    if kind == "Point":
        return shapely.Point(_ordered(parts[0], swapped))
    if kind == "LineString":
        return shapely.LineString([_ordered(one, swapped) for one in parts])
    if kind == "Polygon":
        shell, *holes = ([_ordered(one, swapped) for one in ring] for ring in parts)  # type: ignore[union-attr]
        return shapely.Polygon(shell, holes)
    members = [_shape(one, swapped) for one in parts if isinstance(one, Geometry)]
    make: dict[str, Any] = {
        "MultiPoint": shapely.MultiPoint,
        "MultiLineString": shapely.MultiLineString,
        "MultiPolygon": shapely.MultiPolygon,
        "GeometryCollection": shapely.GeometryCollection,
    }
    collected: BaseGeometry = make[kind](members)
    return collected


def _ordered(position: object, swapped: bool) -> Position:
    assert isinstance(position, tuple)
    first, second = position
    return (second, first) if swapped else (first, second)
