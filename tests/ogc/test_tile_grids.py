"""Tiles in each grid, decoded by an independent library and compared with the items in the grid's own CRS."""

from __future__ import annotations

import pytest
import shapely
import shapely.geometry
from flask.testing import FlaskClient
from pyproj import Transformer

from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, Grid
from tests.ogc.grid_tiles import UNIT_CELLS, get_tile, items_in, tile_of

# The level of each grid whose tile is about 40 km wide: an area fills a good part of it.
LEVELS = {"WebMercatorQuad": 10, "WorldCRS84Quad": 9, "AdV_25832": 5}
DETAILED = {"WebMercatorQuad": 14, "WorldCRS84Quad": 13, "AdV_25832": 9}


@pytest.fixture(params=list(GRIDS))
def grid(request: pytest.FixtureRequest) -> Grid:
    return GRIDS[request.param]


def distance_between_outlines(
    one: shapely.Geometry, other: shapely.Geometry, window: shapely.Geometry, unit: float
) -> float:
    """Return how far a corner of one outline is from the other one; corners that the window cut do not count."""
    inside = window.buffer(-3 * unit)
    pairs = ((one.boundary, other.boundary), (other.boundary, one.boundary))
    corners = [(shapely.points(shapely.get_coordinates(line)), lines) for line, lines in pairs]
    distances = [
        shapely.distance(points[shapely.contains(inside, points)], lines).max(initial=0)
        for points, lines in corners
    ]
    return float(max(distances))


@pytest.mark.parametrize("levels", [LEVELS, DETAILED], ids=["middle", "deep"])
def test_tiles_agree_with_the_items_in_the_same_crs(
    api: FlaskClient, grid: Grid, levels: dict[str, int]
) -> None:
    items = items_in(api, grid)
    level = levels[grid.grid_id]
    unit = grid.cell_size_at(level) * UNIT_CELLS
    seen = 0
    for shape, _ in list(items.values())[::4]:
        tile = tile_of(grid, level, shape.representative_point())
        west, south, east, north = grid.envelope(tile)
        window = shapely.box(west - 64 * unit, south - 64 * unit, east + 64 * unit, north + 64 * unit)
        expected = {one: shape for one, (shape, _) in items.items() if shape.intersects(window)}

        found = {
            one.properties["area_id"]: one for one in get_tile(api, grid, tile)["programme-areas"].values()
        }

        assert set(found) == {one for one, shape in expected.items() if (shape & window).area > 4 * unit**2}
        for area_id, feature in found.items():
            # A vertex moves along each axis by half a unit in deep tiles and by a whole one above them, and half a
            # unit is lost where an outline runs nearly straight.
            assert distance_between_outlines(feature.geometry, expected[area_id], window, unit) < 2 * unit
            known = {name: value for name, value in items[area_id][1].items() if value is not None}
            assert feature.properties.items() <= known.items()
            assert feature.properties["profile_url"] == f"http://localhost/profiles/{area_id}"
            seen += 1
    assert seen > 20


def test_features_have_the_same_ids_in_every_grid(api: FlaskClient) -> None:
    """In a level 0 that holds all of the state, in a tile of degrees that does too."""
    tiles = {
        "WebMercatorQuad": TileId(4, 8, 5),
        "WorldCRS84Quad": TileId(3, 8, 1),
        "AdV_25832": TileId(0, 0, 0),
    }
    layers = {name: get_tile(api, GRIDS[name], tile) for name, tile in tiles.items()}

    for layer in ("programme-areas", "programme-area-points"):
        keys = [
            {key: one.properties["area_id"] for key, one in found[layer].items()} for found in layers.values()
        ]
        assert keys[0] == keys[1] == keys[2]
        assert len(keys[0]) == len(items_in(api, GRIDS["WebMercatorQuad"]))


