"""Geometries in tiles: SQL expressions that bring what is stored into the units of a tile.

A tile has ``extent`` units along its side, counted from its top left corner, to the east and down.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo_service.db.tile_layers import ShapeColumns, TileLayer
from geo_service.domain.tiling import METRES_PER_DEGREE, Box, Grid, TileQuery, mercator_box

# From this cell size on (metres on the ground) outlines keep to every second line of the tile's grid, an eighth of
# a cell: finer detail than that is not seen, and tiles become smaller.
GENERALISED_FROM_M = 30.0
COARSE_UNITS = 2
# Areas have finished shapes for tiles of WebMercatorQuad with so many units, above this level. Tiles further down hold
# few outlines, and their edges cut most of those. registry.tile_shapes makes them (migrations/sql/0013_tile_shapes.sql).
STORED_EXTENT = 4096
STORED_LEVELS = 13
# In smaller cells than that (metres on the ground) nearly all outlines stay valid on the lines of the grid: to cut them
# quickly, and to see afterwards whether they are, takes half the time of cutting and repairing all.
FINE_BELOW_M = 100.0


@dataclass(frozen=True, slots=True)
class TileShape:
    """Grid of a tile: units along a side, margin in units, and the features that it takes of a table at most."""

    mvt_extent: int
    mvt_buffer: int
    max_features: int


def are_stored(query: TileQuery, shape: TileShape) -> bool:
    """Tell whether areas have finished shapes for a tile."""
    return query.grid.srid == 3857 and query.tile.z < STORED_LEVELS and shape.mvt_extent == STORED_EXTENT


def are_fine(query: TileQuery) -> bool:
    """Tell whether the lines of a tile's grid are so close that outlines on them are likely to be valid."""
    return query.grid.ground_cell_size(query.tile) < FINE_BELOW_M


def index_srid(grid: Grid) -> int:
    """Return the CRS whose index is read for a grid: tiles in degrees take the shapes of Web Mercator."""
    return 25832 if grid.srid == 25832 else 3857


def tile_values(query: TileQuery, shape: TileShape) -> dict[str, float | str]:
    """Return the values of the expressions below; ``db/sql/tile.sql`` says what they are."""
    grid, tile, extent = query.grid, query.tile, shape.mvt_extent
    west, south, east, north = grid.envelope(tile)
    unit = (east - west) / extent
    margin = unit * shape.mvt_buffer
    search = (west - margin, south - margin, east + margin, north + margin)
    return {
        "search": _box(mercator_box(search) if grid.srid == 4326 else search),
        "envelope": _box((west, south, east, north)),
        "around": _box(search),
        "to_x": -west,
        "to_y": -north,
        "units": 1 / unit,
        "step": unit * (COARSE_UNITS if grid.ground_cell_size(tile) >= GENERALISED_FROM_M else 1),
        "element": tile.z + 1,
        "left": -tile.x * extent,
        "top": -tile.y * extent,
    }


def _box(box: Box) -> str:
    return "BOX({!r} {!r},{!r} {!r})".format(*box)


def found_columns(
    place: ShapeColumns, grid: Grid, shape: TileShape, *, finished: bool, fine: bool
) -> tuple[str, ...]:
    """Return the expressions of what is made of each row, before `geometry` puts it together.

    `finished`: there are finished shapes; `fine`: outlines are cut quickly, and only those repaired that need it.

    tile_point : its label point in the units of the tile
    tile_shape : its outline: the finished one, moved to the tile, or the other one, cut by the tile
    is_drawn : whether it has an outline at all
    """
    units = "%(units)s::float8"
    point = f"ST_TransScale({_in_grid(place.point, grid)}, %(to_x)s, %(to_y)s, {units}, -({units}))"
    if finished:
        outline = f"ST_Translate(ST_GeomFromTWKB({place.finished}[%(element)s]), %(left)s, %(top)s)"
    else:
        # Made here, where several processes may share the work.
        outline = _on_lines(place.shape, grid, shape, fine=fine)
    return f"{point} AS tile_point", f"{outline} AS tile_shape", f"{place.shape} IS NOT NULL AS is_drawn"


