"""The API definition: OpenAPI 3.0, made from the field definitions and the collections that are published.

It describes every address and parameter that exists and no other. ``limit`` is a component that paths refer
to, since QGIS and GDAL take their page size from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_service import __version__
from geo_service.domain.code_lists import CODE_LISTS
from geo_service.domain.collections import Collection
from geo_service.domain.cql2 import MAX_LENGTH
from geo_service.domain.crs import CRS84_URI, SUPPORTED
from geo_service.ogc.cql2.parameters import FILTER_LANGUAGES, FILTER_PARAMETERS
from geo_service.ogc.cursors import MAX_CURSOR_LENGTH
from geo_service.ogc.enclosures import ENCLOSURE_FORMATS
from geo_service.ogc.links import JSON
from geo_service.ogc.negotiation import ITEM_FORMATS, ITEMS_FORMATS, JSON_FORMATS, SCHEMA_FORMATS, Formats
from geo_service.ogc.openapi_schemas import TEXTS, responses, schemas
from geo_service.ogc.parameters import MAX_INTEGER, MAX_OFFSET, filter_fields
from geo_service.ogc.presentation import MAX_SORT_FIELDS, MAX_WORDS_LENGTH
from geo_service.ogc.schemas import json_schema

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

Document = dict[str, Any]


def api_definition(api: OgcApi, language: str) -> Document:
    """Return the API definition in `language` for the address of `api`."""
    text = {name: message.text(language) for name, message in TEXTS.items()}
    identification = api.config["metadata"]["identification"]
    contact, licence = api.config["metadata"]["contact"], api.config["metadata"]["license"]
    paths: Document = {
        "/": _get("getLandingPage", text["landing"], ["f", "lang"], "LandingPage", "capabilities"),
        "/openapi": _get("getApiDefinition", text["openapi"], ["f", "lang"], "ApiDefinition", "capabilities"),
        "/conformance": _get(
            "getConformanceDeclaration", text["conformance"], ["f", "lang"], "Conformance", "capabilities"
        ),
        "/collections": _get(
            "getCollections", text["collections"], ["f", "lang"], "Collections", "capabilities"
        ),
        "/codelists": _get("getCodeLists", text["codelists"], ["f", "lang"], "CodeLists", "capabilities"),
        "/codelists/{codeListId}": _get(
            "getCodeList", text["codelist"], ["codeListId", "f", "lang"], "CodeList", "capabilities"
        ),
        "/functions": _get("getFunctions", text["functions"], ["f", "lang"], "Functions", "capabilities"),
    }
    for collection in api.collections.values():
        paths.update(_collection_paths(collection, text, language))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": identification["title"][language],
            "description": identification["description"][language],
            "version": __version__,
            "contact": {name: contact[name] for name in ("name", "email", "url") if contact.get(name)},
            "license": {"name": licence["name"], "url": licence["url"]},
        },
        "servers": [{"url": api.base_url}],
        "tags": [
            {"name": "capabilities", "description": text["capabilities"]},
            *(
                {"name": one.collection_id, "description": one.title.text(language)}
                for one in api.collections.values()
            ),
        ],
        "paths": paths,
        "components": {
            "parameters": _parameters(api, text),
            "schemas": schemas(api.collections.values(), language),
            "responses": responses(api, text),
        },
    }


def _get(
    operation_id: str,
    summary: str,
    parameters: list[str | Document],
    success: str,
    tag: str,
    *,
    empty: bool = False,
) -> Document:
    """Describe a resource that can be read; parameters are names of components or objects of their own."""
    answers = {"200": {"$ref": f"#/components/responses/{success}"}}
    if empty:
        answers["204"] = {"$ref": "#/components/responses/Empty"}
    names = {"304": "NotModified", "400": "InvalidParameter", "404": "NotFound", "406": "NotAcceptable"}
    if success.startswith("item-programme-area"):  # only areas are withdrawn
        names["410"] = "Gone"
    names |= {"500": "ServerError", "503": "Unavailable"}
    answers |= {status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()}
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "tags": [tag],
            "parameters": [
                {"$ref": f"#/components/parameters/{one}"} if isinstance(one, str) else one
                for one in parameters
            ],
            "responses": answers,
        }
    }


def _collection_paths(collection: Collection, text: dict[str, str], language: str) -> Document:
    name = collection.collection_id
    camel = "".join(part.capitalize() for part in name.split("-"))
    url, title = f"/collections/{name}", collection.title.text(language)
    filters: list[str | Document] = [
        _filter_parameter(name, json_schema(field, language))
        for name, field in filter_fields(collection).items()
    ]
    properties = _properties_parameters(collection, text)
    presentation: list[str | Document] = [
        "crs", *properties, "skipGeometry", "zoom-level", "max-allowable-offset",
    ]  # fmt: skip
    standing: list[str | Document] = [
        "limit", "offset", "cursor", "bbox", "bbox-crs", "datetime", "q", _sortby_parameter(collection, text),
        "resultType", *FILTER_PARAMETERS, *presentation, "fItems", "lang",
    ]  # fmt: skip
    paths = {
        url: _get(f"get{camel}", f"{title}: {text['collection']}", ["f", "lang"], "Collection", name),
        f"{url}/items": _get(f"get{camel}Items", title, standing + filters, f"items-{name}", name),
        f"{url}/items/{{itemId}}": _get(
            f"get{camel}Item",
            f"{title}: {text['item']}",
            ["itemId", *presentation, "fItem", "lang"],
            f"item-{name}",
            name,
        ),
    }
    paths[f"{url}/items"] |= _posted(paths[f"{url}/items"]["get"], text)
    for resource in ("schema", "queryables", "sortables", "feature-schema"):
        paths[f"{url}/{resource}"] = _get(
            f"get{camel}{''.join(part.capitalize() for part in resource.split('-'))}",
            f"{title}: {text[resource]}",
            ["f" if resource != "feature-schema" else "fSchema", "lang"],
            "Schema" if resource != "feature-schema" else "FeatureSchema",
            name,
        )
    for one in ENCLOSURE_FORMATS:
        paths[f"{url}/download/{collection.layer_name}{one.extension}"] = _get(
            f"get{camel}{one.name.capitalize()}",
            f"{title}: {text['download']} ({one.title.text(language)}, EPSG:25832)",
            [_format((one,), text), "lang"],
            f"Download{one.name.capitalize()}",
            name,
        )
    return paths


def _posted(get: Document, text: dict[str, str]) -> Document:
    """Describe the POST of a filter to ``/items``: as the GET, with the filter in the body."""
    in_address = [{"$ref": f"#/components/parameters/{name}"} for name in ("filter", "filter-lang")]
    responses = {status: one for status, one in get["responses"].items() if status != "304"}
    return {
        "post": {
            **get,
            "operationId": get["operationId"].replace("get", "query", 1),
            "summary": f"{get['summary']} ({text['posted']})",
            "parameters": [one for one in get["parameters"] if one not in in_address],
            "requestBody": {
                "description": text["posted"],
                "required": True,
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/cql2"}}},
            },
            "responses": responses | {"415": {"$ref": "#/components/responses/UnsupportedMediaType"}},
        }
    }


def _filter_parameter(name: str, schema: Document) -> Document:
    """Describe ``name=value``; an array is asked for one of its elements, an address is compared as text."""
    title, description = schema.pop("title"), schema.pop("description")
    if schema.get("format") == "uri":
        del schema["format"]
    if schema["type"] == "array":
        schema = schema["items"]
    if schema["type"] == "integer":
        schema |= {"minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}
    return _query(name, f"{title}: {description}", schema)


def _sortby_parameter(collection: Collection, text: dict[str, str]) -> Document:
    names = [f"{sign}{field.name}" for field in collection.sortables for sign in ("", "+", "-")]
    return _query("sortby", text["sortby"], {**_names(names), "maxItems": MAX_SORT_FIELDS})


def _properties_parameters(collection: Collection, text: dict[str, str]) -> list[str | Document]:
    names = [field.name for field in collection.fields]
    return [_query(name, text[name], _names(names)) for name in ("properties", "exclude-properties")]


def _names(names: list[str]) -> Document:
    return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}}


def _query(name: str, description: str, schema: Document) -> Document:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _format(formats: Formats, text: dict[str, str]) -> Document:
    names = [one.name for one in formats]
    return _query("f", text["f"], {"type": "string", "enum": names, "default": names[0]})


def _path(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "path", "description": description, "required": True, "schema": schema}


def _parameters(api: OgcApi, text: dict[str, str]) -> Document:
    settings = api.settings
    crs = {
        "type": "string",
        "format": "uri",
        "enum": [one.crs_uri for one in SUPPORTED],
        "default": CRS84_URI,
    }
    number = {"type": "integer", "minimum": 0}
    limit = {
        "type": "integer",
        "minimum": 1,
        "maximum": settings.max_limit,
        "default": settings.default_limit,
    }
    bbox = {
        "type": "array",
        "minItems": 4,
        "maxItems": 6,
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }
    return {
        "limit": _query("limit", text["limit"], limit),
        "offset": _query("offset", text["offset"], {**number, "maximum": MAX_OFFSET, "default": 0}),
        "cursor": _query("cursor", text["cursor"], {"type": "string", "maxLength": MAX_CURSOR_LENGTH}),
        "bbox": _query("bbox", text["bbox"], bbox),
        "bbox-crs": _query("bbox-crs", text["bbox-crs"], crs),
        "crs": _query("crs", text["crs"], crs),
        "datetime": _query("datetime", text["datetime"], {"type": "string"}),
        "filter": _query("filter", text["filter"], {"type": "string", "maxLength": MAX_LENGTH}),
        "filter-lang": _query(
            "filter-lang",
            text["filter-lang"],
            {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
        ),
        "filter-crs": _query("filter-crs", text["filter-crs"], crs),
        "q": _query("q", text["q"], {"type": "string", "minLength": 1, "maxLength": MAX_WORDS_LENGTH}),
        "skipGeometry": _query("skipGeometry", text["skipGeometry"], {"type": "boolean", "default": False}),
        "zoom-level": _query("zoom-level", text["zoom-level"], {"type": "number", "minimum": 0}),
        "max-allowable-offset": _query(
            "max-allowable-offset", text["max-allowable-offset"], {"type": "number", "minimum": 0}
        ),
        "resultType": _query(
            "resultType",
            text["resultType"],
            {"type": "string", "enum": ["results", "hits"], "default": "results"},
        ),
        "f": _format(api.offered(JSON_FORMATS), text),
        "fItems": _format(api.offered(ITEMS_FORMATS), text),
        "fItem": _format(api.offered(ITEM_FORMATS), text),
        "fSchema": _format(SCHEMA_FORMATS, text),
        "lang": _query("lang", text["lang"], {"type": "string", "enum": ["de", "en"], "default": "de"}),
        "itemId": _path("itemId", text["itemId"], {"type": "string"}),
        "codeListId": _path("codeListId", text["codelist"], {"type": "string", "enum": list(CODE_LISTS)}),
        **{
            name: _query(name, text["let-through"], {"type": "string"})
            for name in settings.let_through_parameters
        },
    }
