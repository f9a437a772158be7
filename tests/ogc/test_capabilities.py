"""Landing page, conformance, API definition and collections: the ways into the API."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.processes.resources import EXECUTE
from geo_service.ogc.pygeoapi_api import CONFIG_FILE, OgcApi, load_config
from geo_service.settings import PROJECT_DIR, Settings
from tests.ogc.documents import links

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"


def collections_by_id(api: FlaskClient, **arguments: Any) -> dict[str, dict[str, Any]]:
    document = api.get("/api/collections", **arguments).json
    assert document
    assert document["collections"]
    return {one["id"]: one for one in document["collections"]}


def test_the_landing_page_has_the_links_that_qgis_insists_on(api: FlaskClient) -> None:
    document = api.get("/api").json

    assert [one["type"] for one in links(document, "service-desc")] == [OPENAPI_TYPE]
    assert [one["type"] for one in links(document, "data")] == ["application/json"]
    assert [one["type"] for one in links(document, "conformance")] == ["application/json"]


@pytest.mark.parametrize("rel", ["self", "service-desc", "data", "conformance"])
def test_links_of_the_landing_page_lead_to_their_type(api: FlaskClient, rel: str) -> None:
    one = links(api.get("/api").json, rel)[0]

    response = api.get(one["href"])

    assert response.status_code == 200
    assert response.headers["Content-Type"] == one["type"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/conformance/",
        "/api/collections/",
        "/api/collections/programme-areas/",
        "/api/collections/programme-areas/items/",
        "/api/collections/programme-areas/tiles/",
        "/api/collections/programme-areas/tiles/WebMercatorQuad/",
        "/api/tileMatrixSets/",
    ],
)
def test_a_trailing_slash_does_not_break(api: FlaskClient, path: str) -> None:
    assert api.get(path).status_code == 200


def test_all_links_that_lead_to_the_api_lead_somewhere(api: FlaskClient) -> None:
    """Walk the whole API from its landing page, but for templates and the pages."""
    seen, waiting = set(), ["http://localhost/api"]
    while waiting:
        url = waiting.pop()
        seen.add(url)
        response = api.get(url)
        assert response.status_code == 200, url
        for one in find_links(response.json):
            href = one["href"]
            if href.startswith("http://localhost/api") and "{" not in href and href not in seen:
                waiting.append(href)
    assert len(seen) > 15


def find_links(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = value.get("links") if isinstance(value.get("links"), list) else []
        # A page of items leads on and on, and an execution is posted; both are walked elsewhere.
        own = [one for one in own if one.get("rel") not in ("next", EXECUTE)]
        return own + [one for key, inner in value.items() if key != "features" for one in find_links(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in find_links(inner)]
    return []


def test_conformance_names_core_geojson_openapi_crs_and_tiles(api: FlaskClient) -> None:
    declared = api.get("/api/conformance").json["conformsTo"]

    spec = "http://www.opengis.net/spec"
    assert len(declared) == len(set(declared))
    assert {
        f"{spec}/ogcapi-features-1/1.0/conf/core",
        f"{spec}/ogcapi-features-1/1.0/conf/geojson",
        f"{spec}/ogcapi-features-1/1.0/conf/oas30",
        f"{spec}/ogcapi-features-2/1.0/conf/crs",
        f"{spec}/ogcapi-tiles-1/1.0/conf/core",
        f"{spec}/ogcapi-tiles-1/1.0/conf/mvt",
    } <= set(declared)
    assert not [one for one in declared if "features-4" in one or "html" in one]


def test_conformance_does_not_grow_from_request_to_request(api: FlaskClient) -> None:
    assert api.get("/api/conformance").data == api.get("/api/conformance").data


def test_collections_put_crs84_first_and_name_the_storage_crs(api: FlaskClient) -> None:
    for collection in collections_by_id(api).values():
        assert collection["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        assert collection["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/25832"
        assert collection["storageCrs"] in collection["crs"]
        assert collection["itemType"] == "feature"


def test_every_link_of_a_collection_to_this_service_leads_somewhere(api: FlaskClient) -> None:
    for collection in collections_by_id(api).values():
        for one in collection["links"]:
            if one["href"].startswith("http://localhost/api"):
                assert api.get(one["href"]).status_code == 200, one
        assert any(one["href"].startswith("http://localhost/api") for one in collection["links"])


def test_the_extent_of_a_collection_is_that_of_its_data(api: FlaskClient, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT ST_Extent(ST_Transform(geom, 4326)) AS box, count(*) AS number, "
                "min(lower(period))::text AS first FROM publication.programme_area"
            )
        ).one()
    corners = [float(number) for number in row.box[4:-1].replace(",", " ").split()]

    collection = collections_by_id(api)["programme-areas"]

    (bbox,) = collection["extent"]["spatial"]["bbox"]
    assert bbox == pytest.approx(corners, abs=0.0001)
    assert collection["itemCount"] == row.number
    assert collection["extent"]["temporal"]["interval"] == [[f"{row.first}T00:00:00Z", None]]


def test_titles_are_german_without_a_wish(api: FlaskClient) -> None:
    response = api.get("/api/collections")

    assert response.headers["Content-Language"] == "de"
    assert response.json["collections"][0]["title"] == "Programmgebiete"


def test_accept_language_changes_titles(api: FlaskClient) -> None:
    response = api.get("/api/collections", headers={"Accept-Language": "en-GB,en;q=0.9,de;q=0.5"})

    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" in response.headers["Vary"]
    assert response.json["collections"][0]["title"] == "Programme areas"


def test_lang_wins_over_accept_language_and_stays_in_the_links(api: FlaskClient) -> None:
    document = api.get("/api?lang=en", headers={"Accept-Language": "de"}).json

    assert document["title"].startswith("Programme areas")
    assert links(document, "data")[0]["href"].endswith("/api/collections?lang=en")


def test_links_carry_the_host_of_the_request_and_no_other(api: FlaskClient) -> None:
    api.get("/api", base_url="http://first.example")

    document = api.get("/api/collections", base_url="https://second.example:8443/geo").get_data(as_text=True)

    assert "https://second.example:8443/geo/api/collections/programme-areas" in document
    assert "first.example" not in document
    assert "localhost" not in document


def test_forwarded_headers_are_not_believed_by_themselves(api: FlaskClient) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }

    assert "evil" not in api.get("/api", headers=headers).get_data(as_text=True)


def test_the_public_url_of_the_settings_wins(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], sample_database: str
) -> None:
    settings = make_settings(sample_database, public_url="https://geo.example.org/areas/")
    client = make_api(settings).test_client()

    feature = client.get("/api/collections/programme-areas/items?limit=1").json["features"][0]
    definition = client.get("/api/openapi").json

    assert feature["properties"]["profile_url"] == f"https://geo.example.org/areas/profiles/{feature['id']}"
    assert definition["servers"] == [{"url": "https://geo.example.org/areas/api"}]
    assert "localhost" not in client.get("/api").get_data(as_text=True)


def test_hosting_pygeoapi_leaves_the_logging_of_the_process_alone(
    sample_settings: Settings, sample_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    level = logging.root.level

    OgcApi(sample_settings, sample_engine)

    assert (logging.root.handlers, logging.root.level) == ([], level)


def test_importing_the_blueprint_does_not_import_pygeoapi() -> None:
    """It costs seconds, and the command line imports the blueprint's neighbours."""
    program = "import sys, geo_service.ogc.blueprint; sys.exit('pygeoapi' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT_DIR, check=False).returncode == 0


def test_pygeoapis_configuration_tells_the_same_story_as_the_domain() -> None:
    resources = load_config(PROJECT_DIR / CONFIG_FILE)["resources"]

    assert list(resources) == list(COLLECTIONS)
    for collection_id, collection in COLLECTIONS.items():
        for language in ("de", "en"):
            assert resources[collection_id]["title"][language] == collection.title.text(language)
            assert resources[collection_id]["description"][language] == collection.description.text(language)
