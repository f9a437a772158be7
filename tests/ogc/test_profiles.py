"""Profiles of GeoJSON and of schemas: Part 5 (23-058r2), clauses 13, 15 and 16; JSON-FG (21-045r1), clauses 14 and 15."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pyogrio
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_service.domain.code_lists import CODE_LISTS
from geo_service.domain.collections import COLLECTIONS

REGISTER = "http://www.opengis.net/def/profile/OGC/0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"
AREAS = "/api/collections/programme-areas"
NAMES = list(COLLECTIONS)
SCHEMAS = ("schema", "queryables", "sortables")


def get(api: FlaskClient, path: str, **parameters: str) -> TestResponse:
    response = api.get(path, query_string=parameters)
    assert response.status_code == 200, response.text
    return response


def in_header(response: TestResponse) -> list[str]:
    """The profiles that the header names."""
    return re.findall(rf'<{REGISTER}/([^>]+)>; rel="profile"', response.headers.get("Link", ""))


def in_body(document: dict[str, Any]) -> list[str]:
    return [one["href"].removeprefix(f"{REGISTER}/") for one in document["links"] if one["rel"] == "profile"]


def first_item(api: FlaskClient) -> str:
    document = get(api, f"{AREAS}/items", limit="1").json
    assert document
    return f"{AREAS}/items/{document['features'][0]['id']}"


@pytest.fixture(params=["items", "item"])
def address(request: pytest.FixtureRequest, api: FlaskClient) -> str:
    return f"{AREAS}/items" if request.param == "items" else first_item(api)


def features(document: dict[str, Any]) -> list[dict[str, Any]]:
    return document["features"] if document["type"] == "FeatureCollection" else [document]


@pytest.mark.parametrize(
    ("asked", "followed"),
    [
        (None, "rfc7946"),
        ("rfc7946", "rfc7946"),
        ("jsonfg", "jsonfg"),
        ("jsonfg-plus", "jsonfg-plus"),
        (f"{REGISTER}/jsonfg", "jsonfg"),
        ("http://www.opengis.net/def/profile/ogc/0/jsonfg-plus", "jsonfg-plus"),
        ("rel-as-link,jsonfg,rfc7946", "jsonfg"),  # the first that there is
        ("rel-as-link", "rfc7946"),
        ("https://example.org/profiles/mine?v=1", "rfc7946"),
        (f"{REGISTER}/nothing", "rfc7946"),
    ],
)
def test_geojson_follows_the_profile_that_was_asked_for_and_says_so(
    api: FlaskClient, address: str, asked: str | None, followed: str
) -> None:
    response = get(api, address, **({"profile": asked} if asked else {}))
    document = json.loads(response.data)

    assert response.headers["Content-Type"] == "application/geo+json"
    assert in_body(document) == in_header(response) == [followed]
    is_json_fg = followed != "rfc7946"
    assert ("conformsTo" in document) is is_json_fg
    for feature in features(document):
        assert ("place" in feature) is ("time" in feature) is is_json_fg
        assert (feature["geometry"] is None) is (followed == "jsonfg")
        assert not is_json_fg or feature["place"]


def test_the_same_comes_by_profile_as_by_format(api: FlaskClient) -> None:
    by_profile, by_format = (
        json.loads(get(api, f"{AREAS}/items", **asked).data)
        for asked in ({"profile": "jsonfg-plus"}, {"f": "jsonfg"})
    )

    assert by_profile.pop("links") != by_format.pop("links")
    assert by_profile == by_format


@pytest.mark.parametrize("name", NAMES)
def test_json_fg_without_a_fallback_differs_by_nothing_else(api: FlaskClient, name: str) -> None:
    address = f"/api/collections/{name}/items"
    lean, plus = (
        json.loads(get(api, address, limit="1000", crs=ETRS89, profile=profile).data)
        for profile in ("jsonfg", "jsonfg-plus")
    )

    assert any(one["geometry"] for one in plus["features"])
    for feature in plus["features"]:
        assert (feature["place"] is None) == (feature["geometry"] is None)
        feature["geometry"] = None
    assert lean["features"] == plus["features"]


@pytest.mark.parametrize("profile", ["jsonfg", "jsonfg-plus"])
def test_longitude_and_latitude_stand_in_geometry_alone(api: FlaskClient, profile: str) -> None:
    document = json.loads(get(api, f"{AREAS}/items", profile=profile, crs=CRS84).data)

    assert document["features"]
    assert all(one["geometry"] and one["place"] is None for one in document["features"])


@pytest.mark.parametrize("profile", ["jsonfg", "jsonfg-plus"])
def test_no_shape_where_none_is_wanted(api: FlaskClient, profile: str) -> None:
    document = json.loads(get(api, f"{AREAS}/items", profile=profile, skipGeometry="true").data)

    assert document["features"]
    assert all(one["geometry"] is one["place"] is None for one in document["features"])


def test_the_profile_stays_from_page_to_page(api: FlaskClient) -> None:
    first = json.loads(get(api, f"{AREAS}/items", profile="jsonfg", limit="2").data)
    links = {one["rel"]: one["href"] for one in first["links"]}
    second = json.loads(api.get(links["next"]).data)

    assert json.loads(api.get(links["self"]).data) == first
    assert in_body(second) == ["jsonfg"]
    assert second["features"][0]["geometry"] is None


def test_the_formats_older_name_knows_its_two_profiles(api: FlaskClient) -> None:
    for asked, followed in (("jsonfg", "jsonfg"), ("rfc7946", "jsonfg-plus")):
        response = get(api, f"{AREAS}/items", f="jsonfg", profile=asked)

        assert response.headers["Content-Type"] == "application/vnd.ogc.fg+json"
        assert in_header(response) == [followed]


@pytest.mark.parametrize("name", ["csv", "geojsonseq", "gpkg", "fgb", "shp"])
def test_formats_without_profiles_neither_follow_nor_name_one(api: FlaskClient, name: str) -> None:
    with_profile, without = (
        get(api, f"{AREAS}/items", f=name, limit="2", **asked) for asked in ({"profile": "jsonfg"}, {})
    )

    assert in_header(with_profile) == []
    assert name in ("gpkg", "shp") or with_profile.data == without.data  # those two hold the time of writing


@pytest.mark.parametrize("profile", ["", "jsonfg,", "a b", "ä", ",".join(["a"] * 21)])
@pytest.mark.parametrize("address", ["items", "items?f=csv&", "schema"])
def test_what_can_be_no_profile_is_refused(api: FlaskClient, address: str, profile: str) -> None:
    sign = "" if address.endswith("&") else "?"
    response = api.get(f"{AREAS}/{address}{sign}lang=en&profile={quote(profile)}")

    assert response.status_code == 400
    assert response.json
    assert response.json["parameter"] == "profile"
    assert "such as profile=jsonfg" in response.json["detail"]


def test_gdal_takes_the_shape_from_place(api: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "areas.json"
    file.write_bytes(get(api, f"{AREAS}/items", profile="jsonfg", limit="5").data)

    layer = pyogrio.read_info(file, force_total_bounds=True)
    assert layer["driver"] == "JSONFG"
    assert (layer["features"], layer["crs"]) == (5, "EPSG:25832")
    assert 280_000 < layer["total_bounds"][0] < 540_000


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("resource", SCHEMAS)
@pytest.mark.parametrize("name", NAMES)
def test_codes_stand_with_their_labels_in_the_schema_where_that_is_asked_for(
    api: FlaskClient, name: str, resource: str, language: str
) -> None:
    path = f"/api/collections/{name}/{resource}"
    plain, inline = (get(api, path, lang=language, **one) for one in ({}, {"profile": "codelist-inline"}))
    referring, labelled = (json.loads(one.data) for one in (plain, inline))

    assert in_header(plain) == ["codelist-ref", "valid-domain"]
    assert in_header(inline) == ["codelist-inline", "valid-domain"]
    jsonschema.Draft202012Validator.check_schema(labelled)
    assert labelled["$id"] == referring["$id"] == f"http://localhost{path}"
    coded = 0
    for field in COLLECTIONS[name].fields:
        if field.name not in labelled["properties"]:
            continue
        ours, theirs = (one["properties"][field.name] for one in (labelled, referring))
        if field.code_list is None:
            assert ours == theirs
            continue
        coded += 1
        ours, theirs = (one.get("items", one) for one in (ours, theirs))
        assert ours["type"] == "string"
        assert ours["x-ogc-codelistUri"] == theirs["x-ogc-codelistUri"]
        assert [one["const"] for one in ours["oneOf"]] == theirs["enum"]
        code_list = CODE_LISTS[field.code_list.name]
        assert [one["title"] for one in ours["oneOf"]] == [
            code_list.label(code, language) for code in theirs["enum"]
        ]
        assert "enum" not in ours
    assert coded


def test_features_are_valid_by_the_schema_of_either_profile(api: FlaskClient) -> None:
    schema = json.loads(get(api, f"{AREAS}/schema", profile="codelist-inline").data)
    del schema["properties"]["geom"]
    validator = jsonschema.Draft202012Validator(schema)

    for feature in json.loads(get(api, f"{AREAS}/items", limit="1000").data)["features"]:
        validator.validate(
            {name: value for name, value in feature["properties"].items() if value is not None}
        )
    assert list(validator.iter_errors({"status": "nonsense"}))
