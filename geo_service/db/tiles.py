"""Vector tiles: one statement per tile, which returns the finished bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from geo_service.db.queries import conditions, read_sql
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.query import ItemsQuery
from geo_service.domain.tiling import Box, Grid, TileQuery, mercator_box

# From this cell size on (metres on the ground) outlines are drawn on every second line of the tile's grid, an
# eighth of a cell: finer detail than that is not seen, and tiles become smaller. Deeper tiles keep what is stored.
GENERALISED_FROM_M = 30.0
COARSE_UNITS = 2


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


SEARCH = "(SELECT search FROM tile)"
AREA_COLUMNS = {
    3857: _Columns("geom_3857", "label_3857", "ST_Area(geom)", f"geom_3857 && {SEARCH}"),
    25832: _Columns("geom", "label_point", "ST_Area(geom)", f"geom && {SEARCH}"),
}
AREA_POINT_COLUMNS = {
    3857: _Columns("label_3857", "label_3857", "ST_Area(geom)", f"label_3857 && {SEARCH}"),
    25832: _Columns("label_point", "label_point", "ST_Area(geom)", f"label_point && {SEARCH}"),
}
MUNICIPALITY_COLUMNS = {
    3857: _Columns(
        "outline_3857",
        "point_3857",
        "ST_Area(outline_3857)",
        f"(outline_3857 && {SEARCH} OR point_3857 && {SEARCH})",
    ),
    25832: _Columns(
        "CASE WHEN ST_Dimension(geom) = 2 THEN geom END",
        "ST_Transform(point_3857, 25832)",
        "ST_Area(outline_3857)",
        f"geom && {SEARCH}",
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


def get_tile(connection: Connection, query: TileQuery, shape: TileShape) -> Tile:
    """Encode what touches one tile, with its buffer.

    Notes
    -----
    Queries: ``db/sql/tile.sql``, ``tile_source.sql`` and ``tile_layer.sql``. The index is that of the shapes in
    the grid's CRS; tiles in degrees take the shapes of Web Mercator, whose index has the same straight edges.
    """
    statement, values = _statement(query, shape)
    row = connection.exec_driver_sql(statement, values).one()
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
    units = 1 if query.grid.ground_cell_size(query.tile) < GENERALISED_FROM_M else COARSE_UNITS
    if (shape.mvt_extent % units, shape.mvt_buffer % units) != (0, 0):
        units = 1
    sources, layers = [], []
    for number, collection in enumerate(_sources(query.collections)):
        name = f"source_{number}"
        sources.append(_source(name, collection, query, values))
        for layer in LAYERS[collection.collection_id]:
            columns = _attributes(layer, query.properties)
            layers.append(_layer(name, layer, columns, query.grid, units, unit))
    statement = _template("tile").format(
        srid=query.grid.srid,
        index_srid=_index_srid(query.grid),
        sources=",\n".join(sources),
        layers="\n    || ".join(layers),
    )
    return statement, values


def _sources(collections: Iterable[Collection]) -> tuple[Collection, ...]:
    """Leave out what others bring along: the label points come with the areas."""
    chosen = {one.collection_id: one for one in collections}
    if "programme-areas" in chosen:
        chosen.pop("programme-area-points", None)
    return tuple(chosen.values())


def _index_srid(grid: Grid) -> int:
    return 25832 if grid.srid == 25832 else 3857


def _search_values(grid: Grid, box: Box) -> dict[str, float]:
    if grid.srid == 4326:
        box = mercator_box(box)
    return dict(zip(("search_west", "search_south", "search_east", "search_north"), box, strict=True))


def _source(name: str, collection: Collection, query: TileQuery, values: dict[str, Any]) -> str:
    asked = conditions(
        ItemsQuery(collection, limit=1, datetime=query.datetime, filters=query.filters, filter=query.filter)
    )
    # Several tables share the statement, and so the names of its values.
    values.update({f"{name}_{key}": value for key, value in asked.values.items()})
    texts = [re.sub(r"%\((v[0-9]+)\)s", rf"%({name}_\1)s", text) for text in asked.texts]
    place = COLUMNS[collection.collection_id][_index_srid(query.grid)]
    fields = dict.fromkeys(
        field for layer in LAYERS[collection.collection_id] for field in _attributes(layer, query.properties)
    )
    return _template("tile_source").format(
        name=name,
        columns=", ".join(
            [
                *(f"{PROFILE_URL} AS {one}" if one == "profile_url" else one for one in fields),
                f"{KEYS[collection.key_column]} AS tile_key",
            ]
        ),
        key_column=collection.key_column,
        shape=place.shape,
        point=place.point,
        size=place.size,
        table=collection.table,
        touches=place.touches,
        conditions="".join(f" AND {text}" for text in texts),
    )


def _attributes(layer: TileLayer, properties: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(one for one in layer.fields if properties is None or one in properties)


def _layer(
    source: str, layer: TileLayer, columns: tuple[str, ...], grid: Grid, units: int, unit: float
) -> str:
    point, shape = (_in_grid(column, grid) for column in ("point", "shape"))
    condition = "true"
    if layer.geometry_type == "points":
        geom, condition = _encoded(point, 1), "point && search"
    else:
        # Nothing is left of a polygon that is narrower than the lines of the grid. It is kept as a square of two
        # units around its label point, in the tile where that point is, so that it is still there at low zooms.
        square = _encoded(f"ST_Expand({point}, {unit!r}::float8)", 1)
        geom, condition = f"coalesce({_encoded(shape, units)}, {square})", "shape IS NOT NULL"
    return _template("tile_layer").format(
        source=source,
        layer=layer.layer_id,
        columns=", ".join((*columns, "tile_key")),
        geom=geom,
        condition=condition,
    )


def _in_grid(column: str, grid: Grid) -> str:
    return column if grid.srid == _index_srid(grid) else f"ST_Transform({column}, {grid.srid})"


def _encoded(geom: str, units: int) -> str:
    """Return the SQL expression of `geom` in the tile's units, its vertices on every `units`-th line of the grid.

    Where a vertex comes to lie depends on nothing but the vertex. So a border that two areas share stays shared,
    as it would not if each outline were simplified by itself.
    """
    if units == 1:
        return f"ST_AsMVTGeom({geom}, envelope, %(extent)s, %(buffer)s, true)"
    coarse = f"ST_AsMVTGeom({geom}, envelope, %(extent)s / {units}, %(buffer)s / {units}, true)"
    return f"ST_Scale({coarse}, {units}, {units})"


@lru_cache(maxsize=8)
def _template(name: str) -> str:
    """Drop the comments: placeholders stand in them, too."""
    lines = read_sql(name).splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def tiled_collections() -> tuple[Collection, ...]:
    """Return the collections that there are tiles of."""
    return tuple(COLLECTIONS[name] for name in LAYERS)
