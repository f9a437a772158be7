"""``If-Match`` on pages, API, files and documents: RFC 9110, section 13.1.1."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import HTML

AREAS = "/api/collections/programme-areas"
ADDRESSES = (
    "/profiles/musterstadt-beispielgebiet-altstadt",
    "/news/atom.xml",
    "/robots.txt",
    "/static/css/site.css",
    "/vendor/maplibre-gl/maplibre-gl.css",
    "/api",
    f"{AREAS}/items?limit=1",
    f"{AREAS}/download/programme_areas.fgb",
    "/api/qgis/programme_areas.qgs",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_matches_is_answered_and_what_does_not_is_refused(client: FlaskClient, address: str) -> None:
    content = client.get(address)
    assert client.get(address, headers={"If-Match": "*"}).data == content.data
    refused = client.get(address, headers={"If-Match": '"another"', "Accept-Language": "en"})
    assert refused.status_code == 412
    assert refused.mimetype == "application/problem+json"
    assert refused.json["detail"] == "What is here is not what If-Match names."
    assert "ETag" not in refused.headers
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_a_strong_tag_that_is_named_matches(client: FlaskClient) -> None:
    address = f"{AREAS}/items?limit=1"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-Match": f'"another", {tag}'}).status_code == 200


def test_what_is_not_there_is_missing_with_any_condition(client: FlaskClient) -> None:
    assert client.get("/profiles/nothing", headers={"If-Match": "*"}).status_code == 404


def test_people_read_of_a_condition_on_a_page(client: FlaskClient) -> None:
    refused = client.get("/profiles", headers={**HTML, "If-Match": '"another"'})
    assert refused.status_code == 412
    assert refused.mimetype == "text/html"
    assert "If-Match" in refused.text
    assert "musterstadt-beispielgebiet" not in refused.text
