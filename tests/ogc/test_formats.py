"""Features in every format: the same ones, read back by GDAL with the same geometry, values and umlauts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality, square
from tests.ogc.reading import read_file

AREAS = "/api/collections/programme-areas/items"
UTM32 = "http://www.opengis.net/def/crs/EPSG/0/25832"
TYPES = {
    "json": "application/geo+json",
    "jsonfg": "application/vnd.ogc.fg+json",
    "geojsonseq": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "fgb": "application/flatgeobuf",
    "shp": "application/zip",
}
ENDINGS = {"json": ".geojson", "jsonfg": ".json", "geojsonseq": ".geojsons", "shp": ".zip"}
# Of two files that GDAL reads alike, the coordinates differ by how a text rounds them.
DIGITS = {"gpkg": 1e-9, "fgb": 1e-9, "shp": 1e-9}


@pytest.fixture(scope="module")
def awkward(
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
    database: str,
    engine: Engine,
) -> FlaskClient:
    """The API on features with holes, several parts, umlauts, quotes, separators and hardly any values."""
    with engine.begin() as connection:
        town = make_municipality(connection, name='Übermünster, "Süd"; Teil', outline=square(side=5000))
        make_municipality(connection, name="Ohne Umriss")
        make_municipality(connection, name="Irgendwo", point=None)
        hole = (
            "SRID=25832;MULTIPOLYGON(((390000 5710000,391000 5710000,391000 5711000,390000 5711000,"
            "390000 5710000),(390400 5710400,390400 5710600,390600 5710600,390600 5710400,390400 5710400)),"
            "((395000.123 5710000.456,396000 5710000,396000 5711000,395000.123 5710000.456)))"
        )
        make_area(
            connection, ags=town, name="Straße\nmit Umbruch", geom=hole, start_year=2012, status="ongoing"
        )
        make_area(connection, ags=town, name='=1+1; "zitiert", äöüß €', population=7)
    return make_api(make_settings(database)).test_client()


def fetch(client: FlaskClient, name: str, url: str = AREAS, **parameters: Any) -> Any:
    response = client.get(url, query_string={"f": name, "limit": 1000, **parameters})
    assert response.status_code == 200, response.data
    assert response.headers["Content-Type"] == TYPES[name]
    return response


def read(
    client: FlaskClient, name: str, path: Path, url: str = AREAS, **parameters: Any
) -> tuple[dict[str, Any], dict[str, Any], Any]:
    response = fetch(client, name, url, **parameters)
    return read_file(response.data, path / f"answer-{name}{ENDINGS.get(name, f'.{name}')}")


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("collection", list(COLLECTIONS))
def test_gdal_reads_all_features_with_their_geometry_and_umlauts(
    api: FlaskClient, sample_engine: Engine, tmp_path: Path, collection: str, name: str
) -> None:
    known = COLLECTIONS[collection]
    shape = "ST_Transform(point_3857, 25832)" if collection == "municipalities" else known.geom_column
    label = "name" if known.field("name") else "title_de"
    with sample_engine.connect() as connection:
        expected = connection.execute(
            text(f"SELECT {known.id_column} AS id, {label} AS name, ST_AsBinary({shape}) AS wkb FROM publication.{known.table} ORDER BY {known.key_column}")
        ).all()  # fmt: skip

    url = f"/api/collections/{collection}/items"
    _info, columns, geometry = read(api, name, tmp_path, url, crs=UTM32)

    rows = {row.id: row for row in expected}
    if name != "fgb":  # which puts features where its spatial index wants them
        assert list(columns[known.id_column]) == list(rows)
    rows = {feature_id: rows[feature_id] for feature_id in columns[known.id_column]}
    assert list(columns[label]) == [row.name for row in rows.values()]
    shapes = shapely.from_wkb([bytes(row.wkb) for row in rows.values()])
    if name in ("json", "csv"):
        assert_same(geometry, shapes, 0.001)
    else:
        assert_same(geometry, shapes, DIGITS.get(name, 0.001))


def assert_same(found: Any, expected: Any, tolerance: float) -> None:
    """Compare; GDAL reads a Shapefile's areas of one part as polygons."""
    many = [shapely.MultiPolygon([one]) if one.geom_type == "Polygon" else one for one in found]
    assert len(many) == len(expected)
    pairs = zip(shapely.normalize(many), shapely.normalize(expected), strict=True)
    assert all(shapely.equals_exact(one, other, tolerance=tolerance) for one, other in pairs)


