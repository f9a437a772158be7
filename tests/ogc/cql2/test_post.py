"""CQL2 JSON as the body of a request to items: like a GET with the same filter, also in its links."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from owslib.ogcapi.features import Features
from werkzeug.test import TestResponse

ITEMS = "/api/collections/programme-areas/items"
ONGOING = {"op": "=", "args": [{"property": "status"}, "ongoing"]}


def ids(response: TestResponse) -> list[str]:
    assert response.status_code == 200, response.json
    return [feature["id"] for feature in response.json["features"]]


def test_a_posted_filter_selects_what_the_same_filter_in_the_address_does(api: FlaskClient) -> None:
    query = {"filter": json.dumps(ONGOING), "filter-lang": "cql2-json", "limit": "1000"}

    posted = api.post(f"{ITEMS}?limit=1000", json=ONGOING)

    assert ids(posted) == ids(api.get(ITEMS, query_string=query))
    assert posted.headers["Content-Type"] == "application/geo+json"
    assert posted.headers["OGC-NumberMatched"] == str(len(ids(posted)))


def test_pages_of_a_posted_filter_are_linked_by_addresses_that_hold_it(api: FlaskClient) -> None:
    response = api.post(f"{ITEMS}?limit=5&lang=en", json=ONGOING)
    found = ids(response)
    while following := [one["href"] for one in response.json["links"] if one["rel"] == "next"]:
        parameters = parse_qs(urlsplit(following[0]).query)
        assert json.loads(parameters["filter"][0]) == ONGOING
        assert parameters["filter-lang"] == ["cql2-json"]
        response = api.get(following[0])
        found += ids(response)

    assert len(found) == len(set(found)) == response.json["numberMatched"] > 10


def test_the_language_of_texts_in_a_posted_filter_is_kept_in_links(api: FlaskClient) -> None:
    spaced = '{"op": "<>", "args": [{"property": "name"}, "zwei  Räume, \\"x\\" ü"]}'

    response = api.post(f"{ITEMS}?limit=1", data=spaced, content_type="application/json")

    (following,) = [one["href"] for one in response.json["links"] if one["rel"] == "next"]
    held = parse_qs(urlsplit(following).query)["filter"][0]
    assert json.loads(held) == json.loads(spaced)
    assert len(held) < len(spaced)
    assert ids(api.get(following)) != ids(response)


def test_options_tells_of_the_post(api: FlaskClient) -> None:
    headers = {"Origin": "https://map.example", "Access-Control-Request-Method": "POST"}

    assert api.options(ITEMS).headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    allowed = api.options(ITEMS, headers=headers).headers["Access-Control-Allow-Methods"]
    assert "POST" in allowed
    elsewhere = api.options("/api/collections", headers=headers).headers
    assert "POST" not in elsewhere.get("Access-Control-Allow-Methods", "")
    assert api.put(ITEMS).headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "arguments, status",
    [
        ({"data": "status = 'ongoing'", "content_type": "text/plain"}, 415),
        ({"data": "{}", "content_type": "application/geo+json"}, 415),
        ({"data": b"\xff", "content_type": "application/json"}, 400),
        ({"data": b"", "content_type": "application/json"}, 400),
        ({"json": {}}, 400),
        ({"json": {"type": "Feature", "geometry": None, "properties": {}}}, 400),
        ({"json": ONGOING, "query_string": {"filter": "TRUE"}}, 400),
        ({"json": ONGOING, "query_string": {"filter-lang": "cql2-text"}}, 400),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 400),
        ({"data": b"[" * 10_000, "content_type": "application/json"}, 400),
    ],
)
def test_a_body_that_is_no_filter_is_refused(
    api: FlaskClient, arguments: dict[str, Any], status: int
) -> None:
    response = api.post(ITEMS, **arguments)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_owslib_posts_a_filter_and_sorts(served: str) -> None:
    features = Features(served)

    page = features.collection_items("programme-areas", cql=ONGOING, limit=1000, sortby=("name", "desc"))

    names = [one["properties"]["name"] for one in page["features"]]
    assert page["numberMatched"] == len(names) > 10
    assert {one["properties"]["status"] for one in page["features"]} == {"ongoing"}
    assert names[0] > names[-1]


def test_owslib_sends_text(served: str) -> None:
    page = Features(served).collection_items(
        "programme-areas", filter="municipality = 'Musterstadt'", limit=1000
    )

    assert {one["properties"]["municipality"] for one in page["features"]} == {"Musterstadt"}
