"""What news, events and the pages on the network and its municipalities say, in German and English."""

from __future__ import annotations

from geo_service.errors import Message

SITE_MESSAGES: dict[str, Message] = {
    "entries.areas": Message("Programmgebiete dazu", "Programme areas concerned"),
    "entries.towns": Message("Gemeinden dazu", "Municipalities concerned"),
    "entries.pages": Message("Weitere Seiten", "More pages"),
    "news.title": Message("Aktuelles", "News"),
    "news.lead": Message(
        "Meldungen aus dem Städtenetz und zur Städtebauförderung, die jüngsten zuerst.",
        "News from the network and on urban development funding, the latest first.",
    ),
    "news.years": Message("Jahr", "Year"),
    "news.all": Message("alle Jahre", "all years"),
    "news.none": Message("Keine Meldungen.", "No news."),
    "news.feed": Message("Meldungen als Atom-Feed", "News as an Atom feed"),
    "events.title": Message("Veranstaltungen", "Events"),
    "events.lead": Message(
        "Hinweise auf Veranstaltungen zur Stadterneuerung und zum Austausch zwischen Gemeinden.",
        "Events on urban renewal and for exchange between municipalities.",
    ),
    "events.coming": Message("Demnächst", "Coming up"),
    "events.past": Message("Vergangene Veranstaltungen", "Past events"),
    "events.none": Message(
        "Zurzeit sind keine Termine angekündigt.", "No dates are announced at the moment."
    ),
    "events.cancelled": Message("abgesagt", "cancelled"),
    "events.at": Message("{day}, {times} Uhr", "{day}, {times}"),
    "events.when": Message("Wann", "When"),
    "events.where": Message("Wo", "Where"),
    "events.place_unknown": Message(
        "Belegt ist nur die Gemeinde. Der Punkt auf Karten zeigt ihre Mitte, nicht den Veranstaltungsort.",
        "Only the municipality is documented. The point on maps shows its centre, not the venue.",
    ),
    "events.organiser": Message("Veranstalter", "Organiser"),
    "events.calendar": Message("In den Kalender (.ics)", "Add to calendar (.ics)"),
    "events.feature": Message("Datensatz", "Data"),
    "events.api": Message("Veranstaltungen in der Schnittstelle", "Events in the interface"),
    "network.title": Message("Das Städtenetz", "The network"),
    "network.none": Message(
        "Ein Text über das Städtenetz ist noch nicht verfügbar.",
        "A text on the network is not yet available.",
    ),
    "towns.title": Message("Gemeinden", "Municipalities"),
    "towns.lead": Message(
        "Alle Gemeinden mit ihren Programmgebieten. Ob eine Gemeinde zum Städtenetz gehört, steht hier "
        "nur, wo es belegt ist.",
        "All municipalities with their programme areas. Whether a municipality belongs to the network is "
        "said only where it is documented.",
    ),
    "towns.filter": Message("Gemeinden auswählen", "Choose municipalities"),
    "towns.search": Message("Name oder Schlüssel (AGS)", "Name or key (AGS)"),
    "towns.submit": Message("Auswählen", "Choose"),
    "towns.reset": Message("Alle zeigen", "Show all"),
    "towns.name": Message("Gemeinde", "Municipality"),
    "towns.region": Message("Regierungsbezirk", "Government region"),
    "towns.no_region": Message("ohne Angabe", "not stated"),
    "towns.district": Message("Kreis oder kreisfreie Stadt", "District or independent city"),
    "towns.any": Message("alle", "all"),
    "towns.with_areas": Message("nur mit Programmgebieten", "only those with programme areas"),
    "towns.count": Message("{count} von {total} Gemeinden", "{count} of {total} municipalities"),
    "towns.count_with": Message(
        ", davon {count} mit Programmgebieten", ", {count} of them with programme areas"
    ),
    "towns.count_with.one": Message(", davon 1 mit Programmgebieten", ", 1 of them with programme areas"),
    "towns.letters": Message("Anfangsbuchstaben", "First letters"),
    "towns.caption": Message(
        "Gemeinden; die Spaltenköpfe sortieren", "Municipalities; the column heads sort"
    ),
    "towns.none": Message("Keine Gemeinde passt zu dieser Auswahl.", "No municipality matches this choice."),
    "towns.areas": Message("Programmgebiete", "Programme areas"),
    "town.lead": Message(
        "{name}: Programmgebiete der Städtebauförderung mit ihrem Status",
        "{name}: programme areas of urban development funding with their status",
    ),
    "town.fictional": Message(
        "Diese Gemeinde ist erfunden und dient als Beispiel.",
        "This municipality is fictional and serves as an example.",
    ),
    "town.areas": Message("Programmgebiete", "Programme areas"),
    "town.no_areas": Message(
        "Zu dieser Gemeinde ist kein Programmgebiet veröffentlicht.",
        "No area of this municipality is published.",
    ),
    "town.map_alt": Message(
        "Kartenskizze: Programmgebiete in {name} mit Orten der Umgebung",
        "Sketch map: programme areas in {name} with places nearby",
    ),
    "town.map_alt.none": Message(
        "Kartenskizze: {name} mit Orten und Programmgebieten der Umgebung",
        "Sketch map: {name} with places and programme areas nearby",
    ),
    "town.key": Message("Amtlicher Gemeindeschlüssel (AGS)", "Official municipality key (AGS)"),
    "town.participation": Message("Teilnahme am Städtenetz", "Participation in the network"),
    "town.source": Message("Quelle der Angaben", "Source of the facts"),
    "town.on_list": Message("Gebiete in der Liste der Profile", "Areas in the list of profiles"),
    "town.feature": Message("Datensatz der Gemeinde", "Data of the municipality"),
    "town.feature.json": Message("Datensatz als GeoJSON", "Data as GeoJSON"),
    "town.areas.json": Message("Programmgebiete als GeoJSON", "Programme areas as GeoJSON"),
}

NO_NEWS = Message("Diese Meldung gibt es nicht.", "There is no such news item.")
NO_EVENT = Message("Diese Veranstaltung gibt es nicht.", "There is no such event.")
NO_TOWN = Message(
    "Eine Gemeinde mit diesem Schlüssel gibt es nicht.", "There is no municipality with this key."
)
BAD_YEAR = Message("Erwartet wird ein Jahr, etwa year=2020.", "Expected is a year, e.g. year=2020.")
BAD_PAGE = Message(
    "Erwartet wird eine ganze Zahl ab 1, etwa page=2.", "Expected is an integer from 1, e.g. page=2."
)
