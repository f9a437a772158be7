"""Tiles of the data set, the short addresses, tileset metadata and TileJSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from geo_service.domain.tiling import GRIDS
from tests.mvt import decode

RUHR = (9, 170, 266)  # level, row, column of WebMercatorQuad
AREAS = ["programme-areas", "programme-area-points"]
PLACES = ["municipality-points"]  # the sample has no outlines
TILED = ["programme-areas", "programme-area-points", "municipalities"]
OGC = "http://www.opengis.net/def/rel/ogc/1.0"


def path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def by_rel(document: dict[str, Any], rel: str) -> dict[str, Any]:
    link: dict[str, Any] = next(one for one in document["links"] if one["rel"] == rel)
    return link


@pytest.mark.parametrize(
    ("query", "layers"),
    [
        ("", AREAS + PLACES),
        ("?collections=municipalities", PLACES),
        ("?collections=programme-areas", AREAS),
        ("?collections=programme-area-points", AREAS[1:]),
        ("?collections=municipalities,programme-areas", AREAS + PLACES),
        ("?collections=programme-area-points,programme-areas", AREAS),
    ],
)
def test_a_tile_of_the_data_set_has_the_layers_of_the_collections_chosen(
    api: FlaskClient, query: str, layers: list[str]
) -> None:
    z, row, column = RUHR
    response = api.get(f"/api/tiles/WebMercatorQuad/{z}/{row}/{column}{query}")

    assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    found = decode(response.data, z=z, x=column, y=row)
    assert list(found) == layers
    for collection, names in (("programme-areas", AREAS), ("municipalities", PLACES)):
        own = api.get(f"/api/collections/{collection}/tiles/WebMercatorQuad/{z}/{row}/{column}").data
        for name, layer in decode(own, z=z, x=column, y=row).items():
            if names[0] in layers:
                assert found[name] == layer


@pytest.mark.parametrize("address", ["tiles", "tiles/AdV_25832", "tiles/AdV_25832/0/0/0", "tiles/0/0/0.mvt"])
def test_a_collection_that_does_not_exist_is_a_400(api: FlaskClient, address: str) -> None:
    response = api.get(f"/api/{address}?collections=programme-areas,nothing&lang=en")

    assert response.status_code == 400
    assert "programme-area-points" in response.json["detail"]


def test_filters_hold_for_all_collections_of_a_tile(api: FlaskClient) -> None:
    z, row, column = RUHR
    query = {"filter": "ags = '05913000'", "datetime": "2015-01-01", "properties": "name,ags"}
    response = api.get(f"/api/tiles/WebMercatorQuad/{z}/{row}/{column}", query_string=query)

    found = decode(response.data, z=z, x=column, y=row)
    assert list(found) == AREAS + PLACES
    assert {one.properties["ags"] for layer in found.values() for one in layer.values()} == {"05913000"}
    assert all(set(one.properties) == {"name", "ags"} for one in found["programme-areas"].values())


def test_a_filter_on_what_one_of_the_collections_lacks_is_a_400(api: FlaskClient) -> None:
    url = "/api/tiles/WebMercatorQuad/4/5/8?filter=status='ongoing'"

    assert api.get(url).status_code == 400
    assert api.get(f"{url}&collections=programme-areas").status_code == 200


@pytest.mark.parametrize("tile", [(0, 0, 0), (4, 5, 8), RUHR], ids=str)
@pytest.mark.parametrize("base", ["/api/collections/programme-areas/tiles", "/api/tiles"])
def test_the_short_address_has_the_column_before_the_row_and_gives_the_same_bytes(
    api: FlaskClient, base: str, tile: tuple[int, int, int]
) -> None:
    z, row, column = tile
    long, short = (
        api.get(f"{base}/WebMercatorQuad/{z}/{row}/{column}"),
        api.get(f"{base}/{z}/{column}/{row}.mvt"),
    )

    assert long.data
    assert short.data == long.data
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary"):
        assert short.headers[name] == long.headers[name]


def test_short_addresses_know_the_same_limits(api: FlaskClient) -> None:
    base = "/api/collections/programme-areas/tiles"

    assert api.get(f"{base}/9/170/266.mvt").status_code == 404  # row and column the other way round
    assert api.get(f"{base}/19/0/0.mvt").status_code == 404
    assert api.get(f"{base}/9/a/0.mvt").status_code == 400
    assert api.get(f"{base}/9/266/170").status_code == 404


@pytest.mark.parametrize("base", ["/api/tiles", "/api/collections/programme-areas/tiles"])
def test_the_list_alone_says_which_tiles_there_are(api: FlaskClient, base: str) -> None:
    """OGC's test suite asks for the tiles of data sets by what stands in the list."""
    listed = api.get(base).json["tilesets"]
    assert len(listed) == len(GRIDS)
    for entry in listed:
        tileset = api.get(path(by_rel(entry, "self")["href"])).json
        for name in ("tileMatrixSetId", "tileMatrixSetLimits", "crs"):
            assert entry[name] == tileset[name]
        assert by_rel(entry, "item")["href"] == by_rel(tileset, "item")["href"]
        assert len(entry["tileMatrixSetLimits"]) > 10


