"""What goes wrong in the framework that we stand on, one test each: none of it may come back with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, QueuePool, text

from geo_service.db.engine import read_engine
from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.blueprint import make_blueprint
from geo_service.settings import Settings

AREAS = "/api/collections/programme-areas/items"
TILES = "/api/collections/programme-areas/tiles"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def ids(engine: Engine, where: str) -> set[str]:
    with engine.connect() as connection:
        statement = f"SELECT area_id FROM publication.programme_area WHERE {where}"
        return set(connection.execute(text(statement)).scalars())


def found(api: FlaskClient, query: str) -> set[str]:
    response = api.get(f"{AREAS}?limit=1000&{query}")
    assert response.status_code == 200, response.data
    return {one["id"] for one in json.loads(response.data)["features"]}


@pytest.mark.parametrize(
    "query",
    [
        "filter=status%3D'ongoing'",
        "filter=status%3D'ongoing'&filter-lang=cql2-text",
        "filter=status%3D'ongoing'&filter-lang=cql-text",
        "filter-lang=cql2-json&filter=" + quote('{"op":"=","args":[{"property":"status"},"ongoing"]}'),
    ],
)
def test_1_cql2_is_read_in_both_encodings(api: FlaskClient, sample_engine: Engine, query: str) -> None:
    assert found(api, query) == ids(sample_engine, "status = 'ongoing'")


def test_2_the_classes_by_which_qgis_decides_to_filter_are_declared(api: FlaskClient) -> None:
    declared = {one.partition("/spec/")[2] for one in api.get("/api/conformance").json["conformsTo"]}

    assert {
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
        "cql2/1.0/conf/basic-spatial-operators",
    } <= declared


def test_3_the_page_size_stands_where_clients_look_for_it(api: FlaskClient) -> None:
    definition = api.get("/api/openapi").json

    schema = definition["components"]["parameters"]["limit"]["schema"]
    assert (schema["maximum"], schema["default"]) == (10_000, 100)
    for collection_id in COLLECTIONS:
        parameters = definition["paths"][f"/collections/{collection_id}/items"]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/limit"} in parameters


def test_4_a_box_is_transformed_with_its_edges_and_not_by_two_corners(
    api: FlaskClient, sample_engine: Engine
) -> None:
    """At 6° E the grid of EPSG:25832 is turned by 2.3°: two corners miss four kilometres in a hundred."""
    corners = "ST_MakeEnvelope(ST_X(a), ST_Y(a), ST_X(b), ST_Y(b), 25832)"
    naive = ids(
        sample_engine,
        f"ST_Intersects(geom, (SELECT {corners} FROM ST_Transform('SRID=4326;POINT(6 51.2)'::geometry, 25832) a, "
        "ST_Transform('SRID=4326;POINT(7.4 51.5)'::geometry, 25832) b))",
    )
    true = ids(
        sample_engine,
        "ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(6, 51.2, 7.4, 51.5, 4326), 0.001), 25832))",
    )
    assert naive != true

    assert found(api, "bbox=6,51.2,7.4,51.5") == true


@pytest.mark.parametrize("code", [4326, 4258])
def test_5_degrees_of_an_epsg_code_come_latitude_first_in_and_out(
    api: FlaskClient, sample_engine: Engine, code: int
) -> None:
    crs = f"{EPSG}/{code}"
    expected = ids(
        sample_engine,
        f"ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(7, 51.2, 7.4, 51.6, {code}), 0.001), 25832))",
    )

    assert found(api, f"bbox=51.2,7,51.6,7.4&bbox-crs={crs}") == expected
    assert found(api, f"bbox=7,51.2,7.4,51.6&bbox-crs={crs}") == set()
    feature = api.get(f"/api/collections/programme-area-points/items?limit=1&crs={crs}").json["features"][0]
    latitude, longitude = feature["geometry"]["coordinates"]
    assert 50 < latitude < 53
    assert 5 < longitude < 10


def test_6_pages_in_an_order_with_ties_neither_repeat_nor_lose_a_feature(
    api: FlaskClient, sample_engine: Engine
) -> None:
    seen, url = [], f"{AREAS}?sortby=status&limit=7"
    while url:
        page = api.get(url).json
        seen += [one["id"] for one in page["features"]]
        url = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")

    assert len(seen) == len(set(seen))
    assert set(seen) == ids(sample_engine, "true")


def test_7_a_last_page_that_is_exactly_full_leads_nowhere(api: FlaskClient, sample_engine: Engine) -> None:
    number = len(ids(sample_engine, "status = 'ongoing'"))

    page = api.get(f"{AREAS}?status=ongoing&limit={number}").json

    assert page["numberReturned"] == number
    assert "next" not in {one["rel"] for one in page["links"]}


@pytest.mark.parametrize(
    "path, status",
    [
        ("WebMercatorQuad/3/8/8", 404),
        ("WebMercatorQuad/19/0/0", 404),
        ("NoSuchQuad/0/0/0", 404),
        ("NoSuchQuad", 404),
        ("WebMercatorQuad/x/0/0", 400),
    ],
)
def test_8_a_tile_that_cannot_be_is_a_problem_and_not_an_exception(
    api: FlaskClient, path: str, status: int
) -> None:
    response = api.get(f"{TILES}/{path}")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_9_conformance_does_not_grow(api: FlaskClient) -> None:
    lengths = {len(api.get("/api/conformance").json["conformsTo"]) for _ in range(5)}

    assert len(lengths) == 1


def test_10_edits_are_refused_and_nothing_claims_them(api: FlaskClient) -> None:
    declared = api.get("/api/conformance").json["conformsTo"]
    assert not [one for one in declared if "features-4" in one or "transaction" in one]
    for method, path in (
        ("POST", AREAS),
        ("PUT", f"{AREAS}/x"),
        ("PATCH", f"{AREAS}/x"),
        ("DELETE", f"{AREAS}/x"),
    ):
        response = api.open(path, method=method, json={"type": "Feature"})
        assert response.status_code in (400, 405, 415), (method, path)
        assert method not in api.options(f"{AREAS}/x").headers["Allow"]


def test_11_the_schema_says_more_than_the_names_of_columns(api: FlaskClient) -> None:
    schema = api.get("/api/collections/programme-areas/schema").json
    properties = schema["properties"]

    assert schema["additionalProperties"] is False
    geometry = next(one for one in properties.values() if one.get("x-ogc-role") == "primary-geometry")
    assert geometry["format"] == "geometry-multipolygon"
    assert properties["status"]["enum"] == ["planned", "ongoing", "completed"]
    orders = [one["x-ogc-propertySeq"] for one in properties.values()]
    assert len(orders) == len(set(orders))
    assert all(one["title"] != name for name, one in properties.items() if "title" in one)
    queryables = api.get("/api/collections/programme-areas/queryables").json["properties"]
    assert [
        one for one in queryables.values() if one.get("$ref", "").startswith("https://geojson.org/schema/")
    ]


def test_12_datetime_compares_periods_and_not_texts(api: FlaskClient, sample_engine: Engine) -> None:
    within = ids(sample_engine, "period && '[2012-06-01,2012-06-01]' AND lower(period) < '2012-06-01'")

    assert within
    assert within <= found(api, "datetime=2012-06-01")
    assert found(api, "datetime=../2012-06-01") == ids(sample_engine, "period && '(,2012-06-01]'")
    assert found(api, "datetime=2012-06-01/") == ids(sample_engine, "period && '[2012-06-01,)'")


def test_13_csv_has_every_geometry_and_a_head_without_rows(api: FlaskClient, sample_engine: Engine) -> None:
    table = list(csv.DictReader(io.StringIO(api.get(f"{AREAS}?f=csv&limit=1000").get_data(as_text=True))))
    empty = api.get(f"{AREAS}?f=csv&name=none").get_data(as_text=True)

    assert {row["area_id"] for row in table} == ids(sample_engine, "true")
    assert all(any(value.startswith("MULTIPOLYGON") for value in row.values()) for row in table)
    assert empty.splitlines()[0].split(",")[:2] == list(table[0])[:2]
    assert len(empty.splitlines()) == 1


def test_14_the_pool_is_a_setting_and_no_engine_is_made_per_request(
    make_settings: Callable[..., Settings], sample_database: str
) -> None:
    engine = read_engine(make_settings(sample_database, pool_size=3))
    client = Flask("test", static_folder=None)
    client.register_blueprint(make_blueprint(make_settings(sample_database), engine))

    for _ in range(5):
        assert client.test_client().get(f"{AREAS}?limit=1").status_code == 200

    pool = engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.size() == 3
    assert pool.checkedin() + pool.checkedout() <= 2  # one for the requests, and who listens for changes
    engine.dispose()


def test_15_a_misspelled_parameter_is_not_dropped(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}?statuss=ongoing&lang=en")

    assert response.status_code == 400
    assert "'status'" in response.json["detail"]


def test_16_an_answer_that_is_known_is_not_sent_again(api: FlaskClient) -> None:
    for path in (
        AREAS,
        f"{AREAS}?limit=1",
        "/api/collections",
        f"{TILES}/WebMercatorQuad/8/85/133",
        "/api/openapi",
    ):
        tag = api.get(path).headers["ETag"]
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 304, path


def test_items_are_geojson_by_their_type_and_tiles_need_no_format(api: FlaskClient) -> None:
    assert api.get(AREAS).headers["Content-Type"] == "application/geo+json"
    tile = api.get(f"{TILES}/WebMercatorQuad/8/85/133")
    assert tile.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    layers: dict[str, Any] = mapbox_vector_tile.decode(tile.data)
    assert all(isinstance(one["id"], int) for one in layers["programme-areas"]["features"])


def test_links_carry_the_mount_prefix(api: FlaskClient) -> None:
    document = api.get("/api", base_url="https://host.example/geo").json

    own = [one["href"] for one in document["links"] if "host.example" in one["href"]]
    assert own
    assert all(href.startswith("https://host.example/geo/") for href in own)


def test_what_the_service_sends_names_no_foreign_host(api: FlaskClient) -> None:
    """Its pages would load scripts from public networks; ours name the standards and the licence alone."""
    text_ = " ".join(
        api.get(path).get_data(as_text=True) for path in ("/api", "/api/collections", "/api/openapi")
    )

    for host in ("unpkg", "jsdelivr", "cdnjs", "googleapis", "pygeoapi.io", "openstreetmap"):
        assert host not in text_
