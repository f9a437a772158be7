"""The API definition as a page: addresses, parameters and answers, out of the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from geo_service.web.api_pages.context import ApiContext, Document
from geo_service.web.api_pages.links import type_name

# Values for the examples, where the document itself gives none. They select something in any data of NRW.
EXAMPLES = {
    "limit": "10",
    "bbox": "7.4,51.4,7.6,51.6",
    "datetime": "2008-01-01/2008-12-31",
    "tileMatrix": "8",
    "tileRow": "85",
    "tileCol": "133",
}
# What an example of a page of features asks for: enough to see how parameters look.
EXAMPLE_QUERY = ("limit", "bbox")
MAX_CODES = 20


def definition(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show operations by tag, each with parameters, answers and an example, and the schemas at the end."""
    base = document["servers"][0]["url"]
    operations = [
        _operation(document, path, method, operation, base, context)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    tags = [
        {
            "name": tag["name"],
            "anchor": f"tag-{tag['name']}",
            "title": tag.get("description") or tag["name"],
            "operations": [one for one in operations if tag["name"] in one["tags"]],
        }
        for tag in document.get("tags", ())
    ]
    info = document["info"]
    return {
        "title": context.text("api.definition"),
        "lead": info.get("description"),
        "base": base,
        "version": info["version"],
        "openapi": document["openapi"],
        "contact": info.get("contact", {}),
        "licence": info.get("license"),
        "tags": [tag for tag in tags if tag["operations"]],
        "schemas": [_schema(document, name, one) for name, one in _components(document, "schemas").items()],
    }


def resolved(document: Document, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow local references to what they stand for."""
    while "$ref" in value:
        target: Any = document
        for part in str(value["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _components(document: Document, kind: str) -> Mapping[str, Any]:
    components: Mapping[str, Any] = document.get("components", {}).get(kind, {})
    return components


def _operation(
    document: Document,
    path: str,
    method: str,
    operation: Mapping[str, Any],
    base: str,
    context: ApiContext,
) -> dict[str, Any]:
    parameters = [resolved(document, one) for one in operation.get("parameters", ())]
    body = resolved(document, operation["requestBody"]) if "requestBody" in operation else None
    example = _example(path, parameters) if method == "get" else None
    return {
        "anchor": re.sub(r"[^A-Za-z0-9_-]+", "-", operation["operationId"]),
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description"),
        "tags": operation.get("tags", ()),
        "parameters": [_parameter(one, context) for one in parameters],
        "body_types": list(body["content"]) if body else [],
        "answers": [_answer(document, status, one) for status, one in operation.get("responses", {}).items()],
        "example": f"{base}{example}" if example is not None else None,
        "example_href": context.local(f"{base}{example}", f=_format(parameters)),
    }


def _parameter(one: Mapping[str, Any], context: ApiContext) -> dict[str, Any]:
    schema = one.get("schema", {})
    items = schema.get("items", {})
    codes = [str(code) for code in schema.get("enum") or items.get("enum") or ()]
    bounds = [
        f"{sign}\u00a0{schema[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in schema
    ]
    return {
        "name": one["name"],
        "where": context.text(f"api.definition.in.{one['in']}"),
        "required": one.get("required", False),
        "description": one.get("description", ""),
        "type": _type_text(schema),
        "codes": [*codes[:MAX_CODES], *(["…"] if len(codes) > MAX_CODES else [])],
        "bounds": bounds,
        "default": schema.get("default"),
        "example": one.get("example") or EXAMPLES.get(one["name"]),
    }


def _answer(document: Document, status: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    found = resolved(document, answer)
    content = found.get("content", {})
    schemas = [
        str(one["schema"]["$ref"]).rpartition("/")[2]
        for one in content.values()
        if "$ref" in one.get("schema", {})
    ]
    return {
        "status": status,
        "good": status.startswith("2"),
        "description": found.get("description", ""),
        "types": [type_name(name) for name in content],
        "schemas": list(dict.fromkeys(schemas)),
    }


def _schema(document: Document, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    found = resolved(document, schema)
    required = found.get("required", ())
    properties = found.get("properties", {})
    if "properties" in properties and "properties" in properties["properties"]:
        inner = properties["properties"]
        properties = {key: value for key, value in properties.items() if key != "properties"}
        properties |= {f"properties.{key}": value for key, value in inner["properties"].items()}
    return {
        "name": name,
        "type": _type_text(found),
        "properties": [
            {
                "name": key,
                "required": key in required,
                "type": _type_text(one),
                "ref": _reference(one),
                "title": one.get("title", ""),
                "codes": [str(code) for code in _codes(one) if code is not None][:MAX_CODES],
            }
            for key, one in properties.items()
        ],
    }


def _codes(schema: Mapping[str, Any]) -> Any:
    return schema.get("enum") or schema.get("items", {}).get("enum") or ()


def _reference(schema: Mapping[str, Any]) -> str | None:
    target = schema.get("$ref") or schema.get("items", {}).get("$ref")
    return str(target).rpartition("/")[2] if target else None


def _type_text(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    kind = schema.get("type", "")
    if kind == "array":
        return f"{_type_text(schema.get('items', {}))}[]"
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _example(path: str, parameters: list[Mapping[str, Any]]) -> str | None:
    """Return an address that answers, or None where only the data know one (an item's identifier)."""
    values = {}
    for one in parameters:
        value = one.get("example") or EXAMPLES.get(one["name"]) or (one["schema"].get("enum") or [None])[0]
        if one["in"] == "path" and value is None:
            return None
        values[one["name"]] = str(value)
    names = {one["name"] for one in parameters if one["in"] == "query"}
    query = {name: values[name] for name in EXAMPLE_QUERY if name in names}
    filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path)
    filled = "" if filled == "/" else filled
    return filled + (f"?{urlencode(query, safe=',')}" if query else "")


def _format(parameters: list[Mapping[str, Any]]) -> str | None:
    """Return the format that an example asks for, so that it shows what a program gets."""
    for one in parameters:
        if one["name"] == "f":
            default = one["schema"].get("default")
            return str(default) if default else None
    return None
