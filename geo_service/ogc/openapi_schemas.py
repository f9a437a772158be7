"""Texts, schemas and responses of the API definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geo_service.domain.collections import Collection
from geo_service.domain.query import COUNT_LIMIT
from geo_service.errors import Message
from geo_service.ogc.enclosures import ENCLOSURE_FORMATS
from geo_service.ogc.links import GEOJSON, HTML, JSON, JSON_FG, MVT, OPENAPI, SCHEMA
from geo_service.ogc.negotiation import ITEM_FORMATS, ITEMS_FORMATS, Format
from geo_service.ogc.schemas import json_schema

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

Document = dict[str, Any]

TEXTS = {
    "capabilities": Message("Beschreibung der Schnittstelle", "Description of the interface"),
    "landing": Message("Startseite der API", "Landing page of the API"),
    "openapi": Message("Diese API-Definition", "This API definition"),
    "conformance": Message("Erfüllte Konformitätsklassen", "Conformance classes"),
    "collections": Message("Alle Sammlungen", "All collections"),
    "collection": Message("Beschreibung der Sammlung", "description of the collection"),
    "schema": Message("Schema der Sachdaten", "schema of the properties"),
    "queryables": Message("Felder zum Filtern", "fields to filter by"),
    "sortables": Message("Felder zum Sortieren", "fields to sort by"),
    "feature-schema": Message("Schema eines GeoJSON-Features", "schema of a GeoJSON feature"),
    "download": Message("alle Features als Datei", "all features as a file"),
    "codelists": Message("Codelisten", "Code lists"),
    "codelist": Message("Codeliste", "Code list"),
    "item": Message("ein Feature", "one feature"),
    "tiles": Message("Vektorkacheln", "Vector tiles"),
    "tilesets": Message("Liste der Kachelsätze", "list of tilesets"),
    "tileset": Message("Beschreibung eines Kachelsatzes", "description of a tileset"),
    "tile": Message("eine Kachel", "one tile"),
    "tms-list": Message("Kachelschemata", "Tile matrix sets"),
    "tms": Message("Kachelschema", "Tile matrix set"),
    "limit": Message(
        "Höchstzahl der Features je Antwort; ein größerer Wert wird auf das Maximum gesenkt",
        "Most features in an answer; a larger value is lowered to the maximum",
    ),
    "offset": Message(
        "Zahl der Features, die übersprungen werden; schneller blättern die Links rel=next und rel=prev",
        "Number of features to skip; the links rel=next and rel=prev page faster",
    ),
    "cursor": Message(
        "Stelle, an der die Seite beginnt; nur aus einem Link rel=next oder rel=prev zu übernehmen",
        "Place where the page begins; only to be taken from a link rel=next or rel=prev",
    ),
    "q": Message(
        "Volltext: nur Features mit allen diesen Wörtern in Namen, früheren Namen, Gemeinden, Kreis, Konzept und "
        "Profil; deutsche Wortformen gelten als gleich, Umlaute auch als ae oder a, ein letztes Wort darf der "
        "Anfang eines Wortes sein, Sonderzeichen zählen nicht",
        "Full text: only features with all of these words in names, former names, municipalities, district, "
        "concept and profile; German inflections count as equal, umlauts as ae or a too, the last word may be "
        "the beginning of one, punctuation does not count",
    ),
    "sortby": Message(
        "Felder zum Sortieren, absteigend mit vorangestelltem Minus; fehlende Werte kommen zuletzt, Text "
        "ordnet sich wie im deutschen Wörterbuch und zählt bis zum 200. Zeichen",
        "Fields to sort by, descending with a minus before it; missing values come last, text is in the order "
        "of a German dictionary and counts up to its 200th character",
    ),
    "properties": Message("Nur diese Eigenschaften ausgeben", "Write only these properties"),
    "exclude-properties": Message("Diese Eigenschaften weglassen", "Leave these properties out"),
    "skipGeometry": Message("true: ohne Geometrien (null)", "true: without geometries (null)"),
    "zoom-level": Message(
        "Umrisse vereinfachen, wie sie in WebMercatorQuad auf dieser Zoomstufe zu sehen sind: um höchstens ein "
        "Pixel, keiner verschwindet",
        "Simplify outlines as they are seen in WebMercatorQuad at this zoom level: by a pixel at most, none "
        "vanishes",
    ),
    "max-allowable-offset": Message(
        "Umrisse vereinfachen, um höchstens diesen Abstand in Einheiten von crs; keiner verschwindet. Zusammen "
        "mit zoom-level gilt der kleinere Abstand",
        "Simplify outlines by at most this distance in units of crs; none vanishes. Together with zoom-level "
        "the smaller distance counts",
    ),
    "number-matched": Message(
        f"Zahl der Treffer; fehlt, wenn es mehr als {COUNT_LIMIT} sind",
        f"Number of matches; absent where there are more than {COUNT_LIMIT}",
    ),
    "bbox": Message(
        "Nur Features, die diesen Rahmen berühren: vier oder sechs Zahlen in der Achsenfolge von bbox-crs",
        "Only features that touch this box: four or six numbers in the axis order of bbox-crs",
    ),
    "bbox-crs": Message("Koordinatenreferenzsystem von bbox", "Coordinate reference system of bbox"),
    "crs": Message("Koordinatenreferenzsystem der Antwort", "Coordinate reference system of the answer"),
    "datetime": Message(
        "Nur Features, deren Zeitraum sich mit diesem überschneidet: RFC 3339, etwa 2008-01-01/2008-12-31 "
        "oder 2012-01-01/..; ein unbekannter Zeitraum überschneidet sich mit keinem",
        "Only features whose period intersects this one: RFC 3339, such as 2008-01-01/2008-12-31 or "
        "2012-01-01/..; an unknown period intersects none",
    ),
    "filter": Message(
        "Nur Features, für die diese Bedingung in CQL2 wahr ist, etwa status = 'ongoing' AND start_year >= 2010; "
        "Werte und Funktionen nennen queryables und functions",
        "Only features for which this condition in CQL2 is true, such as status = 'ongoing' AND "
        "start_year >= 2010; queryables and functions list values and functions",
    ),
    "posted": Message("Filter in CQL2 JSON als Inhalt der Anfrage", "filter in CQL2 JSON as the body"),
    "functions": Message("Funktionen für Filter", "Functions for filters"),
    "unsupported": Message("Dieser Medientyp wird hier nicht gelesen", "This media type is not read here"),
    "filter-lang": Message(
        "Sprache von filter; cql-text ist der alte Name von cql2-text und kennt dazu ILIKE",
        "Language of filter; cql-text is the old name of cql2-text and knows ILIKE, too",
    ),
    "filter-crs": Message(
        "Koordinatenreferenzsystem der Geometrien in filter",
        "Coordinate reference system of geometries in filter",
    ),
    "resultType": Message("hits: nur die Anzahl der Treffer", "hits: only the number of matches"),
    "f": Message("Format der Antwort", "Format of the answer"),
    "lang": Message("Sprache der Titel und Meldungen", "Language of titles and messages"),
    "itemId": Message("Kennung des Features", "Identifier of the feature"),
    "tileMatrix": Message("Zoomstufe", "Zoom level"),
    "tile-collections": Message(
        "Nur diese Sammlungen; ohne Angabe alle", "Only these collections; all of them when not given"
    ),
    "tile-properties": Message(
        "Nur diese Eigenschaften in die Kachel schreiben", "Write only these properties into the tile"
    ),
    "short-tile": Message(
        "eine Kachel in WebMercatorQuad, Spalte vor Zeile", "one tile in WebMercatorQuad, column before row"
    ),
    "tilejson": Message("TileJSON 3.0 der Kacheln", "TileJSON 3.0 of the tiles"),
    "dataset": Message("Alle Sammlungen zusammen", "All collections together"),
    "tileRow": Message("Zeile, von Norden gezählt", "Row, counted from the north"),
    "tileCol": Message("Spalte, von Westen gezählt", "Column, counted from the west"),
    "let-through": Message("Wird nicht ausgewertet", "Not read by this service"),
    "ok": Message("Antwort", "Answer"),
    "empty": Message("Die Kachel ist leer", "The tile is empty"),
    "not-modified": Message("Seit der letzten Antwort unverändert", "Not changed since the last answer"),
    "bad-request": Message("Ein Parameter ist unbekannt oder ungültig", "A parameter is unknown or invalid"),
    "not-found": Message("Nicht gefunden", "Not found"),
    "not-acceptable": Message("Format nicht verfügbar", "Format not available"),
    "gone": Message("Das Gebiet wurde zurückgezogen", "The area was withdrawn"),
    "error": Message("Fehler im Dienst", "Error in the service"),
    "unavailable": Message(
        "Die Datenbank antwortet nicht; Retry-After nennt die Wartezeit",
        "The database does not answer; Retry-After says how long to wait",
    ),
}

STRING: Document = {"type": "string"}
BINARY: Document = {"type": "string", "format": "binary"}
LINKS: Document = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
WHOLE: Document = {"type": "integer", "minimum": 0}
STRINGS: Document = {"type": "array", "items": STRING}


def _object(properties: Document, required: list[str]) -> Document:
    return {"type": "object", "required": required, "properties": properties}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(name: str) -> Document:
    return {"type": "array", "items": _ref(name)}


SCHEMAS: Document = {
    "link": _object(
        {"href": STRING, "rel": STRING, "type": STRING, "title": STRING, "templated": {"type": "boolean"}},
        ["href", "rel"],
    ),
    "landingPage": _object(
        {"title": STRING, "description": STRING, "attribution": STRING, "links": LINKS}, ["links"]
    ),
    "confClasses": _object({"conformsTo": STRINGS}, ["conformsTo"]),
    "collections": _object(
        {"links": LINKS, "collections": _array("collection"), "crs": STRINGS}, ["links", "collections"]
    ),
    "collection": _object(
        {
            "id": STRING,
            "title": STRING,
            "description": STRING,
            "keywords": STRINGS,
            "links": LINKS,
            "extent": {"type": "object"},
            "itemType": {"type": "string", "enum": ["feature"]},
            "itemCount": WHOLE,
            "crs": STRINGS,
            "storageCrs": STRING,
        },
        ["id", "links"],
    ),
    "codeLists": _object({"codelists": _array("codeList"), "links": LINKS}, ["codelists", "links"]),
    "codeList": _object(
        {
            "id": STRING,
            "title": STRING,
            "codes": {"type": "array", "items": {"type": "object"}},
            "null": {"type": "object"},
            "links": LINKS,
        },
        ["id", "title", "links"],
    ),
    "tilesets": _object({"tilesets": _array("tileset"), "links": LINKS}, ["tilesets"]),
    "tileset": _object(
        {
            "title": STRING,
            "description": STRING,
            "dataType": {"type": "string", "enum": ["vector"]},
            "crs": STRING,
            "tileMatrixSetURI": STRING,
            "tileMatrixSetId": STRING,
            "tileMatrixSetLimits": {"type": "array", "items": {"type": "object"}},
            "layers": {"type": "array", "items": {"type": "object"}},
            "maxFeaturesPerTile": WHOLE,
            "attribution": STRING,
            "license": STRING,
            "mediaTypes": STRINGS,
            "keywords": STRINGS,
            "boundingBox": {"type": "object"},
            "centerPoint": {"type": "object"},
            "links": LINKS,
        },
        ["dataType", "crs", "links"],
    ),
    "tileMatrixSets": _object(
        {"tileMatrixSets": {"type": "array", "items": {"type": "object"}}, "links": LINKS}, ["tileMatrixSets"]
    ),
    "tileMatrixSet": _object(
        {"id": STRING, "crs": STRING, "tileMatrices": {"type": "array", "items": {"type": "object"}}},
        ["crs", "tileMatrices"],
    ),
    "functions": _object(
        {
            "functions": {
                "type": "array",
                "items": _object(
                    {
                        "name": STRING,
                        "description": STRING,
                        "metadataUrl": STRING,
                        "arguments": {
                            "type": "array",
                            "items": _object(
                                {"title": STRING, "description": STRING, "type": STRINGS}, ["type"]
                            ),
                        },
                        "returns": STRINGS,
                    },
                    ["name", "returns"],
                ),
            },
            "links": LINKS,
        },
        ["functions"],
    ),
    "cql2": {
        "description": "CQL2 JSON (https://schemas.opengis.net/cql2/1.0/cql2.json)",
        "oneOf": [
            {"type": "boolean"},
            _object({"op": STRING, "args": {"type": "array", "items": {}}}, ["op", "args"]),
        ],
    },
    "tileJson": _object(
        {
            "tilejson": {"type": "string", "enum": ["3.0.0"]},
            "name": STRING,
            "description": STRING,
            "version": STRING,
            "scheme": {"type": "string", "enum": ["xyz"]},
            "tiles": STRINGS,
            "minzoom": WHOLE,
            "maxzoom": WHOLE,
            "bounds": {"type": "array", "items": {"type": "number"}},
            "center": {"type": "array", "items": {"type": "number"}},
            "attribution": STRING,
            "vector_layers": {"type": "array", "items": {"type": "object"}},
        },
        ["tilejson", "tiles", "vector_layers"],
    ),
    "problem": _object(
        {
            "type": STRING,
            "title": STRING,
            "status": {"type": "integer"},
            "detail": STRING,
            "parameter": STRING,
            "successor": STRING,
        },
        ["title", "status"],
    ),
}

PROBLEMS = {
    "InvalidParameter": "bad-request",
    "NotFound": "not-found",
    "NotAcceptable": "not-acceptable",
    "UnsupportedMediaType": "unsupported",
    "Gone": "gone",
    "ServerError": "error",
    "Unavailable": "unavailable",
}
DOCUMENTS = {
    "LandingPage": ("landing", "landingPage"),
    "Conformance": ("conformance", "confClasses"),
    "Collections": ("collections", "collections"),
    "Collection": ("collection", "collection"),
    "CodeLists": ("codelists", "codeLists"),
    "CodeList": ("codelist", "codeList"),
    "Functions": ("functions", "functions"),
    "Tilesets": ("tilesets", "tilesets"),
    "Tileset": ("tileset", "tileset"),
    "TileMatrixSets": ("tms-list", "tileMatrixSets"),
    "TileMatrixSet": ("tms", "tileMatrixSet"),
}


def schemas(collections: Iterable[Collection], language: str) -> Document:
    """Return the schemas, among them a feature and a page of features for each collection."""
    result = dict(SCHEMAS)
    for collection in collections:
        name = collection.collection_id
        result[f"item-{name}"] = _feature(collection, language)
        result[f"items-{name}"] = _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": _array(f"item-{name}"),
                "numberMatched": {**WHOLE, "description": TEXTS["number-matched"].text(language)},
                "numberReturned": WHOLE,
                "links": LINKS,
            },
            ["type", "features"],
        )
    return result


def _feature(collection: Collection, language: str) -> Document:
    properties = {}
    for field in collection.fields:
        schema = json_schema(field, language)
        if field.nullable:
            schema["nullable"] = True
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        properties[field.name] = schema
    return _object(
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": STRING,
            "geometry": {"type": "object", "nullable": True},
            # None is required: the parameters properties and exclude-properties choose among them.
            "properties": {"type": "object", "properties": properties},
            "links": LINKS,
        },
        ["type", "id", "geometry", "properties"],
    )


def responses(api: OgcApi, text: dict[str, str]) -> Document:
    """Return the responses that the paths refer to."""
    pages = {HTML: {"schema": STRING}} if api.render_html else {}
    result = {name: _response(text[key], JSON, _ref(schema)) for name, (key, schema) in DOCUMENTS.items()}
    result["Schema"] = _response(text["schema"], SCHEMA, {"type": "object"})
    result["ApiDefinition"] = _response(text["openapi"], OPENAPI, {"type": "object"})
    for collection in api.collections.values():
        items, item = f"items-{collection.collection_id}", f"item-{collection.collection_id}"
        for name, formats in ((items, ITEMS_FORMATS), (item, ITEM_FORMATS)):
            result[name] = {
                "description": text["ok"],
                "content": {one.media_type: {"schema": _format_schema(one, name)} for one in formats},
            }
    for response in result.values():
        response["content"] |= pages
    result["FeatureSchema"] = _response(text["feature-schema"], SCHEMA, {"type": "object"})
    for one in ENCLOSURE_FORMATS:
        result[f"Download{one.name.capitalize()}"] = _response(text["download"], one.media_type, BINARY)
    result["TileJson"] = _response(text["tilejson"], JSON, _ref("tileJson"))
    result["Tile"] = _response(text["tile"], MVT, {"type": "string", "format": "binary"})
    problem = _ref("problem")
    result |= {
        name: _response(text[key], "application/problem+json", problem) for name, key in PROBLEMS.items()
    }
    return result | {
        "Empty": {"description": text["empty"]},
        "NotModified": {"description": text["not-modified"]},
    }


def _format_schema(one: Format, name: str) -> Document:
    """Return what is known of a feature in a format: JSON-FG adds members to GeoJSON."""
    if one.media_type in (GEOJSON, JSON_FG):
        return _ref(name)
    return STRING if one.media_type.startswith("text/") else BINARY


def _response(description: str, media_type: str, schema: Document) -> Document:
    return {"description": description, "content": {media_type: {"schema": schema}}}
