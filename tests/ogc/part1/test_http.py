"""HTTP as such, on every address that the definition describes: clauses 7.5, 7.6, 7.7 and 7.9 (17-069r4)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.ogc.part1.conftest import query_parameters

AREAS = "/api/collections/programme-areas/items"
NOT_ALLOWED = ("PUT", "PATCH", "DELETE")


def test_every_address_answers_head_like_get(api: FlaskClient, addresses: dict[str, str]) -> None:
    """/req/core/http; RFC 9110, section 9.3.2"""
    for address in addresses.values():
        response, head = api.get(address), api.head(address)
        assert head.status_code == response.status_code == 200, address
        assert head.data == b""
        for name in ("Content-Type", "Content-Length", "ETag", "Content-Language", "Vary"):
            assert head.headers.get(name) == response.headers.get(name), (address, name)


def test_every_address_says_truly_what_is_allowed(api: FlaskClient, addresses: dict[str, str]) -> None:
    """RFC 9110, sections 9.3.7 and 10.2.1: OPTIONS names what works, everything else is a 405 with Allow."""
    for address in addresses.values():
        response = api.options(address)
        allowed = [method.strip() for method in response.headers["Allow"].split(",")]
        assert response.status_code in (200, 204), address
        assert {"GET", "HEAD", "OPTIONS"} <= set(allowed), address
        refusing = [one for one in NOT_ALLOWED if "/jobs/" not in address or one != "DELETE"]
        assert not set(allowed) & set(refusing), address
        for method in refusing:
            refused = api.open(address, method=method)
            assert refused.status_code == 405, (address, method)
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert sorted(one.strip() for one in refused.headers["Allow"].split(",")) == sorted(allowed)


def test_every_address_refuses_an_unknown_parameter(api: FlaskClient, addresses: dict[str, str]) -> None:
    """/req/core/query-param-unknown"""
    for address in addresses.values():
        response = api.get(f"{address}?no-such-parameter=1")
        assert response.status_code == 400, address
        assert response.json["parameter"] == "no-such-parameter"


def test_every_parameter_refuses_a_value_that_its_schema_excludes(
    api: FlaskClient, definition: dict[str, Any], addresses: dict[str, str]
) -> None:
    """/req/core/query-param-invalid"""
    tried = 0
    for path, address in addresses.items():
        for one in query_parameters(definition, path):
            schema = one["schema"]
            if "enum" in schema or schema["type"] in ("integer", "number", "array", "boolean"):
                value = "no-such-value"
            elif schema.get("format") in ("date", "date-time") or one["name"] == "datetime":
                value = "yesterday"
            else:
                continue
            if (
                schema["type"] == "array"
                and schema["items"].get("type") == "string"
                and "enum" not in schema["items"]
            ):
                continue
            response = api.get(address, query_string={one["name"]: value})
            assert response.status_code == 400, (address, one["name"])
            assert response.json["parameter"] == one["name"], address
            tried += 1
    assert tried > 60


def test_a_refused_value_is_explained_in_one_sentence_of_the_language(api: FlaskClient) -> None:
    german = api.get(f"{AREAS}?limit=x").json["detail"]
    english = api.get(f"{AREAS}?limit=x&lang=en").json["detail"]

    assert german != english
    assert "limit" in german
    assert "limit" in english


def test_f_wins_over_accept_everywhere(
    api: FlaskClient, definition: dict[str, Any], addresses: dict[str, str]
) -> None:
    """/rec/core/html, clause 7.9: ``f`` is for those who cannot send headers."""
    for path, address in addresses.items():
        (choice,) = [one for one in query_parameters(definition, path) if one["name"] == "f"]
        default = choice["schema"]["default"]
        response = api.get(f"{address}?f={default}", headers={"Accept": "image/png"})
        assert response.status_code == 200, address


@pytest.mark.parametrize(
    "accept, status",
    [
        ("application/geo+json", 200),
        ("application/json", 200),
        ("APPLICATION/GEO+JSON", 200),
        ("application/*", 200),
        ("*/*", 200),
        ("application/geo+json;q=0.1, image/png", 200),
        ("image/png, */*;q=0.1", 200),
        ("application/geo+json; charset=utf-8", 200),
        ("image/png", 406),
        ("application/geo+json;q=0, application/json;q=0", 406),
        ("video/*;q=1", 406),
    ],
)
def test_accept_is_read_with_its_qualities(api: FlaskClient, accept: str, status: int) -> None:
    """RFC 9110, section 12.5.1"""
    response = api.get(f"{AREAS}?limit=1", headers={"Accept": accept})

    assert response.status_code == status
    kind = "application/geo+json" if status == 200 else "application/problem+json"
    assert response.headers["Content-Type"] == kind


def test_every_answer_says_what_it_varies_by(api: FlaskClient, addresses: dict[str, str]) -> None:
    """RFC 9110, section 12.5.5; errors too, since they come in two languages."""
    for address in (*addresses.values(), "/api/nothing", f"{AREAS}?limit=0"):
        headers = api.get(address).headers
        vary = {one.strip() for one in headers["Vary"].split(",")}
        # A tile holds the labels of both languages, a symbol or a font those of none.
        same = headers["Content-Language"] in ("de, en", "zxx")
        assert vary >= ({"Accept"} if same else {"Accept", "Accept-Language"}), address


def test_every_answer_names_its_language_and_lang_wins(api: FlaskClient, addresses: dict[str, str]) -> None:
    for address in (*addresses.values(), "/api/nothing"):
        for lang in ("de", "en"):
            other = "en" if lang == "de" else "de"
            response = api.get(f"{address}?lang={lang}", headers={"Accept-Language": other})
            assert response.headers["Content-Language"] in (lang, "de, en", "zxx"), address


@pytest.mark.parametrize(
    "accepted, language",
    [
        ("en", "en"), ("en-US,en;q=0.5", "en"), ("de-AT", "de"), ("fr", "de"), ("fr,en;q=0.3", "en"),
        ("en;q=0.2,de;q=0.8", "de"), ("*", "de"), ("en;q=0", "de"), ("", "de"), ("de;q=0, en;q=0.1", "en"),
    ],
)  # fmt: skip
def test_accept_language_is_read_with_its_qualities(api: FlaskClient, accepted: str, language: str) -> None:
    response = api.get("/api/collections", headers={"Accept-Language": accepted})

    assert response.headers["Content-Language"] == language


def test_every_answer_may_be_read_from_any_origin(api: FlaskClient, addresses: dict[str, str]) -> None:
    """/rec/core/cross-origin"""
    for address in (*addresses.values(), "/api/nothing", f"{AREAS}?limit=0"):
        response = api.get(address, headers={"Origin": "https://map.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "*", address


def test_every_answer_can_be_asked_for_again_only_if_changed(
    api: FlaskClient, addresses: dict[str, str]
) -> None:
    """/rec/core/etag"""
    for address in addresses.values():
        tag = api.get(address).headers["ETag"]
        again = api.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        assert api.get(address, headers={"If-None-Match": '"other"'}).status_code == 200, address


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "/api/collections/nothing", "/api/collections/nothing/items", f"{AREAS}/nothing",
     "/api/collections/nothing/items/nothing", "/api/collections/nothing/tiles", "/api/collections/nothing/queryables"],
)  # fmt: skip
def test_what_does_not_exist_is_a_404_for_every_reading_method(api: FlaskClient, path: str) -> None:
    """Clause 7.5.1, table 3"""
    assert api.get(path).status_code == 404
    assert api.head(path).status_code == 404
