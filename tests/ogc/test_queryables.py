"""Queryables (OGC API - Features - Part 3, clause 6; Part 5, clause "Queryables")."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient


def properties(api: FlaskClient, name: str) -> dict[str, Any]:
    document = json.loads(api.get(f"/api/collections/{name}/queryables").data)
    found: dict[str, Any] = document["properties"]
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("programme-areas", "MultiPolygon"),
        ("programme-area-points", "Point"),
        ("municipalities", "Geometry"),
    ],
)
def test_the_geometry_is_written_as_qgis_recognises_it(api: FlaskClient, name: str, expected: str) -> None:
    geometry = properties(api, name)["geom"]

    assert geometry["$ref"] == f"https://geojson.org/schema/{expected}.json"
    assert geometry["format"].startswith("geometry-")
    assert "type" not in geometry


def test_every_queryable_can_be_filtered_on_by_its_name(api: FlaskClient) -> None:
    examples = {"integer": "1", "number": "1.5", "date": "2012-05-01", "date-time": "2012-05-01T00:00:00Z"}
    queryables = properties(api, "programme-areas")
    assert len(queryables) > 15
    for name, one in queryables.items():
        if name == "geom":
            continue
        codes = one.get("enum") or one.get("items", {}).get("enum") or ["x"]
        value = examples.get(one.get("format", one["type"]), codes[0])
        response = api.get(
            "/api/collections/programme-areas/items", query_string={name: value, "resultType": "hits"}
        )
        assert response.status_code == 200, name


def test_what_is_not_queryable_is_refused(api: FlaskClient) -> None:
    assert "profile_url" not in properties(api, "programme-areas")
    assert api.get("/api/collections/programme-areas/items?profile_url=x").status_code == 400
