"""Pages of features as text: what stands around the features that the database has written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from geo_service.db import encodings
from geo_service.db.encodings import Encoding, table_fields
from geo_service.db.items import ItemsPage
from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84, STORAGE_CRS, ReferenceSystem
from geo_service.domain.query import ItemsQuery
from geo_service.ogc.links import Link

JSON_FG_CLASSES = (
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
)
GEOMETRY_DIMENSIONS = {"MultiPolygon": 2, "Point": 0}


@dataclass(frozen=True)
class Surroundings:
    """What an envelope says besides the features: links, attribution, and the address of the collection."""

    links: list[Link]
    attribution: str
    collection_url: str


@dataclass(frozen=True)
class TextFormat:
    """A format that is a text.

    Attributes
    ----------
    encoding : Encoding
        How the database writes the features.
    page : callable
        Takes query, page and surroundings; returns the finished text.
    members : callable
        Takes the collection, the CRS and the address of the collection; returns what a single feature
        says on top.
    default_crs : ReferenceSystem
        Where the request names none.
    """

    encoding: Encoding
    page: Callable[[ItemsQuery, ItemsPage, Surroundings], bytes]
    members: Callable[[Collection, ReferenceSystem, str], dict[str, Any]] = lambda *_: {}
    default_crs: ReferenceSystem = CRS84


def _geojson(_query: ItemsQuery, page: ItemsPage, around: Surroundings) -> bytes:
    return _feature_collection({}, page, around)


def _json_fg(query: ItemsQuery, page: ItemsPage, around: Surroundings) -> bytes:
    members = _json_fg_members(query.collection, query.crs, around.collection_url)
    return _feature_collection(members, page, around)


def _feature_collection(members: dict[str, Any], page: ItemsPage, around: Surroundings) -> bytes:
    """Write the envelope. It has no ``timeStamp``: the same features are the same bytes, whoever writes them when."""
    numbers: dict[str, Any] = {"numberReturned": page.number_returned}
    if page.number_matched is not None:
        numbers = {"numberMatched": page.number_matched, **numbers}
    start = orjson.dumps({"type": "FeatureCollection", **members})[:-1]
    end = orjson.dumps({**numbers, "attribution": around.attribution, "links": around.links})[1:]
    return b'%b,"features":[%b],%b' % (start, page.features, end)


def _json_fg_members(collection: Collection, crs: ReferenceSystem, collection_url: str) -> dict[str, Any]:
    members: dict[str, Any] = {
        "conformsTo": JSON_FG_CLASSES,
        "coordRefSys": crs.crs_uri,
        "featureType": collection.layer_name,
        "featureSchema": f"{collection_url}/schema",
    }
    if collection.geometry_type in GEOMETRY_DIMENSIONS:
        members["geometryDimension"] = GEOMETRY_DIMENSIONS[collection.geometry_type]
    return members


def _sequence(_query: ItemsQuery, page: ItemsPage, _around: Surroundings) -> bytes:
    return page.features


def _csv(query: ItemsQuery, page: ItemsPage, _around: Surroundings) -> bytes:
    """Put the names of the columns first; GDAL takes the geometry from a column called ``WKT``."""
    names = [field.name for field in table_fields(query.collection, query.selection)]
    head = io.StringIO()
    csv.writer(head).writerow(["WKT", *names] if query.selection.geometry else names)
    return head.getvalue().encode() + page.features


TEXT_FORMATS = {
    "json": TextFormat(encodings.GEOJSON, _geojson),
    "html": TextFormat(encodings.GEOJSON, _geojson),
    "jsonfg": TextFormat(encodings.JSON_FG, _json_fg, _json_fg_members, STORAGE_CRS),
    "geojsonseq": TextFormat(encodings.GEOJSON_SEQUENCE, _sequence),
    "csv": TextFormat(encodings.CSV, _csv),
}
PROFILED = {
    "rfc7946": TEXT_FORMATS["json"],
    "jsonfg": TextFormat(encodings.JSON_FG_PLACE, _json_fg, _json_fg_members, STORAGE_CRS),
    "jsonfg-plus": TEXT_FORMATS["jsonfg"],
}
