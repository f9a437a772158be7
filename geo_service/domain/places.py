"""Places as people write them: two numbers in one of the systems used in Germany. Pure, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What the service answers for: North Rhine-Westphalia with a margin of some kilometres, in degrees.
VALID_AREA = (5.75, 50.25, 9.6, 52.65)
"""(min_lon, min_lat, max_lon, max_lat)"""


@dataclass(frozen=True)
class PlaceSystem:
    """A coordinate reference system in which places may be given: x is to the east, whatever its axes are.

    Attributes
    ----------
    code : str
        As it is asked for and written, ``EPSG:25832``.
    box : tuple of float
        (min x, min y, max x, max y): the numbers by which text is recognised; around Germany.
    """

    code: str
    title_de: str
    title_en: str
    box: tuple[float, float, float, float]
    degrees: bool = False


CRS84 = PlaceSystem(
    "OGC:CRS84", "Länge, Breite (WGS 84)", "longitude, latitude (WGS 84)", (5.5, 47.0, 15.6, 55.3), True
)
UTM = PlaceSystem("EPSG:25832", "ETRS89 / UTM 32N", "ETRS89 / UTM 32N", (230e3, 5.2e6, 1.01e6, 6.15e6))
PLACE_SYSTEMS = (
    CRS84,
    UTM,
    PlaceSystem(
        "EPSG:4647",
        "ETRS89 / UTM 32N mit Zone vor dem Ostwert",
        "ETRS89 / UTM 32N with the zone before the easting",
        (32.2e6, 5.2e6, 33.01e6, 6.15e6),
    ),
    PlaceSystem("EPSG:25833", "ETRS89 / UTM 33N", "ETRS89 / UTM 33N", (-200e3, 5.2e6, 600e3, 6.2e6)),
    PlaceSystem("EPSG:31466", "DHDN / Gauß-Krüger 2", "DHDN / Gauss-Krüger 2", (2.4e6, 5.2e6, 2.7e6, 6.2e6)),
    PlaceSystem("EPSG:31467", "DHDN / Gauß-Krüger 3", "DHDN / Gauss-Krüger 3", (3.3e6, 5.2e6, 3.8e6, 6.2e6)),
    PlaceSystem("EPSG:3857", "Web-Mercator", "Web Mercator", (600e3, 5.9e6, 1.75e6, 7.5e6)),
)
_DEGREES = ("crs84", "ogc:crs84", "4326", "4258")
_RECOGNISED = tuple(one for one in PLACE_SYSTEMS if one.code not in ("EPSG:25833", "EPSG:3857"))
_CODE = re.compile(
    r"(?:(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?(?:epsg|ogc)(?:[:/]{1,2}[0-9.]*)?[:/])?"
    r"([0-9]{4,6}|crs84)",
    re.IGNORECASE,
)
_NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]+)?)"
_SIDE = "[°]?\\s*([NSEOW])?"
_PAIR = re.compile(rf"({_NUMBER})\s*{_SIDE}(?:\s*[;,]\s+|\s*;\s*|\s+)({_NUMBER})\s*{_SIDE}", re.IGNORECASE)
_POINTS = re.compile(r"([+-]?[0-9]+\.[0-9]+)\s*,\s*([+-]?[0-9]+\.[0-9]+)")
_SEXAGESIMAL = re.compile(
    r"([0-9]{1,3})\s*°\s*([0-9]{1,2})\s*['′]\s*(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*[\"″]\s*)?([NSEOW])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WrittenPlace:
    """A place as it was read from text; `turned` tells that latitude stood first."""

    x: float
    y: float
    system: PlaceSystem
    turned: bool = False


def find_system(code: str) -> PlaceSystem | None:
    """Return the system that a client names: ``EPSG:25832``, its number, its URI or URN, ``CRS84``, or None.

    EPSG:4326 and EPSG:4258 count as CRS84 here: x is the longitude, whatever axis comes first in them.
    """
    cleaned = code.strip()
    if cleaned.lower() == "urn:adv:crs:etrs89_utm32":
        return find_system("25832")
    match = _CODE.fullmatch(cleaned)
    if match is None:
        return None
    number = match[1].lower()
    if number in _DEGREES:
        return CRS84
    return next((one for one in PLACE_SYSTEMS if one.code == f"EPSG:{number}"), None)


def parse_number(text: str) -> float | None:
    """Read a number with a decimal point or a decimal comma; None where it is none."""
    cleaned = text.strip().replace("\u2212", "-").rstrip("°").strip()
    if not re.fullmatch(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)", cleaned) or len(cleaned) > 40:
        return None
    return float(cleaned.replace(",", "."))


def parse_place(text: str) -> WrittenPlace | None:
    """Read ``7.468 51.527``, ``7,468 51,527``, ``51.527, 7.468``, ``51°31'37"N 7°28'5"E``, ``393725 5709544``.

    Returns None where the text is no pair of numbers that lies in Germany in any of the usual systems; it may
    be an address then. The system follows from the size of the numbers.
    """
    cleaned = text.strip().replace("\u00a0", " ").replace("\u2212", "-")
    if len(cleaned) > 100:
        return None
    sexagesimal = _parse_sexagesimal(cleaned)
    if sexagesimal is not None:
        return sexagesimal
    match = _POINTS.fullmatch(cleaned)
    if match is not None:
        first, second, sides = match[1], match[2], ("", "")
    else:
        match = _PAIR.fullmatch(cleaned)
        if match is None:
            return None
        first, second = match[1], match[3]
        sides = ((match[2] or "").upper(), (match[4] or "").upper())
    return _recognise(float(first.replace(",", ".")), float(second.replace(",", ".")), sides)


def looks_like_numbers(text: str) -> bool:
    """Tell whether a text is a pair of numbers, wherever it may lie: then it is no address and no name."""
    cleaned = text.strip()
    return bool(_PAIR.fullmatch(cleaned) or _POINTS.fullmatch(cleaned)) and len(cleaned) <= 100


def swapped(lon: float, lat: float) -> bool:
    """Tell whether a longitude and a latitude were given the wrong way round."""
    return not _inside(lon, lat, CRS84.box) and _inside(lat, lon, CRS84.box)


def in_valid_area(lon: float, lat: float) -> bool:
    """Tell whether the service answers for a place."""
    return _inside(lon, lat, VALID_AREA)


def _recognise(first: float, second: float, sides: tuple[str, str]) -> WrittenPlace | None:
    if sides[0] in ("N", "S") or sides[1] in ("E", "O", "W"):
        return WrittenPlace(second, first, CRS84, turned=True) if _inside(second, first, CRS84.box) else None
    for system in _RECOGNISED:
        if _inside(first, second, system.box):
            return WrittenPlace(first, second, system)
    for system in _RECOGNISED:
        if _inside(second, first, system.box):
            return WrittenPlace(second, first, system, turned=True)
    return None


def _parse_sexagesimal(text: str) -> WrittenPlace | None:
    parts = list(_SEXAGESIMAL.finditer(text))
    if len(parts) != 2 or _SEXAGESIMAL.sub("", text).strip(" ,;"):
        return None
    values = {}
    for part in parts:
        degrees = int(part[1]) + int(part[2]) / 60 + float((part[3] or "0").replace(",", ".")) / 3600
        values["lat" if part[4].upper() in "NS" else "lon"] = degrees
    if len(values) != 2 or not _inside(values["lon"], values["lat"], CRS84.box):
        return None
    return WrittenPlace(values["lon"], values["lat"], CRS84)


def _inside(x: float, y: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
