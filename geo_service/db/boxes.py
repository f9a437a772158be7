"""Boxes of a query as SQL: clipped to where there can be something, their edges followed into the storage CRS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo_service.domain.collections import Collection
from geo_service.domain.crs import IN_DEGREES, STORAGE_SRID
from geo_service.domain.query import BBox
from geo_service.domain.tiling import METRES_PER_DEGREE

Bind = Callable[[Any], str]
"""Remembers a value and returns its placeholder."""

# 30° to the west and to the east of the central meridian of EPSG:25832 and 20° to 84° N, in each CRS: beyond,
# PROJ refuses points that lie outside of a projection's domain, and nothing is stored there.
DEGREES = (-21.0, 20.0, 39.0, 84.0)
LIMITS = {
    4326: DEGREES,
    4258: DEGREES,
    3857: (-2_337_710.0, 2_273_030.0, 4_341_461.0, 18_764_656.0),
    # Zone 33 is read from zone 32, 6° to the west: 2,000 km to each side of what is stored.
    25833: (-2_500_000.0, 2_300_000.0, 2_000_000.0, 9_000_000.0),
    # Stored as it is, and not transformed; the index keeps single precision.
    STORAGE_SRID: (-1e8, -1e8, 1e8, 1e8),
}
# A parallel bows away from its chord by s² tan φ / 8R: 1 mm at s = 173 m and 60° N. Longer boxes take a
# thousandth of their longer side, so that the shape stays within a few thousand vertices.
SHORTEST_STEP = {4326: 0.0015, 4258: 0.0015, 3857: 150.0, 25833: 150.0}
STEPS = 1000
# To tell what is surely within a box and what may touch it, the edges are followed in steps so many times as long.
COARSER = 10
# Between two points an edge bows by s²κ / 8; twice that of the parallel of 84° N, where κ = tan φ / R.
BOW_PER_M2 = 4e-7
# Boxes are compared in single precision, rounded outwards: by up to 1 m, as far from the origin as anything is stored.
ROUNDED_M = 2.0


def touches(collection: Collection, bbox: BBox, bind: Bind) -> str:
    """Return the condition that a feature touches a box, exactly: its true shape in the storage CRS.

    The shape stands in a scalar sub-select, so that it is computed once and the GiST index of the column,
    which stays bare, is used under any plan. Features without a geometry match every box
    (OGC API - Features - Part 1, requirement /req/core/fc-bbox-response); municipalities and events can lack one.
    """
    column = collection.geom_column
    parts = [touch for part in bbox.parts() if (touch := _touches_part(collection, part, bind))]
    if collection.may_lack_geometry:
        parts.append(f"{column} IS NULL")
    return f"({' OR '.join(parts)})" if parts else "false"


def _touches_part(collection: Collection, bbox: BBox, bind: Bind) -> str | None:
    srid = bbox.crs.srid
    clipped = _clip(bbox, LIMITS[srid])
    if clipped is None:
        return None
    corners = tuple(f"{bind(value)}::float8" for value in clipped)
    step = max(SHORTEST_STEP.get(srid, 0.0), max(clipped[2] - clipped[0], clipped[3] - clipped[1]) / STEPS)
    # ST_Envelope turns a box without width or height into the line or point that it is; as a polygon it would
    # not be valid.
    ring = f"ST_Envelope(ST_MakeEnvelope({', '.join(corners)}, {srid}))"
    column = collection.geom_column
    exactly = f"ST_Intersects({column}, (SELECT {_stored(ring, srid, bind(step))}))"
    if collection.geometry_type == "Point" or min(clipped[2] - clipped[0], clipped[3] - clipped[1]) <= 0:
        return exactly
    margin = f"{bind(ROUNDED_M + _bow(step * COARSER, srid))}::float8"
    coarse = bind(step * COARSER)
    around = f"ST_Expand({_stored(ring, srid, coarse)}, {margin})"
    within = _inner_box(corners, srid, coarse, margin)
    return f"({column} && (SELECT {around}) AND ({column} @ (SELECT {within}) OR {exactly}))"


def _bow(step: float, srid: int) -> float:
    """Return how far (metres) an edge that is followed in steps may lie beside its chords in the storage CRS."""
    if srid == STORAGE_SRID:
        return 0.0
    return BOW_PER_M2 * float(step * (METRES_PER_DEGREE if srid in IN_DEGREES else 1.0)) ** 2


def _stored(geom: str, srid: int, step: str) -> str:
    """Return the SQL expression of a geometry of `srid` in the storage CRS, its edges followed in steps."""
    if srid == STORAGE_SRID:
        return geom
    return f"ST_Transform(ST_Segmentize({geom}, {step}::float8), {STORAGE_SRID})"


def _inner_box(corners: tuple[str, ...], srid: int, step: str, margin: str) -> str:
    """Return the SQL expression of an upright box within the shape of a query's box; null where there is none.

    What lies in it needs no exact comparison. It ends where the bowed edges come in the farthest: none of them
    crosses it, and each is on its own side, so that together they go around it.
    """
    min_x, min_y, max_x, max_y = corners

    def edge(*ends: str) -> str:
        line = f"ST_MakeLine(ST_MakePoint({ends[0]}, {ends[1]}), ST_MakePoint({ends[2]}, {ends[3]}))"
        return _stored(f"ST_SetSRID({line}, {srid})", srid, step)

    sides = ", ".join(
        (
            f"ST_XMax({edge(min_x, min_y, min_x, max_y)}) + {margin} AS west",
            f"ST_YMax({edge(min_x, min_y, max_x, min_y)}) + {margin} AS south",
            f"ST_XMin({edge(max_x, min_y, max_x, max_y)}) - {margin} AS east",
            f"ST_YMin({edge(min_x, max_y, max_x, max_y)}) - {margin} AS north",
        )
    )
    box = f"ST_MakeEnvelope(west, south, east, north, {STORAGE_SRID})"
    return f"CASE WHEN west < east AND south < north THEN {box} END FROM (SELECT {sides}) AS sides"


def _clip(bbox: BBox, limits: tuple[float, float, float, float]) -> tuple[float, float, float, float] | None:
    min_x, min_y = max(bbox.min_x, limits[0]), max(bbox.min_y, limits[1])
    max_x, max_y = min(bbox.max_x, limits[2]), min(bbox.max_y, limits[3])
    return (min_x, min_y, max_x, max_y) if min_x <= max_x and min_y <= max_y else None
