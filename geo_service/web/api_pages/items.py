"""A page of features as a table and a single one in full, with the ways between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.fields import Field
from geo_service.ogc.answering import PAGE_LIMIT
from geo_service.web import formats
from geo_service.web.api_pages.context import ApiContext, Document, by_relation
from geo_service.web.api_pages.filter_form import active_filters, filter_form
from geo_service.web.api_pages.links import link_entries
from geo_service.web.api_pages.values import Value, view_value

PERIOD = "period"  # a column made of start, end and status
COLUMNS = {
    "programme-areas": ("name", "municipality", "status", "programme", PERIOD, "area_ha", "geom_basis"),
    "programme-area-points": ("name", "municipality", "status", "programme", PERIOD, "area_ha", "geom_basis"),
    "events": ("title_de", "title_en", "begin_date", "end_date", "place", "municipality", "event_status"),
    "municipalities": ("name", "ags", "district", "government_region", "participation", "attr_basis"),
}
SORT_KEYS = {PERIOD: "start_year"}
# What the map needs not, or must not be asked for with: it draws CRS84 and shows what the table shows.
NOT_FOR_THE_MAP = ("crs", "properties", "exclude-properties", "skipGeometry", "profile", "f")


@dataclass(frozen=True)
class Column:
    """A column of the table; `sort_href` sorts by it, or the other way round."""

    name: str
    title: str
    sort_href: str | None = None
    direction: str | None = None


@dataclass(frozen=True)
class Row:
    """One feature in the table."""

    item_id: str
    href: str
    values: tuple[Value, ...]


def items(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show one page of features: filters, number of matches, table, map and the pages around it."""
    collection = COLLECTIONS[context.values["collection_id"]]
    features = document["features"]
    title = collection.title.text(context.page.language)
    names = _column_names(collection, features, context)
    relations = by_relation(document)
    return {
        "title": title,
        "collection_href": context.link(f"/collections/{collection.collection_id}"),
        "columns": [_column(collection, name, context) for name in names],
        "rows": [_row(collection, names, feature, context) for feature in features],
        "matched": document.get("numberMatched"),
        "returned": len(features),
        "counted": _count_text(document, context),
        "filters": active_filters(collection, context),
        "form": filter_form(collection, context),
        "reset_href": context.link(f"/collections/{collection.collection_id}/items"),
        "first_href": context.changed() if _is_inside(context) else None,
        "prev_href": _first(relations.get("prev"), context),
        "next_href": _first(relations.get("next"), context),
        "map": {"data": _map_data(context), "bbox": None} if features else None,
    }


def item(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show one feature: every property with its title, where it lies, and what describes it."""
    collection = COLLECTIONS[context.values["collection_id"]]
    properties = document["properties"]
    relations = by_relation(document)
    profile = link_entries(relations.pop("describedby", ()), context)
    for shown in ("self", "alternate", "collection", "root"):
        relations.pop(shown, None)
    return {
        "title": properties.get("name") or str(document["id"]),
        "collection_title": collection.title.text(context.page.language),
        "status": view_value(collection.field("status"), properties["status"], context.page)
        if "status" in properties
        else None,
        "facts": [_fact(collection, name, value, context) for name, value in properties.items()],
        "profile": profile[0] if profile else None,
        "more": link_entries([each for group in relations.values() for each in group], context),
        "map": {"data": context.same(NOT_FOR_THE_MAP, f="json"), "bbox": None}
        if document.get("geometry") or context.argument("skipGeometry")
        else None,
        "geometry_type": (document.get("geometry") or {}).get("type"),
        "neighbours_href": context.link(f"/collections/{collection.collection_id}/items"),
    }


def _column_names(
    collection: Collection, features: Sequence[Mapping[str, Any]], context: ApiContext
) -> list[str]:
    """Return the columns: those that say most, or exactly those that somebody selected."""
    given = features[0]["properties"] if features else {}
    if context.argument("properties") or context.argument("exclude-properties"):
        return [name for name in given if collection.field(name)]
    chosen = COLUMNS.get(collection.collection_id, tuple(given)[:7])
    return [name for name in chosen if not given or name in given or name == PERIOD]


def _column(collection: Collection, name: str, context: ApiContext) -> Column:
    field = collection.field(name)
    title = context.text("fact.period") if name == PERIOD else _short_title(field, name, context)
    if "sortby" not in context.allowed:
        return Column(name, title)
    key = SORT_KEYS.get(name, name)
    current = (context.argument("sortby") or "").lstrip("+")
    direction = {key: "ascending", f"-{key}": "descending"}.get(current)
    target = f"-{key}" if direction == "ascending" else key
    return Column(name, title, context.changed(sortby=target), direction)


def _short_title(field: Field | None, name: str, context: ApiContext) -> str:
    if field is None:
        return name
    if field.name == "status":
        return field.code_list.title.text(context.page.language) if field.code_list else name
    return field.title.text(context.page.language)


def _row(
    collection: Collection, names: Sequence[str], feature: Mapping[str, Any], context: ApiContext
) -> Row:
    item_id, properties = str(feature["id"]), feature["properties"]
    values = tuple(
        Value(_period(properties, context))
        if name == PERIOD
        else view_value(collection.field(name), properties.get(name), context.page)
        for name in names
    )
    return Row(item_id, context.link(f"/collections/{collection.collection_id}/items/{item_id}"), values)


def _period(properties: Mapping[str, Any], context: ApiContext) -> str:
    known = any(properties.get(name) for name in ("start_date", "end_date", "start_year", "end_year"))
    return formats.period(properties, context.page.language) if known else ""


def _fact(collection: Collection, name: str, value: Any, context: ApiContext) -> dict[str, Any]:
    field = collection.field(name)
    shown = view_value(field, value, context.page)
    return {
        "name": name,
        "title": field.title.text(context.page.language) if field else name,
        "description": field.description.text(context.page.language) if field else "",
        "value": replace(shown, href=context.local(shown.href)) if shown.href else shown,
    }


def _count_text(document: Document, context: ApiContext) -> str:
    matched, returned = document.get("numberMatched"), len(document["features"])
    language = context.page.language
    if matched is None:
        return context.text("api.items.returned", count=formats.number(returned, language, 0))
    if matched == 1:
        return context.text("api.items.one")
    key = "api.items.matched" if matched > returned else "api.items.all"
    return context.text(
        key,
        count=formats.number(matched, language, 0),
        returned=formats.number(returned, language, 0),
    )


def _is_inside(context: ApiContext) -> bool:
    """Tell whether the page is not the first one of its result."""
    return bool(context.argument("cursor")) or context.argument("offset") not in (None, "", "0")


def _first(links: Sequence[Mapping[str, Any]] | None, context: ApiContext) -> str | None:
    return context.local(str(links[0]["href"])) if links else None


def _map_data(context: ApiContext) -> str:
    limit = {} if context.argument("limit") else {"limit": PAGE_LIMIT}
    return context.same(NOT_FOR_THE_MAP, **limit, f="json")
