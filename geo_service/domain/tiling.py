"""The grids that tiles are cut by: where a tile lies, and how large its cells are on the ground.

Two Dimensional Tile Matrix Set (17-083r4): every level halves the cell of the one above; rows count from the
north. The full definitions for clients are made of these numbers in ``ogc.tile_matrix_sets``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo_service.domain.collections import Collection
from geo_service.domain.cql2 import ClientFilter
from geo_service.domain.crs import CRS84_URI, STORAGE_CRS, STORAGE_SRID
from geo_service.domain.query import DateInterval, PropertyFilter, TileId

TILE_SIZE = 256
EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = math.pi * EARTH_RADIUS_M
METRES_PER_DEGREE = HALF_WORLD_M / 180
# Beyond these latitudes the square of Web Mercator ends.
MAX_LATITUDE = 85.0511287798066

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """A tile matrix set as far as this service serves it.

    Attributes
    ----------
    srid : int
        CRS of the tiles' coordinates, first axis to the east, whatever the order of the CRS is.
    west, north : float
        Top left corner in units of the CRS.
    cell_size : float
        Side of a cell (1/256 of a tile) at level 0, in units of the CRS.
    width, height : int
        Tiles of level 0.
    levels : int
        Levels that are served, counted from 0.
    """

    grid_id: str
    srid: int
    crs_uri: str
    west: float
    north: float
    cell_size: float
    width: int
    height: int
    levels: int

    @property
    def max_level(self) -> int:
        """The deepest level that is served."""
        return self.levels - 1

    def cell_size_at(self, level: int) -> float:
        """Return the side of a cell at a level, in units of the CRS."""
        return float(self.cell_size / 2**level)

    def matrix_size(self, level: int) -> tuple[int, int]:
        """Return the number of columns and rows of a level."""
        return self.width << level, self.height << level

    def has(self, tile: TileId) -> bool:
        """Tell whether the grid has this tile."""
        if not 0 <= tile.z <= self.max_level:
            return False
        columns, rows = self.matrix_size(tile.z)
        return 0 <= tile.x < columns and 0 <= tile.y < rows

    def envelope(self, tile: TileId) -> Box:
        """Return west, south, east, north of a tile in units of the CRS."""
        side = self.cell_size_at(tile.z) * TILE_SIZE
        west, north = self.west + tile.x * side, self.north - tile.y * side
        return west, self.north - (tile.y + 1) * side, self.west + (tile.x + 1) * side, north

    def ground_cell_size(self, tile: TileId) -> float:
        """Return the side of a tile's cells in metres on the ground, in the middle of the tile.

        In Web Mercator a cell shrinks with the cosine of the latitude; in degrees its side to the north counts.
        """
        cell = self.cell_size_at(tile.z)
        if self.srid == 4326:
            return cell * METRES_PER_DEGREE
        if self.srid != 3857:
            return cell
        _, south, _, north = self.envelope(tile)
        return cell / math.cosh((south + north) / 2 / EARTH_RADIUS_M)

    def limits(self, box: Box, level: int) -> tuple[int, int, int, int]:
        """Return the first and last column and the first and last row of a level that touch a box.

        The box is west, south, east, north in units of the CRS.
        """
        side = self.cell_size_at(level) * TILE_SIZE
        columns, rows = self.matrix_size(level)

        def clamped(place: float, count: int) -> int:
            return min(max(math.floor(place / side), 0), count - 1)

        return (
            clamped(box[0] - self.west, columns),
            clamped(box[2] - self.west, columns),
            clamped(self.north - box[3], rows),
            clamped(self.north - box[1], rows),
        )


WEB_MERCATOR_QUAD = Grid(
    "WebMercatorQuad",
    3857,
    "http://www.opengis.net/def/crs/EPSG/0/3857",
    -HALF_WORLD_M,
    HALF_WORLD_M,
    2 * HALF_WORLD_M / TILE_SIZE,
    width=1,
    height=1,
    levels=19,
)
WORLD_CRS84_QUAD = Grid(
    "WorldCRS84Quad", 4326, CRS84_URI, -180.0, 90.0, 180 / TILE_SIZE, width=2, height=1, levels=18
)
# The grid of the German surveying authorities (AdV) for EPSG:25832: level 0 is a single tile.
ADV_25832 = Grid(
    "AdV_25832",
    STORAGE_SRID,
    STORAGE_CRS.crs_uri,
    -46_133.17,
    6_301_219.54,
    4_891.96981025128,
    width=1,
    height=1,
    levels=16,
)
GRIDS: dict[str, Grid] = {grid.grid_id: grid for grid in (WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD, ADV_25832)}


def mercator_box(box: Box) -> Box:
    """Return the box in EPSG:3857 of a box in degrees: exactly, as meridians and parallels stay straight."""

    def northing(latitude: float) -> float:
        latitude = min(max(latitude, -MAX_LATITUDE), MAX_LATITUDE)
        return EARTH_RADIUS_M * math.asinh(math.tan(math.radians(latitude)))

    west, east = (longitude * METRES_PER_DEGREE for longitude in (box[0], box[2]))
    return west, northing(box[1]), east, northing(box[3])


@dataclass(frozen=True, slots=True)
class TileQuery:
    """What one tile is made of.

    Attributes
    ----------
    collections : tuple of Collection
        Whose layers the tile carries.
    profiles_url : str
        Address of the profiles without a trailing slash; an area's identifier is added to it.
    datetime, filters, filter, q
        As for items; they hold for each of the collections.
    properties : tuple of str, optional
        Attributes to write, where a layer has them; all of them when None.
    """

    grid: Grid
    tile: TileId
    collections: tuple[Collection, ...]
    profiles_url: str
    datetime: DateInterval | None = None
    filters: tuple[PropertyFilter, ...] = ()
    filter: ClientFilter | None = None
    q: str | None = None
    properties: tuple[str, ...] | None = None
