"""Features in every format: the same ones, read back by GDAL with the same geometry, values and umlauts."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from tests.ogc.formats.asking import AREAS, ENDINGS, TYPES, UTM32, fetch, read
from tests.ogc.reading import read_file

# Of two files that GDAL reads alike, the coordinates differ by how a text rounds them.
DIGITS = {"gpkg": 1e-9, "fgb": 1e-9, "shp": 1e-9}


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
    assert rows
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
    if name in ("json", "jsonfg"):
        assert response.json["features"] == []
    elif name == "geojsonseq":
        assert response.data == b""
    elif name == "csv":
        (head,) = response.text.splitlines()
        assert head.startswith("WKT,area_id,name,")
    else:
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
        features = json.loads(response.data)["features"]
        assert len(features) == 3
        for feature in features:
            assert set(feature["properties"]) == {"name", "status"}
            assert feature["geometry"] is None
    elif name == "geojsonseq":
        features = [json.loads(record) for record in response.text.split("\x1e")[1:]]
        assert [(set(one["properties"]), one["geometry"]) for one in features] == [
            ({"name", "status"}, None)
        ] * 3
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


def test_a_format_of_pages_is_not_one_of_single_features(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}/duisburg-marxloh?f=csv&lang=en")

    assert response.status_code == 400
    assert response.json["detail"].endswith("allowed are: json, jsonfg.")


def test_gdal_knows_every_driver_that_these_tests_need() -> None:
    assert {"JSONFG", "CSV", "GeoJSONSeq", "FlatGeobuf", "GPKG", "ESRI Shapefile"} <= set(
        pyogrio.list_drivers()
    )
