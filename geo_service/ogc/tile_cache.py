"""Tiles in the cache: what they follow from, and which changes concern them.

An edit drops the tiles that its old or new shape touches, whatever grid they belong to: each tile is kept with
its box in EPSG:3857, the CRS of the boxes in ``publication.change``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from geo_service.db.changes import Box
from geo_service.db.tile_shapes import TileShape
from geo_service.db.tiles import Tile
from geo_service.domain.tiling import TileQuery
from geo_service.ogc.changed_boxes import around_in_web_mercator
from geo_service.ogc.keeping import CHANGED_WITH, Recipe
from geo_service.ogc.kept import Made, Scope
from geo_service.ogc.links import MVT
from geo_service.ogc.pygeoapi_api import OgcRequest


def tile_recipe(
    request: OgcRequest,
    query: TileQuery,
    shape: TileShape,
    read: Callable[[], Tile],
    *,
    steady: bool,
) -> Recipe:
    """Tell how to answer with a tile: 200, or 204 where nothing is.

    Parameters
    ----------
    read : callable
        Reads the tile from the database.
    steady : bool
        Whether the tile exists whatever the data are. Otherwise any change may take it away or bring it.
    """
    headers = {"Content-Type": MVT, "Content-Language": "de, en", "Vary": "Accept"}

    def make() -> Made:
        data, version = read()
        scope = Scope(_collections(query), search_box(query, shape) if steady else None)
        return Made(data, version, scope, headers, 200 if data else 204)

    return Recipe(_key(request, query), make)


def search_box(query: TileQuery, shape: TileShape) -> Box | None:
    """Return the box in EPSG:3857 around a tile and its buffer; None where it has none there."""
    west, south, east, north = query.grid.envelope(query.tile)
    margin = (east - west) * shape.mvt_buffer / shape.mvt_extent
    box = (west - margin, south - margin, east + margin, north + margin)
    return around_in_web_mercator(box, query.grid.srid)


def _collections(query: TileQuery) -> frozenset[str]:
    names = (one.collection_id for one in query.collections)
    return frozenset(CHANGED_WITH.get(name, name) for name in names)


def _key(request: OgcRequest, query: TileQuery) -> Hashable:
    """Return what the content follows from: the tile, the public address in its links, and the query."""
    tile = query.tile
    names = tuple(one.collection_id for one in query.collections)
    asked = tuple(sorted(pair for pair in request.arguments.items() if pair[0] not in ("f", "lang")))
    return query.grid.grid_id, tile.z, tile.x, tile.y, names, query.profiles_url, asked
