"""Links of a document as the pages list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from geo_service.web.api_pages.context import ApiContext

# What people call the formats that links announce.
TYPE_NAMES = {
    "application/json": "JSON",
    "application/geo+json": "GeoJSON",
    "application/geo+json-seq": "GeoJSON-Seq",
    "application/schema+json": "JSON Schema",
    "application/vnd.oai.openapi+json": "OpenAPI",
    "application/vnd.ogc.fg+json": "JSON-FG",
    "application/vnd.mapbox-vector-tile": "MVT",
    "application/geopackage+sqlite3": "GeoPackage",
    "application/vnd.flatgeobuf": "FlatGeobuf",
    "application/flatgeobuf": "FlatGeobuf",
    "application/zip": "ZIP",
    "application/x-shapefile": "Shapefile",
    "application/vnd.qgis.qml": "QML",
    "application/x-qgis-layer-definition": "QLR",
    "application/x-qgis-project": "QGS",
    "application/xml": "XML",
    "text/csv": "CSV",
    "text/html": "HTML",
}


@dataclass(frozen=True)
class Entry:
    """A link with its title, the name of its format and a sentence about what is there."""

    title: str
    href: str
    media_type: str
    text: str = ""
    templated: bool = False
    length: int | None = None


def link_entries(links: Iterable[Mapping[str, Any]], context: ApiContext) -> list[Entry]:
    """Return links for a page; those to a resource of this service lead to its page, whatever its format."""
    entries = []
    for each in links:
        entry = _entry(each, context.local(str(each["href"])))
        entries.append(entry if entry.href == each["href"] else replace(entry, media_type=""))
    return entries


def data_entries(links: Iterable[Mapping[str, Any]], context: ApiContext) -> list[Entry]:
    """Return links to data, each to the very format that it announces; pages are left out."""
    entries = []
    for each in links:
        asked = dict(parse_qsl(urlsplit(str(each["href"])).query)).get("f")
        if asked is None and each.get("rel") == "items":
            asked = "json"  # the address of the first format needs no name, but a browser would get a page
        if each.get("type") != "text/html":
            entries.append(_entry(each, context.local(str(each["href"]), f=asked)))
    return entries


def type_name(media_type: str) -> str:
    """Return the name of a media type that people know, without its parameters."""
    bare = media_type.partition(";")[0].strip().lower()
    return TYPE_NAMES.get(bare, bare)


def _entry(each: Mapping[str, Any], href: str) -> Entry:
    return Entry(
        title=str(each.get("title") or each["href"]),
        href=href,
        media_type=type_name(str(each.get("type", ""))),
        templated=bool(each.get("templated")),
        length=each.get("length"),
    )
