"""Which format a request gets: ``f`` and ``Accept`` with its q-values (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_service.db.engine import read_engine
from geo_service.ogc.blueprint import make_blueprint
from geo_service.ogc.html import HtmlContext
from geo_service.settings import Settings

AREAS = "/api/collections/programme-areas/items"


@pytest.fixture(scope="module")
def paged(sample_settings: Settings) -> Iterator[FlaskClient]:
    """The API with a renderer that shows what it was given."""

    def render(name: str, data: Any, context: HtmlContext) -> str:
        shown = {"name": name, "keys": sorted(data), "path": dict(context.path)}
        return f"<!doctype html>{json.dumps(shown)}"

    engine = read_engine(sample_settings)
    application = Flask("test", static_folder=None)
    application.register_blueprint(make_blueprint(sample_settings, engine, render_html=render))
    yield application.test_client()
    engine.dispose()


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/*", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("text/html", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html;q=0.4, application/json;q=0.5", "application/geo+json"),
        ("text/html;q=0.5, application/json;q=0.4", "text/html"),
        ("*/*, text/html;q=0", "application/geo+json"),
        ("*/*;q=0.1, text/html;q=0.2", "text/html"),
        ("application/json; charset=utf-8", "application/geo+json"),
    ],
)
def test_accept_chooses_by_quality_and_the_closest_range(
    paged: FlaskClient, accept: str | None, expected: str
) -> None:
    response = paged.get(f"{AREAS}?limit=1", headers={"Accept": accept} if accept else {})

    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == expected
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    "accept", ["image/png", "application/geo+json;q=0, application/json;q=0", "text/xml"]
)
def test_what_is_not_there_is_not_acceptable(api: FlaskClient, accept: str) -> None:
    assert api.get(AREAS, headers={"Accept": accept}).status_code == 406


def test_f_wins_over_accept(paged: FlaskClient) -> None:
    response = paged.get(f"{AREAS}?f=json&limit=1", headers={"Accept": "text/html"})

    assert response.headers["Content-Type"] == "application/geo+json"


def test_an_unknown_f_is_a_400_that_names_the_formats(paged: FlaskClient) -> None:
    response = paged.get("/api/collections?f=xml&lang=en")

    assert response.status_code == 400
    assert response.json["detail"].endswith("allowed are: json, html.")


def test_without_a_renderer_there_is_no_html(api: FlaskClient) -> None:
    assert api.get("/api/collections?f=html").status_code == 400
    assert api.get("/api/collections", headers={"Accept": "text/html"}).status_code == 406
    assert not any(
        one["type"] == "text/html" and "f=html" in one["href"]
        for one in api.get("/api/collections").json["links"]
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "landing_page"),
        ("/openapi", "openapi"),
        ("/conformance", "conformance"),
        ("/collections", "collections"),
        ("/collections/programme-areas", "collection"),
        ("/collections/programme-areas/items", "items"),
        ("/collections/programme-areas/items/duisburg-marxloh", "item"),
        ("/collections/programme-areas/tiles", "tilesets"),
        ("/tileMatrixSets", "tile_matrix_sets"),
    ],
)
def test_every_resource_hands_its_data_to_the_renderer(paged: FlaskClient, path: str, name: str) -> None:
    response = paged.get(f"/api{path}?f=html")

    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert json.loads(response.text.removeprefix("<!doctype html>"))["name"] == name
    assert response.headers["ETag"] != paged.get(f"/api{path}?f=json").headers["ETag"]


@pytest.mark.parametrize(
    "path", ["", "/collections", "/collections/programme-areas", "/collections/programme-areas/items?limit=2"]
)
def test_alternate_links_lead_to_the_format_that_they_name(paged: FlaskClient, path: str) -> None:
    document = json.loads(paged.get(f"/api{path}").data)
    alternates = [one for one in document["links"] if one["rel"] == "alternate" and "f=" in one["href"]]

    assert "text/html" in {one["type"] for one in alternates}
    for one in alternates:
        response = paged.get(one["href"])
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == one["type"].partition(";")[0]


def test_a_single_feature_has_alternates_too(paged: FlaskClient) -> None:
    document = json.loads(paged.get(f"{AREAS}/duisburg-marxloh").data)

    assert [one["type"] for one in document["links"] if one["rel"] == "alternate"][-1] == "text/html"
