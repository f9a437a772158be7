"""From what a request says about a place to a point in EPSG:25832, or to words that say what is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

from geo_service.domain.places import (
    CRS84,
    PLACE_SYSTEMS,
    VALID_AREA,
    PlaceSystem,
    find_system,
    in_valid_area,
    looks_like_numbers,
    parse_number,
    parse_place,
    swapped,
)
from geo_service.errors import InvalidParameterError, Message
from geo_service.ingest.report import Findings
from geo_service.ingest.reproject import Reprojection, make_reprojection
from geo_service.ogc.arguments import refuse

NOWHERE = Message(
    f"Der Ort liegt außerhalb von Nordrhein-Westfalen, wofür dieser Dienst Auskunft gibt "
    f"({VALID_AREA[0]}° bis {VALID_AREA[2]}° Ost, {VALID_AREA[1]}° bis {VALID_AREA[3]}° Nord)".replace(
        ".", ","
    )
    + ".",
    f"The place is outside of North Rhine-Westphalia, for which this service answers "
    f"({VALID_AREA[0]}° to {VALID_AREA[2]}° east, {VALID_AREA[1]}° to {VALID_AREA[3]}° north).",
)


@dataclass(frozen=True)
class Place:
    """A place to ask about.

    Attributes
    ----------
    easting, northing : float
        In EPSG:25832.
    given : str
        How it was given, for people: ``7.468 51.527 (OGC:CRS84)``.
    transformation : Message or None
        Which operation brought it to EPSG:25832, where one with an accuracy of its own was needed.
    """

    easting: float
    northing: float
    given: str
    transformation: Message | None = None

    @property
    def point(self) -> tuple[float, float]:
        """Easting and northing in EPSG:25832."""
        return self.easting, self.northing


def read_system(text: str | None) -> PlaceSystem:
    """Return the system that ``crs`` names; longitude and latitude without it.

    Raises
    ------
    InvalidParameterError
        The system is not among those in use here; the message lists them.
    """
    if not text:
        return CRS84
    system = find_system(text)
    if system is None:
        names = ", ".join(one.code for one in PLACE_SYSTEMS)
        refuse(
            "crs",
            f"Das Koordinatenreferenzsystem {text[:60]!r} ist hier nicht bekannt; bekannt sind: {names}.",
            f"The coordinate reference system {text[:60]!r} is not known here; known are: {names}.",
        )
    return system


def place_at(x: float, y: float, system: PlaceSystem, *, names: tuple[str, str] = ("x", "y")) -> Place:
    """Bring a place to EPSG:25832.

    Parameters
    ----------
    names : tuple of str
        What x and y are called in the request, for the words about a mistake.

    Raises
    ------
    InvalidParameterError
        The numbers are swapped, do not fit the system, or lie outside of what the service answers for.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        refuse(names[0], "Die Koordinaten sind keine endlichen Zahlen.", "The coordinates are not finite.")
    if system.degrees and not (abs(x) <= 180 and abs(y) <= 90) and not swapped(x, y):
        refuse(
            names[0],
            f"{names[0]}={x:.10g} und {names[1]}={y:.10g} sind keine Grade. Für Meter steht das System in crs, etwa "
            "x=393725&y=5709544&crs=EPSG:25832.",
            f"{names[0]}={x:.10g} and {names[1]}={y:.10g} are no degrees. For metres, crs names the system, such as "
            "x=393725&y=5709544&crs=EPSG:25832.",
        )
    _refuse_swapped(x, y, system, names)
    reprojection = _reprojection(system.code)
    transformer = reprojection.transformer
    easting, northing = transformer.transform(x, y) if transformer is not None else (x, y)
    lon, lat = _to_degrees().transform(easting, northing)
    if not (math.isfinite(lon) and math.isfinite(lat) and in_valid_area(lon, lat)):
        raise InvalidParameterError(names[0], NOWHERE)
    exact = system.degrees or system.code.startswith("EPSG:258") or system.code in ("EPSG:4647", "EPSG:3857")
    decimals = 7 if system.degrees else 3
    given = " ".join(f"{value:.{decimals}f}".rstrip("0").rstrip(".") for value in (x, y))
    return Place(
        float(easting),
        float(northing),
        f"{given} ({system.code})",
        None if exact else reprojection.description,
    )


