"""What the pages say, in German and English: one entry per sentence, both languages side by side.

Labels of fields and codes are not here but in ``geo_service.domain``. Templates call ``t("key")``; a test
finds keys that are used and not written, and entries that nobody uses.
"""

from __future__ import annotations

from geo_service.errors import Message
from geo_service.web.api_messages import API_MESSAGES
from geo_service.web.area_messages import AREA_MESSAGES
from geo_service.web.ask_messages import ASK_MESSAGES
from geo_service.web.duty_messages import DUTY_MESSAGES
from geo_service.web.embed_messages import EMBED_MESSAGES
from geo_service.web.find_messages import FIND_MESSAGES
from geo_service.web.map_messages import MAP_MESSAGES
from geo_service.web.qgis_messages import QGIS_MESSAGES
from geo_service.web.site_messages import SITE_MESSAGES

MESSAGES: dict[str, Message] = {
    # the frame of every page
    "site.name": Message("Programmgebiete NRW", "Programme areas NRW"),
    "site.claim": Message(
        "Städtebauförderung in Nordrhein-Westfalen", "Urban development funding in North Rhine-Westphalia"
    ),
    "site.skip": Message("Zum Inhalt springen", "Skip to content"),
    "site.nav": Message("Hauptnavigation", "Main navigation"),
    "site.menu": Message("Menü", "Menu"),
    "site.menu.close": Message("Menü schließen", "Close menu"),
    "site.profiles": Message("Stadtteilprofile", "Area profiles"),
    "site.api.short": Message("OGC API", "OGC API"),
    "site.language": Message("Sprache", "Language"),
    "site.home": Message("Zur Karte", "To the map"),
    "site.footer": Message(
        "Programmgebiete der Städtebauförderung mit Abgrenzung, Status und Stadtteilprofil.",
        "Programme areas of urban development funding with boundary, status and area profile.",
    ),
    # facts
    "fact.period": Message("Zeitraum", "Period"),
    "fact.since": Message("seit {start}", "since {start}"),
    "fact.from": Message("ab {start}", "from {start}"),
    "fact.until": Message("bis {end}", "until {end}"),
    "fact.period_unknown": Message("nicht belegt", "not documented"),
    "fact.unknown": Message("nicht belegt", "not documented"),
    "fact.programmes": Message("Programme", "Programmes"),
    "fact.area": Message("Fläche", "Area"),
    "fact.area_documented": Message("laut Quelle, {year}", "as documented, {year}"),
    "fact.area_measured": Message("aus der Abgrenzung berechnet", "computed from the boundary"),
    "fact.area_both": Message("laut Quelle {size}, {year}", "as documented {size}, {year}"),
    "fact.year": Message("Stand {year}", "as of {year}"),
    "fact.year_unknown": Message("Jahr nicht belegt", "year not documented"),
    "fact.and": Message("und", "and"),
    "fact.municipality": Message("Gemeinde", "Municipality"),
    "fact.municipalities": Message("Gemeinden", "Municipalities"),
    "fact.leading": Message("federführend", "leading"),
    "fact.attr_source": Message("Quelle der Angaben", "Source of the facts"),
    "fact.former_names": Message("Frühere Namen", "Former names"),
    "fact.updated": Message("Stand", "Updated"),
    "fact.fullness": Message("{count} von 7 Abschnitten", "{count} of 7 sections"),
    # profile
    "profile.facts": Message("Steckbrief", "Key facts"),
    "profile.basis": Message("Worauf die Angaben beruhen", "What this rests on"),
    "profile.location": Message("Lage", "Location"),
    "profile.map_alt": Message(
        "Kartenskizze: Abgrenzung von {name} mit Gebieten und Orten der Umgebung",
        "Sketch map: boundary of {name} with areas and places nearby",
    ),
    "profile.map_north": Message("Norden ist oben", "North is up"),
    "profile.on_map": Message("Auf der Karte ansehen", "Show on the map"),
    "profile.feature": Message("Datensatz des Gebiets", "Data of the area"),
    "profile.feature.json": Message("Datensatz als GeoJSON", "Data as GeoJSON"),
    "profile.json": Message("Profil als JSON", "Profile as JSON"),
    "profile.data": Message("Daten", "Data"),
    "profile.missing": Message("noch nicht verfügbar", "not yet available"),
    "profile.missing_hint.one": Message(
        "Ergänzen kann diesen Abschnitt die Gemeinde {names}.",
        "This section can be completed by the municipality of {names}.",
    ),
    "profile.missing_hint.many": Message(
        "Ergänzen können diesen Abschnitt die Gemeinden {names}.",
        "This section can be completed by the municipalities of {names}.",
    ),
    "profile.contents": Message("Abschnitte des Profils", "Sections of the profile"),
    "profile.map_source": Message("Abgrenzung: {source}.", "Boundary: {source}."),
    "profile.place_source": Message("Gemeinden: {source}.", "Municipalities: {source}."),
    "profile.versions": Message("Fassungen der Abgrenzung", "Versions of the boundary"),
    "profile.nearest": Message("Nächste Programmgebiete", "Nearest programme areas"),
    "profile.nearest.none": Message(
        "Es gibt noch keine anderen Programmgebiete.", "There are no other programme areas yet."
    ),
    "profile.entries": Message("Aktuelles und Termine", "News and events"),
    "profile.cite": Message("Zitieren", "How to cite"),
    "profile.citation": Message(
        "{site} ({year}): Stadtteilprofil „{name}“, {municipality}. Stand: {day}. {address}",
        "{site} ({year}): Area profile “{name}”, {municipality}. As of {day}. {address}",
    ),
    "profile.persistent": Message("Dauerhafte Adresse", "Lasting address"),
    "profile.document_source": Message("Quelle: {source}", "Source: {source}"),
    "version.period": Message("{start} bis {end}", "{start} to {end}"),
    "version.until": Message("bis {end}", "until {end}"),
    "version.undated": Message("Datum nicht belegt", "date not documented"),
    "version.current": Message("aktuell", "current"),
    "version.difference": Message("Unterschied zur vorigen Fassung", "difference from the version before"),
    "version.no_reason": Message("Anlass nicht belegt", "reason not documented"),
    "neighbour.adjacent": Message("angrenzend, {direction}", "adjacent, {direction}"),
    "neighbour.adjacent_about": Message(
        "ca. angrenzend (schematisch), {direction}", "about adjacent (schematic), {direction}"
    ),
    "neighbour.away": Message("{distance} {direction}", "{distance} {direction}"),
    "neighbour.away_about": Message("ca. {distance} {direction}", "about {distance} {direction}"),
    "direction.n": Message("nördlich", "to the north"),
    "direction.ne": Message("nordöstlich", "to the north-east"),
    "direction.e": Message("östlich", "to the east"),
    "direction.se": Message("südöstlich", "to the south-east"),
    "direction.s": Message("südlich", "to the south"),
    "direction.sw": Message("südwestlich", "to the south-west"),
    "direction.w": Message("westlich", "to the west"),
    "direction.nw": Message("nordwestlich", "to the north-west"),
    "profile.other_language": Message(
        "Dieser Abschnitt liegt nur auf Englisch vor.", "This section is available in German only."
    ),
    "profile.source": Message("Quelle: {source}", "Source: {source}"),
    "profile.notice.schematic": Message(
        "Die Abgrenzung ist schematisch. Sie zeigt die ungefähre Lage und Größe, nicht den beschlossenen "
        "Verlauf der Grenze.",
        "The boundary is schematic. It shows approximate place and size, not the line that was resolved.",
    ),
    "profile.notice.fictional": Message(
        "Dieses Gebiet ist erfunden und dient als Beispiel. Name, Angaben, Texte und Dokumente beschreiben "
        "keinen wirklichen Ort.",
        "This area is fictional and serves as an example. Name, facts, texts and documents describe no real "
        "place.",
    ),
    "profile.notice.partly": Message(
        "Nur ein Teil der Angaben ist belegt; was nicht belegt ist, bleibt offen.",
        "Only some of the facts are documented; what is not documented is left open.",
    ),
    "profile.document_language": Message("auf {tongue}", "in {tongue}"),
    "profile.email": Message("E-Mail", "Email"),
    "profile.phone": Message("Telefon", "Phone"),
    "language.de": Message("Deutsch", "German"),
    "language.en": Message("Englisch", "English"),
    # errors
    "error.404": Message("Seite nicht gefunden", "Page not found"),
    "error.404.text": Message(
        "Unter dieser Adresse gibt es nichts. Vielleicht hilft die Karte oder die Liste der Profile weiter.",
        "There is nothing at this address. The map or the list of profiles may help.",
    ),
    "error.410": Message("Gebiet zurückgezogen", "Area withdrawn"),
    "error.500": Message("Interner Fehler", "Internal error"),
    "error.500.text": Message(
        "Bei der Antwort ist ein Fehler aufgetreten. Er ist protokolliert.",
        "Something went wrong while answering. It has been logged.",
    ),
    "error.503": Message("Gleich wieder da", "Back in a moment"),
    "error.search": Message("Nach „{words}“ suchen", "Search for “{words}”"),
    "error.status": Message("Fehler {status}", "Error {status}"),
    "error.successor": Message("Zum Nachfolger", "To its successor"),
    "error.retry": Message("Erneut versuchen", "Try again"),
    # the pages of the API, and those that answer questions, have files of their own
    **API_MESSAGES,
    **AREA_MESSAGES,
    **MAP_MESSAGES,
    **ASK_MESSAGES,
    **EMBED_MESSAGES,
    **FIND_MESSAGES,
    **QGIS_MESSAGES,
    **SITE_MESSAGES,
    **DUTY_MESSAGES,
}

