"""The pages that header and footer lead to: one entry per page, in the order in which they are shown.

A page that is no longer there, or not yet, has no entry; a test opens every one in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo_service.errors import Message

AREAS, NETWORK, DATA, DUTIES = "areas", "network", "data", "duties"
GROUPS = {"header": (AREAS, NETWORK, DATA), "footer": (AREAS, NETWORK, DATA, DUTIES), "slim": (DUTIES,)}
GROUP_TITLES = {
    AREAS: Message("Gebiete", "Areas"),
    NETWORK: Message("Städtenetz", "Network"),
    DATA: Message("Daten", "Data"),
    DUTIES: Message("Über diese Seite", "About this site"),
}


@dataclass(frozen=True)
class Entry:
    """One page in the navigation.

    Attributes
    ----------
    key : str
        What a template of the page sets as ``section``, so that the entry is shown as the current one.
    path : str
        The page's address without prefix and language.
    title : Message
        As short as can be: all entries of the header stand in one line on a desktop.
    group : str
        ``DUTIES`` stand in the footer only, all others in header and footer.
    full_title : Message, optional
        What the footer says, which has more room.
    """

    key: str
    path: str
    title: Message
    group: str
    full_title: Message | None = None


ENTRIES: tuple[Entry, ...] = (
    Entry("map", "/", Message("Karte", "Map"), AREAS),
    Entry("profiles", "/profiles", Message("Stadtteilprofile", "Area profiles"), AREAS),
    Entry("search", "/search", Message("Suche", "Search"), AREAS),
    Entry("lookup", "/lookup", Message("Ort prüfen", "Check a place"), AREAS),
    Entry("overlap", "/overlap", Message("Planung prüfen", "Check a plan"), AREAS),
    Entry("municipalities", "/municipalities", Message("Gemeinden", "Municipalities"), NETWORK),
    Entry("network", "/network", Message("Städtenetz", "Network"), NETWORK),
    Entry("news", "/news", Message("Aktuelles", "News"), NETWORK),
    Entry("events", "/events", Message("Veranstaltungen", "Events"), NETWORK),
    Entry("qgis", "/qgis", Message("QGIS", "QGIS"), DATA),
    Entry("imprint", "/imprint", Message("Impressum", "Imprint"), DUTIES),
    Entry("privacy", "/privacy", Message("Datenschutz", "Data protection"), DUTIES),
    Entry("accessibility", "/accessibility", Message("Barrierefreiheit", "Accessibility"), DUTIES),
    Entry(
        "api",
        "/api",
        Message("OGC API", "OGC API"),
        DATA,
        Message("Schnittstelle (OGC API)", "Interface (OGC API)"),
    ),
)


def navigation(place: str) -> Iterator[tuple[str, Message, tuple[Entry, ...]]]:
    """Yield name, title and entries of the groups of a place in ``GROUPS``, without empty ones."""
    for group in GROUPS[place]:
        entries = tuple(entry for entry in ENTRIES if entry.group == group)
        if entries:
            yield group, GROUP_TITLES[group], entries
