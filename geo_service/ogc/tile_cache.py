"""Tiles as they leave: out of the cache where they are known, in the coding that the client prefers.

An edit drops the tiles that its old or new shape touches, whatever grid they belong to: each tile is kept with
its box in EPSG:3857, the CRS of the boxes in ``publication.change``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from functools import lru_cache

from pyproj import Transformer

from geo_service.db.changes import Box
from geo_service.db.tiles import Tile, TileShape
from geo_service.domain.codings import IDENTITY, choose_coding
from geo_service.domain.tiling import TileQuery, mercator_box
from geo_service.ogc.cache import AnswerCache, Scope, make_coded
from geo_service.ogc.links import MVT
from geo_service.ogc.pygeoapi_api import OgcRequest
from geo_service.ogc.responses import Answer

# The index compares boxes in single precision, rounded outwards: by two metres at the edge of the world.
PRECISION_M = 4.0
# The label points are those of the areas; a change of an area is one of its point.
CHANGED_WITH = {"programme-area-points": "programme-areas"}
CACHE_NAME = "geo-service"


def tile_answer(
    cache: AnswerCache,
    request: OgcRequest,
    query: TileQuery,
    shape: TileShape,
    read: Callable[[], Tile],
    *,
    steady: bool,
) -> Answer:
    """Answer with a tile: 200, or 204 where nothing is.

    Parameters
    ----------
    read : callable
        Reads the tile from the database.
    steady : bool
        Whether the tile exists whatever the data are. Otherwise any change may take it away or bring it.
    """
    coding = choose_coding(request.accept_encoding)
    headers = {"Content-Type": MVT, "Content-Language": "de, en", "Vary": "Accept, Accept-Encoding"}
    if request.shared:
        scope = Scope(_collections(query), search_box(query, shape) if steady else None)
        kept, hit = cache.get(_key(request, query), scope, read)
        coded = cache.coded(kept, coding)
        headers["Cache-Status"] = f"{CACHE_NAME}; hit" if hit else f"{CACHE_NAME}; fwd=miss"
    else:
        coded = make_coded(read().data, coding)
        headers["Cache-Control"] = "private, no-cache"
        headers["Cache-Status"] = f"{CACHE_NAME}; fwd=bypass"
    headers["ETag"] = coded.etag
    if coded.coding != IDENTITY:
        headers["Content-Encoding"] = coded.coding
    return headers, 200 if coded.data else 204, coded.data


def search_box(query: TileQuery, shape: TileShape) -> Box | None:
    """Return the box in EPSG:3857 around a tile and its buffer; None where it has none there."""
    west, south, east, north = query.grid.envelope(query.tile)
    margin = (east - west) * shape.mvt_buffer / shape.mvt_extent
    box = (west - margin, south - margin, east + margin, north + margin)
    if query.grid.srid == 4326:
        box = mercator_box(box)
    elif query.grid.srid != 3857:
        # Straight edges bow in the other projection.
        box = _to_web_mercator(query.grid.srid).transform_bounds(*box, densify_pts=21)
    if not all(math.isfinite(side) for side in box):
        return None
    return box[0] - PRECISION_M, box[1] - PRECISION_M, box[2] + PRECISION_M, box[3] + PRECISION_M


@lru_cache(maxsize=4)
def _to_web_mercator(srid: int) -> Transformer:
    return Transformer.from_crs(f"EPSG:{srid}", "EPSG:3857", always_xy=True)


def _collections(query: TileQuery) -> frozenset[str]:
    names = (one.collection_id for one in query.collections)
    return frozenset(CHANGED_WITH.get(name, name) for name in names)


def _key(request: OgcRequest, query: TileQuery) -> Hashable:
    """Return what the content follows from: the tile, the public address in its links, and the query."""
    tile = query.tile
    names = tuple(one.collection_id for one in query.collections)
    asked = tuple(sorted(pair for pair in request.arguments.items() if pair[0] not in ("f", "lang")))
    return query.grid.grid_id, tile.z, tile.x, tile.y, names, query.profiles_url, asked
