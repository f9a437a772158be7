"""The areas of the fictional town: facts and boundary versions from a table, shapes from chance."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from maker import shapes
from maker.common import ZERO, feature, periods, project, sketch

FICTIONAL = {
    "official": "Fiktives Beispiel: erfundene Grenze in der Art einer amtlichen Abgrenzung",
    "schematic": "Fiktives Beispiel: erfundene, schematische Darstellung",
}


def fictional_shapes(
    facts: dict[str, Any], town: shapes.Point, centre: dict[str, shapes.Polygon]
) -> list[list[shapes.Polygon]]:
    """Return the shape of each boundary version of a fictional area, the oldest first."""
    if facts.get("form") == "core":
        final = shapes.rounded([centre[facts["quarter"]]])
    else:
        final = sketch_fictional(facts, facts.get("form", ""), town)
    versions = []
    for boundary in facts["boundaries"]:
        if "grown" in boundary:
            ring = shapes.smaller(final[0][0], boundary["toward"], boundary["grown"])
            versions.append(shapes.rounded([[ring]]))
        elif "only_part" in boundary:
            versions.append([final[boundary["only_part"]]])
        elif "form" in boundary:
            versions.append(sketch_fictional(facts, boundary["form"], town))
        else:
            versions.append(final)
    return versions


def sketch_fictional(facts: dict[str, Any], form: str, town: shapes.Point) -> list[shapes.Polygon]:
    """Draw a fictional area; areas with the same ``shared`` name are sides of one blob."""
    place = (town[0] + facts["place"][0], town[1] + facts["place"][1])
    random = Random(facts.get("shared", facts["area_id"]))
    if "shared" not in facts:
        if "stretch" in facts:
            ring = shapes.along_streets(random, shapes.blob(random, 18, 0.3, *facts["stretch"]))
            return shapes.drawn([[ring]], place, facts["ha"])
        return shapes.drawn(sketch(random, form, 0.4), place, facts["ha"])
    ring = shapes.blob(random, 32, 0.22, 1.3, random.uniform(0, 180))
    scale = math.sqrt(facts["ha"] * shapes.HECTARE / shapes.ring_area(ring))
    sides = dict(zip(("first", "second"), shapes.halves(random, ring), strict=True))
    return shapes.rounded([[shapes.place(sides.get(form, ring), place, scale)]])


def fictional_properties(facts: dict[str, Any], town_ags: str) -> dict[str, Any]:
    """Return the properties of a fictional area, of its current boundary included."""
    current = facts["boundaries"][-1]
    basis = facts.get("basis", "official")
    keys = (
        "status",
        "stage",
        "start_date",
        "start_year",
        "end_date",
        "end_year",
        "resolution_date",
        "concept",
    )
    return {
        "area_id": facts["area_id"],
        "name": facts["name"],
        "former_names": [
            {"name": name["name"], "valid_from": name.get("valid_from"), "valid_to": name["valid_to"]}
            for name in facts.get("former_names", [])
        ],
        "ags_all": [town_ags, *facts.get("other_ags", [])],
        **{key: facts.get(key) for key in keys},
        "concept_url": facts.get("concept_url"),
        "documented_area_ha": None,
        "population": facts.get("population"),
        "programme_periods": periods(facts.get("programmes", [])),
        "attr_basis": "fictional",
        "attr_source": "Fiktives Beispiel: alle Angaben sind erfunden",
        "released": facts.get("released", True),
        "withdrawn_on": facts.get("withdrawn_on"),
        "successor": facts.get("successor"),
        "geom_basis": basis,
        "geom_source": FICTIONAL[basis],
        "reason": current.get("reason"),
        "licence": ZERO,
        "valid_from": current.get("valid_from"),
        "valid_to": None,
    }


def fictional_areas(source: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the fictional areas as features, and their former boundaries."""
    town = project(source["town"]["lon"], source["town"]["lat"])
    quarters = ["east", "north", "west", "south", "southeast"]
    centre = shapes.town_centre(Random("Musterstadt"), town, quarters)
    areas, former = [], []
    for facts in source["areas"]:
        *older, current = fictional_shapes(facts, town, centre)
        areas.append(feature(current, fictional_properties(facts, source["town"]["ags"])))
        basis = facts.get("basis", "official")
        for boundary, polygons in zip(facts["boundaries"], older, strict=False):
            properties = {
                "area_id": facts["area_id"],
                "geom_basis": basis,
                "geom_source": FICTIONAL[basis],
                "reason": boundary["reason"],
                "licence": ZERO,
                "valid_from": boundary["valid_from"],
                "valid_to": boundary["valid_to"],
            }
            former.append(feature(polygons, properties))
    return areas, former
