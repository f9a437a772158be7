"""Schemas (all fields, queryables, sortables) and code lists as tables; and any other document as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo_service.domain.collections import COLLECTIONS
from geo_service.web.api_pages.context import ApiContext, Document
from geo_service.web.api_pages.links import link_entries

TITLES = {
    "schema": ("api.schema", "api.schema.lead"),
    "queryables": ("api.queryables", "api.queryables.lead"),
    "sortables": ("api.sortables", "api.sortables.lead"),
}


def schema(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show the properties of a JSON Schema: title, type, codes and role of each."""
    collection = COLLECTIONS.get(context.values.get("collection_id", ""))
    properties = document.get("properties", {})
    return {
        "title": context.text(TITLES[context.resource][0]),
        "lead": context.text(TITLES[context.resource][1]),
        "collection_title": collection.title.text(context.page.language) if collection else None,
        "fields": [_field(name, one, context) for name, one in properties.items()],
    }


def code_lists(document: Document, context: ApiContext) -> dict[str, Any]:
    """List the code lists."""
    return {
        "title": context.text("api.code_lists"),
        "lead": context.text("api.code_lists.lead"),
        "lists": [
            {**each, "href": context.link(f"/codelists/{each['id']}")} for each in document["codelists"]
        ],
    }


def code_list(document: Document, _context: ApiContext) -> dict[str, Any]:
    """Show a code list: each code with its labels, and what a missing value is called."""
    return {
        "title": document["title"],
        "id": document["id"],
        "codes": document["codes"],
        "null": document.get("null"),
    }


def functions(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show the functions that filters may call, written as they are called."""
    return {
        "title": context.text("api.functions"),
        "lead": context.text("api.functions.lead"),
        "functions": [
            {
                **each,
                "types": [" | ".join(one.get("type", ())) for one in each.get("arguments", ())],
                "result": " | ".join(each.get("returns", ())),
            }
            for each in document["functions"]
        ],
    }


def generic(document: Any, context: ApiContext) -> dict[str, Any]:
    """Show a document that has no page of its own: member by member, with its links."""
    members = document if isinstance(document, Mapping) else {"": document}
    links = link_entries(members.get("links", ()), context) if "links" in members else []
    title = members.get("title")
    return {
        "title": title if isinstance(title, str) else context.page.path.rpartition("/")[2],
        "lead": members.get("description") if isinstance(members.get("description"), str) else None,
        "members": {
            key: value for key, value in members.items() if key not in ("links", "title", "description")
        },
        "links": links,
    }


def _field(name: str, schema: Mapping[str, Any], context: ApiContext) -> dict[str, Any]:
    items = schema.get("items", {})
    codes = schema.get("enum") or items.get("enum") or ()
    return {
        "name": name,
        "title": schema.get("title", name),
        "description": schema.get("description", ""),
        "type": _type(schema),
        "role": schema.get("x-ogc-role"),
        "codes": [code for code in codes if code is not None],
        "code_list": _code_list_href(schema, context),
        "unit": schema.get("x-ogc-unit"),
    }


def _code_list_href(schema: Mapping[str, Any], context: ApiContext) -> str | None:
    """Return the address of the page of a field's code list, in the language of this one."""
    uri = schema.get("x-ogc-codelistUri") or schema.get("items", {}).get("x-ogc-codelistUri")
    return context.link(f"/codelists/{str(uri).rpartition('/')[2]}") if uri else None


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        kind = " | ".join(each for each in kind if each != "null")
    if kind == "array":
        return f"{_type(schema.get('items', {}))}[]"
    if str(schema.get("format", "")).startswith("geometry"):
        return str(schema["format"])
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
