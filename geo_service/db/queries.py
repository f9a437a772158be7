"""Conditions of a query as SQL: small parts with bound values, composed by those who read.

Names of columns come from the collections' definition, never from a request; values are always bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from geo_service.db.boxes import touches
from geo_service.db.cql2 import filter_condition
from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84, STORAGE_SRID, ReferenceSystem
from geo_service.domain.query import DateInterval, ItemsQuery, PropertyFilter, Selection

EVERYTHING = Selection()


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
        result.texts.append(touches(query.collection, query.bbox, result.bind))
    if query.datetime is not None and query.collection.has_period:
        result.texts.append(_intersects_period(result, query.datetime))
    for property_filter in query.filters:
        result.texts.append(_matches(result, property_filter))
    if query.filter is not None:
        result.texts.append(filter_condition(query.filter, query.collection, result.bind))
    if query.q is not None:
        # In a scalar sub-select, so that the words are read once and the index is used under any plan.
        result.texts.append(f"search @@ (SELECT publication.search_query({result.bind(query.q)}))")
    return result


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
