"""The parameters of tiles: which tile, of which collections, with which features and attributes."""

from __future__ import annotations

import re

from geo_service.db.tile_layers import LAYERS, layers_of
from geo_service.domain.collections import Collection
from geo_service.domain.fields import Field
from geo_service.domain.query import PropertyFilter, TileId
from geo_service.domain.tiling import WEB_MERCATOR_QUAD, Grid, TileQuery
from geo_service.errors import Message, NotFoundError
from geo_service.ogc.arguments import refuse
from geo_service.ogc.cql2.parameters import FILTER_PARAMETERS, parse_filter
from geo_service.ogc.parameters import filter_fields, parse_crs, parse_datetime, parse_value
from geo_service.ogc.presentation import parse_words
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.tile_matrix_sets import find_grid

CONTENT_PARAMETERS = ("datetime", "q", *FILTER_PARAMETERS, "properties")
DATASET_PARAMETERS = ("collections",)


def tile_fields(collections: tuple[Collection, ...]) -> dict[str, Field]:
    """Return the fields that the tiles of some collections carry."""
    names = dict.fromkeys(name for layer in layers_of(collections) for name in layer.fields)
    known = {field.name: field for one in collections for field in one.fields}
    return {name: known[name] for name in names}


def tiled_collection(api: OgcApi, collection_id: str) -> Collection:
    """Return a published collection that has tiles, or raise `NotFoundError`."""
    collection = api.collection(collection_id)
    if collection_id not in LAYERS:
        raise NotFoundError(
            f"tiles of {collection_id}",
            Message(
                "Diese Sammlung gibt es nicht als Kacheln.", "This collection is not available as tiles."
            ),
        )
    return collection


def parse_collections(api: OgcApi, request: OgcRequest) -> tuple[Collection, ...]:
    """Parse ``collections`` (20-057, /req/collections-selection); without it all collections are meant."""
    tiled = {name: one for name, one in api.collections.items() if name in LAYERS}
    text = request.arguments.get("collections")
    if text is None:
        return tuple(tiled.values())
    asked = text.split(",")
    for name in asked:
        if name not in tiled:
            names = ", ".join(tiled)
            refuse(
                "collections",
                f"collections kennt {name[:60]!r} nicht; erlaubt sind: {names}.",
                f"collections does not know {name[:60]!r}; allowed are: {names}.",
            )
    # Always in the same order, so that the order in the address makes no other tile.
    return tuple(one for name, one in tiled.items() if name in asked)


def parse_tile_query(
    request: OgcRequest, collections: tuple[Collection, ...], grid: Grid, tile_id: TileId
) -> TileQuery:
    """Turn the parameters of a tile into a query; ``name=value`` is for the tiles of a single collection."""
    arguments = request.arguments
    fields = filter_fields(collections[0]) if len(collections) == 1 else {}
    return TileQuery(
        grid,
        tile_id,
        collections,
        profiles_url=f"{request.public_url}/profiles",
        datetime=parse_datetime(arguments.get("datetime")),
        filters=tuple(
            PropertyFilter(fields[name], parse_value(fields[name], text))
            for name, text in arguments.items()
            if name in fields and name in arguments.allowed
        ),
        filter=parse_filter(arguments, parse_crs(arguments.get("filter-crs"), "filter-crs")),
        q=parse_words(arguments.get("q")),
        properties=_parse_properties(arguments.get("properties"), collections),
    )


def _parse_properties(text: str | None, collections: tuple[Collection, ...]) -> tuple[str, ...] | None:
    if text is None:
        return None
    known = tile_fields(collections)
    asked = text.split(",")
    for name in asked:
        if name not in known:
            names = ", ".join(known)
            refuse(
                "properties",
                f"properties kennt {name[:60]!r} nicht; in diesen Kacheln gibt es: {names}.",
                f"properties does not know {name[:60]!r}; these tiles have: {names}.",
            )
    return tuple(name for name in known if name in asked)


def parse_tile(
    tile_matrix_set_id: str, tile_matrix: str, tile_row: str, tile_col: str
) -> tuple[Grid, TileId]:
    """Parse the address of a tile; in OGC addresses the row comes before the column."""
    grid = find_grid(tile_matrix_set_id)
    numbers = {"tileMatrix": tile_matrix, "tileRow": tile_row, "tileCol": tile_col}
    return grid, _checked(grid, numbers)


def parse_short_tile(z: str, x: str, y: str) -> tuple[Grid, TileId]:
    """Parse the short address of a tile, which many web maps use: the column comes before the row."""
    return WEB_MERCATOR_QUAD, _checked(WEB_MERCATOR_QUAD, {"z": z, "y": y, "x": x})


def _checked(grid: Grid, numbers: dict[str, str]) -> TileId:
    """Return the tile of level, row and column; 400 where they are no numbers, 404 where the grid ends."""
    for name, text in numbers.items():
        if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII):
            refuse(name, f"{name} muss eine ganze Zahl ab 0 sein.", f"{name} must be a whole number from 0.")
    level, row, column = (int(text) for text in numbers.values())
    tile_id = TileId(z=level, x=column, y=row)
    if not grid.has(tile_id):
        raise NotFoundError(
            f"tile {tile_id} of {grid.grid_id}",
            Message(
                f"Diese Kachel gibt es nicht: {grid.grid_id} reicht hier von Stufe 0 bis {grid.max_level}, "
                f"mit {grid.width} mal {grid.height} Kacheln auf Stufe 0 und auf jeder weiteren doppelt so vielen "
                "Spalten und Zeilen.",
                f"There is no such tile: here {grid.grid_id} has levels 0 to {grid.max_level}, with {grid.width} "
                f"by {grid.height} tiles on level 0 and twice as many columns and rows on each further one.",
            ),
        )
    return tile_id
