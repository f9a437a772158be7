"""Links of the OGC API: relation types, media types and addresses that keep what the client asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import starmap
from urllib.parse import quote, urlencode

from geo_service.errors import Message

MAX_HEADER_ADDRESS = 4_096

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
GEOJSON_SEQUENCE = "application/geo+json-seq"
JSON_FG = "application/vnd.ogc.fg+json"
CSV = "text/csv; charset=utf-8"
SHAPEFILE = "application/zip"
GEOPACKAGE = "application/geopackage+sqlite3"
FLATGEOBUF = "application/flatgeobuf"
MVT = "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"
FUNCTIONS = f"{OGC_REL}/functions"
SCHEMA_REL = f"{OGC_REL}/schema"
QUERYABLES_REL = f"{OGC_REL}/queryables"
SORTABLES_REL = f"{OGC_REL}/sortables"
TILING_SCHEME = f"{OGC_REL}/tiling-scheme"
TILING_SCHEMES = f"{OGC_REL}/tiling-schemes"
TILESETS_VECTOR = f"{OGC_REL}/tilesets-vector"

Link = dict[str, str | bool]

TITLES = {
    "landing": Message("Startseite der API", "Landing page of the API"),
    "this": Message("Dieses Dokument", "This document"),
    "map": Message("Karte der Programmgebiete", "Map of the programme areas"),
    "openapi": Message("API-Definition (OpenAPI 3.0)", "API definition (OpenAPI 3.0)"),
    "api-page": Message("API-Dokumentation", "API documentation"),
    "conformance": Message("Erfüllte Konformitätsklassen", "Conformance classes"),
    "collections": Message("Sammlungen", "Collections"),
    "collection": Message("Sammlung", "Collection"),
    "items": Message("Features als", "Features as"),
    "next": Message("Nächste Seite", "Next page"),
    "prev": Message("Vorherige Seite", "Previous page"),
    "profile": Message("Stadtteilprofil", "Neighbourhood profile"),
    "event": Message("Seite der Veranstaltung", "Page of the event"),
    "schema": Message("Schema der Sachdaten", "Schema of the properties"),
    "functions": Message("Funktionen für Filter", "Functions for filters"),
    "queryables": Message("Felder zum Filtern", "Fields to filter by"),
    "sortables": Message("Felder zum Sortieren", "Fields to sort by"),
    "feature-schema": Message("Schema eines GeoJSON-Features", "Schema of a GeoJSON feature"),
    "codelists": Message("Codelisten", "Code lists"),
    "geometry": Message("Geometrie", "Geometry"),
    "tilesets": Message("Vektorkacheln", "Vector tiles"),
    "tile": Message("Kachel (Mapbox Vector Tile)", "Tile (Mapbox Vector Tile)"),
    "tiling-schemes": Message("Kachelschemata", "Tile matrix sets"),
    "tiling-scheme": Message("Kachelschema", "Tile matrix set"),
    "qgis": Message("In QGIS öffnen", "Open in QGIS"),
    "tilejson": Message("TileJSON für MapLibre und andere", "TileJSON for MapLibre and others"),
}


def link(rel: str, media_type: str, href: str, title: str, *, templated: bool = False) -> Link:
    """Return a link object (RFC 8288 relation, media type, address)."""
    result: Link = {"rel": rel, "type": media_type, "title": title, "href": href}
    if templated:
        result["templated"] = True
    return result


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """Append query parameters, leaving readable what may stay readable."""
    return f"{url}?{'&'.join(starmap(_pair, parameters.items()))}" if parameters else url


def _pair(name: str, text: str) -> str:
    # An answer has a dozen links with the same parameters. Long filters are not remembered.
    return _remembered_pair(name, text) if len(text) <= 256 else _quoted_pair(name, text)


def _quoted_pair(name: str, text: str) -> str:
    return urlencode({name: text}, quote_via=quote, safe=",:/")


_remembered_pair = lru_cache(maxsize=512)(_quoted_pair)


def link_header(links: Iterable[Link], relations: tuple[str, ...]) -> str:
    """Write links as an HTTP ``Link`` header (RFC 8288), without titles: they are not ASCII.

    Addresses with a long filter stay out, since clients and proxies bound the length of headers.
    """
    return ", ".join(
        f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"'
        for one in links
        if one["rel"] in relations and len(str(one["href"])) <= MAX_HEADER_ADDRESS
    )