@pytest.mark.parametrize("name", TYPES)
def test_awkward_texts_and_shapes_come_back_as_they_are(
    awkward: FlaskClient, engine: Engine, tmp_path: Path, name: str
) -> None:
    with engine.connect() as connection:
        statement = text("SELECT name, municipality FROM publication.programme_area ORDER BY area_no")
        rows = connection.execute(statement).all()

    _info, columns, geometry = read(awkward, name, tmp_path, crs=UTM32)
    if columns["name"][0] != rows[0].name:  # FlatGeobuf puts features where its spatial index wants them
        assert name == "fgb"
        rows, geometry = rows[::-1], geometry[::-1]

    town = "municip" if name == "shp" else "municipality"
    assert sorted(columns["name"]) == sorted(row.name for row in rows)
    assert list(columns[town]) == [row.municipality for row in rows]
    assert [shape.geom_type for shape in geometry] in (
        ["MultiPolygon", "MultiPolygon"],
        ["MultiPolygon", "Polygon"],
    )
    assert abs(shapely.area(geometry[0]) - 960_000 - shapely.area(geometry[0].geoms[1])) < 0.01


@pytest.mark.parametrize(
    "name", [name for name in TYPES if name not in ("shp", "csv", "json", "geojsonseq", "jsonfg")]
)
def test_tables_have_types_and_nulls(awkward: FlaskClient, tmp_path: Path, name: str) -> None:
    info, columns, _geometry = read(awkward, name, tmp_path)

    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert types["population"] == "OFTInteger"
    assert types["updated_at"] == "OFTDateTime"
    known = dict(zip(columns["status"], columns["population"], strict=True))
    assert np.isnan(known["ongoing"])
    assert known[None] == 7


@pytest.mark.parametrize("name", TYPES)
def test_filter_box_and_order_hold_in_every_format(api: FlaskClient, tmp_path: Path, name: str) -> None:
    parameters = {"status": "ongoing", "sortby": "-name", "limit": 5, "bbox": "6,51,8,52"}
    expected = [
        one["properties"]["name"]
        for one in json.loads(api.get(AREAS, query_string=parameters).data)["features"]
    ]

    response = fetch(api, name, **parameters)
    _info, columns, _geometry = read_file(response.data, tmp_path / f"a{ENDINGS.get(name, f'.{name}')}")

    assert sorted(columns["name"]) == sorted(expected)
    if name != "fgb":
        assert list(columns["name"]) == expected


@pytest.mark.parametrize("name", TYPES)
def test_the_next_link_of_the_headers_leads_through_all_pages(
    api: FlaskClient, tmp_path: Path, name: str
) -> None:
    expected = json.loads(api.get(f"{AREAS}?resultType=hits").data)["numberMatched"]
    found: list[str] = []
    url: str | None = f"{AREAS}?f={name}&limit=20"
    while url:
        response = api.get(url)
        assert int(response.headers["OGC-NumberMatched"]) == expected
        assert response.headers["Content-Type"] == TYPES[name]
        _info, columns, _geometry = read_file(
            response.data, tmp_path / f"{len(found)}{ENDINGS.get(name, f'.{name}')}"
        )
        assert len(columns["area_id"]) == int(response.headers["OGC-NumberReturned"])
        found += list(columns["area_id"])
        url = next_of(response.headers["Link"], TYPES[name])
    assert len(found) == len(set(found)) == expected


def next_of(header: str, media_type: str) -> str | None:
    for part in header.split(", <"):
        if 'rel="next"' in part:
            assert f'type="{media_type}"' in part
            return part.partition(">")[0].removeprefix("<")
    return None


@pytest.mark.parametrize("name", TYPES)
def test_accept_chooses_the_format(api: FlaskClient, name: str) -> None:
    response = api.get(f"{AREAS}?limit=1", headers={"Accept": f"{TYPES[name]}, image/png;q=0.5"})

    assert response.headers["Content-Type"] == TYPES[name]


