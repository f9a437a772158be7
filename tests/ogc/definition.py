"""The API definition as tests read it: its references followed, its schemas as JSON Schema."""

from __future__ import annotations

from typing import Any


def resolve(definition: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Follow a local reference."""
    while "$ref" in value:
        target: Any = definition
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def json_schema(definition: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of the definition as JSON Schema, with the components that it refers to."""
    return {**_strict(schema), "components": _strict(definition["components"])}


def _strict(value: Any) -> Any:
    """Turn OpenAPI's ``nullable`` into JSON Schema."""
    if isinstance(value, dict):
        result = {key: _strict(inner) for key, inner in value.items() if key != "nullable"}
        if value.get("nullable") is True and isinstance(value.get("type"), str):
            result["type"] = [value["type"], "null"]
        return result
    return [_strict(one) for one in value] if isinstance(value, list) else value
