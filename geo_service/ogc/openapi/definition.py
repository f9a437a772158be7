"""The API definition as a whole, made from the field definitions and the collections that are published.

It describes every address and parameter that exists and no other. ``limit`` is a component that paths refer
to, since QGIS and GDAL take their page size from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_service import __version__
from geo_service.domain.code_lists import CODE_LISTS, LANGUAGES
from geo_service.domain.cql2 import MAX_LENGTH
from geo_service.domain.crs import CRS84_URI, SUPPORTED
from geo_service.ogc.cql2.parameters import FILTER_LANGUAGES
from geo_service.ogc.cursors import MAX_CURSOR_LENGTH
from geo_service.ogc.negotiation import ITEM_FORMATS, ITEMS_FORMATS, JSON_FORMATS, SCHEMA_FORMATS
from geo_service.ogc.openapi.collections import collection_paths
from geo_service.ogc.openapi.parts import (
    STRING,
    WHOLE,
    Document,
    enum_schema,
    format_parameter,
    get_operation,
    in_language,
    path_parameter,
    query_parameter,
)
from geo_service.ogc.openapi.processes import add_processes
from geo_service.ogc.openapi.qgis import add_qgis
from geo_service.ogc.openapi.schemas import responses, schemas
from geo_service.ogc.openapi.styles import add_styles
from geo_service.ogc.openapi.texts import TEXTS
from geo_service.ogc.openapi.tiles import add_tiles
from geo_service.ogc.parameters import MAX_OFFSET
from geo_service.ogc.presentation import MAX_WORDS_LENGTH
from geo_service.ogc.profiles import MAX_PROFILES, NAME_PATTERN
from geo_service.ogc.profiles import PARAMETER as PROFILE

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

TAG = "capabilities"
# Operation, text and answer of what is there once.
CAPABILITIES = {
    "/": ("getLandingPage", "landing", "LandingPage"),
    "/openapi": ("getApiDefinition", "openapi", "ApiDefinition"),
    "/conformance": ("getConformanceDeclaration", "conformance", "Conformance"),
    "/collections": ("getCollections", "collections", "Collections"),
    "/codelists": ("getCodeLists", "codelists", "CodeLists"),
    "/codelists/{codeListId}": ("getCodeList", "codelist", "CodeList"),
    "/functions": ("getFunctions", "functions", "Functions"),
}
_CRS: Document = {
    "type": "string",
    "format": "uri",
    "enum": [one.crs_uri for one in SUPPORTED],
    "default": CRS84_URI,
}
_BBOX: Document = {
    "type": "array",
    "minItems": 4,
    "maxItems": 6,
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    "items": {"type": "number"},
}

_PROFILE: Document = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_PROFILES,
    "items": {**STRING, "pattern": f"^{NAME_PATTERN}$"},
}


def api_definition(api: OgcApi, language: str) -> Document:
    """Return the API definition in `language` for the address of `api`."""
    definition = _features(api, language)
    for add in (add_tiles, add_styles, add_processes, add_qgis):
        add(definition, api, language)
    return definition


def _features(api: OgcApi, language: str) -> Document:
    """Describe capabilities and features: what the other parts add to."""
    text = in_language(TEXTS, language)
    identification = api.config["metadata"]["identification"]
    contact, licence = api.config["metadata"]["contact"], api.config["metadata"]["license"]
    collections = tuple(api.collections.values())
    paths: Document = {}
    for path, (operation_id, summary, answer) in CAPABILITIES.items():
        variable = ["codeListId"] if "{codeListId}" in path else []
        parameters = [*variable, "f", "lang"]
        paths[path] = get_operation(operation_id, text[summary], parameters, answer, TAG)
    for collection in collections:
        paths |= collection_paths(collection, text, language)
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
            {"name": TAG, "description": text[TAG]},
            *({"name": one.collection_id, "description": one.title.text(language)} for one in collections),
        ],
        "paths": paths,
        "components": {
            "parameters": _parameters(api, text),
            "schemas": schemas(collections, language),
            "responses": responses(api, text),
        },
    }


def _parameters(api: OgcApi, text: dict[str, str]) -> Document:
    """Return the parameters that several paths refer to."""
    asked = {name: query_parameter(name, text[name], schema) for name, schema in _asked(api).items()}
    let_through = {
        name: query_parameter(name, text["let-through"], STRING)
        for name in api.settings.let_through_parameters
    }
    return {
        **asked,
        "f": format_parameter(api.offered(JSON_FORMATS), text),
        "fItems": format_parameter(api.offered(ITEMS_FORMATS), text),
        "fItem": format_parameter(api.offered(ITEM_FORMATS), text),
        "fSchema": format_parameter(SCHEMA_FORMATS, text),
        "profile": query_parameter(PROFILE, text["profile"], _PROFILE),
        "profileSchema": query_parameter(PROFILE, text["profile-schema"], _PROFILE),
        "itemId": path_parameter("itemId", text["itemId"], STRING),
        "codeListId": path_parameter("codeListId", text["codelist"], enum_schema(CODE_LISTS)),
        **let_through,
    }


def _asked(api: OgcApi) -> dict[str, Document]:
    """Return what values the parameters of the address take that mean the same wherever they stand."""
    settings = api.settings
    limits = {"minimum": 1, "maximum": settings.max_limit, "default": settings.default_limit}
    distance = {"type": "number", "minimum": 0}
    return {
        "limit": {"type": "integer", **limits},
        "offset": {**WHOLE, "maximum": MAX_OFFSET, "default": 0},
        "cursor": {**STRING, "maxLength": MAX_CURSOR_LENGTH},
        "bbox": _BBOX,
        "bbox-crs": _CRS,
        "crs": _CRS,
        "datetime": STRING,
        "filter": {**STRING, "maxLength": MAX_LENGTH},
        "filter-lang": {**enum_schema(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
        "filter-crs": _CRS,
        "q": {**STRING, "minLength": 1, "maxLength": MAX_WORDS_LENGTH},
        "skipGeometry": {"type": "boolean", "default": False},
        "zoom-level": distance,
        "max-allowable-offset": distance,
        "resultType": {**enum_schema(("results", "hits")), "default": "results"},
        "lang": {**enum_schema(LANGUAGES), "default": LANGUAGES[0]},
    }
