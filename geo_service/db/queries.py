"""Conditions of a query as SQL: small parts with bound values, composed by ``items`` (and later by others).

Names of columns come from the collections' definition, never from a request; values are always bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84, STORAGE_SRID, ReferenceSystem
from geo_service.domain.query import BBox, DateInterval, ItemsQuery, PropertyFilter, Selection

EVERYTHING = Selection()

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
# Boxes are compared in single precision, rounded outwards: by up to 1 m, as far from the origin as anything is stored.
ROUNDED_M = 2


@dataclass
class Conditions:
    """The WHERE clause under construction: texts that are joined by AND, and the values they bind."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """Remember `value` and return its placeholder."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def where(self, *more: str) -> str:
        """Return ``WHERE …``, or nothing when there is no condition."""
        texts = [*self.texts, *more]
        return f"WHERE {' AND '.join(texts)}" if texts else ""


def conditions(query: ItemsQuery) -> Conditions:
    """Return what a feature has to fulfil to be counted in ``numberMatched`` (all but paging)."""
    result = Conditions()
    if query.bbox is not None:
        result.texts.append(_touches(result, query.collection, query.bbox))
    if query.datetime is not None and query.collection.has_period:
        result.texts.append(_intersects_period(result, query.datetime))
    for property_filter in query.filters:
        result.texts.append(_matches(result, property_filter))
    if query.filter is not None:
        from geo_service.db.cql2 import filter_condition  # which stands on this module

        result.texts.append(filter_condition(query.filter, query.collection, result.bind))
    if query.q is not None:
        # In a scalar sub-select, so that the words are read once and the index is used under any plan.
        result.texts.append(f"search @@ (SELECT publication.search_query({result.bind(query.q)}))")
    return result


def _touches(result: Conditions, collection: Collection, bbox: BBox) -> str:
    """Compare exactly with the true shape of the box in the storage CRS.

    The shape stands in a scalar sub-select, so that it is computed once and the GiST index of the column,
    which stays bare, is used under any plan. Features without a geometry match every box
    (OGC API - Features - Part 1, requirement /req/core/fc-bbox-response); municipalities and events can lack one.
    """
    column = collection.geom_column
    touches = [touch for part in bbox.parts() if (touch := _touches_part(result, collection, part))]
    if collection.may_lack_geometry:
        touches.append(f"{column} IS NULL")
    return f"({' OR '.join(touches)})" if touches else "false"


def _touches_part(result: Conditions, collection: Collection, bbox: BBox) -> str | None:
    srid = bbox.crs.srid
    clipped = _clip(bbox, LIMITS[srid])
    if clipped is None:
        return None
    corners = tuple(f"{result.bind(value)}::float8" for value in clipped)
    longer_side = max(clipped[2] - clipped[0], clipped[3] - clipped[1])
    step = result.bind(max(SHORTEST_STEP.get(srid, 0.0), longer_side / STEPS)) if srid != STORAGE_SRID else ""
    # ST_Envelope turns a box without width or height into the line or point that it is; as a polygon it would
    # not be valid.
    shape = _stored(f"ST_Envelope(ST_MakeEnvelope({', '.join(corners)}, {srid}))", srid, step)
    column = collection.geom_column
    touches = f"ST_Intersects({column}, (SELECT {shape}))"
    if collection.geometry_type == "Point" or min(clipped[2] - clipped[0], clipped[3] - clipped[1]) <= 0:
        return touches
    inside = f"{column} @ (SELECT {_inner_box(corners, srid, step)})"
    return f"({column} && (SELECT {shape}) AND ({inside} OR {touches}))"


def _stored(geom: str, srid: int, step: str) -> str:
    """Return the SQL expression of a geometry of `srid` in the storage CRS, its edges followed in steps."""
    if srid == STORAGE_SRID:
        return geom
    return f"ST_Transform(ST_Segmentize({geom}, {step}::float8), {STORAGE_SRID})"


def _inner_box(corners: tuple[str, ...], srid: int, step: str) -> str:
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
            f"ST_XMax({edge(min_x, min_y, min_x, max_y)}) + {ROUNDED_M} AS west",
            f"ST_YMax({edge(min_x, min_y, max_x, min_y)}) + {ROUNDED_M} AS south",
            f"ST_XMin({edge(max_x, min_y, max_x, max_y)}) - {ROUNDED_M} AS east",
            f"ST_YMin({edge(min_x, max_y, max_x, max_y)}) - {ROUNDED_M} AS north",
        )
    )
    box = f"ST_MakeEnvelope(west, south, east, north, {STORAGE_SRID})"
    return f"CASE WHEN west < east AND south < north THEN {box} END FROM (SELECT {sides}) AS sides"


