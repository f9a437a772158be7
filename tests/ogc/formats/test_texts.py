"""What the formats that are texts have of their own: JSON-FG, CSV and sequences of GeoJSON texts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import shapely
from flask.testing import FlaskClient

from geo_service.domain.collections import COLLECTIONS
from tests.ogc.definition import json_schema
from tests.ogc.formats.asking import AREAS, TYPES, UTM32, fetch, read


def test_json_fg_has_place_in_utm_32_geometry_in_degrees_and_the_period(awkward: FlaskClient) -> None:
    document = json.loads(fetch(awkward, "jsonfg").data)

    assert document["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    assert document["coordRefSys"] == UTM32
    assert document["featureType"] == "programme_areas"
    assert document["geometryDimension"] == 2
    assert document["featureSchema"] == "http://localhost/api/collections/programme-areas/schema"
    first, second = document["features"]
    assert first["place"]["coordinates"][0][0][0] == [390000, 5710000]
    assert 7 < first["geometry"]["coordinates"][0][0][0][0] < 8
    assert first["time"] == {"interval": ["2012-01-01", ".."]}
    assert second["time"] is None


def test_json_fg_in_degrees_needs_no_place(awkward: FlaskClient) -> None:
    crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    response = fetch(awkward, "jsonfg", crs=crs84)

    assert response.headers["Content-Crs"] == f"<{crs84}>"
    assert [one["place"] for one in response.json["features"]] == [None, None]
    assert all(one["geometry"] for one in response.json["features"])


def test_a_single_feature_is_json_fg_too(awkward: FlaskClient) -> None:
    feature_id = json.loads(fetch(awkward, "jsonfg").data)["features"][0]["id"]
    response = awkward.get(f"{AREAS}/{feature_id}?f=jsonfg")

    assert response.headers["Content-Type"] == TYPES["jsonfg"]
    assert response.headers["Content-Crs"] == f"<{UTM32}>"
    assert response.json["conformsTo"]
    assert response.json["place"]["coordinates"][0][0][0] == [390000, 5710000]
    assert response.json["type"] == "Feature"


def test_gdal_recognises_json_fg_and_its_crs(awkward: FlaskClient, tmp_path: Path) -> None:
    info, _columns, geometry = read(awkward, "jsonfg", tmp_path)

    assert info["driver"] == "JSONFG"
    assert info["layer_name"] == "programme_areas"
    assert info["crs"] == "EPSG:25832"
    assert shapely.bounds(geometry[0])[0] == 390000


def test_json_fg_features_fit_the_definition(api: FlaskClient) -> None:
    definition = json.loads(api.get("/api/openapi").data)
    content = definition["components"]["responses"]["items-programme-areas"]["content"]

    assert set(content) == set(TYPES.values())
    schema = json_schema(definition, content[TYPES["jsonfg"]]["schema"])
    page = json.loads(fetch(api, "jsonfg").data)
    assert page["features"]
    jsonschema.Draft7Validator(schema).validate(page)


def test_csv_has_columns_for_all_fields_and_the_geometry_as_wkt(awkward: FlaskClient) -> None:
    response = fetch(awkward, "csv")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8"), newline="")))

    assert rows[0] == ["WKT", *(field.name for field in COLLECTIONS["programme-areas"].fields)]
    assert {len(row) for row in rows} == {len(rows[0])}
    first, second = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert first["WKT"].startswith("MULTIPOLYGON(((7.")
    assert first["name"] == "Straße\nmit Umbruch"
    assert (first["start_year"], first["population"], second["population"]) == ("2012", "", "7")
    assert second["name"] == '=1+1; "zitiert", äöüß €'
    assert second["updated_at"].endswith("Z")
    assert second["profile_url"] == f"http://localhost/profiles/{second['area_id']}"
    assert response.headers["Content-Disposition"] == 'attachment; filename="programme_areas.csv"'


def test_csv_joins_lists_by_semicolons(api: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(fetch(api, "csv", programmes="SZH").text)))

    expected = json.loads(fetch(api, "json", programmes="SZH").data)["features"]
    assert [row["programmes"].split(";") for row in rows] == [
        one["properties"]["programmes"] for one in expected
    ]


def test_a_sequence_is_one_geojson_text_per_record(awkward: FlaskClient) -> None:
    content = fetch(awkward, "geojsonseq").data

    records = content.split(b"\x1e")
    assert records[0] == b""
    assert all(record.endswith(b"\n") for record in records[1:])
    features = [json.loads(record) for record in records[1:]]
    expected = json.loads(fetch(awkward, "json").data)["features"]
    assert features == expected
