"""The part of the API definition that is about each collection: itself, its features and what describes them."""

from __future__ import annotations

from geo_service.domain.collections import Collection
from geo_service.ogc.cql2.parameters import FILTER_PARAMETERS
from geo_service.ogc.enclosures import ENCLOSURE_FORMATS, STEADY_FORMATS
from geo_service.ogc.links import JSON
from geo_service.ogc.openapi.parts import (
    Document,
    Parameters,
    camel_case,
    filter_parameters,
    format_parameter,
    get_operation,
    names_schema,
    parameter_ref,
    query_parameter,
    response_refs,
    schema_ref,
)
from geo_service.ogc.presentation import MAX_SORT_FIELDS

# What tells of a collection's fields: the parameters for its format, and its answer.
DESCRIPTIONS: dict[str, tuple[Parameters, str]] = {
    "schema": (["f", "profileSchema"], "Schema"),
    "queryables": (["f", "profileSchema"], "Schema"),
    "sortables": (["f", "profileSchema"], "Schema"),
    "feature-schema": (["fSchema"], "FeatureSchema"),
}


def collection_paths(collection: Collection, text: dict[str, str], language: str) -> Document:
    """Describe the addresses of a collection, but for its tiles."""
    name = collection.collection_id
    camel = camel_case(name)
    url, title = f"/collections/{name}", collection.title.text(language)
    properties = _properties_parameters(collection, text)
    presentation: Parameters = [
        "crs", *properties, "skipGeometry", "zoom-level", "max-allowable-offset", "profile",
    ]  # fmt: skip
    standing: Parameters = [
        "limit", "offset", "cursor", "bbox", "bbox-crs", "datetime", "q", _sortby_parameter(collection, text),
        "resultType", *FILTER_PARAMETERS, *presentation, "fItems", "lang",
    ]  # fmt: skip
    searched = [*standing, *filter_parameters(collection, language)]
    item = ["itemId", *presentation, "fItem", "lang"]
    items = get_operation(f"get{camel}Items", title, searched, f"items-{name}", name)
    paths = {
        url: get_operation(
            f"get{camel}", f"{title}: {text['collection']}", ["f", "lang"], "Collection", name
        ),
        f"{url}/items": {**items, **_posted(items["get"], text)},
        f"{url}/items/{{itemId}}": get_operation(
            f"get{camel}Item", f"{title}: {text['item']}", item, f"item-{name}", name
        ),
    }
    for resource, (parameters, answer) in DESCRIPTIONS.items():
        paths[f"{url}/{resource}"] = get_operation(
            f"get{camel}{camel_case(resource)}",
            f"{title}: {text[resource]}",
            [*parameters, "lang"],
            answer,
            name,
        )
    for one in ENCLOSURE_FORMATS:
        paths[f"{url}/download/{collection.layer_name}{one.extension}"] = get_operation(
            f"get{camel}{one.name.capitalize()}",
            f"{title}: {text['download']} ({one.title.text(language)}, EPSG:25832)",
            [format_parameter((one,), text), "lang"],
            f"Download{one.name.capitalize()}",
            name,
            in_parts=one in STEADY_FORMATS,
        )
    return paths


def _posted(get: Document, text: dict[str, str]) -> Document:
    """Describe the POST of a filter to ``/items``: as the GET, with the filter in the body."""
    in_address = [parameter_ref(name) for name in ("filter", "filter-lang")]
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
                "content": {JSON: {"schema": schema_ref("cql2")}},
            },
            "responses": responses | response_refs({"415": "UnsupportedMediaType"}),
        }
    }


def _sortby_parameter(collection: Collection, text: dict[str, str]) -> Document:
    names = [f"{sign}{field.name}" for field in collection.sortables for sign in ("", "+", "-")]
    return query_parameter("sortby", text["sortby"], {**names_schema(names), "maxItems": MAX_SORT_FIELDS})


def _properties_parameters(collection: Collection, text: dict[str, str]) -> Parameters:
    names = [field.name for field in collection.fields]
    return [
        query_parameter(name, text[name], names_schema(names))
        for name in ("properties", "exclude-properties")
    ]
