"""Tiles of any grid, and the items that they should hold, both in the CRS of the grid."""

from __future__ import annotations

from typing import Any

import shapely
import shapely.geometry
from flask.testing import FlaskClient

from geo_service.domain.query import TileId
from geo_service.domain.tiling import Grid
from tests.mvt import TileFeature, decode_grid

# How much of a cell, of which a tile has 256 on a side, a unit is, of which it has 4096.
UNIT_CELLS = 256 / 4096


def items_in(api: FlaskClient, grid: Grid) -> dict[str, tuple[shapely.Geometry, dict[str, Any]]]:
    """Return shape and properties of all areas in the CRS of the grid, by identifier."""
    page = api.get(f"/api/collections/programme-areas/items?limit=10000&crs={grid.crs_uri}").json
    return {
        one["id"]: (shapely.geometry.shape(one["geometry"]), one["properties"]) for one in page["features"]
    }


def tile_of(grid: Grid, level: int, place: shapely.Point) -> TileId:
    column, _, row, _ = grid.limits((place.x, place.y, place.x, place.y), level)
    return TileId(level, column, row)


def get_tile(
    api: FlaskClient, grid: Grid, tile: TileId, collection: str = "programme-areas", query: str = ""
) -> dict[str, dict[int, TileFeature]]:
    url = f"/api/collections/{collection}/tiles/{grid.grid_id}/{tile.z}/{tile.y}/{tile.x}{query}"
    response = api.get(url)
    assert response.status_code == 200, response.data
    assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return decode_grid(response.data, grid, tile)
