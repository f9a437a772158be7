"""What the pages say that answer questions: lookup and overlap."""

from __future__ import annotations

from geo_service.errors import Message

ASK_MESSAGES: dict[str, Message] = {
    "ask.fault": Message("Das ging nicht.", "That did not work."),
    "ask.crs": Message("Koordinatenreferenzsystem", "Coordinate reference system"),
    "ask.boundary.official": Message("amtliche Grenze", "official boundary"),
    "ask.boundary.schematic": Message("Grenze nur schematisch", "boundary only schematic"),
    "ask.unkept": Message(
        "Was Sie hochladen oder einfügen, wird nur für die Antwort gelesen. Es wird weder gespeichert noch "
        "protokolliert.",
        "What you upload or paste is read for the answer only. It is neither stored nor logged.",
    ),
    "lookup.title": Message("Ort prüfen", "Check a place"),
    "lookup.intro": Message(
        "Liegt ein Ort in einem Programmgebiet? Wenn nicht: Welche Gebiete sind die nächsten, und wie weit sind sie "
        "entfernt?",
        "Is a place in a programme area? If not: which areas are the nearest, and how far are they?",
    ),
    "lookup.q": Message("Adresse oder Koordinaten", "Address or coordinates"),
    "lookup.q.hint": Message(
        "Zum Beispiel 7,468 51,527 (Länge, Breite) oder 393725 5709544 (EPSG:25832), auch mit 32 vor dem Ostwert.",
        "For example 7.468 51.527 (longitude, latitude) or 393725 5709544 (EPSG:25832), also with 32 before the easting.",
    ),
    "lookup.submit": Message("Prüfen", "Check"),
    "lookup.near_town": Message("nächster Ort: {town}", "nearest town: {town}"),
    "lookup.areas": Message("Der Ort liegt in", "The place is in"),
    "lookup.nearest": Message("Die nächsten Gebiete", "The nearest areas"),
    "lookup.nearby": Message("Außerdem hier", "Also here"),
    "lookup.distance": Message("{distance} m entfernt", "{distance} m away"),
    "lookup.about": Message("ca. {distance} m entfernt", "ca. {distance} m away"),
    "lookup.about_here": Message(
        "ca. 0 m: im schematischen Umriss oder dicht daran",
        "ca. 0 m: in the schematic outline or close to it",
    ),
    "lookup.sketch": Message(
        "Kartenskizze: der Ort und die Programmgebiete ringsum",
        "Sketch map: the place and the programme areas around",
    ),
    "lookup.degrees": Message("Länge, Breite", "Longitude, latitude"),
    "lookup.metres": Message("EPSG:25832 (Ost, Nord)", "EPSG:25832 (east, north)"),
    "lookup.measured": Message(
        "Entfernungen bis zur Grenze, gemessen auf dem Ellipsoid (GRS 80); bei schematischen Grenzen auf 100 m gerundet.",
        "Distances to the boundary, measured on the ellipsoid (GRS 80); rounded to 100 m for schematic boundaries.",
    ),
    "lookup.json": Message("Antwort als JSON", "Answer as JSON"),
    "lookup.by_number": Message("Mit Ost- und Nordwert", "By easting and northing"),
    "lookup.x": Message("Ostwert oder Länge", "Easting or longitude"),
    "lookup.y": Message("Nordwert oder Breite", "Northing or latitude"),
    "lookup.many": Message("Viele Orte auf einmal", "Many places at once"),
    "lookup.many.text": Message(
        "Eine CSV-Tabelle mit Kopfzeile, etwa lon und lat, Rechtswert und Hochwert oder Ost und Nord; Komma, Semikolon "
        "oder Tabulator, Dezimalpunkt oder -komma. Höchstens {rows} Zeilen und {megabytes} MB. Zurück kommt dieselbe "
        "Tabelle mit den Antworten in weiteren Spalten; Zeilen, die kein Ort sind, bleiben stehen und sagen, warum.",
        "A CSV table with a header line, such as lon and lat or easting and northing; commas, semicolons or tabs, "
        "decimal point or comma. At most {rows} rows and {megabytes} MB. Back comes the same table with the answers in "
        "further columns; rows that are no place stay and say why.",
    ),
    "lookup.file": Message("CSV-Datei", "CSV file"),
    "lookup.many.crs": Message(
        "wie die Spalten heißen: Grad, sonst EPSG:25832", "by the columns: degrees, else EPSG:25832"
    ),
    "lookup.many.submit": Message("Tabelle mit Antworten", "Table with answers"),
    "lookup.many.json": Message("als JSON", "as JSON"),
    "overlap.title": Message("Planung prüfen", "Check a plan"),
    "overlap.intro": Message(
        "Wie viel eines Plans liegt in welchen Programmgebieten? Zeichnen Sie eine Fläche, fügen Sie sie ein oder laden "
        "Sie sie hoch.",
        "How much of a plan lies in which programme areas? Draw a polygon, paste it or upload it.",
    ),
    "overlap.form": Message("Ihr Plan", "Your plan"),
    "overlap.again": Message("Anderer Plan", "Another plan"),
    "overlap.draw": Message(
        "Auf der Karte setzt jeder Klick eine Ecke, ein Doppelklick schließt die Fläche. Mit der Tastatur: Pfeiltasten "
        "verschieben die Karte, die Eingabetaste setzt eine Ecke in der Mitte, die Rücktaste nimmt die letzte zurück.",
        "On the map each click sets a corner, a double click closes the polygon. By keyboard: arrow keys move the map, "
        "Enter sets a corner at the centre, Backspace takes back the last one.",
    ),
    "overlap.paste": Message("GeoJSON oder WKT", "GeoJSON or WKT"),
    "overlap.paste.hint": Message(
        "Etwa POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657700)) mit EPSG:25832. GeoJSON ohne "
        "Angabe ist in Länge und Breite.",
        "Such as POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657700)) with EPSG:25832. GeoJSON "
        "that says nothing is in longitude and latitude.",
    ),
    "overlap.file": Message("oder Datei", "or file"),
    "overlap.file.hint": Message(
        "GeoJSON, GeoPackage oder Shapefile als ZIP; höchstens {megabytes} MB, {features} Flächen und {vertices} "
        "Stützpunkte.",
        "GeoJSON, GeoPackage or Shapefile as ZIP; at most {megabytes} MB, {features} polygons and {vertices} vertices.",
    ),
    "overlap.crs": Message("wie der Plan sagt", "as the plan says"),
    "overlap.submit": Message("Plan prüfen", "Check the plan"),
    "overlap.none": Message("Der Plan berührt kein Programmgebiet.", "The plan touches no programme area."),
    "overlap.one": Message("Der Plan berührt ein Programmgebiet.", "The plan touches one programme area."),
    "overlap.some": Message(
        "Der Plan berührt {count} Programmgebiete.", "The plan touches {count} programme areas."
    ),
    "overlap.plan": Message("Größe des Plans: {ha} ha", "Size of the plan: {ha} ha"),
    "overlap.sketch": Message(
        "Kartenskizze: der Plan, die Programmgebiete ringsum, ihre gemeinsame Fläche schraffiert",
        "Sketch map: the plan, the programme areas around, what they share hatched",
    ),
    "overlap.table": Message("Gebiete und Anteile", "Areas and shares"),
    "overlap.area": Message("Programmgebiet", "Programme area"),
    "overlap.ha": Message("Fläche im Gebiet", "Land in the area"),
    "overlap.of_area": Message("Anteil am Gebiet", "Share of the area"),
    "overlap.of_plan": Message("Anteil am Plan", "Share of the plan"),
    "overlap.slivers": Message("Splitter", "Slivers"),
    "overlap.edge": Message("nur die Grenze", "boundary only"),
    "overlap.sum": Message("Summe ohne Doppelzählung", "Sum without double counting"),
    "overlap.sum_official": Message("davon mit amtlicher Grenze", "of this with official boundary"),
    "overlap.about": Message("ca. {ha}\u00a0ha", "ca. {ha}\u00a0ha"),
    "overlap.ca": Message("ca.", "ca."),
    "overlap.downloads": Message("Ergebnis als Datei", "Result as a file"),
    "draw.tools": Message("Zeichnen", "Drawing"),
    "draw.label": Message("Karte zum Zeichnen einer Fläche", "Map for drawing a polygon"),
    "draw.zoom_in": Message("Vergrößern", "Zoom in"),
    "draw.zoom_out": Message("Verkleinern", "Zoom out"),
    "draw.attribution": Message("Quellen ein- und ausblenden", "Show or hide sources"),
    "draw.add": Message("Ecke in der Kartenmitte", "Corner at the map's centre"),
    "draw.undo": Message("Letzte Ecke zurück", "Take back last corner"),
    "draw.finish": Message("Fläche schließen", "Close polygon"),
    "draw.clear": Message("Löschen", "Clear"),
    "draw.start": Message("Noch ist nichts gezeichnet.", "Nothing is drawn yet."),
    "draw.count": Message("Ecken: {count}", "Corners: {count}"),
    "draw.done": Message(
        "Die Fläche steht im Textfeld und kann geprüft werden.",
        "The polygon stands in the text field, ready to be checked.",
    ),
    "draw.unreadable": Message(
        "Was im Textfeld steht, kann die Karte nicht zeigen; geprüft wird es trotzdem.",
        "The map cannot show what stands in the text field; it is checked all the same.",
    ),
    "draw.failed": Message(
        "Die Karte konnte nicht geladen werden. Einfügen und Hochladen gehen auch ohne sie.",
        "The map could not be loaded. Pasting and uploading work without it.",
    ),
}
