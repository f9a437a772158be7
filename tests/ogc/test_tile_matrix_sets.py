"""The tile matrix sets: full definitions, and the numbers of the German grid."""

from __future__ import annotations

import morecantile
import pytest
from flask.testing import FlaskClient
from pyproj import Transformer

from geo_service.domain.query import TileId
from geo_service.domain.tiling import ADV_25832, GRIDS, WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD, Grid
from tests.ogc.documents import get

EXTENT = (-46133.17, 5048875.26857567, 1206211.10142433, 6301219.54)


def test_the_list_leads_to_each_definition(api: FlaskClient) -> None:
    entries = get(api, "/api/tileMatrixSets")["tileMatrixSets"]

    assert [one["id"] for one in entries] == ["WebMercatorQuad", "WorldCRS84Quad", "AdV_25832"]
    for entry in entries:
        definition = get(api, entry["links"][0]["href"])
        assert (definition["id"], definition["crs"]) == (entry["id"], entry["crs"])
        assert definition.get("uri") == entry.get("uri")


@pytest.mark.parametrize("grid", GRIDS.values(), ids=list(GRIDS))
def test_a_definition_is_complete_and_says_what_the_tiles_are_cut_by(api: FlaskClient, grid: Grid) -> None:
    definition = get(api, f"/api/tileMatrixSets/{grid.grid_id}")

    assert len(definition["tileMatrices"]) >= grid.levels
    for level, matrix in enumerate(definition["tileMatrices"][: grid.levels]):
        assert matrix["id"] == str(level)
        assert matrix["cellSize"] == pytest.approx(grid.cell_size_at(level))
        assert matrix["pointOfOrigin"] == pytest.approx([grid.west, grid.north])
        assert matrix["cornerOfOrigin"] == "topLeft"
        assert (matrix["matrixWidth"], matrix["matrixHeight"]) == grid.matrix_size(level)
        assert (matrix["tileWidth"], matrix["tileHeight"]) == (256, 256)
        metres = matrix["cellSize"] * (111_319.490_793 if grid.srid == 4326 else 1)
        assert matrix["scaleDenominator"] == pytest.approx(metres / 0.00028, rel=1e-6)


def test_the_axes_are_named_so_that_the_east_comes_first(api: FlaskClient) -> None:
    axes = {name: get(api, f"/api/tileMatrixSets/{name}")["orderedAxes"] for name in GRIDS}

    assert axes == {
        "WebMercatorQuad": ["X", "Y"],
        "WorldCRS84Quad": ["Lon", "Lat"],
        "AdV_25832": ["E", "N"],
    }


def test_the_german_grid_has_the_numbers_of_the_authorities(api: FlaskClient) -> None:
    matrices = get(api, "/api/tileMatrixSets/AdV_25832")["tileMatrices"]

    assert len(matrices) == 16
    assert matrices[0]["cellSize"] == 4891.96981025128
    assert matrices[0]["scaleDenominator"] == pytest.approx(17_471_320.75089743)
    assert matrices[15]["cellSize"] == pytest.approx(4891.96981025128 / 32768)
    assert matrices[15]["scaleDenominator"] == pytest.approx(533.182395962446)
    assert matrices[15]["matrixWidth"] == matrices[15]["matrixHeight"] == 32768
    assert ADV_25832.envelope(TileId(0, 0, 0)) == pytest.approx(EXTENT, abs=1e-6)
    # The south-eastern corner of the last level is that of the extent.
    last = ADV_25832.envelope(TileId(15, 32767, 32767))
    assert (last[2], last[1]) == pytest.approx((EXTENT[2], EXTENT[1]), abs=1e-6)


def test_level_0_of_the_german_grid_is_about_zoom_5_on_the_ground() -> None:
    here = Transformer.from_crs("EPSG:25832", "EPSG:3857", always_xy=True).transform(400_000, 5_700_000)
    column, _, row, _ = WEB_MERCATOR_QUAD.limits((*here, *here), 5)
    web_mercator = WEB_MERCATOR_QUAD.ground_cell_size(TileId(5, column, row))

    assert ADV_25832.ground_cell_size(TileId(0, 0, 0)) == 4891.96981025128
    assert web_mercator == pytest.approx(3100, rel=0.05)  # at zoom 4 it is twice that


@pytest.mark.parametrize(
    "grid", [WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD], ids=["WebMercatorQuad", "WorldCRS84Quad"]
)
@pytest.mark.parametrize("level", [0, 3, 9, 15])
def test_tiles_lie_where_morecantile_puts_them(grid: Grid, level: int) -> None:
    column, row = grid.matrix_size(level)[0] // 3, grid.matrix_size(level)[1] // 4
    bounds = morecantile.tms.get(grid.grid_id).xy_bounds(morecantile.Tile(column, row, level))

    assert grid.envelope(TileId(level, column, row)) == pytest.approx(tuple(bounds), abs=1e-6)


def test_limits_are_the_tiles_that_touch_a_box() -> None:
    inside = (EXTENT[0] + 1, EXTENT[1] + 1, EXTENT[2] - 1, EXTENT[3] - 1)

    assert ADV_25832.limits(inside, 3) == (0, 7, 0, 7)
    assert ADV_25832.limits((0, 0, 1e9, 1e9), 3) == (0, 7, 0, 7)
    _, south, _, north = ADV_25832.envelope(TileId(5, 9, 12))
    middle = (south + north) / 2
    west = ADV_25832.envelope(TileId(5, 9, 12))[0] + 1
    assert ADV_25832.limits((west, middle, west, middle), 5) == (9, 9, 12, 12)
