"""Finished shapes, which tiles only move to their place: they are what cutting the outline itself would give."""

from __future__ import annotations

from collections.abc import Callable

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, text

from geo_service.db.cluster import Cluster
from geo_service.db.tile_shapes import (
    COARSE_UNITS,
    GENERALISED_FROM_M,
    KNOWN_LEVELS,
    STORED_EXTENT,
    STORED_LEVELS,
)
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, HALF_WORLD_M, WEB_MERCATOR_QUAD
from geo_service.settings import Settings
from tests.factories import make_area
from tests.ogc.grid_tiles import UNIT_CELLS, get_tile, items_in, tile_of
from tests.ogc.outlines import outline
from tests.ogc.tile_polygons import polygons

# What a tile was made of before there were finished shapes, with the whole world as one tile.
FORMER = """
SELECT ST_AsBinary(ST_AsMVTGeom(
    ST_SnapToGrid(geom, -:half, :half, :step, :step), ST_MakeEnvelope(-:half, -:half, :half, :half, 3857),
    :units, 0, false
)) FROM (SELECT cast(:outline AS geometry) AS geom) AS given
"""


def finished(connection: Connection, geom: str) -> list[shapely.Geometry | None]:
    """Return the finished shape of each level; y counts down from the top of the world."""
    statement = text(
        "SELECT level, ST_AsBinary(ST_GeomFromTWKB(shapes[level + 1])) AS shape"
        " FROM (SELECT registry.tile_shapes(cast(:outline AS geometry)) AS shapes) AS made,"
        " generate_series(0, :last) AS level ORDER BY level"
    )
    rows = connection.execute(statement, {"outline": geom, "last": STORED_LEVELS}).all()
    return [None if one.shape is None else shapely.from_wkb(bytes(one.shape)) for one in rows]


@pytest.mark.parametrize("seed", range(40))
def test_finished_shapes_are_those_that_cutting_the_outline_gives(connection: Connection, seed: int) -> None:
    geom = f"SRID=3857;{outline(np.random.default_rng(seed)).wkt}"
    *shapes, beyond = finished(connection, geom)

    assert beyond is None
    for level, shape in enumerate(shapes):
        units = STORED_EXTENT << level
        lines = COARSE_UNITS if level < 12 else 1
        values = {
            "half": HALF_WORLD_M,
            "units": units,
            "step": lines * 2 * HALF_WORLD_M / units,
            "outline": geom,
        }
        wkb = connection.scalar(text(FORMER), values)
        former = None if wkb is None else shapely.from_wkb(bytes(wkb))
        if shape is None or former is None:
            # Narrower than two lines: the area is drawn as a square.
            assert former is None or max(np.subtract(*np.split(np.array(former.bounds), 2))) <= lines
            continue
        assert shape.is_valid
        assert not shape.is_empty
        assert np.all(shapely.get_coordinates(shape) == np.round(shapely.get_coordinates(shape)))
        # Each is simplified by half a unit, not necessarily at the same corners.
        assert shapely.symmetric_difference(shape, former).buffer(-0.5).is_empty
        assert abs(shape.area - former.area) <= former.length / 4
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw  # with y down: clockwise on a screen
            assert not any(hole.is_ccw for hole in part.interiors)


@pytest.mark.parametrize("level", range(STORED_LEVELS))
@pytest.mark.parametrize("northing", [5_250_000, 5_600_000, 5_700_000, 5_820_000, 6_100_000])
def test_the_database_generalises_the_levels_that_have_large_cells(level: int, northing: float) -> None:
    """The rule looks at the ground, the stored shapes at the level: in Germany that is the same."""
    latitude = northing / 111_320
    y = 6_378_137.0 * np.arcsinh(np.tan(np.radians(latitude)))
    tile = tile_of(WEB_MERCATOR_QUAD, level, shapely.Point(830_000, y))

    assert (WEB_MERCATOR_QUAD.ground_cell_size(tile) >= GENERALISED_FROM_M) is (level < 12)


