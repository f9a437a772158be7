"""Outlines that the edges of tiles cut: quickly where that is valid, else repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer
from sqlalchemy import Connection, text

from geo_service.db import tile_shapes
from geo_service.db.tile_layers import ShapeColumns
from geo_service.db.tile_shapes import (
    KNOWN_LEVELS,
    STORED_BUFFER,
    STORED_EXTENT,
    STORED_LEVELS,
    TileShape,
    Way,
    found_columns,
    tile_values,
    way_of,
)
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, HALF_WORLD_M, WEB_MERCATOR_QUAD, TileQuery
from geo_service.settings import Settings
from tests.ogc.grid_tiles import items_in, tile_of
from tests.ogc.outlines import outline
from tests.ogc.tile_polygons import polygons

SHAPE = TileShape(STORED_EXTENT, STORED_BUFFER, 10)
PLACE = ShapeColumns("geom", "ST_PointOnSurface(geom)", "", "", "shapes", "valid")
EVERYWHERE = (1 << KNOWN_LEVELS) - 1


def cut(
    connection: Connection, geom: str, query: TileQuery, way: Way, valid: str = "-1"
) -> shapely.Geometry | None:
    """Return an outline in a tile, in its units; `valid` is what is known of its cuts, as SQL: by itself everything."""
    found = found_columns(PLACE, query.grid, SHAPE, way)
    values = {**tile_values(query, SHAPE), "outline": geom}
    with connection.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsBinary(cut) FROM (SELECT {tile_shapes.cut(SHAPE, way)} AS cut"
            f" FROM (SELECT {', '.join(found)} FROM (SELECT *, {valid} AS valid"
            "  FROM (SELECT geom, registry.tile_shapes(geom) AS shapes"
            "   FROM (SELECT %(outline)s::geometry AS geom OFFSET 0) AS given OFFSET 0) AS finished OFFSET 0)"
            "  AS place OFFSET 0) AS found OFFSET 0) AS made",
            values,
        )
        wkb = cursor.fetchone()[0]
    shape = None if wkb is None else shapely.from_wkb(bytes(wkb))
    return None if shape is None or shape.is_empty else shape


@pytest.mark.parametrize("grid_id", ["WebMercatorQuad", "WorldCRS84Quad"])
@pytest.mark.parametrize("seed", range(30))
def test_a_quick_cut_is_the_one_that_repairs(connection: Connection, seed: int, grid_id: str) -> None:
    random = np.random.default_rng(seed)
    shape = outline(random)
    grid = GRIDS[grid_id]
    to_grid = Transformer.from_crs(3857, grid.srid, always_xy=True)
    edge = shapely.MultiLineString([part.exterior for part in shape.geoms])
    drawn = cut_through = 0
    for level in (12, 13, 14, 16):
        place = edge.interpolate(random.random(), normalized=True)
        tile = tile_of(grid, level, shapely.Point(to_grid.transform(place.x, place.y)))
        query = TileQuery(grid=grid, tile=tile, collections=(), profiles_url="")
        assert way_of(query, SHAPE, prepared=False) is Way.QUICK
        quick, repaired = (
            cut(connection, f"SRID=3857;{shape.wkt}", query, way) for way in (Way.QUICK, Way.REPAIRED)
        )
        if quick is None or repaired is None:
            # Next to nothing of it is there.
            left = quick or repaired
            assert left is None or left.area <= left.length
            continue
        assert quick.is_valid
        assert np.all(shapely.get_coordinates(quick) == np.round(shapely.get_coordinates(quick)))
        # Whether a line is cut or snapped first, its end in the margin differs by up to two units.
        assert shapely.symmetric_difference(quick, repaired).buffer(-1.0).is_empty
        for part in shapely.get_parts(quick):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
        drawn += 1
        cut_through += min(quick.bounds) == -64 or max(quick.bounds) == STORED_EXTENT + 64
    assert drawn
    assert cut_through or shape.area < 1e7


def valid_cuts(connection: Connection, shape: shapely.Geometry) -> int:
    """Return the levels on which the database holds quick cuts of an outline to be valid, as bits."""
    statement = text(
        "SELECT registry.valid_cuts(geom, registry.tile_shapes(geom)) FROM (SELECT cast(:geom AS geometry) AS geom) AS given"
    )
    value: int = connection.scalar(statement, {"geom": f"SRID=3857;{shape.wkt}"})
    return value


def around(shape: shapely.Geometry, level: int) -> Iterator[TileQuery]:
    """Return the tiles of a level that a shape may touch, with their margins."""
    grid = WEB_MERCATOR_QUAD
    margin = 2 * HALF_WORLD_M / (STORED_EXTENT << level) * (STORED_BUFFER + 2)
    west, south, east, north = shape.bounds
    box = (west - margin, south - margin, east + margin, north + margin)
    first, last, top, bottom = grid.limits(box, level)
    for x in range(first, last + 1):
        for y in range(top, bottom + 1):
            yield TileQuery(grid=grid, tile=TileId(level, x, y), collections=(), profiles_url="")


def small_outline(random: np.random.Generator) -> shapely.Geometry:
    """Return an outline that lies in few tiles, with a fringe that closes where cells are large."""
    shape = shapely.MultiPolygon()
    while shape.length == 0 or max(np.subtract(*np.split(np.array(shape.bounds), 2)[::-1])) > 9_000:
        shape = outline(random)
    centre = np.array(shape.centroid.coords[0])
    ends = centre + random.uniform(-1, 1, (12, 2)) * shape.length / 8
    fringe = shapely.union_all([shapely.LineString([centre, end]).buffer(2, quad_segs=1) for end in ends])
    whole = shape | fringe
    return shapely.MultiPolygon([whole] if whole.geom_type == "Polygon" else whole)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_known_on_which_levels_all_quick_cuts_are_valid(connection: Connection, seed: int) -> None:
    """By the expressions of the tiles themselves: which cuts are valid may depend on the last digit."""
    shape = small_outline(np.random.default_rng(seed))
    geom = f"SRID=3857;{shape.wkt}"
    valid = 0
    for level in range(KNOWN_LEVELS):
        queries = list(around(shape, level))
        assert queries
        way = way_of(queries[0], SHAPE, prepared=True)
        assert way is (Way.FINISHED if level < STORED_LEVELS else Way.KNOWN)
        cuts = [cut(connection, geom, query, way) for query in queries]
        found = [one for one in cuts if one is not None]
        assert all(one.geom_type in ("Polygon", "MultiPolygon") for one in found)
        valid |= all(one.is_valid for one in found) << level

    assert valid_cuts(connection, shape) == valid


def test_of_an_outline_in_very_many_tiles_nothing_is_said(connection: Connection) -> None:
    """It is not tried in all of them while somebody waits for its publication."""
    side = 2 * HALF_WORLD_M / 2**14
    corner = np.array((800_000, 6_700_000))

    def known(tiles: float) -> int:
        return valid_cuts(connection, shapely.MultiPolygon([shapely.box(*corner, *(corner + tiles * side))]))

    assert known(15) == EVERYWHERE
    assert known(25) == EVERYWHERE >> 1
    assert known(2_000) == EVERYWHERE >> 7


def test_some_quick_cuts_of_fringed_outlines_are_not_valid(connection: Connection) -> None:
    """Else the tests around this one would show nothing."""
    outlines = [small_outline(np.random.default_rng(seed)) for seed in range(20)]
    lacking = [EVERYWHERE & ~valid_cuts(connection, one) for one in outlines]
    assert any(one >> STORED_LEVELS for one in lacking)
    assert any(one & ((1 << STORED_LEVELS) - 1) for one in lacking)
    assert not all(lacking)


@pytest.mark.parametrize("seed", range(20))
def test_what_quick_cuts_would_spoil_is_repaired(connection: Connection, seed: int) -> None:
    shape = small_outline(np.random.default_rng(seed))
    geom = f"SRID=3857;{shape.wkt}"
    drawn = 0
    for level in (9, 11, 12, 13, 14):
        for query in around(shape, level):
            way = way_of(query, SHAPE, prepared=True)
            known = cut(connection, geom, query, way, "registry.valid_cuts(geom, shapes)")
            repaired = cut(connection, geom, query, way, "0")
            if known is None or repaired is None:
                left = known or repaired
                assert left is None or left.area <= left.length
                continue
            assert known.is_valid
            assert shapely.symmetric_difference(known, repaired).buffer(-1.0).is_empty
            for part in shapely.get_parts(known):
                assert part.exterior.is_ccw
                assert not any(hole.is_ccw for hole in part.interiors)
            drawn += 1
    assert drawn


@pytest.mark.parametrize("level", [9, 12, 13])
def test_a_tile_with_another_margin_is_cut_there(
    api: FlaskClient,
    sample_database: str,
    make_api: Callable[..., Flask],
    make_settings: Callable[..., Settings],
    level: int,
) -> None:
    wide = make_api(make_settings(sample_database, mvt_buffer=200)).test_client()
    shapes = [shape for shape, _ in items_in(api, WEB_MERCATOR_QUAD).values()][::5]
    reach = 0.0
    for tile in {tile_of(WEB_MERCATOR_QUAD, level, shape.representative_point()) for shape in shapes}:
        address = f"/api/collections/programme-areas/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
        for shape in polygons(wide.get(address).data):
            assert shape.is_valid
            west, north, east, south = shape.bounds
            reach = max(reach, -west, -north, east - STORED_EXTENT, south - STORED_EXTENT)
    assert reach == 200
