"""Outlines in tiles: coarser where a cell is large on the ground, without gaps between neighbours, and none lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from geo_service.db.cluster import Cluster
from geo_service.domain.query import TileId
from geo_service.domain.tiling import ADV_25832, GRIDS, WEB_MERCATOR_QUAD, Grid
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality
from tests.ogc.grid_tiles import UNIT_CELLS, get_tile, items_in, tile_of

SIDE, COUNT, CORNERS = 1500.0, 5, 120
WEST, SOUTH = 390_000.0, 5_700_000.0
# Cells of about 80 m, 40 m and 10 m on the ground in each grid, and one that swallows most of an area.
LEVELS = {"WebMercatorQuad": (6, 10, 11, 13), "WorldCRS84Quad": (5, 9, 10, 12), "AdV_25832": (2, 6, 7, 9)}


def wiggly(start: tuple[float, float], end: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    """Return a border of many corners between two places, which two neighbours share."""
    along = np.linspace(0, 1, CORNERS)[:, None]
    line = np.array(start) * (1 - along) + np.array(end) * along
    across = np.array((start[1] - end[1], end[0] - start[0])) / np.hypot(*np.subtract(end, start))
    # Straight at its ends, so that borders which meet there do not cross.
    swing = np.minimum(1, 5 * np.minimum(along, 1 - along)) * random.uniform(-25, 25, (CORNERS, 1))
    return line + swing * across


def neighbours() -> list[shapely.Polygon]:
    """Return a chequerboard of areas (EPSG:25832) whose winding borders are the same in both neighbours."""
    random = np.random.default_rng(25832)
    grid = range(COUNT + 1)
    corner = {
        (i, j): (WEST + i * SIDE + random.uniform(-200, 200), SOUTH + j * SIDE + random.uniform(-200, 200))
        for i in grid
        for j in grid
    }
    across = {(i, j): wiggly(corner[i, j], corner[i + 1, j], random) for i in range(COUNT) for j in grid}
    up = {(i, j): wiggly(corner[i, j], corner[i, j + 1], random) for i in grid for j in range(COUNT)}
    rings = [
        np.vstack([across[i, j], up[i + 1, j][1:], across[i, j + 1][::-1][1:], up[i, j][::-1][1:]])
        for i in range(COUNT)
        for j in range(COUNT)
    ]
    # The ring begins at another corner in each, which must not matter.
    return [shapely.Polygon(np.roll(ring[:-1], 37 * number, axis=0)) for number, ring in enumerate(rings)]


@pytest.fixture(scope="module")
def chequerboard(
    clone: Callable[[str], str], database_template: str, cluster: Cluster, make_api: Callable[..., object],
    make_settings: Callable[..., Settings],
) -> FlaskClient:  # fmt: skip
    name = clone(database_template)
    owner = create_engine(cluster.url(name))
    with owner.begin() as connection:
        ags = make_municipality(connection)
        for number, shape in enumerate(neighbours()):
            geom = f"SRID=25832;{shapely.MultiPolygon([shape]).wkt}"
            make_area(connection, area_id=f"musterstadt-{number}", ags=ags, geom=geom)
    owner.dispose()
    return make_api(make_settings(name)).test_client()  # type: ignore[attr-defined]


@pytest.fixture(params=list(GRIDS))
def grid(request: pytest.FixtureRequest) -> Grid:
    return GRIDS[request.param]


@pytest.mark.parametrize("number", range(4))
def test_neighbours_stay_neighbours(chequerboard: FlaskClient, grid: Grid, number: int) -> None:
    """No hole and no overlap is wider than a unit of the tile's grid, a 16th of a cell."""
    items = items_in(chequerboard, grid)
    level = LEVELS[grid.grid_id][number]
    unit = grid.cell_size_at(level) * UNIT_CELLS
    everything = shapely.union_all([shape for shape, _ in items.values()])
    tile = tile_of(grid, level, everything.centroid)
    layer = get_tile(chequerboard, grid, tile)["programme-areas"]
    shapes = [one.geometry for one in layer.values()]
    west, south, east, north = grid.envelope(tile)
    inside = everything.buffer(-3 * unit) & shapely.box(west, south, east, north)

    holes = inside - shapely.union_all(shapes)
    overlaps = [one & other for one, other in itertools.combinations(shapes, 2) if one.intersects(other)]

    assert len(shapes) > (1 if number else COUNT**2 - 1)
    assert holes.buffer(-unit / 2).is_empty
    assert all(one.buffer(-unit / 2).is_empty for one in overlaps)
    assert sum(one.area for one in overlaps) + holes.area < inside.area / 1000


