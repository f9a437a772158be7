"""The real programme areas: documented facts, schematic shapes that do not overlap."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import shapely

from maker import shapes
from maker.common import ZERO, as_shape, feature, periods, project, read_csv, sketch

SCHEMATIC = "Schematische Darstellung um den ungefähren Mittelpunkt; keine amtliche Grenze"
EVIDENCE = {
    "A": "Name und Angaben in einer veröffentlichten Quelle gelesen (soziale-stadt-nrw.de, essen.de, "
    "sozialestadt.de, castrop-rauxel.de, stadtbuero.com und andere)",
    "B": "Bekannter Name eines Programmgebiets der Sozialen Stadt; weitere Angaben nicht belegt",
}
CLEARANCE = 60.0  # metres that real areas keep from each other


def clear_of(candidate: list[shapes.Polygon], placed: list[shapely.MultiPolygon]) -> bool:
    """Say whether a valid shape keeps its distance from all others."""
    geometry = as_shape(candidate)
    return geometry.is_valid and all(geometry.distance(other) > CLEARANCE for other in placed)


def draw_real(row: dict[str, str], placed: list[shapely.MultiPolygon]) -> list[shapes.Polygon]:
    """Draw one real area clear of those already placed.

    A documented size is kept and the shape moved, step by step, up to where it fits; any other gets a
    plausible size and gives way by shrinking.
    """
    random = Random(row["area_id"])
    easting, northing = project(row["lon"], row["lat"])
    centre = (easting + float(row["shift_east"] or 0), northing + float(row["shift_north"] or 0))
    documented = row["area_ha"] or row["drawn_ha"]
    hectares = float(documented) if documented else math.exp(random.uniform(math.log(40), math.log(320)))
    if row["form"] in ("wide", "parts"):
        hectares = max(hectares, 240.0)
    for attempt in range(240):
        distance = 25.0 * attempt if documented else 0.0
        bearing = random.uniform(0, math.tau)
        moved = (
            round(centre[0] + distance * math.cos(bearing)),
            round(centre[1] + distance * math.sin(bearing)),
        )
        candidate = shapes.drawn(sketch(random, row["form"], 0.3 if documented else 0.42), moved, hectares)
        if clear_of(candidate, placed):
            return candidate
        if not documented and attempt % 4 == 3:
            hectares *= 0.88
    raise ValueError(f"no room for {row['area_id']}")


def real_areas() -> tuple[list[dict[str, Any]], list[shapely.MultiPolygon]]:
    """Return the features of the real areas in the order of the source, and their shapes."""
    rows = read_csv("programme_areas.csv")
    placed: list[shapely.MultiPolygon] = []
    drawn: dict[str, list[shapes.Polygon]] = {}
    # The documented sizes first, the largest of them before all: the others give way.
    for row in sorted(rows, key=lambda row: -float(row["area_ha"] or row["drawn_ha"] or 0)):
        drawn[row["area_id"]] = draw_real(row, placed)
        placed.append(as_shape(drawn[row["area_id"]]))
    return [feature(drawn[row["area_id"]], real_properties(row)) for row in rows], placed


def real_properties(row: dict[str, str]) -> dict[str, Any]:
    """Return what is documented about a real area; everything else is null."""
    return {
        "area_id": row["area_id"],
        "name": row["name"],
        "former_names": [],
        "ags_all": [row["ags"], *row["other_ags"].split()],
        "status": row["status"] or None,
        "stage": None,
        "start_date": None,
        "start_year": int(row["start_year"]) if row["start_year"] else None,
        "end_date": row["end_date"] or None,
        "end_year": None,
        "resolution_date": None,
        "concept": row["concept"] or None,
        "concept_url": None,
        "documented_area_ha": float(row["area_ha"]) if row["area_ha"] else None,
        "population": int(row["population"]) if row["population"] else None,
        "programme_periods": periods([text for text in row["programmes"].split(";") if text]),
        "attr_basis": "documented" if row["evidence"] == "A" else "partly",
        "attr_source": ". ".join(filter(None, (EVIDENCE[row["evidence"]], row["note"]))),
        "released": True,
        "withdrawn_on": None,
        "successor": None,
        "geom_basis": "schematic",
        "geom_source": SCHEMATIC,
        "reason": None,
        "licence": ZERO,
        "valid_from": None,
        "valid_to": None,
    }
