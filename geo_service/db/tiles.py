"""Vector tiles: one statement per tile, which returns the finished bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from geo_service.db.queries import conditions, read_sql
from geo_service.db.rows import Reads, read_row
from geo_service.db.steady import STEADY
from geo_service.db.tile_layers import COLUMNS, KEYS, LAYERS, SEARCH, ShapeColumns, TileLayer
from geo_service.domain.collections import Collection
from geo_service.domain.query import ItemsQuery
from geo_service.domain.tiling import METRES_PER_DEGREE, Box, Grid, TileQuery, mercator_box

# From this cell size on (metres on the ground) outlines keep to every second line of the tile's grid, an eighth of
# a cell: finer detail than that is not seen, and tiles become smaller.
GENERALISED_FROM_M = 30.0
COARSE_UNITS = 2
# Tiles with smaller cells than that (metres on the ground; a side of some 25 km) are searched by the index over the
# shapes whatever is in them, so that their statement is planned once. In others the planner has to see the tile.
STEADY_BELOW_M = 100.0
PROFILE_URL = "%(profiles_url)s::text || '/' || area_id"


class Tile(NamedTuple):
    """An encoded tile (Mapbox Vector Tile 2.1; empty when nothing is there) and the dataset version."""

    data: bytes
    version: int


@dataclass(frozen=True, slots=True)
class TileShape:
    """Grid of a tile: units along a side, margin in units, and the features that it takes of a table at most."""

    mvt_extent: int
    mvt_buffer: int
    max_features: int


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
    envelope = query.grid.envelope(query.tile)
    margin = (envelope[2] - envelope[0]) * shape.mvt_buffer / shape.mvt_extent
    search = (envelope[0] - margin, envelope[1] - margin, envelope[2] + margin, envelope[3] + margin)
    unit = (envelope[2] - envelope[0]) / shape.mvt_extent
    cell_size = query.grid.ground_cell_size(query.tile)
    step = unit * (1 if cell_size < GENERALISED_FROM_M else COARSE_UNITS)
    values: dict[str, Any] = {
        **dict(zip(("west", "south", "east", "north"), envelope, strict=True)),
        **_search_values(query.grid, search),
        "extent": shape.mvt_extent,
        "buffer": shape.mvt_buffer,
        "unit": unit,
        "step": step,
        "least": step * _index_units(query.grid),
        "max_features": shape.max_features,
        "profiles_url": query.profiles_url,
    }
    text, asked = _text(query)
    return (STEADY if cell_size < STEADY_BELOW_M else "") + text, {**values, **asked}


def _text(query: TileQuery) -> tuple[str, dict[str, Any]]:
    """Return the statement, which is the same for all tiles of a grid, and the values of the client's conditions."""
    sources = _sources(query.collections)
    if any((query.datetime, query.filters, query.filter, query.q)) or query.properties is not None:
        return _write_text(query, sources)
    # By names: hashing a whole collection takes as long as writing the statement.
    key = tuple(one.collection_id for one in sources), query.grid.srid
    known = _texts.get(key)
    if known is None:
        known, _ = _write_text(query, sources)
        _texts[key] = known
    return known, {}


_texts: dict[tuple[tuple[str, ...], int], str] = {}


def _write_text(query: TileQuery, sources: Iterable[Collection]) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {}
    rows, layers = [], []
    for number, collection in enumerate(sources):
        name = f"rows_{number}"
        rows.append(_rows(name, collection, query, values))
        layers += [_layer(name, layer, query) for layer in LAYERS[collection.collection_id]]
    text = _template("tile").format(rows=",\n".join(rows), layers="\n    || ".join(layers))
    return text, values


def _sources(collections: Iterable[Collection]) -> tuple[Collection, ...]:
    """Leave out what others bring along: the label points come with the areas."""
    chosen = {one.collection_id: one for one in collections}
    if "programme-areas" in chosen:
        chosen.pop("programme-area-points", None)
    return tuple(chosen.values())


def _index_srid(grid: Grid) -> int:
    return 25832 if grid.srid == 25832 else 3857


