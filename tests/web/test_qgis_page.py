"""The page *In QGIS öffnen*: its files exist, speak its language, and are called as QGIS expects."""

from __future__ import annotations

import pytest

from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.qgis import DATASET_FILES
from tests.web.html import faults, named

HTML = {"Accept": "text/html"}
TYPES = {
    ".qlr": "application/x-qgis-layer-definition",
    ".qml": "application/vnd.qgis.qml",
    ".qgs": "application/x-qgis-project",
    ".xml": "application/xml",
    ".gpkg": "application/geopackage+sqlite3",
}


def downloads(html):
    return [e.attributes["href"] for e in named(html, "a") if "download" in e.attributes]


@pytest.mark.parametrize("language, title", [("de", "In QGIS öffnen"), ("en", "Open in QGIS")])
def test_the_page_leads_to_every_file_in_its_language(client, language, title):
    html = client.get("/qgis", headers={**HTML, "Accept-Language": language}).text

    assert not faults(html)
    assert [e.text for e in named(html, "h1")] == [title]
    found = {href.partition("?")[0] for href in downloads(html)}
    for collection in COLLECTIONS.values():
        base = f"/api/collections/{collection.collection_id}"
        assert {f"{base}/qgis/{collection.layer_name}{ending}" for ending in (".qlr", ".qml")} <= found
        assert f"{base}/download/{collection.layer_name}.gpkg" in found
    assert {f"/api/qgis/{file.name}" for file in DATASET_FILES} <= found
    for href in downloads(html):
        answer = client.get(href)
        assert answer.status_code == 200, href
        ending = "." + href.partition("?")[0].rpartition(".")[2]
        assert answer.mimetype == TYPES[ending]
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["Content-Language"] == language


def test_a_file_that_did_not_change_is_not_sent_again(client):
    path = "/api/collections/programme-areas/qgis/programme_areas.qlr"
    tag = client.get(path).headers["ETag"]

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{path}?lang=en").headers["ETag"] != tag


def test_what_there_is_not_is_refused(client):
    area = "/api/collections/programme-areas/qgis"

    assert client.get(f"{area}/municipalities.qlr").status_code == 404
    assert client.get(f"{area}/programme_areas.shp").status_code == 404
    assert client.get("/api/qgis/nothing.qgs").status_code == 404
    assert (
        client.get(f"{area}/programme_areas.qml?crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84").status_code
        == 400
    )
    wrong = client.get(f"{area}/programme_areas.qlr?crs=http://www.opengis.net/def/crs/EPSG/0/3857&lang=en")
    assert wrong.status_code == 400
    assert "EPSG/0/25832" in wrong.json["detail"]


def test_files_lead_back_to_the_address_that_the_request_came_to(client):
    text = client.get(
        "/api/collections/programme-areas/qgis/programme_areas.qlr", base_url="https://geo.example.org"
    ).text

    assert "url='https://geo.example.org/api'" in text
    assert "http://localhost" not in text


def test_the_landing_page_collections_and_styles_lead_here(client):
    landing = client.get("/api").json["links"]
    collection = client.get("/api/collections/programme-areas").json["links"]
    style = client.get("/api/styles").json["styles"][0]["links"]

    assert "http://localhost/qgis" in [one["href"] for one in landing if one["rel"] == "help"]
    assert {f"http://localhost/api/qgis/{file.name}" for file in DATASET_FILES} <= {
        one["href"] for one in landing
    }
    assert {TYPES[".qlr"], TYPES[".qml"]} <= {one["type"] for one in collection}
    assert TYPES[".qml"] in [one["type"] for one in style]