def test_label_points_lie_where_the_points_of_the_collection_lie(api: FlaskClient, grid: Grid) -> None:
    url = f"/api/collections/programme-area-points/items?limit=10000&crs={grid.crs_uri}"
    items = {one["id"]: shapely.geometry.shape(one["geometry"]) for one in api.get(url).json["features"]}
    level = LEVELS[grid.grid_id]
    unit = grid.cell_size_at(level) * UNIT_CELLS
    assert len(items) > 100
    for place in list(items.values())[::5]:
        tile = tile_of(grid, level, place)
        both = get_tile(api, grid, tile)["programme-area-points"]
        alone = get_tile(api, grid, tile, "programme-area-points")

        assert list(alone) == ["programme-area-points"]
        assert {key: one.properties for key, one in alone["programme-area-points"].items()} == {
            key: one.properties for key, one in both.items()
        }
        for feature in both.values():
            assert feature.geometry.distance(items[feature.properties["area_id"]]) < unit


def test_municipalities_are_in_every_grid(api: FlaskClient, grid: Grid) -> None:
    url = f"/api/collections/municipalities/items?limit=10000&crs={grid.crs_uri}"
    items = {one["id"]: one["geometry"] for one in api.get(url).json["features"]}
    key, place = next((key, shapely.geometry.shape(one)) for key, one in items.items() if one)
    tile = tile_of(grid, LEVELS[grid.grid_id], place.representative_point())

    found = get_tile(api, grid, tile, "municipalities")["municipality-points"]

    unit = grid.cell_size_at(tile.z) * UNIT_CELLS
    assert found[int(key)].geometry.distance(place) < unit


def test_a_tile_inside_of_the_limits_is_there_or_empty_and_outside_it_does_not_exist(
    api: FlaskClient, grid: Grid
) -> None:
    url = f"/api/collections/programme-areas/tiles/{grid.grid_id}"
    limits = api.get(url).json["tileMatrixSetLimits"]
    assert [one["tileMatrix"] for one in limits] == [str(level) for level in range(grid.levels)]
    for level in (grid.levels - 9, grid.levels - 4, grid.max_level):
        limit = limits[level]
        row, column = limit["minTileRow"], limit["minTileCol"]
        last_row, last_column = limit["maxTileRow"], limit["maxTileCol"]
        for inside in (f"{row}/{column}", f"{last_row}/{last_column}"):
            assert api.get(f"{url}/{level}/{inside}").status_code in (200, 204)
        for outside in (
            f"{row - 1}/{column}", f"{row}/{column - 1}", f"{last_row + 1}/{column}", f"{row}/{last_column + 1}"
        ):  # fmt: skip
            assert api.get(f"{url}/{level}/{outside}").status_code == 404


def test_levels_beyond_the_last_one_do_not_exist(api: FlaskClient, grid: Grid) -> None:
    url = f"/api/collections/programme-areas/tiles/{grid.grid_id}"

    assert api.get(f"{url}/{grid.levels}/0/0").status_code == 404
    assert str(grid.max_level) in api.get(f"{url}/{grid.levels}/0/0?lang=en").json["detail"]


@pytest.mark.parametrize("address", ["x/0/0", "0/x/0", "0/0/1.0", "-1/0/0"])
def test_what_is_no_number_is_a_400(api: FlaskClient, grid: Grid, address: str) -> None:
    assert api.get(f"/api/collections/programme-areas/tiles/{grid.grid_id}/{address}").status_code == 400
    assert api.get(f"/api/tiles/{grid.grid_id}/{address}").status_code == 400


def test_limits_of_the_german_grid_hold_the_whole_state(api: FlaskClient) -> None:
    grid = GRIDS["AdV_25832"]
    limits = api.get("/api/collections/programme-areas/tiles/AdV_25832").json["tileMatrixSetLimits"]
    to_grid = Transformer.from_crs("OGC:CRS84", "EPSG:25832", always_xy=True)
    for place in ((5.8, 50.3), (9.5, 50.3), (5.8, 52.6), (9.5, 52.6), (7.65, 52.6)):
        tile = tile_of(grid, 9, shapely.Point(to_grid.transform(*place)))
        assert limits[9]["minTileRow"] <= tile.y <= limits[9]["maxTileRow"]
        assert limits[9]["minTileCol"] <= tile.x <= limits[9]["maxTileCol"]
