"""Vector tiles as tests like to see them: decoded by an independent library, back in EPSG:3857."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import shapely
import shapely.affinity
import shapely.geometry

from geo_service.domain.query import TileId
from geo_service.domain.tiling import Grid

WORLD = 40075016.685578488


@dataclass(frozen=True)
class TileFeature:
    """A feature of a tile: attributes and geometry in EPSG:3857."""

    properties: dict[str, Any]
    geometry: shapely.Geometry


def decode(data: bytes, *, z: int, x: int, y: int) -> dict[str, dict[int, TileFeature]]:
    """Return layers by name and their features by id; row `y` counts from the north."""
    decoded = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    return {
        name: {
            feature["id"]: TileFeature(
                feature["properties"], _to_web_mercator(feature["geometry"], layer["extent"], z, x, y)
            )
            for feature in layer["features"]
        }
        for name, layer in decoded.items()
    }


def decode_grid(data: bytes, grid: Grid, tile: TileId) -> dict[str, dict[int, TileFeature]]:
    """Return layers by name and their features by id, in the CRS of the grid."""
    decoded = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    west, south, east, north = grid.envelope(tile)
    result = {}
    for name, layer in decoded.items():
        across, down = (east - west) / layer["extent"], (north - south) / layer["extent"]
        result[name] = {
            one["id"]: TileFeature(
                one["properties"],
                shapely.affinity.affine_transform(
                    shapely.geometry.shape(one["geometry"]), (across, 0, 0, -down, west, north)
                ),
            )
            for one in layer["features"]
        }
    return result


def unit(z: int, extent: int = 4096) -> float:
    """Return the size of one unit of a tile's grid in metres of EPSG:3857."""
    return WORLD / 2**z / extent


def _to_web_mercator(geometry: dict[str, Any], extent: int, z: int, x: int, y: int) -> shapely.Geometry:
    scale = unit(z, extent)
    west, north = x * scale * extent - WORLD / 2, WORLD / 2 - y * scale * extent
    return shapely.affinity.affine_transform(
        shapely.geometry.shape(geometry), (scale, 0, 0, -scale, west, north)
    )
