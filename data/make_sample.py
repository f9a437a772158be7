"""Derive the sample data from ``source/``: draw the areas, place the municipalities, write the documents.

    python data/make_sample.py [--target DIRECTORY]

Run twice, it changes no byte: all chance comes from generators seeded with the area's identifier.
README.md in this directory says what is fact, what is schematic and what is fiction.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import shapely
from pyproj import Transformer

import shapes
from tiny_pdf import make_pdf

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
ZERO = "dl-de/zero-2-0"
SCHEMATIC = "Schematische Darstellung um den ungefähren Mittelpunkt; keine amtliche Grenze"
FICTIONAL = {
    "official": "Fiktives Beispiel: erfundene Grenze in der Art einer amtlichen Abgrenzung",
    "schematic": "Fiktives Beispiel: erfundene, schematische Darstellung",
}
EVIDENCE = {
    "A": "Name und Angaben in einer veröffentlichten Quelle gelesen (soziale-stadt-nrw.de, essen.de, "
    "sozialestadt.de, castrop-rauxel.de, stadtbuero.com und andere)",
    "B": "Bekannter Name eines Programmgebiets der Sozialen Stadt; weitere Angaben nicht belegt",
}
MUNICIPALITY_SOURCE = (
    "Land NRW / Geobasis NRW, DVG2, Stand 2022-03-08; Punkt in der Gemeinde, auf 0,01 Grad gerundet"
)
MUNICIPALITY_LICENCE = "Offene Daten (Datenlizenz Deutschland)"
CLEARANCE = 60.0  # metres that real areas keep from each other
NOTICE = {
    "de": "Fiktives Beispiel – die Gemeinde Musterstadt und alles, was hier steht, sind erfunden",
    "en": "Fictional example – the town of Musterstadt and everything written here are invented",
}

to_utm = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)


def project(lon: str | float, lat: str | float) -> shapes.Point:
    """Return easting and northing (EPSG:25832) to the metre: the sources are far less exact than that."""
    easting, northing = to_utm.transform(float(lon), float(lat))
    return float(round(easting)), float(round(northing))


def read_csv(name: str) -> list[dict[str, str]]:
    """Read a table of ``source/``; empty cells stay empty texts."""
    with (SOURCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_shape(polygons: list[shapes.Polygon]) -> shapely.MultiPolygon:
    """Return the polygons for checks; nothing that is written comes out of this."""
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])


def periods(texts: list[str]) -> list[dict[str, Any]]:
    """Read programme periods such as ``SOS 2008-2019`` or ``SZH 2020-``."""
    result = []
    for text in texts:
        programme, _, years = text.partition(" ")
        start, _, end = years.partition("-")
        result.append(
            {
                "programme": programme,
                "start_year": int(start) if start else None,
                "end_year": int(end) if end else None,
            }
        )
    return result


# --- real areas: documented facts, schematic shapes ---------------------------------------------------------


def sketch(random: Random, form: str, roughness: float) -> list[shapes.Polygon]:
    """Draw a shape of unit size around the origin."""
    vertices, stretch, bearing = random.randint(9, 20), random.uniform(1.0, 1.8), random.uniform(0, 180)
    if form.startswith("parts"):
        return shapes.in_parts(random, vertices, bearing, hole=form.endswith("hole"))
    if form == "wide":
        stretch, bearing = 2.6, random.uniform(0, 15)
    ring = shapes.along_streets(random, shapes.blob(random, vertices, roughness, stretch, bearing))
    return [shapes.with_hole(random, ring) if form == "hole" else [ring]]


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


# --- fictional areas ----------------------------------------------------------------------------------------


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


# --- files --------------------------------------------------------------------------------------------------


def feature(polygons: list[shapes.Polygon], properties: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature, always a MultiPolygon; rings are closed here."""
    coordinates = [[[*map(list, ring), list(ring[0])] for ring in rings] for rings in polygons]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_features(path: Path, features: list[dict[str, Any]]) -> None:
    """Write one feature per line, so that a change shows as the lines it concerns."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features)
    head = json.dumps({"type": "FeatureCollection", "name": path.stem, "crs": CRS}, separators=(",", ":"))
    path.write_text(f'{head[:-1]},"features":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


def write_municipalities(path: Path, source: dict[str, Any]) -> None:
    """Write the real municipalities and the two fictional ones, in the order of their keys."""
    columns = ("ags", "name", "district", "government_region", "participation", "easting", "northing")
    rows = []
    for row in read_csv("municipalities.csv"):
        easting, northing = project(row["lon"], row["lat"])
        known = [row[column] for column in columns[:4]]
        origin = ["documented", MUNICIPALITY_SOURCE, MUNICIPALITY_LICENCE]
        rows.append([*known, "", int(easting), int(northing), *origin])
    town, village = source["town"], source["village"]
    east, north = project(town["lon"], town["lat"])
    for place, easting, northing in (
        (town, east, north),
        (village, east + village["east"], north + village["north"]),
    ):
        known = [place["ags"], place["name"], "Musterkreis (fiktiv)", "", place["participation"]]
        origin = ["fictional", "Fiktives Beispiel: diese Gemeinde gibt es nicht", ZERO]
        rows.append([*known, int(easting), int(northing), *origin])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*columns, "attr_basis", "source", "licence"])
        writer.writerows(sorted(rows))


def write_documents(target: Path) -> None:
    """Write the documents of the fictional profiles."""
    documents = tomllib.loads((SOURCE / "documents.toml").read_text(encoding="utf-8"))["documents"]
    for document in documents:
        folder = target / "profiles" / document["area_id"] / "documents"
        folder.mkdir(parents=True, exist_ok=True)
        language = document["language"]
        paragraphs = [" ".join(text.split()) for text in document["text"].strip().split("\n\n")]
        content = make_pdf(document["title"], language, NOTICE[language], paragraphs)
        (folder / document["file_name"]).write_bytes(content)


def main() -> None:
    """Write everything below the target directory."""
    parser = argparse.ArgumentParser(description="Make the sample data from data/source.")
    parser.add_argument("--target", type=Path, default=HERE, help="directory to write to (default: data/)")
    target: Path = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    source = tomllib.loads((SOURCE / "fictional_areas.toml").read_text(encoding="utf-8"))
    real, _ = real_areas()
    fictional, former = fictional_areas(source)
    write_features(target / "programme_areas.geojson", real + fictional)
    write_features(target / "boundary_versions.geojson", former)
    write_municipalities(target / "municipalities.csv", source)
    write_documents(target)
    print(
        f"{len(real)} real and {len(fictional)} fictional areas, {len(former)} former boundaries in {target}"
    )


if __name__ == "__main__":
    main()
