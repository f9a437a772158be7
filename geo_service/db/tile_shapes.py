"""Geometries in tiles: SQL expressions that bring what is stored into the units of a tile.

A tile has ``extent`` units along its side, counted from its top left corner, to the east and down.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from geo_service.db.tile_layers import ShapeColumns, TileLayer
from geo_service.domain.tiling import METRES_PER_DEGREE, TILE_SIZE, Box, Grid, TileQuery, mercator_box

# From this cell size on (metres on the ground) outlines keep to every second line of the tile's grid, an eighth of
# a cell: finer detail than that is not seen, and tiles become smaller.
GENERALISED_FROM_M = 30.0
COARSE_UNITS = 2
# Areas have finished shapes for tiles of WebMercatorQuad with so many units, above this level; and they know of levels
# above a deeper one whether they are valid where tiles with such a margin cut them. Further down tiles hold few outlines.
# registry.tile_shapes and registry.valid_cuts make them (migrations/sql/0013_tile_shapes.sql, 0014_valid_cuts.sql).
STORED_EXTENT, STORED_BUFFER = 4096, 64
STORED_LEVELS = 13
KNOWN_LEVELS = 15
# In smaller cells than that (metres on the ground) nearly all outlines stay valid on the lines of the grid: to cut them
# quickly, and to see afterwards whether they are, takes half the time of cutting and repairing all.
FINE_BELOW_M = 100.0


@dataclass(frozen=True, slots=True)
class TileShape:
    """Grid of a tile: units along a side, margin in units, and the features that it takes of a table at most."""

    mvt_extent: int
    mvt_buffer: int
    max_features: int


class Way(Enum):
    """How outlines come into a tile."""

    FINISHED = "the finished shape, cut quickly where that is known to be valid, else repaired"
    KNOWN = "the outline, cut quickly where that is known to be valid, else repaired"
    QUICK = "the outline, cut quickly, and repaired where it is not valid then"
    REPAIRED = "the outline, cut and repaired"


def way_of(query: TileQuery, shape: TileShape, *, prepared: bool) -> Way:
    """Choose how outlines come into a tile.

    Parameters
    ----------
    prepared : bool
        Whether their table has finished shapes and knows which cuts are valid.
    """
    if prepared and query.grid.srid == 3857 and shape.mvt_extent == STORED_EXTENT:
        if query.tile.z < STORED_LEVELS:
            return Way.FINISHED
        if query.tile.z < KNOWN_LEVELS and shape.mvt_buffer == STORED_BUFFER:
            return Way.KNOWN
    # Where the lines of a tile's grid are close, outlines on them are likely to be valid.
    return Way.QUICK if query.grid.ground_cell_size(query.tile) < FINE_BELOW_M else Way.REPAIRED


def index_srid(grid: Grid) -> int:
    """Return the CRS whose index is read for a grid: tiles in degrees take the shapes of Web Mercator."""
    return 25832 if grid.srid == 25832 else 3857


def tile_values(query: TileQuery, shape: TileShape) -> dict[str, float | str]:
    """Return the values of the expressions below; ``db/sql/tile.sql`` says what they are."""
    grid, tile, extent = query.grid, query.tile, shape.mvt_extent
    west, south, east, north = grid.envelope(tile)
    # By the grid and not by the tile's edges: as registry.valid_cuts has it, to the last digit.
    unit = grid.cell_size_at(tile.z) * TILE_SIZE / extent
    margin = unit * shape.mvt_buffer
    search = (west - margin, south - margin, east + margin, north + margin)
    lines = COARSE_UNITS if grid.ground_cell_size(tile) >= GENERALISED_FROM_M else 1
    return {
        "search": _box(mercator_box(search) if grid.srid == 4326 else search),
        "envelope": _box((west, south, east, north)),
        "to_x": -west,
        "to_y": -north,
        "units": 1 / unit,
        "lines": lines,
        "step": unit * lines,
        "element": tile.z + 1,
        # Of another margin than that nothing is known.
        "level_bit": 1 << tile.z if shape.mvt_buffer == STORED_BUFFER else 0,
        "left": -tile.x * extent,
        "top": -tile.y * extent,
    }


def _box(box: Box) -> str:
    return "BOX({!r} {!r},{!r} {!r})".format(*box)


def found_columns(place: ShapeColumns, grid: Grid, shape: TileShape, way: Way) -> tuple[str, ...]:
    """Return the expressions of what is made of each row that a tile takes, where several processes may share the work.

    tile_point : its label point in the units of the tile
    tile_shape : its outline in them; finished shapes are not cut yet
    is_drawn : whether it has an outline at all
    cuts_well : whether a quick cut of it is known to be valid in all tiles of the level
    """
    known = f"{place.valid_cuts} & %(level_bit)s <> 0" if place.valid_cuts else "false"
    if way is Way.FINISHED:
        outline = f"ST_Translate(ST_GeomFromTWKB({place.finished}[%(element)s]), %(left)s, %(top)s)"
    else:
        # Nothing that is smaller than the distance of two lines is drawn as an outline.
        outline = f"CASE WHEN {_side(place.shape)} >= {_least(grid)} THEN {_cut(place, grid, shape, way, known)} END"
    return (
        f"{_in_units(_in_grid(place.point, grid))} AS tile_point",
        f"{outline} AS tile_shape",
        f"{place.shape} IS NOT NULL AS is_drawn",
        f"{known} AS cuts_well",
    )


def cut(shape: TileShape, way: Way) -> str:
    """Return the expression of an outline in the tile, made of `found_columns`: finished shapes are cut here."""
    if way is not Way.FINISHED:
        return "tile_shape"
    first, last = -shape.mvt_buffer, shape.mvt_extent + shape.mvt_buffer
    # ST_AsMVTGeom takes north for up.
    upright = f"ST_Scale(tile_shape, 1, -1), ST_MakeEnvelope(0, -{shape.mvt_extent}, {shape.mvt_extent}, 0)"
    return (
        f"CASE WHEN tile_shape @ ST_MakeEnvelope({first}, {first}, {last}, {last}) THEN tile_shape"
        f" WHEN cuts_well THEN ST_ForcePolygonCCW(ST_SnapToGrid({_clipped('tile_shape', shape)}, 1))"
        f" ELSE ST_AsMVTGeom({upright}, {shape.mvt_extent}, {shape.mvt_buffer}, true) END"
    )


def geometry(layer: TileLayer, shape: TileShape) -> str:
    """Return the expression of a layer's geometry, made of what `found_columns` and `cut` gave; null: nothing is there.

    Polygons are valid, and their outer rings run clockwise on a screen (MVT 2.1, 4.3.3.3).
    """
    first, last = -shape.mvt_buffer, shape.mvt_extent + shape.mvt_buffer
    point = (
        f"CASE WHEN ST_X(tile_point) BETWEEN {first} AND {last} AND ST_Y(tile_point) BETWEEN {first} AND {last}"
        " THEN ST_SnapToGrid(tile_point, 1) END"
    )
    if layer.geometry_type == "points":
        return point
    # Nothing is left of a polygon that is narrower than the lines of the grid. It is kept as a square of two
    # units around its label point, in the tile where that point is, so that it is still there at low zooms.
    outline = "CASE WHEN NOT ST_IsEmpty(tile_shape) THEN tile_shape END"
    return f"CASE WHEN is_drawn THEN coalesce({outline}, ST_Reverse(ST_Expand({point}, 1))) END"


def _cut(place: ShapeColumns, grid: Grid, shape: TileShape, way: Way, known: str) -> str:
    """Return the expression of an outline with its corners on the lines of the tile's grid, repeated ones dropped.

    Where a corner comes to lie depends on nothing but the corner. So a border that two areas share stays shared.
    `ST_AsMVTGeom` simplifies each outline by itself, by half a unit: in that order gaps stay below a unit.
    """
    placed = _in_grid(place.shape, grid)
    snapped = f"ST_SnapToGrid({placed}, {grid.west!r}, {grid.north!r}, %(step)s, %(step)s)"
    repaired = f"ST_AsMVTGeom({snapped}, %(envelope)s::box2d, {shape.mvt_extent}, {shape.mvt_buffer}, true)"
    if way is Way.REPAIRED:
        return repaired
    # It is cut while it is valid, since ST_ClipByBox2D relies on that.
    clipped = _clipped(_in_units(placed), shape)
    if way is Way.KNOWN:
        quick = f"ST_ForcePolygonCCW(ST_Simplify(ST_SnapToGrid({clipped}, 1), 0.5))"
        return f"CASE WHEN {known} THEN {quick} ELSE {repaired} END"
    on_lines = f"ST_SnapToGrid({clipped}, %(left)s, %(top)s, %(lines)s, %(lines)s)"
    # OFFSET 0: it is made once, and not each time that it is named.
    quick = (
        "(SELECT CASE WHEN ST_IsEmpty(simple) OR ST_IsValid(simple) THEN simple END"
        f" FROM (SELECT ST_ForcePolygonCCW(ST_Simplify({on_lines}, 0.5)) AS simple OFFSET 0) AS made)"
    )
    return f"coalesce({quick}, {repaired})"


def _clipped(units: str, shape: TileShape) -> str:
    first, last = -shape.mvt_buffer, shape.mvt_extent + shape.mvt_buffer
    return f"ST_ClipByBox2D({units}, ST_MakeEnvelope({first}, {first}, {last}, {last})::box2d)"


def _in_units(geom: str) -> str:
    units = "%(units)s::float8"
    return f"ST_TransScale({geom}, %(to_x)s, %(to_y)s, {units}, -({units}))"


def _least(grid: Grid) -> str:
    """Return the expression of the longer side of the smallest outline that is drawn as such, in the CRS of the index."""
    return f"%(step)s * {METRES_PER_DEGREE}" if grid.srid == 4326 else "%(step)s"


def _side(geom: str) -> str:
    """Return the expression of the longer side of the box around `geom`, for which its head is enough."""
    box = f"Box3D({geom})"
    return f"greatest(ST_XMax({box}) - ST_XMin({box}), ST_YMax({box}) - ST_YMin({box}))"


def _in_grid(geom: str, grid: Grid) -> str:
    return geom if grid.srid == index_srid(grid) else f"ST_Transform({geom}, {grid.srid})"
