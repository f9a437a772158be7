"""The building blocks of the API definition: schemas, parameters, operations and answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from geo_service.domain.collections import Collection
from geo_service.errors import Message
from geo_service.ogc.negotiation import Formats
from geo_service.ogc.parameters import MAX_INTEGER, filter_fields
from geo_service.ogc.schemas import json_schema

Document = dict[str, Any]
Parameters = list[str | Document]  # names of components, or parameters themselves

STRING: Document = {"type": "string"}
BINARY: Document = {"type": "string", "format": "binary"}
URI: Document = {"type": "string", "format": "uri"}
WHOLE: Document = {"type": "integer", "minimum": 0}
OBJECT: Document = {"type": "object"}
STRINGS: Document = {"type": "array", "items": STRING}
OBJECTS: Document = {"type": "array", "items": OBJECT}
LINKS: Document = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def in_language(texts: Mapping[str, Message], language: str) -> dict[str, str]:
    """Return the texts of a part of the definition in one language."""
    return {name: message.text(language) for name, message in texts.items()}


def camel_case(name: str) -> str:
    """Return ``programme-areas`` as ``ProgrammeAreas``, for identifiers of operations."""
    return "".join(part.capitalize() for part in re.split(r"[-_.]", name))


def object_schema(properties: Document, required: list[str]) -> Document:
    """Describe a JSON object; it may have other members, too."""
    return {"type": "object", "required": required, "properties": properties}


def schema_ref(name: str) -> Document:
    """Refer to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def parameter_ref(name: str) -> Document:
    """Refer to one of the document's parameters."""
    return {"$ref": f"#/components/parameters/{name}"}


def response_refs(names: Mapping[str, str]) -> Document:
    """Refer to answers of the document, by status."""
    return {status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()}


def array_of(name: str) -> Document:
    """Describe an array of what one of the document's schemas describes."""
    return {"type": "array", "items": schema_ref(name)}


def enum_schema(names: Iterable[str]) -> Document:
    """Describe a text that is one of some names."""
    return {**STRING, "enum": list(names)}


def response(description: str, media_type: str, schema: Document) -> Document:
    """Describe an answer in one media type."""
    return {"description": description, "content": {media_type: {"schema": schema}}}


def get_operation(
    operation_id: str,
    summary: str,
    parameters: Parameters,
    success: str,
    tag: str,
    *,
    empty: bool = False,
    in_parts: bool = False,
) -> Document:
    """Describe a resource that can be read; `success` is the name of its answer among the components."""
    answers = {"200": success} | ({"204": "Empty"} if empty else {})
    if in_parts:
        answers |= {"206": success, "416": "RangeNotSatisfiable"}
    answers |= {"304": "NotModified", "400": "InvalidParameter", "404": "NotFound", "406": "NotAcceptable"}
    if success.startswith("item-programme-area"):  # only areas are withdrawn
        answers["410"] = "Gone"
    answers |= {"500": "ServerError", "503": "Unavailable"}
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "tags": [tag],
            "parameters": [parameter_ref(one) if isinstance(one, str) else one for one in parameters],
            "responses": response_refs(answers),
        }
    }


def names_schema(names: Iterable[str]) -> Document:
    """Describe a list of one or more of some names."""
    return {"type": "array", "minItems": 1, "items": enum_schema(names)}


def query_parameter(name: str, description: str, schema: Document) -> Document:
    """Describe ``name=value`` in the address; values of a list are separated by commas."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def format_parameter(formats: Formats, text: Mapping[str, str]) -> Document:
    """Describe ``f``; the first of the formats is what is answered without it."""
    names = [one.name for one in formats]
    return query_parameter("f", text["f"], {"type": "string", "enum": names, "default": names[0]})


def path_parameter(name: str, description: str, schema: Document) -> Document:
    """Describe a variable part of the address."""
    return {"name": name, "in": "path", "description": description, "required": True, "schema": schema}


def filter_parameters(collection: Collection, language: str) -> Parameters:
    """Describe ``name=value`` for each field of a collection that can be filtered by."""
    return [
        _filter_parameter(name, json_schema(field, language))
        for name, field in filter_fields(collection).items()
    ]


def _filter_parameter(name: str, schema: Document) -> Document:
    """Describe ``name=value``; an array is asked for one of its elements, an address is compared as text."""
    title, description = schema.pop("title"), schema.pop("description")
    if schema.get("format") == "uri":
        del schema["format"]
    if schema["type"] == "array":
        schema = schema["items"]
    if schema["type"] == "integer":
        schema |= {"minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}
    return query_parameter(name, f"{title}: {description}", schema)
