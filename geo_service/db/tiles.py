"""Vector tiles: one statement per tile, which returns the finished bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from geo_service.db.queries import conditions, read_sql
from geo_service.db.rows import Reads, read_row
from geo_service.db.steady import STEADY
from geo_service.db.tile_layers import COLUMNS, KEYS, LAYERS, ShapeColumns, TileLayer
from geo_service.db.tile_shapes import (
    TileShape,
    Way,
    cut,
    found_columns,
    geometry,
    index_srid,
    tile_values,
    way_of,
)
from geo_service.domain.collections import Collection
from geo_service.domain.query import ItemsQuery
from geo_service.domain.tiling import TileQuery

# Tiles with smaller cells than that (metres on the ground; a side of some 25 km) are searched by the index over the
# shapes whatever is in them, so that their statement is planned once. In others the planner has to see the tile.
STEADY_BELOW_M = 100.0
PROFILE_URL = "%(profiles_url)s::text || '/' || area_id"


class Tile(NamedTuple):
    """An encoded tile (Mapbox Vector Tile 2.1; empty when nothing is there) and the dataset version."""

    data: bytes
    version: int


def get_tile(reads: Reads, query: TileQuery, shape: TileShape) -> Tile:
    """Encode what touches one tile, with its buffer.

    Notes
    -----
    Queries: ``db/sql/tile.sql``, ``tile_rows.sql`` and ``tile_layer.sql``. The index is that of the shapes in
    the grid's CRS; tiles in degrees take the shapes of Web Mercator, whose index has the same straight edges.
    """
    statement, values = _statement(query, shape)
    row = read_row(reads, statement, values)
    return Tile(bytes(row.mvt), row.version)


def _statement(query: TileQuery, shape: TileShape) -> tuple[str, dict[str, Any]]:
    text, asked = _text(query, shape)
    values = {**tile_values(query, shape), "profiles_url": query.profiles_url, **asked}
    steady = query.grid.ground_cell_size(query.tile) < STEADY_BELOW_M
    return (STEADY if steady else "") + text, values


def _text(query: TileQuery, shape: TileShape) -> tuple[str, dict[str, Any]]:
    """Return the statement, which is the same for many tiles of a grid, and the values of the client's conditions."""
    sources = _sources(query.collections)
    if any((query.datetime, query.filters, query.filter, query.q)) or query.properties is not None:
        return _write_text(query, shape, sources)
    # By names: hashing a whole collection takes as long as writing the statement.
    names = tuple(one.collection_id for one in sources)
    ways = way_of(query, shape, prepared=True), way_of(query, shape, prepared=False)
    key = names, query.grid.srid, shape, ways
    known = _texts.get(key)
    if known is None:
        known, _ = _write_text(query, shape, sources)
        _texts[key] = known
    return known, {}


_texts: dict[tuple[tuple[str, ...], int, TileShape, tuple[Way, Way]], str] = {}


def _write_text(
    query: TileQuery, shape: TileShape, sources: Iterable[Collection]
) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    rows, layers = [], []
    for number, collection in enumerate(sources):
        name = f"rows_{number}"
        place = COLUMNS[collection.collection_id][index_srid(query.grid)]
        asked = _conditions(name, collection, query, values)
        rows.append(_rows(name, collection, place, query, shape, asked))
        layers += [_layer(name, layer, query, shape) for layer in LAYERS[collection.collection_id]]
    text = _template("tile").format(rows=",\n".join(rows), layers="\n    || ".join(layers))
    return text, values


def _sources(collections: Iterable[Collection]) -> tuple[Collection, ...]:
    """Leave out what others bring along: the label points come with the areas."""
    chosen = {one.collection_id: one for one in collections}
    if "programme-areas" in chosen:
        chosen.pop("programme-area-points", None)
    return tuple(chosen.values())


def _conditions(name: str, collection: Collection, query: TileQuery, values: dict[str, Any]) -> list[str]:
    asked = conditions(
        ItemsQuery(
            collection,
            limit=1,
            datetime=query.datetime,
            filters=query.filters,
            filter=query.filter,
            q=query.q,
        )
    )
    # Several tables share the statement, and so the names of its values.
    values.update({f"{name}_{key}": value for key, value in asked.values.items()})
    return [re.sub(r"%\((v[0-9]+)\)s", rf"%({name}_\1)s", text) for text in asked.texts]


def _rows(
    name: str,
    collection: Collection,
    place: ShapeColumns,
    query: TileQuery,
    shape: TileShape,
    asked: list[str],
) -> str:
    layers = LAYERS[collection.collection_id]
    names = (*_columns(layers[0], query), "tile_key")
    made = {
        "profile_url": f"{PROFILE_URL} AS profile_url",
        "tile_key": f"{KEYS[collection.key_column]} AS tile_key",
    }
    way = way_of(query, shape, prepared=bool(place.finished))
    found = (
        *(made.get(one, one) for one in names),
        *found_columns(place, query.grid, shape, way),
    )
    shapes = (f"{geometry(layer, shape)} AS {layer.geometry_type}" for layer in layers)
    return _template("tile_rows").format(
        name=name,
        columns=", ".join(names),
        geometries=", ".join(shapes),
        cut=cut(shape, way),
        found=", ".join(found),
        table=collection.table,
        touches=place.touches,
        conditions="".join(f" AND {text}" for text in asked),
        size=place.size,
        key_column=collection.key_column,
        max_features=shape.max_features,
    )


def _layer(rows: str, layer: TileLayer, query: TileQuery, shape: TileShape) -> str:
    return _template("tile_layer").format(
        rows=rows,
        columns=", ".join((*_columns(layer, query), "tile_key")),
        geometry=layer.geometry_type,
        layer=layer.layer_id,
        extent=shape.mvt_extent,
    )


def _columns(layer: TileLayer, query: TileQuery) -> list[str]:
    return [name for name in layer.fields if query.properties is None or name in query.properties]


@lru_cache(maxsize=8)
def _template(name: str) -> str:
    """Drop the comments: placeholders stand in them, too."""
    lines = read_sql(name).splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
