"""The answer to *in which area is this place?* as data: the same for the page, the table and the process.

For a schematic boundary there is neither yes nor no: whether the place lies in the area stays open
(``contains`` is null), and distances are rounded to 100 m.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from sqlalchemy import Connection

from geo_service.db.lookup import Found, look_up
from geo_service.errors import Message
from geo_service.ogc.places import Place

Document = dict[str, Any]
Verdict = Literal["inside", "outside", "unknown"]

SCHEMATIC_STEP_M = 100
SCHEMATIC = Message(
    "Grenze nur schematisch, keine Auskunft, ob der Ort im Gebiet liegt",
    "Boundary only schematic, no answer whether the place is in the area",
)
SENTENCES: dict[Verdict, Message] = {
    "inside": Message("Der Ort liegt in einem Programmgebiet.", "The place is in a programme area."),
    "outside": Message("Der Ort liegt in keinem Programmgebiet.", "The place is in no programme area."),
    "unknown": Message(
        "Der Ort liegt in keinem Gebiet mit amtlicher Grenze. Für Gebiete, deren Grenze nur schematisch ist, gibt es "
        "keine Auskunft.",
        "The place is in no area with an official boundary. For areas whose boundary is only schematic there is no "
        "answer.",
    ),
}
ITEMS = "/api/collections/programme-areas/items"


def verdict(found: Found) -> Verdict:
    """Return whether the place is surely in an area, surely in none of the nearest, or neither."""
    if found.holding:
        return "inside"
    return "unknown" if any(is_schematic(area) for area in found.near) else "outside"


def is_schematic(area: Mapping[str, Any]) -> bool:
    """Tell whether an area's boundary says only roughly where it is."""
    return area["geom_basis"] != "official"


def distance(area: Mapping[str, Any]) -> float:
    """Return an area's distance in metres as it may be published: to the millimetre, or to 100 m."""
    if is_schematic(area):
        return float(round(area["distance_m"] / SCHEMATIC_STEP_M) * SCHEMATIC_STEP_M)
    return round(float(area["distance_m"]), 3)


def lookup_document(place: Place, found: Found, base: str, language: str) -> Document:
    """Return the answer for one place.

    Parameters
    ----------
    base : str
        Public address of the service without a slash at the end.
    """
    said = verdict(found)
    document: Document = {
        "place": {
            "given": place.given,
            "lon": round(found.lon, 7),
            "lat": round(found.lat, 7),
            "easting": round(place.easting, 3),
            "northing": round(place.northing, 3),
            "crs": "EPSG:25832",
            "municipality": found.town if found.in_town else None,
            "nearest_town": found.town,
        },
        "result": said,
        "authoritative": said != "unknown" and not any(is_schematic(area) for area in found.near),
        "message": SENTENCES[said].text(language),
        "areas": [
            {
                **_facts(area, base),
                "contains": True,
                "authoritative": True,
                "distance_m": 0.0,
                "approximate": False,
            }
            for area in found.holding
        ],
        "nearest": [_near(area, base, language) for area in found.near],
    }
    if place.transformation is not None:
        document["transformation"] = place.transformation.text(language)
    return document


def _near(area: Mapping[str, Any], base: str, language: str) -> Document:
    schematic = is_schematic(area)
    entry: Document = {
        **_facts(area, base),
        "contains": None if schematic else False,
        "authoritative": not schematic,
        "distance_m": distance(area),
        "approximate": schematic,
    }
    if schematic:
        entry["note"] = SCHEMATIC.text(language)
    return entry


def _facts(area: Mapping[str, Any], base: str) -> Document:
    names = (
        "area_id", "name", "municipality", "ags", "status", "status_de", "status_en", "stage", "programme",
        "start_date", "end_date", "start_year", "end_year", "geom_basis", "attr_basis",
    )  # fmt: skip
    return {
        **{name: area[name] for name in names},
        "profile_url": f"{base}/profiles/{area['area_id']}",
        "item_url": f"{base}{ITEMS}/{area['area_id']}",
    }


def look_up_places(connection: Connection, places: Iterable[Place]) -> Iterator[tuple[Place, Found]]:
    """Answer for many places, in their order."""
    asked = list(places)
    yield from zip(asked, look_up(connection, [place.point for place in asked]), strict=True)