@pytest.mark.parametrize("collection", [*TILED, None])
def test_each_tileset_of_the_list_is_described_and_leads_to_its_tiles(
    api: FlaskClient, collection: str | None
) -> None:
    base = "/api/tiles" if collection is None else f"/api/collections/{collection}/tiles"
    entries = api.get(base).json["tilesets"]
    assert len(entries) == len(GRIDS)
    for entry, grid in zip(entries, GRIDS.values(), strict=True):
        tileset = api.get(path(by_rel(entry, "self")["href"])).json
        scheme = api.get(path(by_rel(tileset, f"{OGC}/tiling-scheme")["href"])).json
        assert scheme["id"] == tileset["tileMatrixSetId"] == grid.grid_id
        assert scheme["crs"] == tileset["crs"] == entry["crs"] == grid.crs_uri
        assert ("tileMatrixSetURI" in tileset) == (grid.grid_id != "AdV_25832")
        assert tileset["dataType"] == "vector"
        assert tileset["mediaTypes"] == ["application/vnd.mapbox-vector-tile"]
        assert tileset["maxFeaturesPerTile"] == 10_000
        assert "10000" in tileset["description"]
        assert tileset["attribution"]
        assert len(tileset["tileMatrixSetLimits"]) == grid.levels
        assert api.get(path(by_rel(tileset, "geodata")["href"])).status_code == 200

        center = tileset["centerPoint"]
        assert 5.8 < center["coordinates"][0] < 9.5
        assert 50.3 < center["coordinates"][1] < 52.6
        level = int(center["tileMatrix"])
        assert center["cellSize"] == grid.cell_size_at(level)
        limit = tileset["tileMatrixSetLimits"][level]
        template = by_rel(tileset, "item")["href"]
        row, column = limit["minTileRow"], limit["minTileCol"]
        response = api.get(path(template.format(tileMatrix=level, tileRow=row, tileCol=column)))
        assert response.status_code in (200, 204)


def test_layers_are_described_by_the_schema_of_their_fields(api: FlaskClient) -> None:
    layers = {one["id"]: one for one in api.get("/api/tiles/AdV_25832").json["layers"]}

    assert list(layers) == [
        "programme-areas",
        "programme-area-points",
        "municipalities",
        "municipality-points",
    ]
    schema = layers["programme-areas"]["propertiesSchema"]["properties"]
    assert schema["start_year"]["type"] == "integer"
    assert schema["profile_url"]["format"] == "uri"
    assert schema["status"]["enum"] == ["planned", "ongoing", "completed"]
    assert layers["programme-areas"]["maxTileMatrix"] == "15"


def test_collections_chosen_stay_chosen_on_the_way_to_the_tiles(api: FlaskClient) -> None:
    tilesets = api.get("/api/tiles?collections=municipalities").json
    tileset = api.get(path(by_rel(tilesets["tilesets"][0], "self")["href"])).json
    template = by_rel(tileset, "item")["href"]

    assert [one["id"] for one in tileset["layers"]] == ["municipalities", "municipality-points"]
    response = api.get(path(template.format(tileMatrix=4, tileRow=5, tileCol=8)))
    assert list(decode(response.data, z=4, x=8, y=5)) == PLACES