def _index_units(grid: Grid) -> float:
    """Return how many units of the CRS whose index is read make one unit of the grid's CRS, at the equator."""
    return METRES_PER_DEGREE if grid.srid == 4326 else 1.0


def _search_values(grid: Grid, box: Box) -> dict[str, float]:
    if grid.srid == 4326:
        box = mercator_box(box)
    return dict(zip(("search_west", "search_south", "search_east", "search_north"), box, strict=True))


def _rows(name: str, collection: Collection, query: TileQuery, values: dict[str, Any]) -> str:
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
    texts = [re.sub(r"%\((v[0-9]+)\)s", rf"%({name}_\1)s", text) for text in asked.texts]
    place = COLUMNS[collection.collection_id][_index_srid(query.grid)]
    layers = LAYERS[collection.collection_id]
    columns = [
        f"{PROFILE_URL} AS {column}" if column == "profile_url" else column
        for column in _columns(layers[0], query)
    ]
    return _template("tile_rows").format(
        name=name,
        columns=", ".join((*columns, f"{KEYS[collection.key_column]} AS tile_key")),
        geometries=", ".join(
            f"{_geometry(place, layer, query.grid)} AS {layer.geometry_type}" for layer in layers
        ),
        table=collection.table,
        touches=place.touches,
        conditions="".join(f" AND {text}" for text in texts),
        size=place.size,
        key_column=collection.key_column,
    )


def _layer(rows: str, layer: TileLayer, query: TileQuery) -> str:
    return _template("tile_layer").format(
        rows=rows,
        columns=", ".join((*_columns(layer, query), "tile_key")),
        geometry=layer.geometry_type,
        layer=layer.layer_id,
    )


def _columns(layer: TileLayer, query: TileQuery) -> list[str]:
    return [name for name in layer.fields if query.properties is None or name in query.properties]


def _geometry(place: ShapeColumns, layer: TileLayer, grid: Grid) -> str:
    point, shape = (_in_grid(column, grid) for column in (place.point, place.shape))
    if layer.geometry_type == "points":
        near = SEARCH.format(srid=_index_srid(grid))
        return f"CASE WHEN {place.point} && {near} THEN {_encoded(point, grid)} END"
    # Nothing is left of a polygon that is narrower than the lines of the grid. It is kept as a square of two
    # units around its label point, in the tile where that point is, so that it is still there at low zooms.
    square = _encoded(f"ST_Expand({point}, %(unit)s)", grid)
    large = f"CASE WHEN {_extent(place.shape)} >= %(least)s THEN {_encoded(_snapped(shape), grid)} END"
    return f"CASE WHEN {place.shape} IS NOT NULL THEN coalesce({large}, {square}) END"


def _extent(geom: str) -> str:
    """Return the SQL expression of the longer side of the box around `geom`, for which its head is enough."""
    box = f"Box3D({geom})"
    return f"greatest(ST_XMax({box}) - ST_XMin({box}), ST_YMax({box}) - ST_YMin({box}))"


def _in_grid(column: str, grid: Grid) -> str:
    return column if grid.srid == _index_srid(grid) else f"ST_Transform({column}, {grid.srid})"


def _encoded(geom: str, grid: Grid) -> str:
    envelope = f"ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {grid.srid})"
    return f"ST_AsMVTGeom({geom}, {envelope}, %(extent)s, %(buffer)s, true)"


def _snapped(geom: str) -> str:
    """Return the SQL expression of `geom` with its vertices on the lines of the tile's grid, repeated ones dropped.

    Where a vertex comes to lie depends on nothing but the vertex. So a border that two areas share stays shared.
    `ST_AsMVTGeom` simplifies each outline by itself, by half a unit: in that order gaps stay below a unit.
    """
    return f"ST_SnapToGrid({geom}, %(west)s, %(north)s, %(step)s, %(step)s)"


@lru_cache(maxsize=8)
def _template(name: str) -> str:
    """Drop the comments: placeholders stand in them, too."""
    lines = read_sql(name).splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
