"""Landing page, conformance classes and collections: from their documents to what the templates show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from geo_service.domain.collections import COLLECTIONS
from geo_service.web import formats
from geo_service.web.api_pages.context import ApiContext, Document, by_relation
from geo_service.web.api_pages.links import Entry, data_entries, link_entries

# The landing page's ways into the API, in the order in which people look for them.
LANDING_RELATIONS = {
    "data": "api.landing.data",
    "service-desc": "api.landing.openapi",
    "conformance": "api.landing.conformance",
    "tilesets-vector": "api.landing.tiles",
    "styles": "api.landing.styles",
    "tiling-schemes": "api.landing.tiling",
    "help": "api.landing.qgis_page",
    "related": "api.landing.code_lists",
    "functions": "api.landing.functions",
}
STANDARDS = {
    "ogcapi-common-1": "OGC API – Common – Part 1: Core",
    "ogcapi-common-2": "OGC API – Common – Part 2: Geospatial Data",
    "ogcapi-common-3": "OGC API – Common – Part 3: Schemas",
    "ogcapi-features-1": "OGC API – Features – Part 1: Core",
    "ogcapi-features-2": "OGC API – Features – Part 2: Coordinate Reference Systems by Reference",
    "ogcapi-features-3": "OGC API – Features – Part 3: Filtering",
    "ogcapi-features-4": "OGC API – Features – Part 4: Create, Replace, Update and Delete",
    "ogcapi-features-5": "OGC API – Features – Part 5: Schemas",
    "ogcapi-features-6": "OGC API – Features – Part 6: Property Selection",
    "ogcapi-features-7": "OGC API – Features – Part 7: Geometry Simplification",
    "ogcapi-features-8": "OGC API – Features – Part 8: Sorting",
    "ogcapi-features-9": "OGC API – Features – Part 9: Text Search",
    "ogcapi-processes-1": "OGC API – Processes – Part 1: Core",
    "ogcapi-styles-1": "OGC API – Styles – Part 1: Core",
    "ogcapi-tiles-1": "OGC API – Tiles – Part 1: Core",
    "ogcapi-records-1": "OGC API – Records – Part 1: Core",
    "cql2": "Common Query Language (CQL2)",
    "json-fg-1": "OGC Features and Geometries JSON – Part 1: Core",
    "tms": "Two Dimensional Tile Matrix Set and Tile Set Metadata",
}
CONFORMANCE_URI = re.compile(
    r"https?://www\.opengis\.net/spec/(?P<standard>[^/]+)/(?P<version>[^/]+)/.+/(?P<name>[^/]+)"
)
EPSG_URI = re.compile(r"https?://www\.opengis\.net/def/crs/(?P<authority>[A-Z]+)/[^/]+/(?P<code>\w+)")


def landing(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show title, description and the ways into the API."""
    relations = by_relation(document)
    ways = [
        Entry(entry.title, entry.href, entry.media_type, context.text(key))
        for relation, key in LANDING_RELATIONS.items()
        for entry in link_entries(relations.get(relation, ())[:1], context)
    ]
    relations = {
        relation: group[1:] if relation in LANDING_RELATIONS else group
        for relation, group in relations.items()
    }
    for shown in ("self", "alternate", "service-doc"):
        relations.pop(shown, None)
    more = [each for group in relations.values() for each in group]
    return {
        "title": document["title"],
        "lead": document.get("description"),
        "address": f"{context.page.base}/api",
        "ways": ways,
        "more": link_entries(more, context),
        "attribution": document.get("attribution"),
    }


def conformance(document: Document, context: ApiContext) -> dict[str, Any]:
    """Group the conformance classes by the standard that defines them."""
    groups: dict[str, list[dict[str, str]]] = {}
    for uri in document["conformsTo"]:
        match = CONFORMANCE_URI.fullmatch(uri)
        standard, version = (match["standard"], match["version"]) if match else ("", "")
        title = f"{STANDARDS.get(standard, standard)} {version}".strip()
        groups.setdefault(title, []).append({"name": match["name"] if match else uri, "uri": uri})
    return {
        "title": context.text("api.conformance"),
        "lead": context.text("api.conformance.lead"),
        "groups": groups,
        "count": len(document["conformsTo"]),
    }


def collections(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show each collection with its number of features and the ways to them."""
    return {
        "title": context.text("api.collections"),
        "lead": context.text("api.collections.lead"),
        "collections": [_summary(each, context) for each in document["collections"]],
    }


def collection(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show all that is known of a collection: extent, reference systems, ways to the data, fields."""
    relations = by_relation(document)
    for shown in ("self", "root", "alternate"):
        relations.pop(shown, None)
    formats_of_items = relations.pop("items", [])
    downloads = relations.pop("enclosure", [])
    licences = relations.pop("license", [])
    more = [each for group in relations.values() for each in group]
    return {
        **_summary(document, context),
        "lead": document.get("description"),
        "keywords": document.get("keywords", ()),
        "downloads": data_entries(downloads, context),
        "formats_of_items": data_entries(formats_of_items, context),
        "licences": link_entries(licences, context),
        "more": link_entries(more, context),
        "systems": [_system(uri) for uri in document.get("crs", ())],
        "storage": _system(document["storageCrs"]) if "storageCrs" in document else None,
        "fields": _fields(document["id"], context),
        "map": {"bbox": _bbox(document)},
    }


def _summary(document: Document, context: ApiContext) -> dict[str, Any]:
    relations = by_relation(document)
    collection_id = document["id"]
    tiles = link_entries(relations.get("tilesets-vector", ()), context)
    return {
        "id": collection_id,
        "title": document.get("title", collection_id),
        "description": document.get("description"),
        "href": context.link(f"/collections/{collection_id}"),
        "items_href": context.link(f"/collections/{collection_id}/items"),
        "tiles_href": tiles[0].href if tiles else None,
        "count": document.get("itemCount"),
        "bbox": _bbox(document),
        "interval": _interval(document, context),
    }


def _bbox(document: Document) -> list[float] | None:
    boxes = document.get("extent", {}).get("spatial", {}).get("bbox")
    return list(boxes[0]) if boxes else None


def _interval(document: Document, context: ApiContext) -> str | None:
    intervals = document.get("extent", {}).get("temporal", {}).get("interval")
    if not intervals:
        return None
    start, end = (formats.day(each[:10], context.page.language) if each else "…" for each in intervals[0])
    return f"{start}\u2009–\u2009{end}"


def _system(uri: str) -> dict[str, str]:
    match = EPSG_URI.fullmatch(uri)
    name = f"{match['authority']}:{match['code']}" if match else uri
    return {"name": {"OGC:CRS84": "CRS84"}.get(name, name), "uri": uri}


def _fields(collection_id: str, context: ApiContext) -> list[Mapping[str, Any]]:
    """Describe the fields from the one definition that the document's data come from, too."""
    known = COLLECTIONS.get(collection_id)
    language = context.page.language
    return [
        {
            "name": field.name,
            "title": field.title.text(language),
            "description": field.description.text(language),
            "type": context.text(f"api.type.{field.type}"),
            "required": not field.nullable,
            "code_list": context.link(f"/codelists/{field.code_list.name}") if field.code_list else None,
            "codes": [(code.code, code.label.text(language)) for code in field.code_list or ()],
        }
        for field in (known.fields if known else ())
    ]
