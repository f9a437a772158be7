"""Vector tiles: of one collection or of several, in each of the tile matrix sets.

OGC API - Tiles - Part 1 (20-057). pygeoapi's own functions fail outside of the limits (pygeoapi#2365).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from geo_service.db import tiles as db_tiles
from geo_service.db.items import CollectionSummary
from geo_service.db.rows import RowReader
from geo_service.db.tile_shapes import TileShape
from geo_service.db.tiles import Tile
from geo_service.domain.collections import Collection
from geo_service.domain.query import TileId
from geo_service.domain.tiling import Box, Grid
from geo_service.errors import Message, NotFoundError
from geo_service.ogc.keeping import Recipe
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.tile_cache import tile_recipe
from geo_service.ogc.tile_matrix_sets import box_in_grid
from geo_service.ogc.tile_parameters import (
    parse_collections,
    parse_short_tile,
    parse_tile,
    parse_tile_query,
    tiled_collection,
)


def tile(
    api: OgcApi,
    request: OgcRequest,
    collection_id: str,
    tile_matrix_set_id: str,
    tile_matrix: str,
    tile_row: str,
    tile_col: str,
) -> Recipe:
    """Answer with one tile of a collection (20-057, clause 7.1)."""
    collections = (tiled_collection(api, collection_id),)
    return _answer(
        api, request, collections, *parse_tile(tile_matrix_set_id, tile_matrix, tile_row, tile_col)
    )


def short_tile(api: OgcApi, request: OgcRequest, collection_id: str, z: str, x: str, y: str) -> Recipe:
    """Answer with one tile of a collection in WebMercatorQuad, at the address that many web maps use."""
    return _answer(api, request, (tiled_collection(api, collection_id),), *parse_short_tile(z, x, y))


def dataset_tile(
    api: OgcApi,
    request: OgcRequest,
    tile_matrix_set_id: str,
    tile_matrix: str,
    tile_row: str,
    tile_col: str,
) -> Recipe:
    """Answer with one tile of all collections, or of those in ``collections`` (20-057, clause 12)."""
    grid, tile_id = parse_tile(tile_matrix_set_id, tile_matrix, tile_row, tile_col)
    return _answer(api, request, parse_collections(api, request), grid, tile_id)


def dataset_short_tile(api: OgcApi, request: OgcRequest, z: str, x: str, y: str) -> Recipe:
    """Answer with one tile of all collections in WebMercatorQuad, at the address that many web maps use."""
    return _answer(api, request, parse_collections(api, request), *parse_short_tile(z, x, y))


def _answer(
    api: OgcApi, request: OgcRequest, collections: tuple[Collection, ...], grid: Grid, tile_id: TileId
) -> Recipe:
    """Answer with a tile; 204 where nothing is, 404 outside of the limits (20-057, /req/core/tc-error).

    Inside of the configured extent a tile costs one statement; where data reaches beyond, the extent is read.
    """
    query = parse_tile_query(request, collections, grid, tile_id)
    settings = api.settings
    shape = TileShape(settings.mvt_extent, settings.mvt_buffer, settings.mvt_max_features)
    steady = _is_within(grid, tile_id, configured_box(api, collections))

    def read() -> Tile:
        if not steady:
            summaries = api.summaries.get(api.engine, collections).of
            _check_limits(grid, tile_id, published_box(api, summaries, collections))
        return db_tiles.get_tile(RowReader(api.engine), query, shape)

    return tile_recipe(request, query, shape, read, steady=steady)


def configured_box(api: OgcApi, collections: tuple[Collection, ...]) -> Box:
    """Return the box (CRS84) around the configured extents of some collections."""
    resources = api.config["resources"]
    return around(resources[one.collection_id]["extents"]["spatial"]["bbox"] for one in collections)


def published_box(
    api: OgcApi, summaries: Mapping[str, CollectionSummary], collections: tuple[Collection, ...]
) -> Box:
    """Return the box (CRS84) that a tileset covers: the configured extent, and data beyond it.

    It is steadier than the extent of the data alone, so that a map that keeps to it never asks in vain.
    """
    boxes = [summaries[one.collection_id].bbox for one in collections]
    return around([configured_box(api, collections), *(box for box in boxes if box is not None)])


def around(boxes: Iterable[Sequence[float]]) -> Box:
    """Return the box around some boxes."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _is_within(grid: Grid, tile_id: TileId, box: Box) -> bool:
    min_col, max_col, min_row, max_row = grid.limits(box_in_grid(grid, box), tile_id.z)
    return min_col <= tile_id.x <= max_col and min_row <= tile_id.y <= max_row


def _check_limits(grid: Grid, tile_id: TileId, box: Box) -> None:
    if not _is_within(grid, tile_id, box):
        raise NotFoundError(
            f"tile {tile_id} of {grid.grid_id}",
            Message(
                "Diese Kachel liegt außerhalb der Grenzen des Kachelsatzes (tileMatrixSetLimits).",
                "This tile lies outside of the limits of the tileset (tileMatrixSetLimits).",
            ),
        )
