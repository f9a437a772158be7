"""What goes wrong: one form of answer, a sentence that helps, never a 5xx for what a client sends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo_service.db.watch import LEASE_S
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality

AREAS = "/api/collections/programme-areas/items"
TILES = "/api/collections/programme-areas/tiles/WebMercatorQuad"


def problem(api: FlaskClient, url: str, **arguments: Any) -> tuple[int, dict[str, Any]]:
    response = api.get(url, **arguments)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json["status"] == response.status_code
    return response.status_code, response.json


@pytest.mark.parametrize(
    "query, parameter",
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.5", "limit"),
        ("limit=", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=\u0661", "limit"),
        ("offset=-1", "offset"),
        ("offset=999999999999", "offset"),
        ("cursor=WyJwcm9ncmFtbWUtYXJlYXMiLCAiIiwgIm5leHQiLFsxXV0&offset=3", "offset"),
        ("cursor=WyJtdW5pY2lwYWxpdGllcyIsICIiLCAibmV4dCIsWyIwNSJdXQ", "cursor"),
        ("cursor=abc", "cursor"),
        ("cursor=" + "W1tb" * 20, "cursor"),
        ("cursor=IjEi", "cursor"),
        ("cursor=OTk5OTk5OTk5OTk5", "cursor"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("bbox=1,2,inf,4", "bbox"),
        ("bbox=1,2,1e999,4", "bbox"),
        ("bbox=7,52,8,51", "bbox"),
        ("bbox=7,52,8,91", "bbox"),
        ("bbox=7,52,181,53", "bbox"),
        ("bbox=5,4,3,6&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25832", "bbox"),
        ("bbox=" + ",".join("1" * 5000), "bbox"),
        ("bbox-crs=EPSG:31467", "bbox-crs"),
        ("crs=EPSG:31467", "crs"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/31467", "crs"),
        ("resultType=all", "resultType"),
        ("f=gml", "f"),
        ("lang=fr", "lang"),
        ("start_year=soon", "start_year"),
        ("start_year=99999999999999999999999", "start_year"),
        ("area_ha=NaN", "area_ha"),
        ("resolution_date=2001-02-30", "resolution_date"),
        ("updated_at=yesterday", "updated_at"),
        ("profile_url=x", "profile_url"),
        ("status=open", "status"),
        ("programmes=XYZ", "programmes"),
        ("Limit=1", "Limit"),
        ("limit=1&limit=2", "limit"),
        ("status=planned&status=ongoing", "status"),
        ("name=%00", "query"),
        ("name=%FF%FE", "query"),
        ("%00=1", "query"),
        ("name=" + "x" * 70_000, "query"),
    ],
)
def test_a_bad_parameter_is_a_400_that_names_it(api: FlaskClient, query: str, parameter: str) -> None:
    status, body = problem(api, f"{AREAS}?{query}")

    assert (status, body["parameter"]) == (400, parameter)
    assert len(body["detail"]) < 1500


def test_a_misspelled_parameter_is_answered_with_the_nearest_name(api: FlaskClient) -> None:
    status, body = problem(api, f"{AREAS}?statsu=planned&lang=en")

    assert status == 400
    assert "Did you mean 'status'?" in body["detail"]
    assert "limit" in body["detail"]


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/openapi", "/collections", "/tileMatrixSets", "/collections/municipalities"]
)
def test_unknown_parameters_are_refused_everywhere(api: FlaskClient, path: str) -> None:
    assert problem(api, f"/api{path}?nonsense=1")[0] == 400


def test_parameters_of_the_setting_are_let_through_and_kept(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], sample_database: str
) -> None:
    client = make_api(make_settings(sample_database, let_through_parameters=("api_key",))).test_client()

    page = client.get(f"{AREAS}?limit=1&api_key=secret").json

    assert "api_key=secret" in next(one["href"] for one in page["links"] if one["rel"] == "next")
    assert "api_key=secret" in next(one["href"] for one in page["links"] if one["rel"] == "collection")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/collections/nothing",
        "/collections/nothing/items?nonsense=1",
        "/collections/programme-areas/items/nothing",
        "/collections/programme-areas/items/%F0%28%8C",
        "/collections/programme-areas/items/" + "x" * 3000,
        "/collections/programme-areas/nothing",
        "/collections/nothing/tiles",
        "/collections/programme-areas/tiles/WorldMercatorWGS84Quad",
        "/collections/programme-areas/tiles/WorldMercatorWGS84Quad/0/0/0",
        "/collections/programme-areas/tiles/AdV_25832/tilejson.json",
        "/tiles/WorldMercatorWGS84Quad",
        "/tileMatrixSets/nothing",
    ],
)
def test_what_does_not_exist_is_a_404(api: FlaskClient, path: str) -> None:
    assert problem(api, f"/api{path}")[0] == 404


def test_a_nul_in_a_path_is_a_400(api: FlaskClient) -> None:
    assert problem(api, f"{AREAS}/a%00b")[0] == 400


@pytest.mark.parametrize("tile", ["19/0/0", "0/1/0", "0/0/1", "3/8/0", "18/4294967296/0"])
def test_a_tile_outside_of_the_limits_is_a_404(api: FlaskClient, tile: str) -> None:
    assert problem(api, f"{TILES}/{tile}")[0] == 404


@pytest.mark.parametrize(
    "tile", ["a/0/0", "0/b/0", "0/0/1.5", "-1/0/0", "0/0/99999999999999999999", "0/\u0661/0"]
)
def test_a_tile_of_wrong_numbers_is_a_400(api: FlaskClient, tile: str) -> None:
    assert problem(api, f"{TILES}/{tile}")[0] == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["", "/collections", "/collections/programme-areas", "/conformance"])
def test_a_method_that_is_not_allowed_is_a_405_that_says_which_are(
    api: FlaskClient, method: str, path: str
) -> None:
    response = api.open(f"/api{path}", method=method)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Content-Type"] == "application/problem+json"


def test_options_says_what_is_allowed(api: FlaskClient) -> None:
    for path in ("", "/collections/programme-areas", f"{TILES.removeprefix('/api')}/0/0/0"):
        response = api.options(f"/api{path}")
        assert response.status_code == 204
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_preflight_request_from_any_origin_is_answered(api: FlaskClient) -> None:
    headers = {
        "Origin": "https://map.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match, Accept-Language",
    }

    response = api.options(AREAS, headers=headers)

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert "if-none-match" in response.headers["Access-Control-Allow-Headers"].lower()


def test_scripts_of_any_origin_may_read_the_headers_that_matter(api: FlaskClient) -> None:
    response = api.get(AREAS, headers={"Origin": "https://map.example"})

    exposed = {name.strip() for name in response.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"ETag", "Link", "OGC-NumberMatched", "OGC-NumberReturned", "Content-Crs"} <= exposed


@pytest.mark.parametrize(
    "written, meant", [("LIMIT", "limit"), ("skipgeometry", "skipGeometry"), ("BBox", "bbox")]
)
def test_names_in_another_case_are_recognised_as_what_they_mean(
    api: FlaskClient, written: str, meant: str
) -> None:
    status, body = problem(api, f"{AREAS}?{written}=1&lang=en")

    assert (status, body["parameter"]) == (400, written)
    assert f"Did you mean {meant!r}?" in body["detail"]


def test_what_is_posted_in_a_type_that_nobody_reads_is_told_in_both_languages(api: FlaskClient) -> None:
    titles = [
        api.post(f"{AREAS}?lang={language}", data="x", content_type="text/plain").json["title"]  # type: ignore[index]
        for language in ("de", "en")
    ]

    assert titles == ["Medientyp nicht lesbar", "Media type not supported"]


@pytest.mark.parametrize(
    "path, accept",
    [
        (AREAS, "text/html"),
        (AREAS, "application/gml+xml"),
        ("/api", "text/html"),
        ("/api/openapi", "application/vnd.oai.openapi;version=3.0"),
        (f"{TILES}/0/0/0", "image/png"),
        (AREAS, "application/geo+json;q=0"),
    ],
)
def test_a_format_that_does_not_exist_is_a_406(api: FlaskClient, path: str, accept: str) -> None:
    assert problem(api, path, headers={"Accept": accept})[0] == 406


def test_problems_speak_german_or_english(api: FlaskClient) -> None:
    _, german = problem(api, "/api/collections/nothing")
    _, english = problem(api, "/api/collections/nothing", headers={"Accept-Language": "en"})

    assert german["title"] == "Nicht gefunden"
    assert english["title"] == "Not found"


def test_a_host_that_is_no_host_name_is_refused(api: FlaskClient) -> None:
    assert api.get("/api", headers={"Host": 'x"><script>'}).status_code == 400


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "limit",
                "offset",
                "cursor",
                "bbox",
                "bbox-crs",
                "crs",
                "datetime",
                "f",
                "lang",
                "name",
                "area_ha",
                "q",
                "sortby",
                "properties",
                "exclude-properties",
                "skipGeometry",
                "zoom-level",
                "max-allowable-offset",
            ]
        ),
        st.text(max_size=30)
        | st.floats().map(str)
        | st.lists(st.floats(width=32), max_size=6).map(lambda numbers: ",".join(map(str, numbers))),
    )
)
@settings(max_examples=150, deadline=None)
def test_no_value_of_a_parameter_is_a_fault_of_the_service(api: FlaskClient, query: dict[str, str]) -> None:
    assert api.get(AREAS, query_string=query).status_code in (200, 400)


def test_a_withdrawn_area_is_gone_and_names_its_successor(engine: Engine, own_api: FlaskClient) -> None:
    with engine.begin() as connection:
        ags = make_municipality(connection)
        successor = make_area(connection, ags=ags, area_id="musterstadt-neu")
        make_area(
            connection,
            ags=ags,
            area_id="musterstadt-alt",
            withdrawn_on="2024-01-01",
            successor_area_no=successor,
        )

    status, body = problem(own_api, f"{AREAS}/musterstadt-alt")

    assert (status, body["successor"]) == (410, "musterstadt-neu")
    assert "musterstadt-neu" in body["detail"]
    assert own_api.get(f"{AREAS}/musterstadt-neu").status_code == 200


def test_an_unreleased_area_does_not_exist(engine: Engine, own_api: FlaskClient) -> None:
    with engine.begin() as connection:
        make_area(connection, area_id="musterstadt-geheim", released_at=None)

    assert own_api.get(f"{AREAS}/musterstadt-geheim").status_code == 404


def test_an_edit_shows_within_the_lease_in_items_extent_and_tag(engine: Engine, own_api: FlaskClient) -> None:
    before = own_api.get(AREAS).headers["ETag"]
    count = own_api.get("/api/collections/programme-areas").json["itemCount"]

    with engine.begin() as connection:
        make_area(connection, area_id="musterstadt-noch-eins")
    time.sleep(LEASE_S)

    assert own_api.get(AREAS).headers["ETag"] != before
    assert own_api.get("/api/collections/programme-areas").json["itemCount"] == count + 1


def test_an_empty_collection_is_described_and_read(
    clone: Callable[[str], str],
    database_template: str,
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
) -> None:
    client = make_api(make_settings(clone(database_template))).test_client()

    page = client.get(AREAS).json
    assert (page["features"], page["numberMatched"]) == ([], 0)
    assert client.get("/api/collections").status_code == 200
    assert client.get(TILES).status_code == 200
    assert client.get(f"{TILES}/0/0/0").status_code == 204


@pytest.mark.parametrize("path", [AREAS, f"{AREAS}/x", "/api/collections", f"{TILES}/0/0/0", TILES])
def test_without_a_database_it_is_a_503_that_says_when_to_come_back(
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
    sample_database: str,
    path: str,
) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nowhere"
    client = make_api(make_settings(sample_database, database_url=away, database_read_url=away)).test_client()

    response = client.get(path)

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "nowhere" not in response.get_data(as_text=True)


def test_what_needs_no_database_answers_without_one(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], sample_database: str
) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nowhere"
    client = make_api(make_settings(sample_database, database_url=away, database_read_url=away)).test_client()

    for path in ("/api", "/api/conformance", "/api/openapi", "/api/tileMatrixSets"):
        assert client.get(path).status_code == 200


def test_an_error_of_the_service_tells_nothing_about_its_inside(
    engine: Engine, clone: Callable[[str], str], database_template: str, cluster: Any,
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    from sqlalchemy import create_engine

    name = clone(database_template)
    owner = create_engine(cluster.url(name))
    with owner.begin() as connection:
        connection.execute(text("DROP TABLE publication.dataset CASCADE"))
    owner.dispose()
    client = make_api(make_settings(name)).test_client()

    status, body = problem(client, AREAS)

    assert status == 500
    assert "dataset" not in body["detail"]
    assert "dataset" in caplog.text
