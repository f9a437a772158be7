"""JSON Schemas from the one field definition: what is returned, what can be filtered on and sorted by.

OGC API - Features - Part 5: Schemas (23-058). The schemas are logical ones, independent of a format; a property
that is not known is null in GeoJSON and counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import orjson

from geo_service.domain.collections import GEOMETRY_NAME, Collection
from geo_service.domain.fields import Field
from geo_service.ogc.links import SCHEMA, TITLES, link_header
from geo_service.ogc.negotiation import HTML_FORMAT
from geo_service.ogc.profiles import (
    CODE_LIST_PROFILES,
    DOMAIN_PROFILES,
    PARAMETER,
    choose_profile,
    parse_profiles,
    profile_link,
)
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, Schema] = {
    "string": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "string-array": {"type": "array", "items": {"type": "string"}},
}
ROLES = {"id": "id", "interval-start": "primary-interval-start", "interval-end": "primary-interval-end"}
GEOMETRY_FORMATS = {
    "MultiPolygon": "geometry-multipolygon",
    "Point": "geometry-point",
    "Geometry": "geometry-any",
}


def json_schema(field: Field, language: str) -> Schema:
    """Return the schema of a field's value, with title, description and codes."""
    schema = {
        "title": field.title.text(language),
        "description": field.description.text(language),
        **TYPES[field.type],
    }
    if field.code_list is not None:
        codes = list(field.code_list.codes)
        if field.type == "string-array":
            schema["items"] = {"type": "string", "enum": codes}
        else:
            schema["enum"] = codes
    return schema


def schema(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with the properties that features have (clause "Returnables and Receivables")."""
    collection = api.collection(collection_id)
    document = _document(api, request, collection, "schema")
    properties, headers = _properties(api, request, collection.fields)
    properties[GEOMETRY_NAME] = _geometry(collection, request.language, len(properties) + 1)
    document["properties"] = properties
    document["required"] = [field.name for field in collection.fields if not field.nullable]
    return _answer(document, headers)


def queryables(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with the properties that filters may name (clause "Queryables").

    The geometry has a ``$ref`` besides its ``format``, although /req/schemas/properties B wants the latter
    alone: Part 3 knew the former first, and QGIS recognises a spatial property by it and by nothing else.
    """
    collection = api.collection(collection_id)
    document = _document(api, request, collection, "queryables")
    properties, headers = _properties(api, request, collection.queryables)
    geometry = _geometry(collection, request.language, len(properties) + 1)
    kind = "Geometry" if collection.geometry_type == "Geometry" else collection.geometry_type
    geometry["$ref"] = f"https://geojson.org/schema/{kind}.json"
    document["properties"] = {**properties, GEOMETRY_NAME: geometry}
    return _answer(document, headers)


def sortables(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with the properties that features may be sorted by (clause "Sortables")."""
    collection = api.collection(collection_id)
    document = _document(api, request, collection, "sortables")
    document["properties"], headers = _properties(api, request, collection.sortables)
    return _answer(document, headers)


def feature_schema(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """Answer with the schema of a feature as GeoJSON: where GDAL looks for the types of fields.

    As in the logical schema, types are those of known values, since GDAL does not read lists of types.
    """
    collection = api.collection(collection_id)
    document = _document(api, request, collection, "feature-schema")
    required = [field.name for field in collection.fields if not field.nullable]
    document["properties"] = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "title": TITLES["geometry"].text(request.language)},
        "properties": {
            "type": "object",
            "properties": {field.name: json_schema(field, request.language) for field in collection.fields},
            "required": required,
            "additionalProperties": False,
        },
        "links": {"type": "array", "items": {"type": "object"}},
    }
    document["required"] = ["type", "id", "geometry", "properties"]
    return _answer(document, {})


def _document(api: OgcApi, request: OgcRequest, collection: Collection, name: str) -> Schema:
    return {
        "$schema": DIALECT,
        # Without parameters, and so without a language, as /req/schemas/json-schema wants it.
        "$id": f"{api.base_url}/collections/{collection.collection_id}/{name}",
        "type": "object",
        "title": collection.title.text(request.language),
        "description": collection.description.text(request.language),
        "additionalProperties": False,
    }


def _answer(document: Schema, headers: dict[str, str]) -> Answer:
    return {"Content-Type": SCHEMA, **headers}, 200, orjson.dumps(document)


def _properties(
    api: OgcApi, request: OgcRequest, fields: Iterable[Field]
) -> tuple[dict[str, Schema], dict[str, str]]:
    """Return the schemas of fields, and the header that tells which profiles they follow.

    A page shows labels by itself; it is made of codes and the address of their list.
    """
    asked = parse_profiles(request.arguments.get(PARAMETER))
    codes = choose_profile(() if request.chosen is HTML_FORMAT else asked, CODE_LIST_PROFILES)
    domain = choose_profile(asked, DOMAIN_PROFILES)
    inline = codes == "codelist-inline"
    properties = {
        field.name: _property(api, field, request.language, position, inline=inline)
        for position, field in enumerate(fields, start=1)
    }
    links = [profile_link(codes), profile_link(domain)]
    return properties, {"Link": link_header(links, ("profile",))}


def _property(api: OgcApi, field: Field, language: str, position: int, *, inline: bool) -> Schema:
    result = json_schema(field, language)
    if field.code_list is not None:
        coded = result["items"] if field.type == "string-array" else result
        coded["x-ogc-codelistUri"] = f"{api.base_url}/codelists/{field.code_list.name}"
        if inline:
            del coded["enum"]
            coded["oneOf"] = [
                {"const": one.code, "title": one.label.text(language)} for one in field.code_list
            ]
    if field.role is not None:
        result["x-ogc-role"] = ROLES[field.role]
    if field.unit is not None:
        result["x-ogc-unit"] = field.unit
    if field.derived:
        result["readOnly"] = True
    result["x-ogc-propertySeq"] = position
    return result


def _geometry(collection: Collection, language: str, position: int) -> Schema:
    return {
        "title": TITLES["geometry"].text(language),
        "format": GEOMETRY_FORMATS[collection.geometry_type],
        "x-ogc-role": "primary-geometry",
        "x-ogc-propertySeq": position,
    }
