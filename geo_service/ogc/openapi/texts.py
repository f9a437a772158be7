"""What the API definition says in German and English: summaries, parameters and answers."""

from __future__ import annotations

from geo_service.domain.query import COUNT_LIMIT
from geo_service.errors import Message

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
        f"Zahl der Treffer; kann fehlen, wenn es mehr als {COUNT_LIMIT} sind",
        f"Number of matches; may be absent where there are more than {COUNT_LIMIT}",
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
    "profile": Message(
        "Profil der Antwort in GeoJSON: rfc7946, jsonfg oder jsonfg-plus, auch als Adresse aus dem Register der OGC; "
        "andere werden nicht beachtet, und der Link rel=profile sagt, was gilt",
        "Profile of the answer in GeoJSON: rfc7946, jsonfg or jsonfg-plus, also as an address of OGC's register; "
        "others are not regarded, and the link rel=profile says what applies",
    ),
    "profile-schema": Message(
        "Profil des Schemas: codelist-ref (Schlüssel, und die Adresse ihrer Liste) oder codelist-inline (Schlüssel mit "
        "Bezeichnung); andere werden nicht beachtet",
        "Profile of the schema: codelist-ref (codes, and the address of their list) or codelist-inline (codes with "
        "labels); others are not regarded",
    ),
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
    "range": Message("Der Bereich (Range) liegt hinter dem Ende", "The range lies behind the end"),
    "gone": Message("Das Gebiet wurde zurückgezogen", "The area was withdrawn"),
    "error": Message("Fehler im Dienst", "Error in the service"),
    "unavailable": Message(
        "Die Datenbank antwortet nicht; Retry-After nennt die Wartezeit",
        "The database does not answer; Retry-After says how long to wait",
    ),
}
