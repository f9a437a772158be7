"""Schemas of the collections (OGC API - Features - Part 5: Schemas, 23-058)."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pyogrio
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS

NAMES = list(COLLECTIONS)
RESOURCES = ("schema", "queryables", "sortables", "feature-schema")


def get(api: FlaskClient, path: str, **headers: str) -> dict[str, Any]:
    response = api.get(f"/api/collections/{path}", headers=headers)
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.data)
    return document


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_a_json_schema_under_its_identifier(
    api: FlaskClient, name: str, resource: str
) -> None:
    response = api.get(f"/api/collections/{name}/{resource}", headers={"Accept": "application/schema+json"})
    document = json.loads(response.data)

    assert response.headers["Content-Type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"] == f"http://localhost/api/collections/{name}/{resource}"
    assert document["type"] == "object"
    assert document["additionalProperties"] is False


@pytest.mark.parametrize("resource", ["schema", "queryables", "sortables"])
@pytest.mark.parametrize("name", NAMES)
def test_each_property_has_type_title_and_a_place_of_its_own(
    api: FlaskClient, name: str, resource: str
) -> None:
    properties = get(api, f"{name}/{resource}")["properties"]

    positions = [one["x-ogc-propertySeq"] for one in properties.values()]
    assert positions == sorted(set(positions))
    for one in properties.values():
        assert one["title"]
        assert ("type" in one) != one.get("format", "").startswith("geometry-")


@pytest.mark.parametrize("name", NAMES)
def test_roles_are_those_of_part_5(api: FlaskClient, name: str) -> None:
    properties = get(api, f"{name}/schema")["properties"]
    roles = {one["x-ogc-role"]: key for key, one in properties.items() if "x-ogc-role" in one}

    expected = {"id": COLLECTIONS[name].id_column, "primary-geometry": "geom"}
    if COLLECTIONS[name].has_period:
        start = "begin_date" if name == "events" else "start_date"
        expected |= {"primary-interval-start": start, "primary-interval-end": "end_date"}
        assert properties[start]["format"] == properties["end_date"]["format"] == "date"
    assert roles == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("programme-areas", "geometry-multipolygon"),
        ("programme-area-points", "geometry-point"),
        ("municipalities", "geometry-any"),
    ],
)
def test_the_geometry_of_the_schema_has_a_format_and_nothing_else_for_its_type(
    api: FlaskClient, name: str, expected: str
) -> None:
    geometry = get(api, f"{name}/schema")["properties"]["geom"]

    assert geometry["format"] == expected
    assert not {"type", "$ref"} & set(geometry)


def test_what_the_service_computes_is_read_only(api: FlaskClient) -> None:
    properties = get(api, "programme-areas/schema")["properties"]

    assert properties["updated_at"]["readOnly"] is True
    assert properties["profile_url"] == properties["profile_url"] | {"readOnly": True, "format": "uri"}
    assert "readOnly" not in properties["name"]


def test_units_are_those_of_ucum(api: FlaskClient) -> None:
    assert get(api, "programme-areas/schema")["properties"]["area_ha"]["x-ogc-unit"] == "har"


def test_codes_are_enumerated_and_lead_to_their_list(api: FlaskClient) -> None:
    properties = get(api, "programme-areas/schema")["properties"]

    assert properties["status"]["enum"] == ["planned", "ongoing", "completed"]
    assert properties["status"]["x-ogc-codelistUri"] == "http://localhost/api/codelists/status"
    assert "SOS" in properties["programmes"]["items"]["enum"]
    assert properties["programmes"]["items"]["x-ogc-codelistUri"].endswith("/codelists/programme")


@pytest.mark.parametrize("name", NAMES)
def test_features_have_the_properties_of_the_schema_in_its_types(api: FlaskClient, name: str) -> None:
    schema = get(api, f"{name}/schema")
    geometry = schema["properties"].pop("geom")
    assert geometry
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    found = get(api, f"{name}/items?limit=1000")["features"]
    assert found
    for feature in found:
        assert set(feature["properties"]) == set(schema["properties"])
        known = {key: value for key, value in feature["properties"].items() if value is not None}
        checker.validate(known)


@pytest.mark.parametrize("name", NAMES)
def test_a_geojson_feature_fits_the_feature_schema_but_for_nulls(api: FlaskClient, name: str) -> None:
    checker = jsonschema.Draft202012Validator(get(api, f"{name}/feature-schema"))
    found = get(api, f"{name}/items?limit=50")["features"]
    assert found
    for feature in found:
        known = {key: value for key, value in feature["properties"].items() if value is not None}
        checker.validate({**feature, "properties": known})


def test_titles_speak_the_language_asked_for(api: FlaskClient) -> None:
    german = get(api, "programme-areas/schema?lang=de")["properties"]["geom_basis"]
    english = get(api, "programme-areas/schema", **{"Accept-Language": "en"})["properties"]["geom_basis"]

    assert (german["title"], english["title"]) == ("Grundlage der Abgrenzung", "Basis of the boundary")
    response = api.get("/api/collections/programme-areas/schema?lang=en")
    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("name", NAMES)
def test_collections_link_their_schemas_in_the_language_asked_for(api: FlaskClient, name: str) -> None:
    links = {one["rel"]: one for one in get(api, f"{name}?lang=en")["links"]}

    for relation, resource in {
        "http://www.opengis.net/def/rel/ogc/1.0/schema": "schema",
        "http://www.opengis.net/def/rel/ogc/1.0/queryables": "queryables",
        "http://www.opengis.net/def/rel/ogc/1.0/sortables": "sortables",
        "describedby": "feature-schema",
    }.items():
        assert links[relation]["type"] == "application/schema+json"
        assert links[relation]["href"] == f"http://localhost/api/collections/{name}/{resource}?lang=en"


def test_sortables_are_scalars_of_the_database(api: FlaskClient, sample_engine: Engine) -> None:
    properties = get(api, "programme-areas/sortables")["properties"]

    assert not {"geom", "programmes", "municipalities", "ags_all", "profile_url"} & set(properties)
    assert {"name", "status", "area_ha", "start_date", "updated_at"} <= set(properties)
    with sample_engine.connect() as connection:
        connection.execute(text(f"SELECT {', '.join(properties)} FROM publication.programme_area LIMIT 1"))


def test_gdal_takes_types_from_the_schema_also_where_the_first_features_know_nothing(served: str) -> None:
    info = pyogrio.read_info(f"OAPIF:{served}", layer="programme-areas")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))

    assert types["start_date"] == types["end_date"] == types["resolution_date"] == "OFTDate"
    assert types["updated_at"] == "OFTDateTime"
    assert types["population"] == types["start_year"] == "OFTInteger"
    assert types["area_ha"] == "OFTReal"
    assert types["programmes"] == "OFTStringList"
    assert types["concept"] == "OFTString"


def test_schemas_know_no_parameters_but_format_and_language(api: FlaskClient) -> None:
    assert api.get("/api/collections/programme-areas/schema?limit=1").status_code == 400
    assert api.get("/api/collections/nothing/schema").status_code == 404
