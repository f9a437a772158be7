"""Landing page, API definition, conformance: clauses 7.2 to 7.4 (17-069r4, requirements 1 to 6)."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.ogc.documents import links


def test_root_success_links_definition_conformance_and_data(api: FlaskClient) -> None:
    """/req/core/root-op, /req/core/root-success"""
    response = api.get("/api")

    assert response.status_code == 200
    document = response.json
    assert {one["rel"] for one in document["links"]} >= {"self", "service-desc", "conformance", "data"}
    assert all(one["href"].startswith("http") and one["type"] for one in document["links"])
    assert document["title"]
    assert document["description"]


@pytest.mark.parametrize("relation", ["service-desc", "service-doc"])
def test_each_api_definition_comes_in_the_type_of_its_link(api: FlaskClient, relation: str) -> None:
    """/req/core/api-definition-op, /req/core/api-definition-success"""
    document = api.get("/api").json
    found = links(document, relation)
    pages = [one for one in links(document, "alternate") if one["href"].endswith("f=html")]
    assert found or (relation == "service-doc" and not pages)  # it is there for people where pages are served

    for one in found:
        response = api.get(one["href"], headers={"Accept": one["type"]})
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == one["type"].partition(";")[0]


def test_links_of_the_landing_page_are_not_broken(api: FlaskClient) -> None:
    own = [one for one in api.get("/api").json["links"] if one["href"].startswith("http://localhost/api")]
    assert len(own) > 5
    for one in own:
        assert api.get(one["href"], headers={"Accept": one["type"]}).status_code == 200, one


def test_conformance_success_lists_class_uris(api: FlaskClient) -> None:
    """/req/core/conformance-op, /req/core/conformance-success"""
    response = api.get("/api/conformance")

    assert response.status_code == 200
    declared = response.json["conformsTo"]
    assert declared
    assert all(one.startswith("http://www.opengis.net/spec/") and "/conf/" in one for one in declared)


def test_documents_say_where_else_they_are(api: FlaskClient, addresses: dict[str, str]) -> None:
    """/req/core/fc-md-links and its like: where a resource has links, one of them is ``self``, with its type."""
    with_links = 0
    for address in addresses.values():
        response = api.get(address)
        if not response.headers.get("Content-Type", "").endswith("json"):
            continue
        document = json.loads(response.data)
        if not isinstance(document.get("links"), list):
            continue
        with_links += 1
        own = links(document, "self")
        assert len(own) == 1, address
        assert own[0]["type"] == response.headers["Content-Type"], address
        assert api.get(own[0]["href"]).status_code == 200, address
    assert with_links > 20