@pytest.mark.parametrize("name", TYPES)
def test_every_answer_leads_to_the_licence_and_every_feature_names_its_own(
    api: FlaskClient, tmp_path: Path, name: str
) -> None:
    response = fetch(api, name)
    _info, columns, _geometry = read_file(response.data, tmp_path / f"a{ENDINGS.get(name, f'.{name}')}")

    assert 'rel="license"' in response.headers["Link"]
    assert "https://www.govdata.de/dl-de/zero-2-0" in response.headers["Link"]
    assert any(columns["licence"])


@pytest.mark.parametrize("name", TYPES)
def test_an_empty_answer_is_a_file_without_features(api: FlaskClient, tmp_path: Path, name: str) -> None:
    response = fetch(api, name, ags="00000000")

    assert response.headers["OGC-NumberReturned"] == "0"
    if name not in ("csv", "geojsonseq", "json", "jsonfg"):
        _info, columns, geometry = read_file(response.data, tmp_path / f"a{ENDINGS.get(name, f'.{name}')}")
        assert len(geometry) == 0
        assert "name" in columns


@pytest.mark.parametrize("name", TYPES)
def test_an_answer_that_is_known_is_not_sent_again(api: FlaskClient, name: str) -> None:
    tag = fetch(api, name).headers["ETag"]

    again = api.get(AREAS, query_string={"f": name, "limit": 1000}, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert fetch(api, name, limit=7).headers["ETag"] != tag


@pytest.mark.parametrize("name", ["gpkg", "fgb", "shp", "csv"])
@pytest.mark.parametrize(
    "uri", ["OGC/1.3/CRS84", "EPSG/0/25832", "EPSG/0/4326", "EPSG/0/4258", "EPSG/0/3857", "EPSG/0/25833"]
)
def test_every_crs_is_written_where_it_belongs(
    api: FlaskClient, sample_engine: Engine, tmp_path: Path, name: str, uri: str
) -> None:
    crs = f"http://www.opengis.net/def/crs/{uri}"
    srid = 4326 if "CRS84" in uri else int(uri.rpartition("/")[2])
    with sample_engine.connect() as connection:
        statement = text(
            f"SELECT area_id, ST_AsBinary(ST_Transform(geom, {srid})) AS wkb FROM publication.programme_area"
        )
        expected = {row.area_id: shapely.from_wkb(bytes(row.wkb)) for row in connection.execute(statement)}

    response = fetch(api, name, crs=crs, limit=10)
    assert response.headers["Content-Crs"] == f"<{crs}>"
    _info, columns, geometry = read_file(response.data, tmp_path / f"a{ENDINGS.get(name, f'.{name}')}")

    for area_id, shape in zip(columns["area_id"], geometry, strict=True):
        if name == "csv" and srid in (4326, 4258) and "CRS84" not in uri:
            shape = shapely.transform(shape, lambda points: points[:, ::-1])  # a text has latitude first
        assert shapely.hausdorff_distance(shape, expected[area_id]) < (
            0.001 if srid > 5000 or srid == 3857 else 1e-7
        )
    if name in ("gpkg", "fgb", "shp") and srid in (25832, 3857, 25833):
        assert f"{srid}" in str(_info["crs"])


@pytest.mark.parametrize("name", TYPES)
def test_properties_and_geometry_can_be_left_out(api: FlaskClient, tmp_path: Path, name: str) -> None:
    response = fetch(api, name, properties="name,status", skipGeometry="true", limit=3)

    if name in ("json", "jsonfg"):
        for feature in json.loads(response.data)["features"]:
            assert set(feature["properties"]) == {"name", "status"}
            assert feature["geometry"] is None
    elif name == "csv":
        assert response.text.splitlines()[0] == "area_id,name,status"
    elif name == "shp":
        assert sorted(zipfile.ZipFile(io.BytesIO(response.data)).namelist()) == [
            "LICENCE.txt",
            "programme_areas.cpg",
            "programme_areas.dbf",
        ]
    elif name in ("gpkg", "fgb"):
        _info, columns, geometry = read_file(response.data, tmp_path / f"a.{name}")
        assert list(columns) == ["area_id", "name", "status"]
        assert geometry is None or not any(geometry)


@pytest.mark.parametrize("name", ["gpkg", "csv", "jsonfg"])
def test_outlines_can_be_simplified(api: FlaskClient, tmp_path: Path, name: str) -> None:
    sizes = [
        shapely.get_num_coordinates(read(api, name, tmp_path, crs=UTM32, **extra)[2]).sum()
        for extra in ({}, {"max-allowable-offset": "50"})
    ]

    assert 0 < sizes[1] < sizes[0]


# JSON-FG (OGC 21-045r1)


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


# CSV (RFC 4180)


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


# GeoJSON text sequences (RFC 8142)


def test_a_sequence_is_one_geojson_text_per_record(awkward: FlaskClient) -> None:
    content = fetch(awkward, "geojsonseq").data

    records = content.split(b"\x1e")
    assert records[0] == b""
    assert all(record.endswith(b"\n") for record in records[1:])
    features = [json.loads(record) for record in records[1:]]
    expected = json.loads(fetch(awkward, "json").data)["features"]
    assert features == expected


# Files


def test_a_shapefile_has_short_names_utf_8_and_the_licence_as_a_text(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    response = fetch(awkward, "shp")
    archive = zipfile.ZipFile(io.BytesIO(response.data))

    assert {name.rpartition(".")[2] for name in archive.namelist()} == {
        "shp",
        "shx",
        "dbf",
        "prj",
        "cpg",
        "txt",
    }
    assert archive.read("programme_areas.cpg") == b"UTF-8"
    assert "dl-de/zero-2-0" in archive.read("LICENCE.txt").decode()
    info, _columns, _geometry = read_file(response.data, tmp_path / "a.zip")
    assert list(info["fields"]) == [field.short_name for field in COLLECTIONS["programme-areas"].fields]
    assert response.headers["Content-Disposition"] == 'attachment; filename="programme_areas.zip"'


@pytest.mark.parametrize("name", ["gpkg", "fgb"])
def test_a_file_names_title_licence_and_provider(api: FlaskClient, tmp_path: Path, name: str) -> None:
    info, _columns, _geometry = read(api, name, tmp_path, lang="en")

    assert "dl-de/zero-2-0" in info["layer_metadata"]["LICENCE"]
    assert info["layer_metadata"]["ATTRIBUTION"]


def test_points_and_outlines_of_municipalities_stand_together_but_in_a_shapefile(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    url = "/api/collections/municipalities/items"
    _info, _columns, mixed = read(awkward, "gpkg", tmp_path, url)
    _info, _columns, points = read(awkward, "shp", tmp_path, url)

    assert {shape and shape.geom_type for shape in mixed} == {"MultiPolygon", "Point", None}
    assert {shape and shape.geom_type for shape in points} == {"Point", None}
    archive = zipfile.ZipFile(io.BytesIO(fetch(awkward, "shp", url).data))
    assert "all written as points" in archive.read("NOTES.txt").decode()


def test_a_flatgeobuf_with_a_feature_that_lies_nowhere_has_all_features(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    _info, columns, geometry = read(awkward, "fgb", tmp_path, "/api/collections/municipalities/items")

    assert dict(zip(columns["name"], geometry, strict=True))["Irgendwo"] is None
    assert len(geometry) == 3


def test_no_temporary_file_is_left_behind(
    api: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    for name in ("gpkg", "fgb", "shp"):
        assert fetch(api, name).data
    assert list(tmp_path.iterdir()) == []


def test_json_fg_features_fit_the_definition(api: FlaskClient) -> None:
    definition = json.loads(api.get("/api/openapi").data)
    content = definition["components"]["responses"]["items-programme-areas"]["content"]

    assert set(content) == set(TYPES.values())
    schema = {**content[TYPES["jsonfg"]]["schema"], "components": definition["components"]}
    cleaned = json.loads(json.dumps(schema).replace('"nullable": true', '"description": ""'))
    page = json.loads(fetch(api, "jsonfg").data)
    assert (
        page["type"]
        == cleaned["components"]["schemas"]["items-programme-areas"]["properties"]["type"]["enum"][0]
    )
    jsonschema.Draft7Validator.check_schema(cleaned)


def test_a_format_of_pages_is_not_one_of_single_features(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}/duisburg-marxloh?f=csv&lang=en")

    assert response.status_code == 400
    assert response.json["detail"].endswith("allowed are: json, jsonfg.")


def test_gdal_knows_every_driver_that_these_tests_need() -> None:
    assert {"JSONFG", "CSV", "GeoJSONSeq", "FlatGeobuf", "GPKG", "ESRI Shapefile"} <= set(
        pyogrio.list_drivers()
    )
