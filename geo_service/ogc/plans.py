"""A plan as people send it (GeoJSON, WKT, GeoPackage, zipped Shapefile) as one polygon in EPSG:25832.

Everything happens in memory, within limits that are checked before anything large is built; nothing of a plan
is stored or logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.errors import GEOSException

from geo_service.domain.crs import BY_URI
from geo_service.domain.places import find_system
from geo_service.errors import InvalidGeometryError, InvalidParameterError, Message
from geo_service.ingest.report import Findings
from geo_service.ingest.reproject import Bounds, likely_crs, make_reprojection
from geo_service.ogc.arguments import refuse
from geo_service.ogc.places import NOWHERE
from geo_service.ogc.plan_crossings import check_crossings

MAX_PLAN_BYTES = 10_000_000
MAX_VERTICES = 100_000
MAX_FEATURES = 1_000
# The valid area in EPSG:25832 with room on all sides, so that a plan may reach beyond the border.
REACH_25832 = (180_000.0, 5_480_000.0, 640_000.0, 5_930_000.0)


@dataclass(frozen=True)
class RawPlan:
    """Polygons as they were sent, x before y, and what the sender says about their CRS, if anything."""

    shapes: Sequence[Any]
    crs: str | None
    ignored: int = 0


@dataclass(frozen=True)
class Plan:
    """A plan, ready to be laid over the areas.

    Attributes
    ----------
    shape : shapely.MultiPolygon
        Valid, in EPSG:25832; its features united, so that no spot counts twice.
    crs : str
        What its coordinates were in.
    features : int
        Polygons that it was made of.
    notes : tuple of Message
        What the sender should know: what was left out, repaired or moved.
    """

    shape: Any
    crs: str
    features: int
    notes: tuple[Message, ...] = field(default=())

    @property
    def wkb(self) -> bytes:
        """The shape as the database takes it."""
        return bytes(shapely.to_wkb(self.shape))


def make_plan(raw: RawPlan, asked_crs: str | None) -> Plan:
    """Check polygons and bring them to EPSG:25832.

    Parameters
    ----------
    asked_crs : str or None
        What the sender chose in the form or the request; it wins over what the file says.

    Raises
    ------
    InvalidGeometryError
        There is no polygon, or none with an area.
    InvalidParameterError
        Too many features or vertices, no CRS or an unknown one, or coordinates that do not fit it.
    """
    shapes = np.array(raw.shapes, dtype=object)
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)] if len(shapes) else shapes
    if not len(shapes):
        raise InvalidGeometryError(
            "a plan without a polygon",
            Message("Der Plan enthält keine Fläche (Polygon).", "The plan contains no polygon."),
        )
    check_size(len(shapes), int(shapely.get_num_coordinates(shapes).sum()))
    flat = shapely.force_2d(shapes)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise InvalidGeometryError(
            "a plan with endless coordinates",
            Message(
                "Der Plan hat Koordinaten, die keine Zahlen sind.",
                "The plan has coordinates that are no numbers.",
            ),
        )
    moved, crs, notes = _to_storage(flat, raw.crs, asked_crs)
    merged, repaired = _unite(moved)
    if raw.ignored:
        notes.append(
            Message(
                f"{raw.ignored} Objekte ohne Fläche (Punkte, Linien) wurden nicht beachtet.",
                f"{raw.ignored} objects without an area (points, lines) were left out.",
            )
        )
    if repaired:
        notes.append(
            Message(
                "Der Umriss überschneidet sich selbst; gerechnet wurde mit der bereinigten Fläche.",
                "The outline crosses itself; the repaired polygon was used.",
            )
        )
    return Plan(merged, crs, len(shapes), tuple(notes))


def check_size(features: int, vertices: int) -> None:
    """Refuse what is too large to be laid over the areas in the time of a request."""
    if features > MAX_FEATURES:
        refuse(
            "plan",
            f"Der Plan hat {features} Objekte; erlaubt sind {MAX_FEATURES}.",
            f"The plan has {features} features; {MAX_FEATURES} are allowed.",
        )
    if vertices > MAX_VERTICES:
        refuse(
            "plan",
            f"Der Plan hat {vertices} Stützpunkte; erlaubt sind {MAX_VERTICES}. Bitte vereinfachen Sie ihn.",
            f"The plan has {vertices} vertices; {MAX_VERTICES} are allowed. Please simplify it.",
        )


def _to_storage(shapes: Any, declared: str | None, asked: str | None) -> tuple[Any, str, list[Message]]:
    low_high = shapely.total_bounds(shapes)
    bounds: Bounds = (float(low_high[0]), float(low_high[1]), float(low_high[2]), float(low_high[3]))
    findings = Findings()
    text = _crs_text(asked) if asked else _crs_text(declared) if declared else None
    reprojection = make_reprojection(text, None, bounds, findings)
    if reprojection is None:
        raise _crs_fault(findings, bounds, text)
    moved = reprojection.apply(shapes)
    low_high = shapely.total_bounds(moved)
    inside = (
        np.isfinite(low_high).all()
        and low_high[0] >= REACH_25832[0]
        and low_high[1] >= REACH_25832[1]
        and low_high[2] <= REACH_25832[2]
        and low_high[3] <= REACH_25832[3]
    )
    if not inside:
        guess = likely_crs(bounds)
        hint = guess is not None and guess != reprojection.crs_name
        message = (
            NOWHERE
            if not hint
            else Message(
                f"{NOWHERE.de} Die Koordinaten sehen nach {guess} aus; gelesen wurden sie als {reprojection.crs_name}.",
                f"{NOWHERE.en} The coordinates look like {guess}; they were read as {reprojection.crs_name}.",
            )
        )
        raise InvalidParameterError("plan", message)
    known = find_system(reprojection.crs_name)
    exact = known is not None and (known.degrees or known.code.startswith("EPSG:258") or "4647" in known.code)
    notes = [] if exact or reprojection.description is None else [reprojection.description]
    return moved, reprojection.crs_name, notes


def _crs_text(text: str) -> str:
    """Return a CRS in words that PROJ understands; x is the longitude in all geographic ones."""
    if text in BY_URI:
        return "OGC:CRS84" if BY_URI[text].srid == CRS84_SRID else f"EPSG:{BY_URI[text].srid}"
    known = find_system(text) if len(text) < 100 else None
    return known.code if known is not None else text


CRS84_SRID = 4326


def _crs_fault(findings: Findings, bounds: Bounds, text: str | None) -> InvalidParameterError:
    """Say in the words of a form what the import would say about its options."""
    rule = next(iter(findings)).rule
    guess = likely_crs(bounds)
    look_de = f" Die Koordinaten sehen nach {guess} aus." if guess else ""
    look_en = f" The coordinates look like {guess}." if guess else ""
    shown = (text or "")[:60]
    words = {
        "crs-missing": (
            "Der Plan nennt kein Koordinatenreferenzsystem; bitte geben Sie es an (crs).",
            "The plan names no coordinate reference system; please give it (crs).",
        ),
        "crs-unknown": (
            f"Das Koordinatenreferenzsystem {shown!r} ist unbekannt.",
            f"The coordinate reference system {shown!r} is unknown.",
        ),
        "crs-axes": (
            "Breite und Länge sind vertauscht: erwartet wird die Länge zuerst.",
            "Latitude and longitude are swapped: longitude is expected first.",
        ),
        "crs-coordinates": (
            f"Die Koordinaten passen nicht zum Koordinatenreferenzsystem {shown}.",
            f"The coordinates do not fit the coordinate reference system {shown}.",
        ),
    }
    de, en = words.get(
        rule,
        (
            f"Vom Koordinatenreferenzsystem {shown!r} führt kein Weg nach EPSG:25832.",
            f"There is no way from the coordinate reference system {shown!r} to EPSG:25832.",
        ),
    )
    if rule == "crs-axes":
        look_de = look_en = ""
    return InvalidParameterError("crs", Message(de + look_de, en + look_en))


def _unite(shapes: Any) -> tuple[Any, bool]:
    """Return all polygons as one valid MultiPolygon, and whether one of them had to be repaired."""
    invalid = ~shapely.is_valid(shapes)
    if len(shapes) > 1 or invalid.any():
        check_crossings(shapes)
    try:
        if invalid.any():
            shapes = shapes.copy()
            shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
        merged = shapely.union_all(shapes) if len(shapes) > 1 else shapes[0]
    except GEOSException as error:
        raise InvalidGeometryError(
            "a plan that GEOS cannot repair",
            Message(
                "Der Umriss des Plans lässt sich nicht auswerten.", "The plan's outline cannot be evaluated."
            ),
        ) from error
    parts = [part for part in shapely.get_parts(merged) if shapely.get_dimensions(part) == 2]
    if not parts or sum(part.area for part in parts) <= 0:
        raise InvalidGeometryError(
            "a plan without an area",
            Message("Der Plan hat keine Fläche.", "The plan has no area."),
        )
    return shapely.multipolygons(parts), bool(invalid.any())
