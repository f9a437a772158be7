"""The two entries for a masterportal's services.json: every value in them is what the service says of itself."""

from __future__ import annotations

import json
import re
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from geo_service.settings import PROJECT_DIR

ADDRESS = "http://127.0.0.1:5000"
# What the portal's HTTP client (axios) asks with.
AXIOS = {"Accept": "application/json, text/plain, */*", "Origin": "https://portal.example.org"}
TEXT = (PROJECT_DIR / "docs" / "masterportal.md").read_text(encoding="utf-8")
OAF, TILES = (
    json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
)


def get(api: FlaskClient, url: str, **headers: str) -> TestResponse:
    """Ask as the portal does: from another origin, which has to be let in."""
    assert url.startswith(ADDRESS)
    response = api.get(url.removeprefix(ADDRESS), headers={**AXIOS, **headers})
    assert response.status_code == 200, url
    assert response.headers["Access-Control-Allow-Origin"] in ("*", AXIOS["Origin"])
    return response


@pytest.fixture
def matrices(api: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(api, f"{ADDRESS}/api/tileMatrixSets/AdV_25832").json["tileMatrices"]
    return found


def test_the_entries_have_what_their_type_requires() -> None:
    """Keys that the portal's documentation marks as required."""
    common = {"id", "name", "typ", "url", "gfiTheme", "gfiAttributes"}
    assert common | {"collection", "datasets"} <= set(OAF)
    assert common | {"minScale", "maxScale"} <= set(TILES)
    assert (OAF["typ"], TILES["typ"]) == ("OAF", "VectorTile")
    assert re.fullmatch("[A-Za-z0-9]+", OAF["id"] + TILES["id"]), (
        "special characters can lead to problems there"
    )


def test_the_features_come_in_the_reference_system_and_box_of_the_portal(
    api: FlaskClient, sample_engine: Engine
) -> None:
    collection = get(api, f"{OAF['url']}/collections/{OAF['collection']}").json
    assert OAF["crs"] in collection["crs"]
    box = (380_000, 5_700_000, 400_000, 5_720_000)
    query = {
        "bbox": ",".join(map(str, box)),
        "bbox-crs": OAF["bboxCrs"],
        "crs": OAF["crs"],
        "limit": str(OAF["limit"]),
    }
    url = f"{OAF['url']}/collections/{OAF['collection']}/items?" + "&".join(
        f"{k}={v}" for k, v in query.items()
    )

    answer = get(api, url, Accept="application/geo+json")

    with sample_engine.connect() as connection:
        wanted = connection.scalars(
            text(
                "SELECT area_id FROM publication.programme_area"
                " WHERE ST_Intersects(geom, ST_MakeEnvelope(:west, :south, :east, :north, 25832))"
            ),
            dict(zip(("west", "south", "east", "north"), box, strict=True)),
        )
        assert {one["id"] for one in answer.json["features"]} == set(wanted) != set()
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in answer.json["features"]])
    assert shapely.box(*box).intersects(shapes).all(), "metres, not degrees"


def test_the_portal_finds_all_pages(api: FlaskClient) -> None:
    """It follows links ``next`` of the type GeoJSON until there is none."""
    url, seen = f"{OAF['url']}/collections/{OAF['collection']}/items?limit=50", []
    while url:
        page = get(api, url.replace("http://localhost", ADDRESS), Accept="application/geo+json").json
        seen += [one["id"] for one in page["features"]]
        following = [
            one["href"]
            for one in page["links"]
            if (one["rel"], one["type"]) == ("next", "application/geo+json")
        ]
        url = following[0] if following else ""
    assert len(seen) == len(set(seen)) == page["numberMatched"] > 100


@pytest.mark.parametrize("entry", [OAF, TILES], ids=["OAF", "VectorTile"])
def test_what_a_click_shows_are_fields_of_the_data(api: FlaskClient, entry: dict[str, Any]) -> None:
    base = f"{ADDRESS}/api/collections/programme-areas"
    feature = get(api, f"{base}/items?limit=1", Accept="application/geo+json").json["features"][0]
    (layer, _) = get(api, f"{base}/tiles/AdV_25832").json["layers"]
    known = feature["properties"] if entry is OAF else layer["propertiesSchema"]["properties"]
    assert set(entry["gfiAttributes"]) <= set(known)


