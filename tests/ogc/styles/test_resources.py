"""Styles as resources of the standard: found by links, described by metadata, open to everybody."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geo_service.domain.code_lists import STATUS
from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.qgis_styles import QML_FORMAT
from tests.ogc.documents import get, links
from tests.ogc.styles.names import MAPBOX_STYLE, STYLE_IDS

STYLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/styles"
LEGEND_REL = "http://www.opengis.net/def/rel/ogc/1.0/legend"
FILES = (
    "/api/styles/status",
    "/api/styles/status/metadata",
    "/api/styles/status/legend?f=svg",
    "/api/resources/sprite.json",
    "/api/resources/sprite@2x.png",
    "/api/resources/fonts/Noto Sans Regular/0-255.pbf",
    "/api/resources/fonts/noto-sans/400.css",
    "/api/resources/fonts/noto-sans/noto-sans-latin-400-normal.woff",
)


def test_landing_page_and_collections_lead_to_the_styles(api: FlaskClient) -> None:
    for path in ("/api", "/api/collections/programme-areas", "/api/collections/municipalities"):
        (one,) = links(get(api, path), STYLES_REL)
        assert one["href"] == "http://localhost/api/styles"
        assert one["type"] == "application/json"
    declared = get(api, "/api/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/core" in declared


def test_every_style_of_the_list_has_a_stylesheet_metadata_and_a_legend(api: FlaskClient) -> None:
    document = get(api, "/api/styles?lang=en")

    assert tuple(one["id"] for one in document["styles"]) == STYLE_IDS
    assert document["default"] in STYLE_IDS
    for one in document["styles"]:
        stylesheet, qgis = links(one, "stylesheet")
        assert stylesheet["type"] == MAPBOX_STYLE
        assert qgis["type"] == QML_FORMAT.media_type
        (metadata,) = links(one, "describedby")
        legends = links(one, LEGEND_REL)
        assert {each["type"] for each in legends} == {"application/json", "image/svg+xml"}
        for each in (stylesheet, qgis, metadata, *legends):
            response = api.get(each["href"])
            assert response.status_code == 200
            assert response.headers["Content-Type"].partition(";")[0] == each["type"]
            assert response.headers["Content-Language"] == "en"
        assert get(api, stylesheet["href"])["name"] == one["title"]
        assert get(api, metadata["href"])["title"] == one["title"]


def test_metadata_names_the_layers_and_attributes_that_the_style_needs(api: FlaskClient) -> None:
    document = get(api, "/api/styles/status/metadata")

    assert document["id"] == "status"
    assert document["scope"] == "style"
    stylesheet, *qgis = document["stylesheets"]
    assert (stylesheet["version"], stylesheet["link"]["type"]) == ("8", MAPBOX_STYLE)
    assert [one["link"]["type"] for one in qgis] == [QML_FORMAT.media_type] * len(COLLECTIONS)
    assert all(api.get(one["link"]["href"]).status_code == 200 for one in qgis)
    needed = {layer["id"]: layer for layer in document["layers"]}
    assert {name: layer["geometryType"] for name, layer in needed.items()} == {
        "programme-areas": "polygons",
        "programme-area-points": "points",
        "municipalities": "polygons",
        "municipality-points": "points",
    }
    assert set(needed["programme-areas"]["propertiesSchema"]) == {"area_id", "status", "geom_basis"}
    assert needed["programme-areas"]["propertiesSchema"]["status"]["enum"] == list(STATUS.codes)
    for layer in needed.values():
        assert api.get(layer["sampleData"]["href"]).status_code == 200


def test_the_second_style_says_whom_it_is_for(api: FlaskClient) -> None:
    for language, sentence in (
        ("de", "MapLibre und Mapbox GL zeichnen nur WebMercatorQuad"),
        ("en", "MapLibre and Mapbox GL draw WebMercatorQuad only"),
    ):
        document = get(api, f"/api/styles/status-adv-25832/metadata?lang={language}")
        assert sentence in document["description"]


def test_what_is_not_there_is_a_404_that_names_what_is(api: FlaskClient) -> None:
    for path, hint in {
        "/api/styles/nothing": "status-adv-25832",
        "/api/styles/nothing/metadata": "status",
        "/api/styles/nothing/legend": "status",
        "/api/resources/sprite@3x.png": "sprite@2x.png",
        "/api/resources/fonts/Comic Sans/0-255.pbf": "Noto Sans Regular",
        "/api/resources/fonts/Noto Sans Regular/1-256.pbf": "0-255",
        "/api/resources/fonts/Noto Sans Regular/65536-65791.pbf": "0-255",
        "/api/resources/fonts/Noto Sans Regular/latin.pbf": "0-255",
        "/api/resources/fonts/noto-sans/700.css": "400.css",
        "/api/resources/fonts/noto-sans/other.woff": "latin",
    }.items():
        response = api.get(path)
        assert response.status_code == 404, path
        assert hint in response.json["detail"], path


@pytest.mark.parametrize("path", FILES)
def test_other_origins_may_load_everything_and_ask_again_in_short(api: FlaskClient, path: str) -> None:
    first = api.get(path, headers={"Origin": "https://map.example"})

    assert first.status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_style_is_given_to_those_who_ask_for_json_as_maplibre_does(api: FlaskClient) -> None:
    for accept in ("application/json", "*/*", MAPBOX_STYLE):
        response = api.get("/api/styles/status", headers={"Accept": accept})
        assert response.headers["Content-Type"] == MAPBOX_STYLE
    assert api.get("/api/styles/status", headers={"Accept": "application/vnd.ogc.sld+xml"}).status_code == 406
