"""JSON Schema of a field, from the one field definition."""

from __future__ import annotations

from typing import Any

from geo_service.domain.fields import Field

TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "string-array": {"type": "array", "items": {"type": "string"}},
}


def json_schema(field: Field, language: str) -> dict[str, Any]:
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
