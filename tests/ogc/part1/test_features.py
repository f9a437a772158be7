"""Features and a single feature: clauses 7.15 and 7.16, GeoJSON: clause 8.3 (17-069r4, requirements 19 to 38)."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from tests.ogc.documents import get

AREAS = "/api/collections/programme-areas/items"
EVERY = pytest.mark.parametrize("collection_id", list(COLLECTIONS))


def of(document: dict[str, Any], relation: str) -> list[dict[str, Any]]:
    return [one for one in document["links"] if one["rel"] == relation]


def declared(definition: dict[str, Any], name: str) -> dict[str, Any]:
    parameter: dict[str, Any] = definition["components"]["parameters"][name]
    return parameter


@EVERY
def test_each_collection_has_features_and_each_feature_its_address(
    api: FlaskClient, collection_id: str
) -> None:
    """/req/core/fc-op, /req/core/fc-response, /req/core/f-op, /req/core/f-success"""
    page = get(api, f"/api/collections/{collection_id}/items?limit=3")

    assert len(page["features"]) == (1 if collection_id == "events" else 3)  # the sample has one event
    for feature in page["features"]:
        single = get(api, f"/api/collections/{collection_id}/items/{feature['id']}")
        assert single["properties"] == feature["properties"]


def test_limit_is_declared_as_the_standard_has_it(definition: dict[str, Any]) -> None:
    """/req/core/fc-limit-definition"""
    limit = declared(definition, "limit")

    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}
    assert (limit["in"], limit["style"], limit["explode"], limit["required"]) == (
        "query",
        "form",
        False,
        False,
    )


@pytest.mark.parametrize("limit, expected", [("1", 1), ("7", 7), ("100", 100), ("+7", 7), ("007", 7)])
def test_an_answer_holds_no_more_than_limit(api: FlaskClient, limit: str, expected: int) -> None:
    """/req/core/fc-limit-response-1, A"""
    page = get(api, f"/api/collections/municipalities/items?limit={limit.replace('+', '%2B')}")

    assert len(page["features"]) == page["numberReturned"] == expected


def test_a_limit_above_the_maximum_is_the_maximum(
    make_api: Any, make_settings: Any, sample_database: str
) -> None:
    """/req/core/fc-limit-response-1, B and C"""
    client = make_api(make_settings(sample_database, default_limit=2, max_limit=5)).test_client()

    assert len(get(client, f"{AREAS}?limit=6")["features"]) == 5
    assert len(get(client, f"{AREAS}?limit=999999999999999")["features"]) == 5
    assert len(get(client, AREAS)["features"]) == 2
    schema = declared(get(client, "/api/openapi"), "limit")["schema"]
    assert (schema["default"], schema["maximum"]) == (2, 5)


def test_bbox_is_declared_as_the_standard_has_it(definition: dict[str, Any]) -> None:
    """/req/core/fc-bbox-definition"""
    bbox = declared(definition, "bbox")

    assert bbox["schema"]["type"] == "array"
    assert bbox["schema"]["items"] == {"type": "number"}
    assert bbox["schema"]["oneOf"] == [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    assert (bbox["style"], bbox["explode"]) == ("form", False)


@pytest.mark.parametrize(
    "bbox",
    ["7,51,8,52", "7.0,51.0,0,8.0,52.0,9000", "7,51,-100,8,52,-50", "+7.,51e0,.8e1,5.2E+1", " 7, 51, 8, 52"],
)
def test_a_box_selects_what_intersects_it(api: FlaskClient, sample_engine: Engine, bbox: str) -> None:
    """/req/core/fc-bbox-response"""
    with sample_engine.connect() as connection:
        statement = (
            "SELECT area_id FROM publication.programme_area WHERE ST_Intersects(geom, ST_Transform("
            "ST_Segmentize(ST_MakeEnvelope(7, 51, 8, 52, 4326), 0.001), 25832))"
        )
        expected = set(connection.execute(text(statement)).scalars())

    page = get(api, f"{AREAS}?limit=1000&bbox={bbox.replace('+', '%2B')}")

    assert {one["id"] for one in page["features"]} == expected
    assert page["numberMatched"] == len(expected) > 0


def test_datetime_is_declared_as_the_standard_has_it(definition: dict[str, Any]) -> None:
    """/req/core/fc-time-definition"""
    parameter = declared(definition, "datetime")

    assert parameter["schema"]["type"] == "string"
    assert (parameter["in"], parameter["style"], parameter["explode"]) == ("query", "form", False)


@EVERY
def test_a_page_links_itself_and_every_other_format(
    api: FlaskClient, definition: dict[str, Any], collection_id: str
) -> None:
    """/req/core/fc-links, /req/core/fc-rel-type"""
    page = get(api, f"/api/collections/{collection_id}/items?limit=2")
    reference = definition["paths"][f"/collections/{collection_id}/items"]["get"]["responses"]["200"]["$ref"]
    types = set(definition["components"]["responses"][reference.rpartition("/")[2]]["content"])

    assert [one["type"] for one in of(page, "self")] == ["application/geo+json"]
    assert {one["type"] for one in of(page, "alternate")} == types - {"application/geo+json"}
    assert all(one["type"] for one in page["links"])
    for one in of(page, "alternate"):
        assert api.get(one["href"]).status_code == 200, one
        assert "limit=2" in one["href"]


@EVERY
def test_a_feature_links_itself_its_collection_and_every_other_format(
    api: FlaskClient, definition: dict[str, Any], collection_id: str
) -> None:
    """/req/core/f-links"""
    first = get(api, f"/api/collections/{collection_id}/items?limit=1")["features"][0]["id"]
    feature = get(api, f"/api/collections/{collection_id}/items/{first}")
    path = definition["paths"][f"/collections/{collection_id}/items/{{itemId}}"]
    reference = path["get"]["responses"]["200"]["$ref"]
    types = set(definition["components"]["responses"][reference.rpartition("/")[2]]["content"])

    assert [one["type"] for one in of(feature, "self")] == ["application/geo+json"]
    assert [one["type"] for one in of(feature, "collection")] == ["application/json"]
    assert {one["type"] for one in of(feature, "alternate")} == types - {"application/geo+json"}


def test_there_is_no_time_stamp_so_that_the_same_features_are_the_same_bytes(api: FlaskClient) -> None:
    """/req/core/fc-timeStamp is about a time stamp that is there; entity tags are strong instead."""
    response = api.get(f"{AREAS}?limit=1")

    assert "timeStamp" not in response.json
    assert response.headers["ETag"].startswith('"')


@pytest.mark.parametrize(
    "query, where",
    [
        ("", "true"),
        ("bbox=6,51,7,52", "ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(6, 51, 7, 52, 4326), 0.001), 25832))"),
        ("datetime=2012-01-01/2012-12-31", "period && '[2012-01-01,2012-12-31]'"),
        ("status=ongoing", "status = 'ongoing'"),
        ("status=ongoing&datetime=2012-06-01", "status = 'ongoing' AND period @> date '2012-06-01'"),
    ],
)  # fmt: skip
def test_numbers_are_those_of_the_selection_and_of_the_page(
    api: FlaskClient, sample_engine: Engine, query: str, where: str
) -> None:
    """/req/core/fc-numberMatched, /req/core/fc-numberReturned"""
    with sample_engine.connect() as connection:
        statement = text(f"SELECT count(*) FROM publication.programme_area WHERE {where}")
        expected = connection.execute(statement).scalar_one()

    response = api.get(f"{AREAS}?limit=5&{query}")

    page = json.loads(response.data)
    assert page["numberMatched"] == expected > 0
    assert page["numberReturned"] == len(page["features"]) == min(5, expected)
    assert response.headers["OGC-NumberMatched"] == str(expected)
    assert response.headers["OGC-NumberReturned"] == str(page["numberReturned"])


@EVERY
def test_a_page_is_a_geojson_feature_collection(api: FlaskClient, collection_id: str) -> None:
    """/req/geojson/definition, /req/geojson/content"""
    response = api.get(f"/api/collections/{collection_id}/items?limit=1000")

    page = json.loads(response.data)
    assert response.headers["Content-Type"] == "application/geo+json"
    assert page["type"] == "FeatureCollection"
    assert "crs" not in page
    for feature in page["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], str)
        assert isinstance(feature["properties"], dict)
        assert feature["geometry"] is None or set(feature["geometry"]) == {"type", "coordinates"}


def test_rings_turn_as_rfc_7946_wants(api: FlaskClient) -> None:
    """RFC 7946, section 3.1.6: exterior rings counter-clockwise, interior ones clockwise."""
    found = get(api, f"{AREAS}?limit=1000")["features"]
    assert any(len(polygon) > 1 for feature in found for polygon in feature["geometry"]["coordinates"])
    for feature in found:
        for polygon in feature["geometry"]["coordinates"]:
            assert signed_area(polygon[0]) > 0, feature["id"]
            assert all(signed_area(ring) < 0 for ring in polygon[1:]), feature["id"]
            assert all(ring[0] == ring[-1] for ring in polygon)


def signed_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def test_the_link_header_says_what_the_links_say(api: FlaskClient) -> None:
    """RFC 8288; for formats that have no room for links in them"""
    response = api.get(f"{AREAS}?limit=2")

    page = json.loads(response.data)
    for relation in ("self", "next", "collection"):
        (one,) = of(page, relation)
        assert f'<{one["href"]}>; rel="{relation}"; type="{one["type"]}"' in response.headers["Link"]
    assert response.headers["Link"].isascii()
