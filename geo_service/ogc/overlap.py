"""The answer to *what does my plan touch?* as data: the same for the page, the files and the process.

Areas are measured on the ellipsoid (GRS 80), as distances are: in the plane of EPSG:25832 they come out up to
0.08 % too small. Numbers of schematic areas are computed all the same, but marked as not authoritative.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from geo_service.db.overlap import SLIVER_WIDTH_M, Overlap
from geo_service.errors import Message
from geo_service.ogc.lookup import ITEMS, is_schematic
from geo_service.ogc.plans import Plan

Document = dict[str, Any]

SCHEMATIC = Message(
    "Grenze nur schematisch: die Fläche ist ein Anhalt, keine Auskunft",
    "Boundary only schematic: the area is an indication, no answer",
)
SLIVERS = Message(
    f"Stücke, die im Mittel schmaler als {SLIVER_WIDTH_M:g} m sind (zweimal Fläche durch Umfang), zählen als Splitter "
    "und stehen für sich.",
    f"Pieces that are narrower than {SLIVER_WIDTH_M:g} m on average (twice the area by the perimeter) count as slivers "
    "and stand apart.",
)
MEASURED = Message(
    "Flächen auf dem Ellipsoid (GRS 80); in der Ebene von EPSG:25832 wären sie bis zu 0,08 % kleiner.",
    "Areas on the ellipsoid (GRS 80); in the plane of EPSG:25832 they would be up to 0.08 % smaller.",
)


def hectares(square_metres: float) -> float:
    """Return hectares to the square metre."""
    return round(square_metres / 10_000, 4)


def share(part: float, whole: float) -> float:
    """Return a part of a whole between 0 and 1."""
    return round(min(1.0, part / whole), 6) if whole > 0 else 0.0


def overlap_document(plan: Plan, overlap: Overlap, base: str, language: str) -> Document:
    """Return what a plan shares with the areas; `base` is the service's public address without a slash."""
    areas = [_area(area, overlap, base, language) for area in overlap.areas]
    touched = [area for area in areas if area["pieces"]]
    return {
        "plan": {
            "area_ha": hectares(overlap.plan_m2),
            "crs": plan.crs,
            "polygons": plan.features,
            "notes": [note.text(language) for note in plan.notes],
        },
        "authoritative": all(area["authoritative"] for area in areas),
        "number_of_areas": len(touched),
        "total": {
            "overlap_ha": hectares(overlap.shared_m2),
            "share_of_plan": share(overlap.shared_m2, overlap.plan_m2),
            "official_overlap_ha": hectares(overlap.official_m2),
            "sliver_ha": hectares(overlap.sliver_m2),
        },
        "areas": areas,
        "rules": {"slivers": SLIVERS.text(language), "measure": MEASURED.text(language)},
    }


def _area(area: Mapping[str, Any], overlap: Overlap, base: str, language: str) -> Document:
    names = (
        "area_id",
        "name",
        "municipality",
        "ags",
        "status",
        "status_de",
        "status_en",
        "geom_basis",
        "attr_basis",
    )
    schematic = is_schematic(area)
    entry: Document = {
        **{name: area[name] for name in names},
        "authoritative": not schematic,
        "approximate": schematic,
        "area_ha": hectares(area["area_m2"]),
        "overlap_ha": hectares(area["shared_m2"]),
        "share_of_area": share(area["shared_m2"], area["area_m2"]),
        "share_of_plan": share(area["shared_m2"], overlap.plan_m2),
        "pieces": area["pieces"],
        "sliver_ha": hectares(area["sliver_m2"]),
        "slivers": area["slivers"],
        "profile_url": f"{base}/profiles/{area['area_id']}",
        "item_url": f"{base}{ITEMS}/{area['area_id']}",
    }
    if schematic:
        entry["note"] = SCHEMATIC.text(language)
    return entry


def overlap_geojson(overlap: Overlap, base: str) -> Document:
    """Return the pieces as features in CRS84, slivers marked and last."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": piece["geometry"],
                "properties": {
                    "area_id": piece["area_id"],
                    "name": piece["name"],
                    "overlap_ha": hectares(piece["m2"]),
                    "sliver": piece["sliver"],
                    "geom_basis": piece["geom_basis"],
                    "authoritative": not is_schematic(piece),
                    "profile_url": f"{base}/profiles/{piece['area_id']}",
                },
            }
            for piece in overlap.pieces
        ],
    }


_COLUMNS = (
    ("area_id", "gebiet_id", "area_id"),
    ("name", "gebiet", "area"),
    ("municipality", "gemeinde", "municipality"),
    ("ags", "ags", "ags"),
    ("status", "status", "status"),
    ("boundary", "grenze", "boundary"),
    ("overlap_ha", "ueberschneidung_ha", "overlap_ha"),
    ("share_of_area", "anteil_am_gebiet", "share_of_area"),
    ("share_of_plan", "anteil_am_plan", "share_of_plan"),
    ("area_ha", "gebiet_ha", "area_ha"),
    ("pieces", "stuecke", "pieces"),
    ("sliver_ha", "splitter_ha", "sliver_ha"),
    ("profile_url", "profil", "profile"),
)
_BOUNDARY = {False: ("amtlich", "official"), True: ("schematisch", "schematic")}
_SUM = ("Summe ohne Doppelzählung", "Sum without double counting")


def overlap_csv(document: Document, language: str) -> str:
    """Return a table as German Excel opens it (byte order mark, semicolons, decimal commas), or with points."""
    german = language == "de"
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";" if german else ",", lineterminator="\r\n")
    writer.writerow([german_name if german else name for _, german_name, name in _COLUMNS])
    for area in document["areas"]:
        values = {
            **area,
            "status": area["status_de" if german else "status_en"],
            "boundary": _BOUNDARY[area["approximate"]][0 if german else 1],
        }
        writer.writerow([_cell(values[name], german) for name, _, _ in _COLUMNS])
    total = document["total"]
    values = {"name": _SUM[0 if german else 1], "overlap_ha": total["overlap_ha"]}
    values |= {"share_of_plan": total["share_of_plan"], "sliver_ha": total["sliver_ha"]}
    writer.writerow([_cell(values.get(name, ""), german) for name, _, _ in _COLUMNS])
    return "\ufeff" + buffer.getvalue()


def _cell(value: Any, german: bool) -> str:
    if isinstance(value, float):
        text = f"{value:.4f}"
        return text.replace(".", ",") if german else text
    return "" if value is None else str(value)
