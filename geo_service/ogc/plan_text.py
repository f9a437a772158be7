"""Plans as text: GeoJSON of any kind, with or without the old ``crs`` member, WKT and EWKT."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import shapely
from shapely.errors import GEOSException

from geo_service.errors import InvalidGeometryError, Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.plans import MAX_FEATURES, MAX_VERTICES, RawPlan, check_size

_POLYGONS = ("Polygon", "MultiPolygon")
_EWKT = re.compile(r"\s*SRID\s*=\s*([0-9]{1,6})\s*;", re.IGNORECASE)
_WKT = re.compile(r"\s*(MULTI|GEOMETRYCOLLECTION|POLYGON|CURVEPOLYGON|POINT|LINESTRING)", re.IGNORECASE)
_MAX_DEPTH = 10


def read_plan_text(text: str) -> RawPlan:
    """Read GeoJSON or WKT, whichever it is.

    Raises
    ------
    InvalidGeometryError
        It is neither, or broken.
    InvalidParameterError
        It has too many features or vertices, or is empty.
    """
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return read_geojson(text)
    if _EWKT.match(text) or _WKT.match(text):
        return _read_wkt(text)
    raise InvalidGeometryError(
        "a plan that is neither GeoJSON nor WKT",
        Message(
            "Der Text ist weder GeoJSON noch WKT. Beispiel: POLYGON((461400 5657700, 461500 5657700, 461500 5657800, "
            "461400 5657700))",
            "The text is neither GeoJSON nor WKT. Example: POLYGON((461400 5657700, 461500 5657700, 461500 5657800, "
            "461400 5657700))",
        ),
    )


def read_geojson(text: str | bytes) -> RawPlan:
    """Read a geometry, a feature or a feature collection; without ``crs`` it is in CRS84 (RFC 7946)."""
    try:
        document = orjson.loads(text)
    except (orjson.JSONDecodeError, ValueError) as error:
        raise _broken("GeoJSON", str(error).partition(": line")[0]) from error
    return plan_of_json(document)


def plan_of_json(document: Any) -> RawPlan:
    """Return the polygons of GeoJSON that is parsed already."""
    geometries = _geometries(document, 0)
    polygons = [one for one in geometries if one.get("type") in _POLYGONS]
    check_size(len(polygons), sum(_count(one.get("coordinates"), 0) for one in polygons))
    try:
        shapes = [shapely.from_geojson(json.dumps(one)) for one in polygons]
    except (GEOSException, ValueError, TypeError) as error:
        raise _broken("GeoJSON", str(error).splitlines()[0]) from error
    return RawPlan(shapes, _declared_crs(document), len(geometries) - len(polygons))


def _geometries(value: Any, depth: int) -> list[dict[str, Any]]:
    """Collect the geometries of a document; None stands for no geometry."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        raise _broken("GeoJSON", "")
    kind = value.get("type")
    if kind == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list):
            raise _broken("GeoJSON", "features")
        if len(features) > 10 * MAX_FEATURES:
            check_size(len(features), 0)
        return [one for feature in features for one in _geometries(feature, depth + 1)]
    if kind == "Feature":
        geometry = value.get("geometry")
        return [] if geometry is None else _geometries(geometry, depth + 1)
    if kind == "GeometryCollection":
        inner = value.get("geometries")
        if not isinstance(inner, list):
            raise _broken("GeoJSON", "geometries")
        return [one for part in inner for one in _geometries(part, depth + 1)]
    if isinstance(kind, str) and "coordinates" in value:
        return [value]
    raise _broken("GeoJSON", f"type {str(kind)[:30]!r}")


def _count(coordinates: Any, depth: int) -> int:
    if not isinstance(coordinates, list) or depth > 4:
        return 0
    if coordinates and not isinstance(coordinates[0], list):
        return 1
    return sum(_count(part, depth + 1) for part in coordinates)


def _declared_crs(document: Any) -> str:
    """Return the CRS of the old ``crs`` member (2008), or of JSON-FG's ``coordRefSys``; else CRS84."""
    member = document.get("coordRefSys")
    if isinstance(member, str):
        return member
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else "OGC:CRS84"


def _read_wkt(text: str) -> RawPlan:
    match = _EWKT.match(text)
    crs = f"EPSG:{match[1]}" if match else None
    body = text[match.end() :] if match else text
    if body.count(",") > MAX_VERTICES + MAX_FEATURES:
        check_size(0, body.count(","))
    try:
        shape = shapely.from_wkt(body)
    except NotImplementedError as error:
        raise InvalidGeometryError(
            "a plan with curves",
            Message(
                "Der Plan enthält Kreisbögen; gelesen werden nur gerade Linien.",
                "The plan contains arcs; only straight lines are read.",
            ),
        ) from error
    except (GEOSException, ValueError, TypeError) as error:
        raise _broken("WKT", str(error).splitlines()[0].partition(": ")[2]) from error
    if shape is None:
        refuse("plan", "Der Plan ist leer.", "The plan is empty.")
    parts = _parts(shape)
    polygons = [part for part in parts if part.geom_type in _POLYGONS]
    return RawPlan(polygons, crs, len(parts) - len(polygons))


def _parts(shape: Any) -> list[Any]:
    if shape.geom_type == "GeometryCollection":
        return [part for inner in shape.geoms for part in _parts(inner)]
    return [shape]


def _broken(kind: str, detail: str) -> InvalidGeometryError:
    more = f" ({detail[:120]})" if detail else ""
    return InvalidGeometryError(
        f"broken {kind}",
        Message(f"Der Plan ist kein gültiges {kind}{more}.", f"The plan is no valid {kind}{more}."),
    )
