"""Polygons of tiles, ring by ring as they stand there: what reads them otherwise mends them."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from mapbox_vector_tile.Mapbox import vector_tile_pb2

Ring = list[tuple[int, int]]
MOVE_TO, CLOSE_PATH = 1, 7


def rings(geometry: list[int]) -> Iterator[Ring]:
    """Follow the commands of a polygon (MVT 2.1, 4.3)."""
    x = y = 0
    ring: Ring = []
    numbers = iter(geometry)
    for command in numbers:
        kind, count = command & 7, command >> 3
        if kind == CLOSE_PATH:
            yield ring
            continue
        ring = [] if kind == MOVE_TO else ring
        for _ in range(count):
            dx, dy = ((value >> 1) ^ -(value & 1) for value in (next(numbers), next(numbers)))
            x, y = x + dx, y + dy
            ring.append((x, y))


def polygons(data: bytes) -> Iterator[shapely.MultiPolygon]:
    """Return the polygons of a tile, with the rings that run anticlockwise on a screen as holes of the one before."""
    tile = vector_tile_pb2.tile()
    tile.ParseFromString(data)
    for layer in tile.layers:
        for feature in layer.features:
            if feature.type != tile.Polygon:
                continue
            parts: list[tuple[Ring, list[Ring]]] = []
            for ring in rings(list(feature.geometry)):
                if shapely.LinearRing(ring).is_ccw:
                    parts.append((ring, []))
                else:
                    parts[-1][1].append(ring)  # the first ring of a feature is never a hole
            yield shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, holes in parts])