def geometry(layer: TileLayer, shape: TileShape, *, finished: bool) -> str:
    """Return the expression of a layer's geometry, made of `found_columns`; null where nothing of it is in the tile.

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
    outline = _clipped(shape) if finished else "tile_shape"
    return f"CASE WHEN is_drawn THEN coalesce({outline}, ST_Reverse(ST_Expand({point}, 1))) END"


def _clipped(shape: TileShape) -> str:
    """Return the expression of a finished shape: as it is, or where an edge cuts it made valid again."""
    first, last = -shape.mvt_buffer, shape.mvt_extent + shape.mvt_buffer
    # ST_AsMVTGeom takes north for up.
    upright = f"ST_Scale(tile_shape, 1, -1), ST_MakeEnvelope(0, -{shape.mvt_extent}, {shape.mvt_extent}, 0)"
    return (
        f"CASE WHEN tile_shape @ ST_MakeEnvelope({first}, {first}, {last}, {last}) THEN tile_shape"
        f" ELSE ST_AsMVTGeom({upright}, {shape.mvt_extent}, {shape.mvt_buffer}, true) END"
    )


def _on_lines(geom: str, grid: Grid, shape: TileShape, *, fine: bool) -> str:
    """Return the expression of an outline with its corners on the lines of the tile's grid, repeated ones dropped.

    Where a corner comes to lie depends on nothing but the corner. So a border that two areas share stays shared.
    `ST_AsMVTGeom` simplifies each outline by itself, by half a unit: in that order gaps stay below a unit.
    """
    least = f"%(step)s * {METRES_PER_DEGREE}" if grid.srid == 4326 else "%(step)s"
    placed = _in_grid(geom, grid)
    snapped = _snapped(placed, grid)
    cut = f"ST_AsMVTGeom({snapped}, %(envelope)s::box2d, {shape.mvt_extent}, {shape.mvt_buffer}, true)"
    if fine:
        cut = f"coalesce({_quickly_cut(placed, grid)}, {cut})"
    return f"CASE WHEN {_side(geom)} >= {least} THEN {cut} END"


def _quickly_cut(placed: str, grid: Grid) -> str:
    """Return the expression of an outline in units of the tile, without repair; null where it would need one.

    The outline is cut while it is valid, since `ST_ClipByBox2D` relies on that, and then put on the lines.
    """
    snapped = _snapped(f"ST_ClipByBox2D({placed}, %(around)s::box2d)", grid)
    moved = f"ST_TransScale({snapped}, %(to_x)s, %(to_y)s, %(units)s::float8, -(%(units)s::float8))"
    simple = f"ST_ForcePolygonCCW(ST_Simplify(ST_SnapToGrid({moved}, 1), 0.5))"
    # OFFSET 0: it is made once, and not each time that it is named.
    return (
        "(SELECT CASE WHEN NOT ST_IsEmpty(simple) AND ST_IsValid(simple) THEN simple END"
        f" FROM (SELECT {simple} AS simple OFFSET 0) AS made)"
    )


def _snapped(geom: str, grid: Grid) -> str:
    return f"ST_SnapToGrid({geom}, {grid.west!r}, {grid.north!r}, %(step)s, %(step)s)"


def _side(geom: str) -> str:
    """Return the expression of the longer side of the box around `geom`, for which its head is enough."""
    box = f"Box3D({geom})"
    return f"greatest(ST_XMax({box}) - ST_XMin({box}), ST_YMax({box}) - ST_YMin({box}))"


def _in_grid(geom: str, grid: Grid) -> str:
    return geom if grid.srid == index_srid(grid) else f"ST_Transform({geom}, {grid.srid})"