def _clip(bbox: BBox, limits: tuple[float, float, float, float]) -> tuple[float, float, float, float] | None:
    min_x, min_y = max(bbox.min_x, limits[0]), max(bbox.min_y, limits[1])
    max_x, max_y = min(bbox.max_x, limits[2]), min(bbox.max_y, limits[3])
    return (min_x, min_y, max_x, max_y) if min_x <= max_x and min_y <= max_y else None


def _intersects_period(result: Conditions, interval: DateInterval) -> str:
    """Compare with the area's period. A null period is an unknown one and fulfils nothing."""
    start, end = result.bind(interval.start), result.bind(interval.end)
    return f"period && daterange({start}::date, {end}::date, '[]')"


CASTS = {
    "string": "text",
    "url": "text",
    "integer": "int8",
    "number": "numeric",
    "date": "date",
    "date-time": "timestamptz",
}


def _matches(result: Conditions, property_filter: PropertyFilter) -> str:
    name, type_ = property_filter.field.name, property_filter.field.type
    placeholder = result.bind(property_filter.value)
    if type_ == "string-array":
        return f"{name} @> ARRAY[{placeholder}::text]"
    return f"{name} = {placeholder}::{CASTS[type_]}"


def geometry_json(crs: ReferenceSystem, collection: Collection, selection: Selection = EVERYTHING) -> str:
    """Return the SQL expression of the geometry as GeoJSON text in `crs`, in the axis order of `crs`.

    CRS84 is stored as finished text, and so is EPSG:25832 for some. Otherwise the stored geometry (EPSG:25832) is
    transformed and written with the digits of the CRS: 3 for metres, 7 for degrees.
    """
    if not selection.geometry:
        return "'null'"
    stored = collection.metric_geojson_column if crs.srid == STORAGE_SRID else None
    if crs == CRS84:
        stored = collection.geojson_column
    if stored is not None and outline_tolerance(collection, selection) is None:
        return f"coalesce({stored}, 'null')"
    # Option 0: neither the old "crs" member nor a "bbox"; the default would add "crs" outside of EPSG:4326.
    return f"coalesce(ST_AsGeoJSON({written_shape(crs, collection, selection)}, {crs.digits}, 0), 'null')"


def written_shape(crs: ReferenceSystem, collection: Collection, selection: Selection) -> str:
    """Return the SQL expression of the geometry as texts have it: in the axis order of `crs`."""
    tolerance = outline_tolerance(collection, selection)
    geom = placed_shape(collection.geom_column, crs, tolerance)
    geom = f"ST_ForcePolygonCCW({geom})"  # RFC 7946, section 3.1.6, as the stored text has it
    return f"ST_FlipCoordinates({geom})" if crs.axes_swapped else geom


def placed_shape(geom: str, crs: ReferenceSystem, tolerance: float | None) -> str:
    """Return the SQL expression of `geom` (EPSG:25832) in `crs`, x before y, perhaps simplified."""
    if crs.srid != STORAGE_SRID:
        geom = f"ST_Transform({geom}, {crs.srid})"
    return geom if tolerance is None else _simplified(geom, tolerance)


def outline_tolerance(collection: Collection, selection: Selection) -> float | None:
    """Return how far outlines may be moved; a point has none."""
    return None if collection.geometry_type == "Point" else selection.max_offset


def _simplified(geom: str, max_offset: float) -> str:
    """Return the SQL expression of `geom` with fewer points, at most `max_offset` beside the true outline.

    Each part and each hole keeps at least a triangle: nothing vanishes, and the type stays. Should an outline
    cross itself all the same, the true one is written.
    """
    simple = f"ST_SimplifyPreserveTopology({geom}, {max_offset!r}::float8)"
    return (
        "(SELECT CASE WHEN ST_Dimension(true_shape) = 2 AND ST_IsValid(simple_shape) "
        "THEN ST_Multi(simple_shape) ELSE true_shape END "
        f"FROM (SELECT {geom} AS true_shape, {simple} AS simple_shape OFFSET 0) AS outline)"
    )


def read_sql(name: str) -> str:
    """Return the statement in ``db/sql/{name}.sql``."""
    return resources.files("geo_service.db").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
