"""Spatial functions of CQL2: literals are brought to the storage CRS once, columns stay bare for their index."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geo_service.db.boxes import LIMITS, SHORTEST_STEP, STEPS
from geo_service.db.cql2_types import Expression
from geo_service.domain.cql2 import Geometry, Literal, invalid
from geo_service.domain.cql2_functions import MAX_DISTANCE_M
from geo_service.domain.cql2_geometry import to_shape
from geo_service.domain.crs import STORAGE_SRID, ReferenceSystem

FUNCTIONS = {
    "s_intersects": "ST_Intersects",
    # The opposite of ST_Intersects, which also knows collections.
    "s_disjoint": "NOT ST_Intersects",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
    "s_dwithin": "ST_DWithin",
}


def geometry_sql(geometry: Geometry, crs: ReferenceSystem, bind: Callable[[Any], str]) -> str:
    """Return a literal in the storage CRS, in a scalar sub-select, so that it is transformed once.

    Its edges are straight in its own CRS; they are followed as closely as those of a ``bbox``.
    """
    shape = _clip(_flat(to_shape(geometry, crs)), LIMITS[crs.srid])
    text = shapely.to_wkb(shapely.set_srid(shape, crs.srid), hex=True, include_srid=True)
    literal = f"{bind(text)}::geometry"
    if crs.srid == STORAGE_SRID:
        return f"(SELECT {literal})"
    min_x, min_y, max_x, max_y = shape.bounds
    # Like a box; but what runs to and fro keeps to ten thousand new vertices as a whole.
    longest = max(max_x - min_x, max_y - min_y, shape.length / 10)
    step = bind(max(SHORTEST_STEP[crs.srid], longest / STEPS))
    return f"(SELECT ST_Transform(ST_Segmentize({literal}, {step}::float8), {STORAGE_SRID}))"


def spatial(op: str, args: list[Expression], crs: ReferenceSystem) -> str:
    """Return the SQL of a spatial function of geometries.

    Raises
    ------
    InvalidParameterError
        A collection of different kinds where only one kind can be compared, or a distance out of range.
    """
    first, second = args[0].node, args[1].node
    if op not in ("s_intersects", "s_disjoint"):
        for node in (first, second):
            if isinstance(node, Geometry) and _flat(to_shape(node, crs)).geom_type == "GeometryCollection":
                raise invalid(
                    f"{op.upper()} vergleicht keine GEOMETRYCOLLECTION, die Punkte, Linien und Flächen mischt.",
                    f"{op.upper()} does not compare a GEOMETRYCOLLECTION that mixes points, lines and areas.",
                )
    if op == "s_dwithin":
        return f"ST_DWithin({args[0].sql}, {args[1].sql}, {_distance(args[2])})"
    if isinstance(first, Geometry) and isinstance(second, Geometry):
        return _of_literals(op, to_shape(first, crs), to_shape(second, crs))
    return f"({FUNCTIONS[op]}({args[0].sql}, {args[1].sql}))"


def _distance(expression: Expression) -> str:
    value = expression.node.value if isinstance(expression.node, Literal) else None
    if not isinstance(value, int | Decimal) or not 0 <= value <= MAX_DISTANCE_M:
        raise invalid(
            f"S_DWITHIN erwartet als Abstand eine Zahl von 0 bis {MAX_DISTANCE_M} (Meter).",
            f"S_DWITHIN expects a distance from 0 to {MAX_DISTANCE_M} (metres), as a number.",
        )
    return f"({expression.sql})::float8"


def _of_literals(op: str, first: BaseGeometry, second: BaseGeometry) -> str:
    """Compare two literals where they were written: no feature is needed to know the answer."""
    relation = getattr(shapely, op.removeprefix("s_"))
    try:
        return "true" if relation(_flat(first), _flat(second)) else "false"
    except GEOSException:
        raise invalid(
            f"{op.upper()} kann diese Geometrien nicht vergleichen.",
            f"{op.upper()} cannot compare these geometries.",
        ) from None


def _flat(shape: BaseGeometry) -> BaseGeometry:
    """A collection of one kind as the geometry that its parts make together."""
    if (
        shape.geom_type == "GeometryCollection"
        and len({shapely.get_dimensions(one) for one in shapely.get_parts(shape)}) == 1
    ):
        return shapely.union_all(shapely.get_parts(shape))
    return shape


def _clip(shape: BaseGeometry, limits: tuple[float, float, float, float]) -> BaseGeometry:
    """Keep a shape within the limits of the transformation, without changing how it relates to any feature.

    What lies beyond is stood in for by something of its dimension in a corner of the limits, where nothing is
    stored: so a shape that no feature contains before is contained by none afterwards.
    """
    min_x, min_y, max_x, max_y = shape.bounds
    if limits[0] <= min_x and limits[1] <= min_y and max_x <= limits[2] and max_y <= limits[3]:
        return shape
    if shape.geom_type == "GeometryCollection":
        return shapely.GeometryCollection([_clip(one, limits) for one in shapely.get_parts(shape)])
    kept = shapely.intersection(shape, shapely.box(*limits))
    size = min(limits[2] - limits[0], limits[3] - limits[1]) / 1000
    left, top = limits[0], limits[3]
    dimension = int(shapely.get_dimensions(shape))
    stand_in = (
        shapely.Point(left, top),
        shapely.LineString([(left, top), (left + size, top)]),
        shapely.box(left, top - size, left + size, top),
    )[dimension]
    same = [one for one in shapely.get_parts(kept) if shapely.get_dimensions(one) == dimension]
    return shapely.union_all([*same, stand_in])
