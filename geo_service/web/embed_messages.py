"""What the map in other people's pages says."""

from __future__ import annotations

from geo_service.errors import Message

EMBED_MESSAGES: dict[str, Message] = {
    "embed.before": Message(
        "Im Jahr {year} noch nicht im Programm; es beginnt {start}.",
        "Not in the programme yet in {year}; it begins in {start}.",
    ),
    "embed.unknown_period": Message("Der Zeitraum ist nicht belegt.", "The period is not documented."),
    "embed.title": Message(
        "Programmgebiete der Städtebauförderung", "Programme areas of urban development funding"
    ),
    "embed.title.town": Message("Programmgebiete in {name}", "Programme areas in {name}"),
    "embed.title.year": Message("{title} im Jahr {year}", "{title} in the year {year}"),
    "embed.count": Message("{count} Gebiete", "{count} areas"),
    "embed.count.one": Message("1 Gebiet", "1 area"),
    "embed.count.none": Message(
        "Zu dieser Auswahl gibt es keine Programmgebiete.", "There are no programme areas of this choice."
    ),
    "embed.legend": Message("Legende", "Legend"),
    "embed.toggle": Message("Liste", "List"),
    "embed.list": Message("Gebiete als Liste", "Areas as a list"),
    "embed.list.more": Message("Alle {count} Gebiete als Tabelle", "All {count} areas as a table"),
    "embed.map": Message("Große Karte", "Full map"),
    "embed.table": Message("Tabelle", "Table"),
    "embed.profile": Message("Zum Stadtteilprofil", "To the area profile"),
    "embed.new_window": Message("(neues Fenster)", "(new window)"),
    "embed.selected": Message("Ausgewähltes Gebiet", "Chosen area"),
    "embed.close": Message("Schließen", "Close"),
    "embed.keyboard": Message(
        "Karte der Programmgebiete. Pfeiltasten verschieben, Plus und Minus vergrößern und verkleinern, "
        "Eingabe wählt das Gebiet in der Mitte. Alle Gebiete stehen auch in der Liste.",
        "Map of the programme areas. Arrow keys move it, plus and minus zoom, Enter chooses the area in the "
        "middle. All areas are in the list, too.",
    ),
    "embed.gesture": Message("Zum Zoomen Strg gedrückt halten und scrollen", "Hold Ctrl and scroll to zoom"),
    "embed.gesture_mac": Message("Zum Zoomen ⌘ gedrückt halten und scrollen", "Hold ⌘ and scroll to zoom"),
    "embed.gesture_touch": Message("Karte mit zwei Fingern verschieben", "Move the map with two fingers"),
    "embed.no_webgl": Message(
        "Ihr Browser kann die Karte nicht zeichnen (WebGL fehlt). Hier ist die Liste.",
        "Your browser cannot draw the map (WebGL is missing). Here is the list.",
    ),
    "embed.not_loaded": Message(
        "Die Karte konnte nicht geladen werden. Hier ist die Liste.",
        "The map could not be loaded. Here is the list.",
    ),
    "embed.schematic": Message("Gestrichelte Grenzen sind schematisch.", "Dashed boundaries are schematic."),
    "embed.fictional": Message(
        "„Beispielgebiete“ und Musterstadt sind erfunden.",
        "“Beispielgebiet …” and Musterstadt are fictional.",
    ),
    "embed.source": Message("Quelle: {provider}, {licence}.", "Source: {provider}, {licence}."),
    "embed.error": Message("Diese Karte kann so nicht gezeigt werden", "This map cannot be shown like this"),
}
