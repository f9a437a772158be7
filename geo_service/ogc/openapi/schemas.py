"""Schemas and responses of the API definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from geo_service.domain.collections import Collection
from geo_service.ogc.enclosures import ENCLOSURE_FORMATS
from geo_service.ogc.links import GEOJSON, HTML, JSON, JSON_FG, MVT, OPENAPI, SCHEMA
from geo_service.ogc.negotiation import ITEM_FORMATS, ITEMS_FORMATS, Format
from geo_service.ogc.openapi.parts import (
    BINARY,
    LINKS,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    WHOLE,
    Document,
    array_of,
    enum_schema,
    object_schema,
    response,
    schema_ref,
)
from geo_service.ogc.openapi.texts import TEXTS
from geo_service.ogc.schemas import json_schema

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

SCHEMAS: Document = {
    "link": object_schema(
        {"href": STRING, "rel": STRING, "type": STRING, "title": STRING, "templated": {"type": "boolean"}},
        ["href", "rel"],
    ),
    "landingPage": object_schema(
        {"title": STRING, "description": STRING, "attribution": STRING, "links": LINKS}, ["links"]
    ),
    "confClasses": object_schema({"conformsTo": STRINGS}, ["conformsTo"]),
    "collections": object_schema(
        {"links": LINKS, "collections": array_of("collection"), "crs": STRINGS}, ["links", "collections"]
    ),
    "collection": object_schema(
        {
            "id": STRING,
            "title": STRING,
            "description": STRING,
            "keywords": STRINGS,
            "links": LINKS,
            "extent": OBJECT,
            "itemType": enum_schema(["feature"]),
            "itemCount": WHOLE,
            "crs": STRINGS,
            "storageCrs": STRING,
        },
        ["id", "links"],
    ),
    "codeLists": object_schema({"codelists": array_of("codeList"), "links": LINKS}, ["codelists", "links"]),
    "codeList": object_schema(
        {
            "id": STRING,
            "title": STRING,
            "codes": OBJECTS,
            "null": OBJECT,
            "links": LINKS,
        },
        ["id", "title", "links"],
    ),
    "tilesets": object_schema({"tilesets": array_of("tileset"), "links": LINKS}, ["tilesets"]),
    "tileset": object_schema(
        {
            "title": STRING,
            "description": STRING,
            "dataType": enum_schema(["vector"]),
            "crs": STRING,
            "tileMatrixSetURI": STRING,
            "tileMatrixSetId": STRING,
            "tileMatrixSetLimits": OBJECTS,
            "layers": OBJECTS,
            "maxFeaturesPerTile": WHOLE,
            "attribution": STRING,
            "license": STRING,
            "mediaTypes": STRINGS,
            "keywords": STRINGS,
            "boundingBox": OBJECT,
            "centerPoint": OBJECT,
            "links": LINKS,
        },
        ["dataType", "crs", "links"],
    ),
    "tileMatrixSets": object_schema({"tileMatrixSets": OBJECTS, "links": LINKS}, ["tileMatrixSets"]),
    "tileMatrixSet": object_schema(
        {"id": STRING, "crs": STRING, "tileMatrices": OBJECTS},
        ["crs", "tileMatrices"],
    ),
    "functions": object_schema(
        {
            "functions": {
                "type": "array",
                "items": object_schema(
                    {
                        "name": STRING,
                        "description": STRING,
                        "metadataUrl": STRING,
                        "arguments": {
                            "type": "array",
                            "items": object_schema(
                                {"title": STRING, "description": STRING, "type": STRINGS}, ["type"]
                            ),
                        },
                        "returns": STRINGS,
                    },
                    ["name", "returns"],
                ),
            },
            "links": LINKS,
        },
        ["functions"],
    ),
    "cql2": {
        "description": "CQL2 JSON (https://schemas.opengis.net/cql2/1.0/cql2.json)",
        "oneOf": [
            {"type": "boolean"},
            object_schema({"op": STRING, "args": {"type": "array", "items": {}}}, ["op", "args"]),
        ],
    },
    "tileJson": object_schema(
        {
            "tilejson": enum_schema(["3.0.0"]),
            "name": STRING,
            "description": STRING,
            "version": STRING,
            "scheme": enum_schema(["xyz"]),
            "tiles": STRINGS,
            "minzoom": WHOLE,
            "maxzoom": WHOLE,
            "bounds": {"type": "array", "items": {"type": "number"}},
            "center": {"type": "array", "items": {"type": "number"}},
            "attribution": STRING,
            "vector_layers": OBJECTS,
        },
        ["tilejson", "tiles", "vector_layers"],
    ),
    "problem": object_schema(
        {
            "type": STRING,
            "title": STRING,
            "status": {"type": "integer"},
            "detail": STRING,
            "parameter": STRING,
            "successor": STRING,
        },
        ["title", "status"],
    ),
}

PROBLEMS = {
    "InvalidParameter": "bad-request",
    "NotFound": "not-found",
    "NotAcceptable": "not-acceptable",
    "UnsupportedMediaType": "unsupported",
    "Gone": "gone",
    "RangeNotSatisfiable": "range",
    "ServerError": "error",
    "Unavailable": "unavailable",
}
DOCUMENTS = {
    "LandingPage": ("landing", "landingPage"),
    "Conformance": ("conformance", "confClasses"),
    "Collections": ("collections", "collections"),
    "Collection": ("collection", "collection"),
    "CodeLists": ("codelists", "codeLists"),
    "CodeList": ("codelist", "codeList"),
    "Functions": ("functions", "functions"),
    "Tilesets": ("tilesets", "tilesets"),
    "Tileset": ("tileset", "tileset"),
    "TileMatrixSets": ("tms-list", "tileMatrixSets"),
    "TileMatrixSet": ("tms", "tileMatrixSet"),
}


def schemas(collections: Iterable[Collection], language: str) -> Document:
    """Return the schemas, among them a feature and a page of features for each collection."""
    result = dict(SCHEMAS)
    for collection in collections:
        name = collection.collection_id
        result[f"item-{name}"] = _feature(collection, language)
        result[f"items-{name}"] = object_schema(
            {
                "type": enum_schema(["FeatureCollection"]),
                "features": array_of(f"item-{name}"),
                "numberMatched": {**WHOLE, "description": TEXTS["number-matched"].text(language)},
                "numberReturned": WHOLE,
                "links": LINKS,
            },
            ["type", "features"],
        )
    return result


def _feature(collection: Collection, language: str) -> Document:
    properties = {}
    for field in collection.fields:
        schema = json_schema(field, language)
        if field.nullable:
            schema["nullable"] = True
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        properties[field.name] = schema
    return object_schema(
        {
            "type": enum_schema(["Feature"]),
            "id": STRING,
            "geometry": {"type": "object", "nullable": True},
            # None is required: the parameters properties and exclude-properties choose among them.
            "properties": {"type": "object", "properties": properties},
            "links": LINKS,
        },
        ["type", "id", "geometry", "properties"],
    )


def responses(api: OgcApi, text: dict[str, str]) -> Document:
    """Return the responses that the paths refer to."""
    pages = {HTML: {"schema": STRING}} if api.render_html else {}
    result = {
        name: response(text[key], JSON, schema_ref(schema)) for name, (key, schema) in DOCUMENTS.items()
    }
    result["Schema"] = response(text["schema"], SCHEMA, OBJECT)
    result["ApiDefinition"] = response(text["openapi"], OPENAPI, OBJECT)
    for collection in api.collections.values():
        items, item = f"items-{collection.collection_id}", f"item-{collection.collection_id}"
        for name, formats in ((items, ITEMS_FORMATS), (item, ITEM_FORMATS)):
            result[name] = {
                "description": text["ok"],
                "content": {one.media_type: {"schema": _format_schema(one, name)} for one in formats},
            }
    for one in result.values():
        one["content"] |= pages
    result["FeatureSchema"] = response(text["feature-schema"], SCHEMA, OBJECT)
    for one in ENCLOSURE_FORMATS:
        result[f"Download{one.name.capitalize()}"] = response(text["download"], one.media_type, BINARY)
    result["TileJson"] = response(text["tilejson"], JSON, schema_ref("tileJson"))
    result["Tile"] = response(text["tile"], MVT, BINARY)
    problem = schema_ref("problem")
    result |= {
        name: response(text[key], "application/problem+json", problem) for name, key in PROBLEMS.items()
    }
    return result | {
        "Empty": {"description": text["empty"]},
        "NotModified": {"description": text["not-modified"]},
    }


def _format_schema(one: Format, name: str) -> Document:
    """Return what is known of a feature in a format: JSON-FG adds members to GeoJSON."""
    if one.media_type in (GEOJSON, JSON_FG):
        return schema_ref(name)
    return STRING if one.media_type.startswith("text/") else BINARY
