"""Derive the sample data from ``source/``: draw the areas, place the municipalities, write the documents.

    python data/make_sample.py [--target DIRECTORY]

Run twice, it changes no byte: all chance comes from generators seeded with the area's identifier.
README.md in this directory says what is fact, what is schematic and what is fiction.
"""

from __future__ import annotations

import argparse
import csv
import json
import tomllib
from pathlib import Path
from typing import Any

from maker.common import SOURCE, ZERO, project, read_csv
from maker.fictional import fictional_areas
from maker.real import real_areas
from maker.tiny_pdf import make_pdf

HERE = Path(__file__).resolve().parent
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
MUNICIPALITY_SOURCE = (
    "Land NRW / Geobasis NRW, DVG2, Stand 2022-03-08; Punkt in der Gemeinde, auf 0,01 Grad gerundet"
)
MUNICIPALITY_LICENCE = "Offene Daten (Datenlizenz Deutschland)"
NOTICE = {
    "de": "Fiktives Beispiel – die Gemeinde Musterstadt und alles, was hier steht, sind erfunden",
    "en": "Fictional example – the town of Musterstadt and everything written here are invented",
}


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
