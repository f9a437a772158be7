"""Vector tiles, decoded by an independent library and compared with what the database holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.db.tile_layers import LAYERS
from geo_service.ogc.pygeoapi_api import CONFIG_FILE, load_config
from geo_service.settings import PROJECT_DIR, Settings
from tests.factories import make_area, square
from tests.mvt import TileFeature, decode, unit

TILESETS = "/api/collections/programme-areas/tiles"
TILE = f"{TILESETS}/WebMercatorQuad"
# A tile over the eastern Ruhr, as zoom, row, column.
RUHR = (9, 170, 266)


def get_tile(
    api: FlaskClient, z: int, row: int, column: int, *, url: str = TILE
) -> dict[str, dict[int, TileFeature]]:
    response = api.get(f"{url}/{z}/{row}/{column}")
    assert response.status_code == 200, response.data
    assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    return decode(response.data, z=z, x=column, y=row)


def rows(engine: Engine, statement: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(statement), values))


def test_the_way_from_the_landing_page_to_a_decoded_tile(api: FlaskClient) -> None:
    """Follow links as OpenLayers does: collections, tilesets, tileset, template."""
    landing = api.get("/api").json
    collections = api.get(href(landing, "data")).json["collections"]
    areas = next(one for one in collections if one["id"] == "programme-areas")
    tilesets = api.get(href(areas, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector")).json
    tileset = api.get(href(tilesets["tilesets"][0], "self")).json
    scheme = api.get(href(tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")).json

    limits = next(one for one in tileset["tileMatrixSetLimits"] if one["tileMatrix"] == "6")
    row, column = 21, 33
    assert limits["minTileRow"] <= row <= limits["maxTileRow"]
    assert limits["minTileCol"] <= column <= limits["maxTileCol"]
    template = next(one for one in tileset["links"] if one["rel"] == "item")
    response = api.get(template["href"].format(tileMatrix=6, tileRow=row, tileCol=column))

    assert template["templated"] is True
    assert response.headers["Content-Type"] == template["type"] == "application/vnd.mapbox-vector-tile"
    assert scheme["tileMatrices"][6]["id"] == "6"
    layers = decode(response.data, z=6, x=column, y=row)
    assert list(layers) == [layer["id"] for layer in tileset["layers"]]


def href(document: dict[str, Any], rel: str) -> str:
    return next(one["href"] for one in document["links"] if one["rel"] == rel)


def test_a_tile_holds_the_areas_that_touch_it(api: FlaskClient, sample_engine: Engine) -> None:
    z, row, column = RUHR
    statement = """
        SELECT area_no, area_id, name, municipality, ags, status, status_de, status_en, stage, programme, start_year,
               end_year, geom_basis, attr_basis, sections, 'http://localhost/profiles/' || area_id AS profile_url
          FROM publication.programme_area
         WHERE ST_Intersects(geom_3857, ST_TileEnvelope(:z, :x, :y, margin => 64 / 4096.0))"""
    expected = {one.area_no: one._mapping for one in rows(sample_engine, statement, z=z, x=column, y=row)}

    found = get_tile(api, z, row, column)["programme-areas"]

    assert set(found) == set(expected)
    assert len(found) > 5
    for area_no, feature in found.items():
        known = {
            name: value
            for name, value in expected[area_no].items()
            if value is not None and name != "area_no"
        }
        assert feature.properties == known


def test_geometry_in_a_tile_is_the_stored_one_within_the_grid(
    api: FlaskClient, sample_engine: Engine
) -> None:
    z = 12
    tile = """
        SELECT floor((ST_X(label_3857) + 20037508.3428) / 40075016.6856 * 4096)::int AS x,
               floor((20037508.3428 - ST_Y(label_3857)) / 40075016.6856 * 4096)::int AS y
          FROM publication.programme_area ORDER BY ST_Area(geom) DESC LIMIT 1"""
    ((column, row),) = rows(sample_engine, tile)
    statement = """
        SELECT area_no, ST_AsBinary(ST_Intersection(geom_3857, ST_TileEnvelope(:z, :x, :y, margin => 64 / 4096.0))) AS geom
          FROM publication.programme_area
         WHERE ST_Intersects(geom_3857, ST_TileEnvelope(:z, :x, :y))"""
    found = get_tile(api, z, row, column)["programme-areas"]

    expected = rows(sample_engine, statement, z=z, x=column, y=row)
    assert expected
    for one in expected:
        distance = shapely.hausdorff_distance(found[one.area_no].geometry, shapely.from_wkb(bytes(one.geom)))
        assert distance < 2 * unit(z)


def test_label_points_are_one_per_area_and_lie_where_they_are_stored(
    api: FlaskClient, sample_engine: Engine
) -> None:
    z, row, column = RUHR
    layers = get_tile(api, z, row, column)
    statement = """
        SELECT area_no, ST_X(label_3857) AS x, ST_Y(label_3857) AS y FROM publication.programme_area
         WHERE label_3857 && ST_TileEnvelope(:z, :x, :y)"""

    points = layers["programme-area-points"]
    expected = rows(sample_engine, statement, z=z, x=column, y=row)
    assert expected
    for one in expected:
        assert points[one.area_no].geometry.distance(shapely.Point(one.x, one.y)) < unit(z)
        assert points[one.area_no].properties == layers["programme-areas"][one.area_no].properties


@pytest.mark.parametrize("z", [0, 2, 4])
def test_no_area_vanishes_at_low_zooms(api: FlaskClient, sample_engine: Engine, z: int) -> None:
    expected = {one.area_no for one in rows(sample_engine, "SELECT area_no FROM publication.programme_area")}
    # All of North Rhine-Westphalia lies in one tile at these zooms.
    tiles = {0: (0, 0), 2: (1, 2), 4: (5, 8)}

    layers = get_tile(api, z, *tiles[z])

    assert set(layers["programme-areas"]) == expected
    assert set(layers["programme-area-points"]) == expected
    assert all(feature.geometry.area > 0 for feature in layers["programme-areas"].values())


def test_a_tile_carries_what_its_layers_promise(api: FlaskClient) -> None:
    tileset = api.get(TILE).json
    layers = get_tile(api, *RUHR)

    assert {layer["id"] for layer in tileset["layers"]} == set(layers)
    for layer in tileset["layers"]:
        promised = set(layer["propertiesSchema"]["properties"])
        assert promised == set(
            next(one.fields for one in LAYERS["programme-areas"] if one.layer_id == layer["id"])
        )
        for feature in layers[layer["id"]].values():
            assert set(feature.properties) <= promised


def test_an_empty_tile_is_a_204(api: FlaskClient) -> None:
    limits = api.get(TILE).json["tileMatrixSetLimits"][14]
    response = api.get(f"{TILE}/14/{limits['minTileRow']}/{limits['minTileCol']}")

    assert response.status_code == 204
    assert response.data == b""
    assert "Content-Type" not in response.headers


def test_row_comes_before_column(api: FlaskClient) -> None:
    z, row, column = RUHR

    assert api.get(f"{TILE}/{z}/{row}/{column}").status_code == 200
    assert api.get(f"{TILE}/{z}/{column}/{row}").status_code == 404


def test_the_same_tile_is_not_sent_twice(api: FlaskClient) -> None:
    url = f"{TILE}/8/85/133"
    tag = api.get(url).headers["ETag"]

    response = api.get(url, headers={"If-None-Match": tag})

    assert response.status_code == 304
    assert response.data == b""


@pytest.mark.parametrize("z", [6, 9, 14, 18])
def test_tiles_outside_of_the_limits_of_the_tileset_do_not_exist(api: FlaskClient, z: int) -> None:
    limit = api.get(TILE).json["tileMatrixSetLimits"][z]
    row, column = limit["minTileRow"], limit["minTileCol"]

    assert limit["tileMatrix"] == str(z)
    assert api.get(f"{TILE}/{z}/{row}/{column}").status_code in (200, 204)
    assert api.get(f"{TILE}/{z}/{row - 1}/{column}").status_code == 404
    assert api.get(f"{TILE}/{z}/{row}/{column - 1}").status_code == 404
    assert api.get(f"{TILE}/{z}/{limit['maxTileRow'] + 1}/{column}").status_code == 404
    assert api.get(f"{TILE}/{z}/{row}/{limit['maxTileCol'] + 1}").status_code == 404


def test_the_map_of_the_service_keeps_to_the_limits() -> None:
    """Else each of its looks beyond the border would be a 404 in the log."""
    resources = load_config(PROJECT_DIR / CONFIG_FILE)["resources"]
    style = json.loads((PROJECT_DIR / "config" / "map-style.json").read_text(encoding="utf-8"))

    for name in ("programme-areas", "municipalities"):
        assert style["sources"][name]["bounds"] == resources[name]["extents"]["spatial"]["bbox"]


def test_tileset_metadata_is_complete(api: FlaskClient) -> None:
    tileset = api.get(TILE).json

    assert tileset["dataType"] == "vector"
    assert tileset["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert tileset["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    assert len(tileset["tileMatrixSetLimits"]) == 19
    west, south = tileset["boundingBox"]["lowerLeft"]
    east, north = tileset["boundingBox"]["upperRight"]
    assert 5 < west < east < 10
    assert 50 < south < north < 53
    assert [layer["geometryDimension"] for layer in tileset["layers"]] == [2, 0]


def test_the_tile_matrix_set_is_defined_for_clients_that_compute(api: FlaskClient) -> None:
    tms = api.get("/api/tileMatrixSets/WebMercatorQuad").json

    assert tms["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert tms["orderedAxes"] == ["X", "Y"]
    first = tms["tileMatrices"][0]
    assert first["cellSize"] == pytest.approx(156543.0339, abs=0.001)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3428, 20037508.3428], abs=0.001)
    assert (first["matrixWidth"], first["matrixHeight"]) == (1, 1)


def test_municipalities_have_points_with_integer_keys(api: FlaskClient, sample_engine: Engine) -> None:
    url = "/api/collections/municipalities/tiles/WebMercatorQuad"
    statement = "SELECT ags, name FROM publication.municipality WHERE point_3857 IS NOT NULL"
    expected = {int(one.ags): {"ags": one.ags, "name": one.name} for one in rows(sample_engine, statement)}

    points = get_tile(api, 4, 5, 8, url=url)["municipality-points"]

    assert {
        key: {name: one.properties[name] for name in ("ags", "name")} for key, one in points.items()
    } == expected


def test_outlines_of_municipalities_are_drawn_when_they_were_imported(
    engine: Engine, own_api: FlaskClient
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO registry.municipality (ags, name, attr_basis, point, outline) VALUES ('05990001', 'Muster', "
                "'fictional', 'SRID=25832;POINT(390500 5710500)', cast(:outline AS geometry))"
            ),
            {"outline": square(390_000, 5_710_000, 1000)},
        )
    url = "/api/collections/municipalities/tiles/WebMercatorQuad"

    for z, row, column in ((0, 0, 0), (4, 5, 8)):
        layers = get_tile(own_api, z, row, column, url=url)
        assert list(layers["municipalities"]) == list(layers["municipality-points"]) == [5990001]


def test_more_areas_than_the_limit_leave_the_largest(
    clone: Callable[[str], str], database_template: str, cluster: Any,
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings],
) -> None:  # fmt: skip
    from sqlalchemy import create_engine

    name = clone(database_template)
    owner = create_engine(cluster.url(name))
    with owner.begin() as connection:
        numbers = [
            make_area(
                connection, area_id=f"musterstadt-{side}", geom=square(390_000 + 10 * side, 5_710_000, side)
            )
            for side in (100, 400, 200, 300)
        ]
    owner.dispose()
    client = make_api(make_settings(name, mvt_max_features=2)).test_client()

    layers = get_tile(client, 0, 0, 0)

    assert set(layers["programme-areas"]) == set(layers["programme-area-points"]) == {numbers[1], numbers[3]}