def test_an_edit_by_plain_sql_publishes_its_shapes(connection: Connection) -> None:
    area_no = make_area(connection)
    current = text(
        "SELECT p.tile_shapes = registry.tile_shapes(p.geom_3857) AS shapes, p.size_m2, p.tile_shapes::text AS value,"
        " p.valid_cuts = registry.valid_cuts(p.geom_3857, p.tile_shapes) AS cuts, p.valid_cuts"
        " FROM publication.programme_area AS p WHERE area_no = :no"
    )
    values = []
    for factor in (1, 2):
        statement = "UPDATE registry.boundary SET geom = ST_Scale(geom, ST_MakePoint(:f, 1), ST_Centroid(geom)) WHERE area_no = :no"
        connection.execute(text(statement), {"no": area_no, "f": factor})
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        row = connection.execute(current, {"no": area_no}).one()
        assert row.shapes
        assert row.cuts
        assert row.valid_cuts
        assert row.size_m2 == pytest.approx(factor * 1_000_000)
        values.append(row.value)
    assert values[0] != values[1]


@pytest.mark.parametrize("grid_id", list(GRIDS))
def test_every_polygon_of_a_tile_is_valid_and_runs_the_right_way(api: FlaskClient, grid_id: str) -> None:
    grid = GRIDS[grid_id]
    shapes = [shape for shape, _ in items_in(api, grid).values()][::9]
    seen = 0
    for level in range(0, grid.levels, 2):
        for tile in {tile_of(grid, level, shape.representative_point()) for shape in shapes}:
            url = f"/api/collections/programme-areas/tiles/{grid_id}/{tile.z}/{tile.y}/{tile.x}"
            for shape in polygons(api.get(url).data):
                assert shape.is_valid
                assert shape.area >= 1
                west, north, east, south = shape.bounds
                # A square around a label point in the margin may reach over it by its one unit.
                assert min(west, north) >= -65
                assert max(east, south) <= 4096 + 65
                seen += 1
    assert seen > 500


def test_a_tile_with_other_units_is_cut_from_the_outline(
    api: FlaskClient,
    sample_database: str,
    make_api: Callable[..., Flask],
    make_settings: Callable[..., Settings],
) -> None:
    coarse = make_api(make_settings(sample_database, mvt_extent=1024)).test_client()
    tile = TileId(9, 266, 170)
    grid = WEB_MERCATOR_QUAD
    unit = grid.cell_size_at(tile.z) * UNIT_CELLS * 4
    address = f"/api/collections/programme-areas/tiles/{grid.grid_id}/{tile.z}/{tile.y}/{tile.x}"
    raw = mapbox_vector_tile.decode(coarse.get(address).data)
    assert {layer["extent"] for layer in raw.values()} == {1024}

    fine = get_tile(api, grid, tile)["programme-areas"]
    found = get_tile(coarse, grid, tile)["programme-areas"]

    # The margins of the two differ, not what is inside.
    window = shapely.box(*grid.envelope(tile))
    assert len(fine.keys() & found.keys()) > 5
    for key in fine.keys() & found.keys():
        difference = (fine[key].geometry ^ found[key].geometry) & window
        assert difference.buffer(-1.5 * unit).is_empty


def test_a_database_in_use_gets_shapes_for_its_areas(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    from geo_service.db import migrate
    from geo_service.db.publication import rebuild

    cluster.create_database("before_tile_shapes")
    engine: Engine = create_engine(cluster.url("before_tile_shapes"))
    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(migrate.command, "upgrade", lambda config, _head: upgrade(config, "0011"))
        migrate.migrate(engine)
    with engine.begin() as connection:
        make_area(connection)
        make_area(connection, released_at=None)

    assert migrate.migrate(engine).state == "current"

    with engine.connect() as connection:
        statement = (
            "SELECT tile_shapes = registry.tile_shapes(geom_3857), size_m2, array_upper(tile_shapes, 1),"
            " valid_cuts = registry.valid_cuts(geom_3857, tile_shapes), valid_cuts"
            " FROM publication.programme_area"
        )
        everywhere = (1 << KNOWN_LEVELS) - 1
        assert connection.execute(text(statement)).all() == [
            (True, 1_000_000, STORED_LEVELS, True, everywhere)
        ]
    assert rebuild(engine).corrected_rows == 0
    engine.dispose()
    cluster.drop_database("before_tile_shapes")
