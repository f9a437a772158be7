"""What the page *In QGIS öffnen* says, in German and English; part of the catalogue in ``messages``."""

from __future__ import annotations

from geo_service.errors import Message

QGIS_MESSAGES: dict[str, Message] = {
    "qgis.title": Message("In QGIS öffnen", "Open in QGIS"),
    "qgis.lead": Message(
        "Eine Datei ins QGIS-Fenster ziehen: Die Programmgebiete sind da, gestaltet wie auf der Karte, mit "
        "Beschriftung, lesbaren Feldnamen und dem Stadtteilprofil einen Klick entfernt.",
        "Drag one file into the QGIS window: the programme areas are there, styled as on the map, with labels, "
        "readable field names and the area's profile one click away.",
    ),
    "qgis.first": Message("Der schnelle Weg", "The quick way"),
    "qgis.first.button": Message("Programmgebiete für QGIS (.qlr)", "Programme areas for QGIS (.qlr)"),
    "qgis.first.1": Message("Laden Sie die Layerdefinition herunter.", "Download the layer definition."),
    "qgis.first.2": Message(
        "Ziehen Sie die Datei aus dem Ordner in das Fenster von QGIS. Der Layer erscheint mit seiner Legende; "
        "die Daten kommen direkt von diesem Dienst und sind immer aktuell.",
        "Drag the file from its folder into the QGIS window. The layer appears with its legend; the data come "
        "straight from this service and are always up to date.",
    ),
    "qgis.first.3": Message(
        "Klicken Sie mit der rechten Maustaste auf den Layer, dann: Auf Layer zoomen. Ist der Ausschnitt beim ersten "
        "Mal noch leer, wiederholen Sie das, sobald die Gebiete geladen sind.",
        "Right-click the layer, then: Zoom to Layer(s). If the view is still empty the first time, do it again as "
        "soon as the areas are loaded.",
    ),
    "qgis.first.4": Message(
        "Das Stadtteilprofil öffnet sich im Browser: Werkzeug Objektaktion ausführen (Zahnrad) wählen und auf ein "
        "Gebiet klicken, oder in der Attributtabelle auf Stadtteilprofil öffnen.",
        "The profile opens in the browser: choose the tool Run Feature Action (cogwheel) and click an area, or "
        "click Open profile in the attribute table.",
    ),
    "qgis.old": Message(
        "QGIS 3.22 bis 3.26 (Debian 12)? Diese Versionen können kein Koordinatensystem wählen:",
        "QGIS 3.22 to 3.26 (Debian 12)? These versions cannot choose a CRS:",
    ),
    "qgis.old.link": Message("dieselbe Datei in Längen- und Breitengraden", "the same file in degrees"),
    "qgis.picture.layer": Message(
        "Layerfenster und Karte in QGIS: laufende Gebiete blau, abgeschlossene grün schraffiert, geplante orange "
        "gepunktet, gestrichelte Umrisse bei schematischer Abgrenzung",
        "Layer panel and map in QGIS: ongoing areas in blue, completed ones hatched in green, planned ones dotted in "
        "orange, dashed outlines where the boundary is schematic",
    ),
    "qgis.picture.form": Message(
        "Formular eines Gebiets in QGIS: deutsche Feldnamen, Codes als Bezeichnungen",
        "Form of an area in QGIS: field titles in English, labels instead of codes",
    ),
    "qgis.picture.filter": Message(
        "Abfrageerstellung in QGIS mit einem Filter auf Status und Beginn",
        "Query Builder of QGIS with a filter on status and start",
    ),
    "qgis.caption.layer": Message(
        "So erscheint der Layer, gezeichnet von QGIS.", "This is how the layer appears, drawn by QGIS."
    ),
    "qgis.caption.form": Message(
        "Ein Klick mit Objekte abfragen zeigt das Formular; es lässt sich nur lesen.",
        "A click with Identify Features shows the form; it is for reading only.",
    ),
    "qgis.caption.filter": Message(
        "Rechtsklick auf den Layer, dann Filter: Ab QGIS 3.32 filtert der Dienst, nicht Ihr Rechner.",
        "Right-click the layer, then Filter: from QGIS 3.32 on, the service filters, not your computer.",
    ),
    "qgis.project": Message("Ein fertiges Projekt", "A ready project"),
    "qgis.project.text": Message(
        "Programmgebiete, ihre Beschriftung und die Gemeinden Nordrhein-Westfalens in EPSG:25832. Als Hintergrund "
        "ist basemap.de dabei, ausgeschaltet; erst wenn Sie es einschalten, fragt QGIS dort an.",
        "Programme areas, their labels and the municipalities of North Rhine-Westphalia in EPSG:25832. basemap.de "
        "comes along as a background, switched off; QGIS asks there only once you switch it on.",
    ),
    "qgis.project.button": Message("Projekt herunterladen (.qgs)", "Download the project (.qgs)"),
    "qgis.layers": Message("Alle Layer, Stile und Dateien", "All layers, styles and files"),
    "qgis.layers.text": Message(
        "Layerdefinitionen zieht man ins Fenster. Stile lädt man in den Eigenschaften eines Layers: Stil, Stil laden. "
        "Das GeoPackage enthält die Daten selbst, für die Arbeit ohne Netz.",
        "Layer definitions are dragged into the window. Styles are loaded in the properties of a layer: Style, Load "
        "Style. The GeoPackage holds the data themselves, for work without a network.",
    ),
    "qgis.table": Message("Dateien für QGIS", "Files for QGIS"),
    "qgis.collection": Message("Sammlung", "Collection"),
    "qgis.layer": Message("Layer (.qlr)", "Layer (.qlr)"),
    "qgis.layer.degrees": Message("für QGIS vor 3.28", "for QGIS before 3.28"),
    "qgis.style": Message("Stil (.qml)", "Style (.qml)"),
    "qgis.package": Message("GeoPackage", "GeoPackage"),
    "qgis.tiles": Message("Vektorkacheln", "Vector tiles"),
    "qgis.tiles.text": Message(
        "Alle Sammlungen zusammen als Kacheln: schnell bei sehr vielen Gebieten, zum Ansehen gedacht.",
        "All collections together as tiles: fast with very many areas, meant for looking.",
    ),
    "qgis.tiles.button": Message("Vektorkacheln (.qlr)", "Vector tiles (.qlr)"),
    "qgis.connections": Message("Eine Verbindung anlegen", "Set up a connection"),
    "qgis.connections.text": Message(
        "Wer die Sammlungen lieber im Browser von QGIS auswählt: Layer, Datenquellenverwaltung, WFS / OGC API - "
        "Features, Laden; diese Datei wählen. Oder Neu, und als Adresse:",
        "Who would rather pick collections in the QGIS browser: Layer, Data Source Manager, WFS / OGC API - Features, "
        "Load; choose this file. Or New, and as address:",
    ),
    "qgis.connections.features": Message(
        "Verbindung zu OGC API Features (.xml)", "Connection to OGC API Features (.xml)"
    ),
    "qgis.connections.tiles": Message(
        "Verbindung zu den Vektorkacheln (.xml)", "Connection to the vector tiles (.xml)"
    ),
    "qgis.versions": Message("Was welche Version kann", "What which version can do"),
    "qgis.versions.1": Message(
        "QGIS 3.22 bis 3.26 lesen alles in Längen- und Breitengraden (CRS84).",
        "QGIS 3.22 to 3.26 read everything in degrees (CRS84).",
    ),
    "qgis.versions.2": Message(
        "Ab 3.32 kommen die Daten in EPSG:25832, und Filter laufen auf dem Server.",
        "From 3.32 on, data come in EPSG:25832 and filters run on the server.",
    ),
    "qgis.versions.3": Message(
        "Vor 3.44 schließt QGIS aus den ersten zehn Gebieten auf die Typen der Felder; die vollständigsten kommen "
        "deshalb zuerst. Ab 3.44 liest es das Schema.",
        "Before 3.44, QGIS guesses the types of fields from the first ten areas; so the most complete ones come "
        "first. From 3.44 on, it reads the schema.",
    ),
    "qgis.versions.4": Message(
        "QGIS 3.22 zeigt fehlende ganze Zahlen (Jahre, Einwohner) als 0, sobald es die Gebiete aus seinem "
        "Zwischenspeicher liest; im GeoPackage bleiben sie NULL.",
        "QGIS 3.22 shows missing whole numbers (years, inhabitants) as 0 as soon as it reads the areas from its cache; "
        "in the GeoPackage they stay NULL.",
    ),
}
