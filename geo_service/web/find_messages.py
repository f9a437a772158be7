"""What the search and the finding of places say."""

from __future__ import annotations

from geo_service.errors import Message

FIND_MESSAGES: dict[str, Message] = {
    "search.title": Message("Suche", "Search"),
    "search.title.words": Message("Suche nach „{words}“", "Search for “{words}”"),
    "search.intro": Message(
        "Gebiete, frühere Namen, Gemeinden, Texte in den Profilen und Orte.",
        "Areas, former names, municipalities, texts in profiles, and places.",
    ),
    "search.q": Message("Was oder wo?", "What or where?"),
    "search.submit": Message("Suchen", "Search"),
    "search.hint": Message(
        "Name, Gemeinde, Thema, Adresse oder Koordinaten wie 7,468 51,527 und 393725 5709544 (EPSG:25832).",
        "Name, municipality, topic, address, or coordinates such as 7.468 51.527 and 393725 5709544 (EPSG:25832).",
    ),
    "search.found": Message("Treffer für „{words}“", "Results for “{words}”"),
    "search.nothing": Message(
        "Nichts passt zu „{words}“. Versuchen Sie weniger oder andere Wörter, den Namen der Gemeinde oder eine Karte.",
        "Nothing matches “{words}”. Try fewer or other words, the name of the municipality, or the map.",
    ),
    "search.similar_only": Message(
        "Nichts heißt genau „{words}“. Ähnlich geschrieben sind die folgenden Namen.",
        "Nothing is called exactly “{words}”. The following names are written alike.",
    ),
    "search.areas": Message("Programmgebiete", "Programme areas"),
    "search.all_areas": Message("Alle {count} Gebiete in der Liste", "All {count} areas in the list"),
    "search.former": Message("früher: {names}", "formerly: {names}"),
    "search.towns": Message("Gemeinden", "Municipalities"),
    "search.texts": Message("Texte in Profilen", "Texts in profiles"),
    "search.more_texts": Message(
        "{count} weitere Abschnitte passen; mit mehr Wörtern werden es weniger.",
        "{count} more sections match; more words make them fewer.",
    ),
    "search.similar": Message("Ähnlich geschrieben", "Written alike"),
    "search.kind.area": Message("Programmgebiet", "Programme area"),
    "api.processes": Message("Prozesse", "Processes"),
    "api.processes.lead": Message(
        "Fragen an die Gebiete nach OGC API – Processes: sofort beantwortet oder als Auftrag.",
        "Questions to the areas by OGC API – Processes: answered at once or as a job.",
    ),
    "api.processes.page": Message("dasselbe als Seite", "the same as a page"),
    "api.processes.inputs": Message("Eingaben", "Inputs"),
    "api.processes.outputs": Message("Ausgabe", "Output"),
    "api.processes.call": Message("Aufruf", "How to call it"),
    "api.processes.later": Message(
        "Als Auftrag: Die Antwort nennt in Location, wo Stand und Ergebnis zu finden sind. Das Ergebnis bleibt eine "
        "Stunde und ist so lange für alle lesbar, die Eingabe wird nicht aufbewahrt. Sofort Beantwortetes hinterlässt "
        "nichts.",
        "As a job: the answer says in Location where status and result are found. The result is kept for an hour, "
        "readable by everybody; the input is not kept. What is answered at once leaves nothing behind.",
    ),
    "api.jobs": Message("Aufträge", "Jobs"),
    "api.jobs.lead": Message(
        "Was in der letzten Stunde als Auftrag an die Prozesse ging.",
        "What went to the processes as jobs in the last hour.",
    ),
    "api.jobs.none": Message("Zurzeit gibt es keine Aufträge.", "There are no jobs at the moment."),
    "api.jobs.process": Message("Prozess", "Process"),
    "api.jobs.status": Message("Stand", "Status"),
    "api.jobs.created": Message("Angenommen", "Accepted"),
    "api.jobs.finished": Message("Beendet", "Finished"),
    "api.jobs.number": Message("Kennung", "Identifier"),
    "api.jobs.results": Message("Ergebnis (JSON)", "Result (JSON)"),
    "api.job": Message("Auftrag", "Job"),
    "find.places": Message("Orte", "Places"),
    "find.check": Message("prüfen, in welchem Gebiet", "check in which area"),
    "find.other_number": Message(
        "diese Hausnummer fehlt, die nächste in der Straße",
        "this number is missing, the next one in the street",
    ),
    "find.some_number": Message("eine Hausnummer dieser Straße", "a number in this street"),
    "find.source": Message("Adressen: {source}", "Addresses: {source}"),
    "find.failed": Message(
        "Der Adressdienst antwortet gerade nicht. Diese Wege gehen ohne ihn:",
        "The address service does not answer at the moment. These ways work without it:",
    ),
    "find.nobody": Message(
        "Adressen kann dieser Dienst nicht auflösen: Es ist weder ein Adressverzeichnis eingelesen noch ein Adressdienst "
        "eingestellt. Diese Wege gibt es:",
        "This service cannot resolve addresses: neither a table of addresses was imported nor a geocoder configured. "
        "There are these ways:",
    ),
    "find.no_address": Message(
        "Keine Adresse ist so geschrieben. Weitere Wege:", "No address is written like this. Other ways:"
    ),
    "find.by_town": Message("nach der Gemeinde in der Liste", "by municipality in the list"),
    "find.by_map": Message("auf der Karte klicken", "click on the map"),
    "find.by_coordinates": Message("mit Koordinaten", "by coordinates"),
}