def test_borders_of_neighbours_have_fewer_corners_where_cells_are_large(chequerboard: FlaskClient) -> None:
    def corners(grid: Grid, level: int) -> int:
        tile = tile_of(grid, level, shapely.Point(shapely.union_all(
            [shape for shape, _ in items_in(chequerboard, grid).values()]).centroid))  # fmt: skip
        layer = get_tile(chequerboard, grid, tile)["programme-areas"]
        return sum(shapely.get_num_coordinates(one.geometry) for one in layer.values())

    stored = COUNT**2 * 4 * (CORNERS - 1)
    by_level = {level: corners(WEB_MERCATOR_QUAD, level) for level in (5, 7, 9)}

    assert by_level[5] < by_level[7] < by_level[9] < stored
    assert by_level[5] < stored / 10
    # Level 0 of AdV_25832 has cells as large on the ground as zoom 4 to 5 of WebMercatorQuad.
    assert corners(WEB_MERCATOR_QUAD, 4) <= corners(ADV_25832, 0) <= by_level[5]


@pytest.mark.parametrize("grid_id", list(GRIDS))
def test_fictional_neighbours_of_the_sample_share_their_border(api: FlaskClient, grid_id: str) -> None:
    grid = GRIDS[grid_id]
    items = {key: shape for key, (shape, _) in items_in(api, grid).items() if key.startswith("musterstadt-")}
    pairs = [
        (one, other)
        for one, other in itertools.combinations(items, 2)
        if (items[one].boundary & items[other].boundary).length > 0
    ]
    assert pairs
    for level in LEVELS[grid_id][1:]:
        unit = grid.cell_size_at(level) * UNIT_CELLS
        for one, other in pairs:
            border = items[one].boundary & items[other].boundary
            tile = tile_of(grid, level, shapely.Point(shapely.get_coordinates(border)[0]))
            window = shapely.box(*grid.envelope(tile))
            layer = {
                found.properties["area_id"]: found.geometry
                for found in get_tile(api, grid, tile)["programme-areas"].values()
            }
            if one not in layer or other not in layer:
                continue
            assert (layer[one] & layer[other]).buffer(-unit / 2).is_empty
            # All along the border, where it does not end, there is one of the two.
            middle = border & window.buffer(-2 * unit)
            ends = (items[one] | items[other]).boundary.buffer(3 * unit)
            assert (middle.buffer(unit) - (layer[one] | layer[other]) - ends).buffer(-unit / 2).is_empty


@pytest.mark.parametrize("grid_id", list(GRIDS))
def test_no_area_is_lost_at_the_lowest_levels(api: FlaskClient, grid_id: str) -> None:
    grid = GRIDS[grid_id]
    items = items_in(api, grid)
    for level in range(4):
        tiles = {tile_of(grid, level, shape.representative_point()) for shape, _ in items.values()}
        polygons, points = set(), set()
        for tile in tiles:
            layers = get_tile(api, grid, tile)
            assert all(one.geometry.area > 0 for one in layers["programme-areas"].values())
            polygons |= {one.properties["area_id"] for one in layers["programme-areas"].values()}
            points |= {one.properties["area_id"] for one in layers["programme-area-points"].values()}
        assert polygons == points == set(items)


def test_a_tiny_area_is_a_square_around_its_label_point(api: FlaskClient) -> None:
    tile = TileId(0, 0, 0)
    layers = get_tile(api, WEB_MERCATOR_QUAD, tile)
    unit = WEB_MERCATOR_QUAD.cell_size_at(0) * UNIT_CELLS

    assert layers["programme-areas"]
    for key, feature in layers["programme-areas"].items():
        assert feature.geometry.area <= 9 * unit**2
        assert feature.geometry.distance(layers["programme-area-points"][key].geometry) <= unit
