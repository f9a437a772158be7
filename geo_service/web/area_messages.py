"""What the pages that choose areas say - filters, list, exports - in German and English."""

from __future__ import annotations

from geo_service.errors import Message

AREA_MESSAGES: dict[str, Message] = {
    # filters; what stands behind the point is the name of the parameter
    "filter.title": Message("Filtern", "Filter"),
    "filter.any": Message("– beliebig –", "– any –"),
    "filter.q": Message("Suche in Namen und Profilen", "Search names and profiles"),
    "filter.status": Message("Status", "Status"),
    "filter.status_in": Message("Status im Jahr {year}", "Status in {year}"),
    "filter.programme": Message("Programm (auch frühere)", "Programme (former ones, too)"),
    "filter.government_region": Message("Regierungsbezirk", "Government region"),
    "filter.district": Message("Kreis oder kreisfreie Stadt", "District or independent city"),
    "filter.ags": Message("Gemeinde", "Municipality"),
    "filter.from": Message("Im Programm im Zeitraum", "In the programme in the period"),
    "filter.from_year": Message("von (Jahr)", "from (year)"),
    "filter.to_year": Message("bis (Jahr)", "to (year)"),
    "filter.period": Message("Zeitraum", "Period"),
    "filter.period.unknown": Message("nicht belegt", "not documented"),
    "filter.no_period": Message(
        "nur Gebiete ohne belegten Zeitraum", "only areas without a documented period"
    ),
    "filter.year": Message("Stand im Jahr", "State in the year"),
    "filter.year_hint": Message(
        "Mit einem Jahr zeigt der Status den Stand in diesem Jahr; was noch nicht begonnen hatte, fehlt.",
        "With a year the status is that of the year; what had not begun is left out.",
    ),
    "filter.year_note": Message("Stand im Jahr {year}.", "State in {year}."),
    "filter.boundaries_today": Message("Grenzen: heutiger Stand.", "Boundaries: as of today."),
    "filter.without_period": Message(
        "{count} Gebiete ohne belegten Zeitraum", "{count} areas without a documented period"
    ),
    "filter.without_period.one": Message(
        "1 Gebiet ohne belegten Zeitraum", "1 area without a documented period"
    ),
    "filter.chosen": Message("Gewählte Filter", "Chosen filters"),
    "filter.remove": Message("entfernen", "remove"),
    "filter.without": Message("ohne {filter}", "without {filter}"),
    "filter.reset": Message("Alle Gebiete", "All areas"),
    "filter.submit": Message("Anwenden", "Apply"),
    # list
    "profiles.title": Message("Liste der Programmgebiete", "List of the programme areas"),
    "profiles.intro": Message(
        "Alle Programmgebiete mit Status, Zeitraum und Fläche zum Filtern, Sortieren und Mitnehmen. Jeder Name "
        "führt zum Stadtteilprofil.",
        "All programme areas with status, period and size, to filter, sort and take away. Each name leads to the "
        "profile of the area.",
    ),
    "profiles.count": Message("{count} Gebiete", "{count} areas"),
    "profiles.count.one": Message("1 Gebiet", "1 area"),
    "profiles.none": Message("Kein Gebiet passt zu dieser Auswahl.", "No area matches this choice."),
    "profiles.none.help": Message(
        "Die Filter gelten zusammen. Vielleicht hilft es, einen davon wegzulassen:",
        "The filters apply together. It may help to drop one of them:",
    ),
    "profiles.empty": Message("Noch sind keine Gebiete veröffentlicht.", "No areas are published yet."),
    "profiles.on_map": Message("Karte dieser Auswahl", "Map of this choice"),
    "profiles.as_table": Message("Als Tabelle:", "As a table:"),
    "profiles.export.xlsx": Message("Arbeitsmappe für Excel und andere", "Workbook for Excel and others"),
    "profiles.export.csv": Message(
        "CSV für deutsches Excel: Semikolon, Dezimalkomma", "CSV for German Excel: semicolons, decimal commas"
    ),
    "profiles.caption": Message(
        "Programmgebiete; die Spaltenköpfe sortieren", "Programme areas; the column heads sort"
    ),
    "profiles.column.name": Message("Name", "Name"),
    "profiles.column.municipality": Message("Gemeinde", "Municipality"),
    "profiles.column.district": Message("Kreis", "District"),
    "profiles.column.status": Message("Status", "Status"),
    "profiles.column.begin": Message("Beginn", "Begin"),
    "profiles.column.end": Message("Ende", "End"),
    "profiles.column.ha": Message("Fläche (ha)", "Area (ha)"),
    "profiles.open": Message("offen", "open"),
    "profiles.fictional": Message("fiktiv", "fictional"),
    "profiles.fullness": Message("Profil", "Profile"),
    "profiles.pages": Message("Seiten der Liste", "Pages of the list"),
    "profiles.first": Message("Anfang der Liste", "Start of the list"),
    "profiles.previous": Message("Vorherige Seite", "Previous page"),
    "profiles.next": Message("Nächste Seite", "Next page"),
    # exports
    "export.file": Message("programmgebiete", "programme-areas"),
    "export.title": Message("Inhalt", "Content"),
    "export.source": Message("Quelle", "Source"),
    "export.date": Message("Abgerufen am", "Retrieved on"),
    "export.licence": Message("Lizenz der Zusammenstellung", "Licence of the compilation"),
    "export.filters": Message("Auswahl", "Choice"),
    "export.all": Message("alle Gebiete", "all areas"),
    "export.address": Message("Adresse der Liste", "Address of the list"),
    "export.notes": Message("Hinweise", "Notes"),
    "export.notes_text": Message(
        "Leere Zellen: nicht belegt. Die Fläche ist eben in EPSG:25832 gemessen; bei schematischer Abgrenzung "
        "steht sie nur da, wenn eine Quelle sie nennt.",
        "Empty cells: not documented. Sizes are plane areas in EPSG:25832; for a schematic boundary there is one "
        "only where a source states it.",
    ),
    "export.status_in": Message("Status im Jahr {year}", "Status in {year}"),
}
