"""What the map page says, in German and English."""

from __future__ import annotations

from geo_service.errors import Message

MAP_MESSAGES: dict[str, Message] = {
    "map.title": Message("Karte der Programmgebiete", "Map of the programme areas"),
    "map.intro": Message(
        "Grenzen, Status und Zeitraum der Programmgebiete der Städtebauförderung in Nordrhein-Westfalen. Jedes Gebiet "
        "führt zu seinem Stadtteilprofil.",
        "Boundaries, status and period of the programme areas of urban development funding in North "
        "Rhine-Westphalia. Each area leads to its profile.",
    ),
    "map.summary": Message("Suche, Filter und Legende", "Search, filters and legend"),
    "map.search": Message("Gebiet, Gemeinde oder Adresse", "Area, municipality or address"),
    "map.search_areas": Message("Gebiet oder Gemeinde suchen", "Search for an area or municipality"),
    "map.search_submit": Message("Suchen", "Search"),
    "map.more_filters": Message("Weitere Filter", "More filters"),
    "map.year": Message("Jahr", "Year"),
    "map.year_slider": Message("Jahr wählen", "Choose a year"),
    "map.year_clear": Message("heute", "today"),
    "map.year_clear_title": Message("Kein Jahr: heutigen Status zeigen", "No year: show the status of today"),
    "map.as_list": Message("Als Liste", "As a list"),
    "map.print": Message("Drucken", "Print"),
    "map.legend": Message("Status", "Status"),
    "map.legend_in": Message("Status im Jahr {year}", "Status in {year}"),
    "map.legend.schematic": Message("schematische Abgrenzung", "schematic boundary"),
    "map.legend.official": Message("amtliche Abgrenzung", "official boundary"),
    "map.notice.schematic": Message(
        "Gestrichelte Grenzen sind schematisch: Sie zeigen die ungefähre Lage, nicht den beschlossenen "
        "Verlauf.",
        "Dashed boundaries are schematic: they show the approximate place, not the line that was resolved.",
    ),
    "map.notice.fictional": Message(
        "Gebiete mit dem Namen „Beispielgebiet …“ und die Gemeinde Musterstadt sind erfunden.",
        "Areas called “Beispielgebiet …” and the municipality of Musterstadt are fictional.",
    ),
    "map.visible": Message("Gebiete im Ausschnitt", "Areas in view"),
    "map.visible_none": Message(
        "Im Ausschnitt liegt kein Gebiet dieser Auswahl.", "No area of this choice lies in view."
    ),
    "map.visible_more": Message(
        "und {count} weitere; näher heranzoomen zeigt sie hier", "and {count} more; zoom in to see them here"
    ),
    "map.show_choice": Message("Ausschnitt auf die Auswahl setzen", "Move the view to the choice"),
    "map.list": Message("Gebiete dieser Auswahl", "Areas of this choice"),
    "map.whole_list": Message("Alle {count} Gebiete als Tabelle", "All {count} areas as a table"),
    "map.loading": Message("Die Karte wird geladen …", "The map is being loaded …"),
    "map.no_script": Message(
        "Die Karte braucht JavaScript. Filter und Liste gehen ohne.",
        "The map needs JavaScript. Filters and list do without.",
    ),
    "map.no_webgl": Message(
        "Ihr Browser kann die Karte nicht zeichnen: WebGL fehlt oder ist abgeschaltet. Filter und Liste gehen "
        "trotzdem.",
        "Your browser cannot draw the map: WebGL is missing or switched off. Filters and list work all the same.",
    ),
    "map.no_library": Message(
        "Die Kartensoftware ist auf diesem Server nicht eingerichtet. Filter und Liste gehen ohne.",
        "The map software is not set up on this server. Filters and list do without.",
    ),
    "map.not_loaded": Message(
        "Die Karte konnte nicht geladen werden; vielleicht startet der Dienst gerade neu. Bitte laden Sie die "
        "Seite gleich noch einmal.",
        "The map could not be loaded; perhaps the service is restarting. Please load the page again in a moment.",
    ),
    "map.unavailable": Message(
        "Der Dienst antwortet gerade nicht, vielleicht startet er neu. Es wird gleich wieder versucht.",
        "The service does not answer just now, perhaps it is restarting. It is tried again in a moment.",
    ),
    "map.tiles_failed": Message(
        "Ein Teil der Karte konnte nicht geladen werden. Es wird gleich wieder versucht.",
        "Part of the map could not be loaded. It is tried again in a moment.",
    ),
    "map.keyboard": Message(
        "Karte. Pfeiltasten verschieben, Plus und Minus ändern den Maßstab, die Eingabetaste wählt das Gebiet "
        "in der Kartenmitte. Die Gebiete im Ausschnitt stehen auch als Liste neben der Karte.",
        "Map. Arrow keys move it, plus and minus change the scale, Enter chooses the area at the centre. The areas "
        "in view are also in a list beside the map.",
    ),
    "map.fit": Message("Alle Gebiete der Auswahl zeigen", "Show all areas of the choice"),
    "map.zoom_in": Message("Vergrößern", "Zoom in"),
    "map.zoom_out": Message("Verkleinern", "Zoom out"),
    "map.attribution": Message("Quellen ein- und ausblenden", "Show or hide sources"),
    "map.locate": Message("Meinen Standort zeigen", "Show where I am"),
    "map.locating": Message("Standort wird bestimmt …", "Finding out where you are …"),
    "map.located": Message(
        "Ihr Standort, auf etwa {metres} m genau.", "Where you are, within about {metres} m."
    ),
    "map.locate_denied": Message(
        "Der Browser gibt Ihren Standort nicht frei. Erlauben Sie es in seinen Einstellungen für diese Seite.",
        "The browser does not share where you are. Allow it in its settings for this page.",
    ),
    "map.locate_unknown": Message(
        "Ihr Standort ließ sich nicht bestimmen. Suchen Sie stattdessen nach der Gemeinde.",
        "It could not be found out where you are. Search for the municipality instead.",
    ),
    "map.locate_insecure": Message(
        "Den Standort geben Browser nur über eine sichere Verbindung (https) frei.",
        "Browsers share where you are over a secure connection (https) only.",
    ),
    "map.close": Message("Schließen", "Close"),
    "map.selected": Message("Ausgewähltes Gebiet", "Chosen area"),
    "map.several": Message("{count} Gebiete an dieser Stelle", "{count} areas at this place"),
    "map.to_profile": Message("Zum Stadtteilprofil", "To the area profile"),
    "map.zoom_to": Message("Ganz zeigen", "Show all of it"),
    "map.unknown_area": Message("Dieses Gebiet gibt es nicht.", "There is no such area."),
    "map.absent_before": Message(
        "Im Jahr {year} war dieses Gebiet noch nicht im Programm; es beginnt {start}. Deshalb fehlt es auf der Karte.",
        "In {year} this area was not in the programme yet; it begins in {start}. So it is not on the map.",
    ),
    "map.absent_show_year": Message("Stand {start} zeigen", "Show the state in {start}"),
    "map.absent_unknown": Message(
        "Der Zeitraum dieses Gebiets ist nicht belegt: Auf der Karte eines Jahres fehlt es deshalb.",
        "The period of this area is not documented: so it is not on the map of a year.",
    ),
    "map.absent_show_today": Message("Heutigen Stand zeigen", "Show the state of today"),
    "map.absent_filtered": Message(
        "Dieses Gebiet passt nicht zu den gewählten Filtern. Deshalb fehlt es auf der Karte.",
        "This area does not match the chosen filters. So it is not on the map.",
    ),
    "map.absent_show_all": Message("Alle Gebiete zeigen", "Show all areas"),
    "map.load_failed": Message(
        "Das Gebiet konnte nicht geladen werden. Bitte versuchen Sie es erneut.",
        "The area could not be loaded. Please try again.",
    ),
    "map.source": Message("Quelle: {provider}, {licence}.", "Source: {provider}, {licence}."),
}
