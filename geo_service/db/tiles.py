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


@dataclass(frozen=True, slots=True)
class TileLayer:
    """A layer in the tiles of a collection: its geometry and the fields that its features carry."""

    layer_id: str
    geometry_type: str
    fields: tuple[str, ...]


AREA_FIELDS = (
    "area_id",
    "name",
    "municipality",
    "ags",
    "status",
    "status_de",
    "status_en",
    "stage",
    "programme",
    "start_year",
    "end_year",
    "geom_basis",
    "attr_basis",
    "sections",
    "profile_url",
)
MUNICIPALITY_FIELDS = ("ags", "name", "district", "government_region")

AREAS = TileLayer("programme-areas", "polygons", AREA_FIELDS)
AREA_POINTS = TileLayer("programme-area-points", "points", AREA_FIELDS)
LAYERS: dict[str, tuple[TileLayer, ...]] = {
    "programme-areas": (AREAS, AREA_POINTS),
    "programme-area-points": (AREA_POINTS,),
    "municipalities": (
        TileLayer("municipalities", "polygons", MUNICIPALITY_FIELDS),
        TileLayer("municipality-points", "points", MUNICIPALITY_FIELDS),
    ),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table keeps its shapes in one CRS; `touches` compares them with the tile through an index."""

    shape: str
    point: str
    size: str
    touches: str


# Written out, so that for a large tile the planner knows how much of the country it holds: the index over the shapes
# leads to the few, the index over the sizes to the largest of many.
SEARCH = "ST_MakeEnvelope(%(search_west)s, %(search_south)s, %(search_east)s, %(search_north)s, {srid})"
SEARCH_3857, SEARCH_25832 = SEARCH.format(srid=3857), SEARCH.format(srid=25832)
AREA_COLUMNS = {
    3857: _Columns("geom_3857", "label_3857", "ST_Area(geom)", f"geom_3857 && {SEARCH_3857}"),
    25832: _Columns("geom", "label_point", "ST_Area(geom)", f"geom && {SEARCH_25832}"),
}
AREA_POINT_COLUMNS = {
    3857: _Columns("label_3857", "label_3857", "ST_Area(geom)", f"label_3857 && {SEARCH_3857}"),
    25832: _Columns("label_point", "label_point", "ST_Area(geom)", f"label_point && {SEARCH_25832}"),
}
MUNICIPALITY_COLUMNS = {
    3857: _Columns(
        "outline_3857",
        "point_3857",
        "ST_Area(outline_3857)",
        f"(outline_3857 && {SEARCH_3857} OR point_3857 && {SEARCH_3857})",
    ),
    25832: _Columns(
        "CASE WHEN ST_Dimension(geom) = 2 THEN geom END",
        "ST_Transform(point_3857, 25832)",
        "ST_Area(outline_3857)",
        f"geom && {SEARCH_25832}",
    ),
}
COLUMNS = {
    "programme-areas": AREA_COLUMNS,
    "programme-area-points": AREA_POINT_COLUMNS,
    "municipalities": MUNICIPALITY_COLUMNS,
}
KEYS = {"area_no": "area_no", "ags": "ags::int"}  # feature ids are integers
PROFILE_URL = "%(profiles_url)s::text || '/' || area_id"


def layers_of(collections: Iterable[Collection]) -> tuple[TileLayer, ...]:
    """Return the layers of the tiles of some collections, each layer once."""
    return tuple(dict.fromkeys(layer for one in collections for layer in LAYERS[one.collection_id]))


def get_tile(reads: Reads, query: TileQuery, shape: TileShape) -> Tile:
    """Encode what touches one tile, with its buffer.

    Notes
    -----
    Queries: ``db/sql/tile.sql``, ``tile_source.sql`` and ``tile_layer.sql``. The index is that of the shapes in
    the grid's CRS; tiles in degrees take the shapes of Web Mercator, whose index has the same straight edges.
    """
    statement, values = _statement(query, shape)
    row = read_row(reads, statement, values)
    return Tile(bytes(row.mvt), row.version)


def _statement(query: TileQuery, shape: TileShape) -> tuple[str, dict[str, Any]]:
    envelope = query.grid.envelope(query.tile)
    margin = (envelope[2] - envelope[0]) * shape.mvt_buffer / shape.mvt_extent
    search = (envelope[0] - margin, envelope[1] - margin, envelope[2] + margin, envelope[3] + margin)
    values: dict[str, Any] = {
        **dict(zip(("west", "south", "east", "north"), envelope, strict=True)),
        **_search_values(query.grid, search),
        "extent": shape.mvt_extent,
        "buffer": shape.mvt_buffer,
        "max_features": shape.max_features,
        "profiles_url": query.profiles_url,
    }
    unit = (envelope[2] - envelope[0]) / shape.mvt_extent
    cell_size = query.grid.ground_cell_size(query.tile)
    step = unit * (1 if cell_size < GENERALISED_FROM_M else COARSE_UNITS)
    values |= {"unit": unit, "step": step, "least": step * _index_units(query.grid)}
    sources, layers = [], []
    for number, collection in enumerate(_sources(query.collections)):
        name = f"source_{number}"
        sources.append(_source(name, collection, query, values))
        layers += [_layer(name, layer, collection, query) for layer in LAYERS[collection.collection_id]]
    statement = _template("tile").format(
        srid=query.grid.srid,
        sources=",\n".join(sources),
        layers="\n    || ".join(layers),
    )
    return (STEADY if cell_size < STEADY_BELOW_M else "") + statement, values


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


def _source(name: str, collection: Collection, query: TileQuery, values: dict[str, Any]) -> str:
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
    return _template("tile_source").format(
        name=name,
        key_column=collection.key_column,
        size=place.size,
        table=collection.table,
        touches=place.touches,
        conditions="".join(f" AND {text}" for text in texts),
    )


def _layer(source: str, layer: TileLayer, collection: Collection, query: TileQuery) -> str:
    place = COLUMNS[collection.collection_id][_index_srid(query.grid)]
    point, shape = (_in_grid(column, query.grid) for column in (place.point, place.shape))
    if layer.geometry_type == "points":
        # "IS TRUE" keeps the comparison away from the index: the rows are found by their keys.
        geom, condition = (
            _encoded(point),
            f"({place.point} && {SEARCH.format(srid=_index_srid(query.grid))}) IS TRUE",
        )
    else:
        # Nothing is left of a polygon that is narrower than the lines of the grid. It is kept as a square of two
        # units around its label point, in the tile where that point is, so that it is still there at low zooms.
        square = _encoded(f"ST_Expand({point}, %(unit)s)")
        large = f"CASE WHEN {_extent(place.shape)} >= %(least)s THEN {_encoded(_snapped(shape))} END"
        geom, condition = f"coalesce({large}, {square})", f"{place.shape} IS NOT NULL"
    wanted = (name for name in layer.fields if query.properties is None or name in query.properties)
    columns = [f"{PROFILE_URL} AS {name}" if name == "profile_url" else name for name in wanted]
    return _template("tile_layer").format(
        source=source,
        table=collection.table,
        key_column=collection.key_column,
        layer=layer.layer_id,
        columns=", ".join((*columns, f"{KEYS[collection.key_column]} AS tile_key")),
        geom=geom,
        condition=condition,
    )


def _extent(geom: str) -> str:
    """Return the SQL expression of the longer side of the box around `geom`, for which its head is enough."""
    box = f"Box3D({geom})"
    return f"greatest(ST_XMax({box}) - ST_XMin({box}), ST_YMax({box}) - ST_YMin({box}))"


def _in_grid(column: str, grid: Grid) -> str:
    return column if grid.srid == _index_srid(grid) else f"ST_Transform({column}, {grid.srid})"


def _encoded(geom: str) -> str:
    return f"ST_AsMVTGeom({geom}, tile.envelope, %(extent)s, %(buffer)s, true)"


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