def test_conformance_names_what_these_tests_prove(api: FlaskClient) -> None:
    conforms_to = set(api.get("/api/conformance").json["conformsTo"])
    spec = "http://www.opengis.net/spec"

    for name in (
        "dataset-tilesets",
        "geodata-tilesets",
        "collections-selection",
        "datetime",
        "tilesets-list",
    ):
        assert f"{spec}/ogcapi-tiles-1/1.0/conf/{name}" in conforms_to
    for name in ("tilematrixset", "tilematrixsetlimits", "tilesetmetadata"):
        assert {f"{spec}/tms/2.0/conf/{name}", f"{spec}/tms/2.0/conf/json-{name}"} <= conforms_to


def test_the_landing_page_leads_to_the_tiles_of_the_data_set(api: FlaskClient) -> None:
    href = by_rel(api.get("/api").json, f"{OGC}/tilesets-vector")["href"]

    assert len(api.get(path(href)).json["tilesets"]) == 3


@pytest.mark.parametrize("base", ["/api/collections/programme-areas/tiles", "/api/tiles"])
def test_tilejson_is_complete_and_its_tiles_are_those_of_the_tileset(api: FlaskClient, base: str) -> None:
    tileset = api.get(f"{base}/WebMercatorQuad").json
    response = api.get(path(by_rel(tileset, "describedby")["href"]))
    document = response.json

    assert response.headers["Content-Type"] == "application/json"
    assert document["tilejson"] == "3.0.0"
    assert (document["minzoom"], document["maxzoom"], document["scheme"]) == (0, 18, "xyz")
    west, south, east, north = document["bounds"]
    assert (west, south, east, north) == (5.8, 50.3, 9.5, 52.6)
    longitude, latitude, zoom = document["center"]
    assert west < longitude < east
    assert south < latitude < north
    assert 5 <= zoom <= 9
    assert document["attribution"]
    assert [one["id"] for one in document["vector_layers"]] == [one["id"] for one in tileset["layers"]]
    for layer, described in zip(document["vector_layers"], tileset["layers"], strict=True):
        assert list(layer["fields"]) == list(described["propertiesSchema"]["properties"])
        assert all(isinstance(text, str) for text in layer["fields"].values())

    (template,) = document["tiles"]
    z, row, column = RUHR
    response = api.get(path(template.format(z=z, x=column, y=row)))
    assert response.data == api.get(f"{base}/WebMercatorQuad/{z}/{row}/{column}").data


def test_tilejson_of_a_filter_leads_to_filtered_tiles(api: FlaskClient) -> None:
    query = {"filter": "status = 'ongoing'", "properties": "name", "datetime": "2015-01-01"}
    url = "/api/collections/programme-areas/tiles/WebMercatorQuad/tilejson.json"
    document = api.get(url, query_string=query).json

    assert list(document["vector_layers"][0]["fields"]) == ["name"]
    found = api.get(path(document["tiles"][0].format(z=4, x=8, y=5)))
    wanted = api.get("/api/collections/programme-areas/tiles/4/8/5.mvt", query_string=query)
    assert found.data == wanted.data
    assert api.get(url, query_string={"filter": "status ="}).status_code == 400


def test_addresses_carry_the_public_address(api: FlaskClient) -> None:
    headers = {"Host": "geo.example.org"}
    document = api.get("/api/tiles/WebMercatorQuad/tilejson.json", headers=headers).json
    tile = api.get("/api/tiles/4/8/5.mvt", headers=headers)
    here = api.get("/api/tiles/4/8/5.mvt")

    assert document["tiles"] == ["http://geo.example.org/api/tiles/{z}/{x}/{y}.mvt"]
    area = next(iter(decode(tile.data, z=4, x=8, y=5)["programme-areas"].values())).properties
    assert area["profile_url"] == f"http://geo.example.org/profiles/{area['area_id']}"
    assert tile.headers["ETag"] != here.headers["ETag"]