def _refuse_swapped(x: float, y: float, system: PlaceSystem, names: tuple[str, str]) -> None:
    box = system.box
    turned = (
        box[0] <= y <= box[2]
        and box[1] <= x <= box[3]
        and not (box[0] <= x <= box[2] and box[1] <= y <= box[3])
    )
    if turned:
        refuse(
            names[0],
            f"{names[0]} und {names[1]} sind vertauscht: gemeint ist wohl {names[0]} {y:.10g} und {names[1]} {x:.10g} "
            f"({'die Länge' if system.degrees else 'der Ostwert'} zuerst).",
            f"{names[0]} and {names[1]} are swapped: you probably mean {names[0]} {y:.10g} and {names[1]} {x:.10g} "
            f"({'longitude' if system.degrees else 'easting'} first).",
        )


def read_place(values: Mapping[str, str]) -> Place | None:
    """Read ``lon`` and ``lat``, or ``x``, ``y`` and ``crs``; None where neither is given.

    Raises
    ------
    InvalidParameterError
        Half of a pair, both pairs, no numbers, or no place that the service answers for.
    """
    given = {name: values[name] for name in ("lon", "lat", "x", "y") if values.get(name, "").strip()}
    if not given:
        return None
    for pair in (("lon", "lat"), ("x", "y")):
        if set(given) == set(pair):
            numbers = [_read_number(name, given[name]) for name in pair]
            if pair == ("lon", "lat") and find_system(values.get("crs") or "CRS84") is not CRS84:
                refuse(
                    "crs",
                    "lon und lat sind immer Grade; mit crs heißen die Koordinaten x und y.",
                    "lon and lat are always degrees; with crs the coordinates are called x and y.",
                )
            return place_at(*numbers, read_system(values.get("crs")), names=pair)
    names = ", ".join(given)
    raise InvalidParameterError(
        next(iter(given)),
        Message(
            f"Ein Ort besteht aus lon und lat, oder aus x, y und crs; hier steht nur: {names}.",
            f"A place consists of lon and lat, or of x, y and crs; here is only: {names}.",
        ),
    )


def read_place_text(text: str) -> Place | None:
    """Read a place from one line of text; None where it holds no coordinates (an address, perhaps).

    Raises
    ------
    InvalidParameterError
        It holds coordinates that lie nowhere near.
    """
    written = parse_place(text)
    if written is None:
        if looks_like_numbers(text):
            refuse(
                "q",
                "Diese Koordinaten liegen in keinem der üblichen Systeme in Deutschland. Beispiele: 7,468 51,527 "
                "(Länge, Breite) oder 393725 5709544 (EPSG:25832).",
                "These coordinates are nowhere in Germany in any of the usual systems. Examples: 7.468 51.527 "
                "(longitude, latitude) or 393725 5709544 (EPSG:25832).",
            )
        return None
    return place_at(written.x, written.y, written.system, names=("q", "q"))


def _read_number(name: str, text: str) -> float:
    number = parse_number(text)
    if number is None:
        refuse(
            name,
            f"{name} ist keine Zahl: {text[:40]!r}. Beispiel: lon=7.468&lat=51.527.",
            f"{name} is no number: {text[:40]!r}. Example: lon=7.468&lat=51.527.",
        )
    return number


@lru_cache(maxsize=16)
def _reprojection(code: str) -> Reprojection:
    findings = Findings()
    made = make_reprojection(code, None, None, findings)
    if made is None:
        raise RuntimeError(f"no operation from {code}")
    return made


@lru_cache(maxsize=1)
def _to_degrees() -> Transformer:
    return Transformer.from_crs("EPSG:25832", "EPSG:4258", always_xy=True)