NO_AREA = Message("Ein Programmgebiet mit dieser Kennung gibt es nicht.", "There is no area with this id.")
NO_DOCUMENT = Message("Dieses Dokument gibt es nicht.", "There is no such document.")
BAD_FORMAT = Message("Als Format gibt es html und json.", "The formats are html and json.")
BAD_OFFSET = Message(
    "Erwartet wird eine ganze Zahl ab 0, etwa offset=500.", "Expected is an integer from 0, e.g. offset=500."
)


def withdrawn(name: str, successor: str | None) -> Message:
    """Say that an area was withdrawn and, where there is one, which area took its place."""
    if successor is None:
        return Message(
            f"Das Programmgebiet „{name}“ wurde zurückgezogen.", f"The programme area “{name}” was withdrawn."
        )
    return Message(
        f"Das Programmgebiet „{name}“ wurde zurückgezogen. An seine Stelle ist „{successor}“ getreten.",
        f"The programme area “{name}” was withdrawn. “{successor}” took its place.",
    )


def text(key: str, language: str, /, **values: object) -> str:
    """Return the sentence `key` in `language`, with its placeholders filled.

    Raises
    ------
    KeyError
        There is no such sentence; a test keeps this from happening.
    """
    sentence = MESSAGES[key].text(language)
    return sentence.format(**values) if values else sentence
