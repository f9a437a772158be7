"""What real and fictional areas have in common: places, features, sketches."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Any

import shapely
from pyproj import Transformer

from maker import shapes

SOURCE = Path(__file__).resolve().parent.parent / "source"
ZERO = "dl-de/zero-2-0"

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


def feature(polygons: list[shapes.Polygon], properties: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature, always a MultiPolygon; rings are closed here."""
    coordinates = [[[*map(list, ring), list(ring[0])] for ring in rings] for rings in polygons]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def sketch(random: Random, form: str, roughness: float) -> list[shapes.Polygon]:
    """Draw a shape of unit size around the origin."""
    vertices, stretch, bearing = random.randint(9, 20), random.uniform(1.0, 1.8), random.uniform(0, 180)
    if form.startswith("parts"):
        return shapes.in_parts(random, vertices, bearing, hole=form.endswith("hole"))
    if form == "wide":
        stretch, bearing = 2.6, random.uniform(0, 15)
    ring = shapes.along_streets(random, shapes.blob(random, vertices, roughness, stretch, bearing))
    return [shapes.with_hole(random, ring) if form == "hole" else [ring]]
