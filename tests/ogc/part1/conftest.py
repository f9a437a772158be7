"""What the tests of Part 1 share: the API definition and one address of every resource that it describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_service.settings import Settings
from geo_service.web.app import create_app
from tests.ogc.definition import resolve
from tests.ogc.jobs import finished_job

COLLECTIONS = ("programme-areas", "programme-area-points", "municipalities")
TILE = {"tileMatrixSetId": "WebMercatorQuad", "tileMatrix": "8", "tileRow": "85", "tileCol": "133"}
SHORT_TILE = {"z": "8", "x": "133", "y": "85"}


def query_parameters(definition: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """Return the parameters of the query that a path declares."""
    declared = (resolve(definition, one) for one in definition["paths"][path]["get"]["parameters"])
    return [one for one in declared if one["in"] == "query"]


@pytest.fixture(scope="session", params=["the API alone", "the whole service"])
def api(
    request: pytest.FixtureRequest, make_api: Callable[[Settings], Flask], sample_settings: Settings
) -> FlaskClient:
    """A client of the API on the sample data: without pages, and with them as one more format."""
    make = make_api if request.param == "the API alone" else create_app
    return make(sample_settings).test_client()


@pytest.fixture(scope="session")
def definition(api: FlaskClient) -> dict[str, Any]:
    """The API definition."""
    document = api.get("/api/openapi").json
    assert document
    assert len(document["paths"]) > 50
    return document


@pytest.fixture(scope="session")
def addresses(api: FlaskClient, definition: dict[str, Any]) -> dict[str, str]:
    """Path of the definition to an address of such a resource that exists."""
    result = {}
    for path, item in definition["paths"].items():
        if "get" not in item:
            continue
        values = TILE | SHORT_TILE | ({"jobId": finished_job(api)} if "{jobId}" in path else {})
        for one in (resolve(definition, parameter) for parameter in item["get"]["parameters"]):
            if one["in"] == "path" and one["name"] not in values:
                values[one["name"]] = one["schema"].get("enum", [""])[0]
        if "{itemId}" in path:
            page = api.get(f"/api{path.partition('/{itemId}')[0]}?limit=1").json
            assert page
            values["itemId"] = page["features"][0]["id"]
        result[path] = f"/api{path.format(**values)}".removesuffix("/")
    return result
