"""Outlines to cut and to simplify, of any size and shape, in EPSG:3857."""

from __future__ import annotations

import numpy as np
import shapely


def outline(random: np.random.Generator) -> shapely.Geometry:
    """Return a MultiPolygon in EPSG:3857 of any size: stars, some with a hole, a spike or a second part."""
    centre = np.array((800_000, 6_700_000)) + random.uniform(-50_000, 50_000, 2)
    radius = 10 ** random.uniform(1.5, 4.5)
    shape = star(random, centre, radius, int(random.integers(4, 250)))
    if random.random() < 0.4:
        shape -= star(random, centre, radius / 4, 15)
    if random.random() < 0.4:
        # A neck so narrow that it closes where cells are large.
        neck = shapely.LineString([centre, centre + radius * random.uniform(1, 3, 2)]).buffer(
            radius / 200, quad_segs=2
        )
        shape |= neck
    if random.random() < 0.4:
        shape |= star(random, np.add(centre, (2.1 * radius, 0)), radius, 30)
    return shapely.MultiPolygon([shape] if shape.geom_type == "Polygon" else shape)


def star(random: np.random.Generator, centre: np.ndarray, radius: float, corners: int) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    distance = radius * random.uniform(0.5, 1, corners)
    return shapely.Polygon(centre + np.column_stack((np.cos(angles), np.sin(angles))) * distance[:, None])