@pytest.mark.parametrize("entry", [OAF, TILES], ids=["OAF", "VectorTile"])
def test_the_legend_is_a_drawing(api: FlaskClient, entry: dict[str, Any]) -> None:
    assert get(api, entry["legend"]).mimetype == "image/svg+xml"


def test_the_grid_is_that_of_the_service(matrices: list[dict[str, Any]]) -> None:
    first = matrices[0]
    west, north = TILES["origin"]
    side = first["cellSize"] * first["tileWidth"] * first["matrixWidth"]

    assert [west, north] == first["pointOfOrigin"]
    assert TILES["resolutions"] == pytest.approx([one["cellSize"] for one in matrices], rel=1e-12)
    assert (
        {one["tileWidth"] for one in matrices}
        == {one["tileHeight"] for one in matrices}
        == {TILES["tileSize"]}
    )
    assert TILES["extent"] == pytest.approx([west, north - side, west + side, north], abs=1e-6)
    assert TILES["epsg"].endswith("25832")
    assert float(TILES["minScale"]) == 0
    assert float(TILES["maxScale"]) >= first["scaleDenominator"]


def test_every_resolution_has_tiles(api: FlaskClient, matrices: list[dict[str, Any]]) -> None:
    """The portal extrapolates only beyond those that the entry names."""
    limits = get(api, f"{ADDRESS}/api/collections/programme-areas/tiles/AdV_25832").json[
        "tileMatrixSetLimits"
    ]
    assert [one["tileMatrix"] for one in limits] == [str(level) for level in range(len(TILES["resolutions"]))]


@pytest.mark.parametrize("level", [4, 8, 11, 15])
def test_the_numbers_lead_to_the_tile_with_a_known_area(
    api: FlaskClient, sample_engine: Engine, level: int
) -> None:
    """As OpenLayers computes it: from the origin, by tiles of 256 cells."""
    with sample_engine.connect() as connection:
        east, north = connection.execute(
            text(
                "SELECT ST_X(label_point), ST_Y(label_point) FROM publication.programme_area"
                " WHERE area_id = 'dortmund-nordstadt'"
            )
        ).one()
    side = TILES["resolutions"][level] * TILES["tileSize"]
    column, across = divmod((east - TILES["origin"][0]) / side, 1)
    row, down = divmod((TILES["origin"][1] - north) / side, 1)
    url = (
        TILES["url"].replace("{z}", str(level)).replace("{y}", str(int(row))).replace("{x}", str(int(column)))
    )

    layers = mapbox_vector_tile.decode(get(api, url).data, default_options={"y_coord_down": True})

    place = shapely.Point(across * 4096, down * 4096)
    shapes = {
        one["properties"]["area_id"]: shapely.geometry.shape(one["geometry"])
        for one in layers["programme-areas"]["features"]
    }
    nearest = min(shapes, key=lambda area_id: shapes[area_id].distance(place))
    assert nearest == "dortmund-nordstadt"
    assert shapes[nearest].distance(place) < 2


def test_the_style_draws_these_tiles(api: FlaskClient) -> None:
    """The portal wants layers, sources and version; it takes the layers of the last source."""
    (style,) = TILES["vtStyles"]
    assert style["defaultStyle"] is True

    document = get(api, style["url"]).json

    assert document["version"] == 8
    assert {source["type"] for source in document["sources"].values()} == {"vector"}
    source = list(document["sources"])[-1]
    assert document["sources"][source]["tiles"] == [TILES["url"].replace(ADDRESS, "http://localhost")]
    drawn = [one for one in document["layers"] if one.get("source") == source]
    assert {"fill", "line", "symbol"} <= {one["type"] for one in drawn}
    sprite = document["sprite"].replace("http://localhost", ADDRESS)
    assert "pattern-completed" in get(api, f"{sprite}.json").json
    assert get(api, f"{sprite}.png").mimetype == "image/png"
