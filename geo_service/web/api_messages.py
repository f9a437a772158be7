"""What the pages of the API say, in German and English; part of the catalogue in ``messages``."""

from __future__ import annotations

from geo_service.errors import Message

API_MESSAGES: dict[str, Message] = {
    # the frame
    "api.crumbs": Message("Wo bin ich?", "Where am I?"),
    "api.formats": Message("Diese Seite in anderen Formaten", "This page in other formats"),
    "api.fields": Message("Felder", "Fields"),
    "api.field": Message("Feld", "Field"),
    "api.title": Message("Titel", "Title"),
    "api.type": Message("Typ", "Type"),
    "api.description": Message("Beschreibung", "Description"),
    "api.codes": Message("Werte", "Values"),
    "api.required": Message("immer vorhanden", "always present"),
    "api.more": Message("Weitere Links", "Further links"),
    "api.licence": Message("Lizenz", "Licence"),
    "api.attribution": Message("Quellenvermerk", "Attribution"),
    "api.scroll": Message("Tabelle, seitlich verschiebbar", "Table, scrolls sideways"),
    # landing page
    "api.landing.data": Message(
        "Programmgebiete, Beschriftungspunkte und Gemeinden: ansehen, filtern, herunterladen.",
        "Programme areas, label points and municipalities: look, filter, download.",
    ),
    "api.landing.openapi": Message(
        "Alle Adressen und Parameter mit Beispielen.", "All addresses and parameters with examples."
    ),
    "api.landing.conformance": Message(
        "Welche Standards diese Schnittstelle erfüllt.", "Which standards this interface meets."
    ),
    "api.landing.tiles": Message(
        "Alle Sammlungen zusammen als Vektorkacheln.",
        "All collections together as vector tiles.",
    ),
    "api.landing.styles": Message(
        "Fertige Darstellungen der Karte mit Symbolen, Schrift und Legende.",
        "Ready styles of the map with symbols, font and legend.",
    ),
    "api.landing.tiling": Message(
        "Das Raster, in dem die Vektorkacheln liegen.", "The grid that the vector tiles lie in."
    ),
    "api.landing.code_lists": Message(
        "Die Codes der Felder mit ihren Bezeichnungen.", "The codes of the fields with their labels."
    ),
    "api.landing.functions": Message(
        "Was Filterausdrücke (CQL2) über den Standard hinaus können.",
        "What filter expressions (CQL2) can do beyond the standard.",
    ),
    "api.landing.qgis_page": Message(
        "Fertige Layer, ein Projekt und Stile für QGIS, Schritt für Schritt.",
        "Ready layers, a project and styles for QGIS, step by step.",
    ),
    "api.landing.address": Message(
        "Adresse für QGIS und andere Programme", "Address for QGIS and other programs"
    ),
    "api.landing.qgis": Message(
        "In QGIS: Layer, Datenquellenverwaltung, WFS / OGC API Features, Neu; diese Adresse einfügen.",
        "In QGIS: Layer, Data Source Manager, WFS / OGC API Features, New; paste this address.",
    ),
    # conformance
    "api.conformance": Message("Konformitätsklassen", "Conformance classes"),
    "api.conformance.lead": Message(
        "Diese Klassen der OGC-Standards erfüllt die Schnittstelle; jede ist durch Tests belegt.",
        "The interface meets these classes of the OGC standards; tests prove each of them.",
    ),
    # collections
    "api.collections": Message("Sammlungen", "Collections"),
    "api.collections.lead": Message(
        "Jede Sammlung enthält Objekte einer Art, mit denselben Feldern.",
        "Each collection holds features of one kind, with the same fields.",
    ),
    "api.collections.open": Message("Daten ansehen", "Look at the data"),
    "api.collection.about": Message("Beschreibung und Felder", "Description and fields"),
    "api.collection.facts": Message("Auf einen Blick", "At a glance"),
    "api.collection.id": Message("Kennung", "Identifier"),
    "api.collection.count": Message("Objekte", "Features"),
    "api.collection.extent": Message("Ausdehnung (Länge und Breite)", "Extent (longitude and latitude)"),
    "api.collection.interval": Message("Zeitraum", "Period"),
    "api.collection.crs": Message("Koordinatenreferenzsysteme", "Coordinate reference systems"),
    "api.collection.storage": Message("gespeichert in", "stored in"),
    "api.collection.keywords": Message("Schlagwörter", "Keywords"),
    "api.collection.formats": Message("Als Datei und für Programme", "As a file and for programs"),
    "api.collection.downloads": Message("Ganzer Datensatz", "Whole data set"),
    "api.collection.fields.lead": Message(
        "Bei Feldern mit Werten steht links der Code, den Filter und Dateien enthalten.",
        "Where a field has values, the code used in filters and files stands on the left.",
    ),
    "api.type.string": Message("Text", "text"),
    "api.type.url": Message("Webadresse", "web address"),
    "api.type.integer": Message("ganze Zahl", "whole number"),
    "api.type.number": Message("Zahl", "number"),
    "api.type.date": Message("Datum", "date"),
    "api.type.date-time": Message("Zeitpunkt (UTC)", "instant (UTC)"),
    "api.type.string-array": Message("Liste von Texten", "list of texts"),
    # items
    "api.items": Message("Objekte", "Features"),
    "api.items.matched": Message(
        "{count} Treffer, {returned} auf dieser Seite", "{count} matches, {returned} on this page"
    ),
    "api.items.all": Message("{count} Treffer", "{count} matches"),
    "api.items.one": Message("1 Treffer", "1 match"),
    "api.items.returned": Message("{count} auf dieser Seite", "{count} on this page"),
    "api.items.none": Message("Kein Objekt passt zu diesen Filtern.", "No feature matches these filters."),
    "api.items.empty": Message("Diese Sammlung ist leer.", "This collection is empty."),
    "api.items.filters": Message("Aktive Filter", "Active filters"),
    "api.items.remove": Message("Filter entfernen: {title}", "Remove filter: {title}"),
    "api.items.reset": Message("Alle Filter entfernen", "Remove all filters"),
    "api.items.first": Message("Erste Seite", "First page"),
    "api.items.pages": Message("Seiten", "Pages"),
    "api.items.to_filter": Message("Filtern", "Filter"),
    "api.items.table": Message("{title} als Tabelle", "{title} as a table"),
    "api.items.sort": Message("sortieren", "sort"),
    # filter form
    "api.filter": Message("Filtern", "Filter"),
    "api.filter.submit": Message("Anwenden", "Apply"),
    "api.filter.any": Message("– beliebig –", "– any –"),
    "api.filter.exact": Message(
        "Texte müssen genau übereinstimmen, außer in der Suche.",
        "Texts have to match exactly, except in the search.",
    ),
    "api.filter.q": Message("Suche", "Search"),
    "api.filter.bbox": Message("Kartenausschnitt", "Part of the map"),
    "api.filter.bbox.west": Message("West", "West"),
    "api.filter.bbox.south": Message("Süd", "South"),
    "api.filter.bbox.east": Message("Ost", "East"),
    "api.filter.bbox.north": Message("Nord", "North"),
    "api.filter.bbox.hint": Message("in Grad, etwa 7,4 bis 7,6", "in degrees, such as 7.4 to 7.6"),
    "api.filter.datetime": Message("Zeitraum", "Period"),
    "api.filter.datetime.from": Message("von", "from"),
    "api.filter.datetime.to": Message("bis", "to"),
    "api.filter.filter": Message("Filterausdruck (CQL2)", "Filter expression (CQL2)"),
    "api.filter.others": Message("Weitere Felder", "More fields"),
    # item
    "api.item.facts": Message("Angaben", "Facts"),
    "api.item.links": Message("Verknüpftes", "Linked"),
    "api.item.back": Message("Alle Objekte der Sammlung", "All features of the collection"),
    "api.item.no_geometry": Message(
        "Für dieses Objekt gibt es keine Geometrie.", "There is no geometry for this feature."
    ),
    # map
    "api.map.label": Message(
        "Karte. Pfeiltasten verschieben, Plus und Minus ändern den Maßstab.",
        "Map. Arrow keys move it, plus and minus change the scale.",
    ),
    "api.map.use_bbox": Message("Ausschnitt als Filter übernehmen", "Use this part of the map as filter"),
    "api.map.failed": Message("Die Karte konnte nicht geladen werden.", "The map could not be loaded."),
    "api.map.no_webgl": Message(
        "Ihr Browser kann die Karte nicht zeichnen.", "Your browser cannot draw the map."
    ),
    # API definition
    "api.definition": Message("API-Definition", "API definition"),
    "api.definition.version": Message("Version", "Version"),
    "api.definition.base": Message("Adresse", "Address"),
    "api.definition.contact": Message("Kontakt", "Contact"),
    "api.definition.document": Message(
        "Als Dokument für Programme (OpenAPI {version})", "As a document for programs (OpenAPI {version})"
    ),
    "api.definition.operations": Message("Adressen", "Addresses"),
    "api.definition.parameters": Message("Parameter", "Parameters"),
    "api.definition.answers": Message("Antworten", "Answers"),
    "api.definition.example": Message("Beispiel", "Example"),
    "api.definition.body": Message("Inhalt der Anfrage", "Content of the request"),
    "api.definition.required": Message("Pflicht", "required"),
    "api.definition.default": Message("sonst {value}", "default {value}"),
    "api.definition.schemas": Message("Schemata", "Schemas"),
    "api.definition.in.path": Message("Adresse", "path"),
    "api.definition.in.query": Message("Anfrage", "query"),
    "api.definition.in.header": Message("Kopfzeile", "header"),
    # schemas and code lists
    "api.schema": Message("Schema", "Schema"),
    "api.schema.lead": Message(
        "Alle Felder, die ein Objekt dieser Sammlung hat.",
        "All fields that a feature of this collection has.",
    ),
    "api.queryables": Message("Filterbare Felder", "Queryables"),
    "api.queryables.lead": Message(
        "Die Felder, nach denen sich diese Sammlung filtern lässt.",
        "The fields that this collection can be filtered by.",
    ),
    "api.sortables": Message("Sortierbare Felder", "Sortables"),
    "api.sortables.lead": Message(
        "Die Felder, nach denen sich diese Sammlung sortieren lässt.",
        "The fields that this collection can be sorted by.",
    ),
    "api.code_lists": Message("Codelisten", "Code lists"),
    "api.code_lists.lead": Message(
        "Manche Felder enthalten Codes. Hier steht, was sie bedeuten.",
        "Some fields hold codes. This is what they mean.",
    ),
    "api.code_list": Message("Codeliste", "Code list"),
    "api.functions": Message("Funktionen für Filter", "Functions for filters"),
    "api.functions.lead": Message(
        "Diese Funktionen kennt der Filter (CQL2) über den Standard hinaus.",
        "The filter (CQL2) knows these functions beyond the standard.",
    ),
    "api.functions.result": Message("Ergebnis", "Result"),
    "api.code": Message("Code", "Code"),
    "api.code.null": Message("ohne Wert", "no value"),
    # tiles
    "api.tilesets": Message("Vektorkacheln", "Vector tiles"),
    "api.tilesets.lead": Message(
        "Dieselben Objekte als Mapbox Vector Tiles, für Karten im Web.",
        "The same features as Mapbox Vector Tiles, for maps on the web.",
    ),
    "api.tileset.template": Message("Adresse der Kacheln", "Address of the tiles"),
    "api.tileset.layers": Message("Ebenen", "Layers"),
    "api.tileset.levels": Message("Stufen {levels}", "Levels {levels}"),
    "api.tileset.limits": Message("Wo es Kacheln gibt", "Where there are tiles"),
    "api.tileset.about": Message("Ebenen und Grenzen", "Layers and limits"),
    "api.styles": Message("Darstellungen", "Styles"),
    "api.tiling": Message("Kachelschemata", "Tile matrix sets"),
    "api.tiling.lead": Message(
        "Ein Kachelschema teilt die Karte auf jeder Stufe in gleich große Quadrate.",
        "A tile matrix set divides the map into equal squares on each level.",
    ),
    "api.tiling.one": Message("Kachelschema", "Tile matrix set"),
    "api.tiling.level": Message("Stufe", "Level"),
    "api.tiling.rows": Message("Zeilen", "Rows"),
    "api.tiling.columns": Message("Spalten", "Columns"),
    "api.tiling.count": Message("Kacheln", "Tiles"),
    "api.tiling.scale": Message("Maßstab", "Scale"),
    "api.tiling.cell": Message("Zelle (m)", "Cell (m)"),
    "api.tiling.tile": Message("Kachel (Pixel)", "Tile (pixels)"),
    "api.tiling.matrix": Message("Spalten × Zeilen", "Columns × rows"),
    # errors below the API
    "error.api": Message("Zur Startseite der API", "To the landing page of the API"),
}
