"""Whole collections as files: the links with relation ``enclosure``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import PROGRAMME_AREAS
from geo_service.ogc.negotiation import GEOPACKAGE_FORMAT
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality
from tests.ogc.reading import read_file

AREAS = "/api/collections/programme-areas/download/programme_areas"


@pytest.fixture(scope="module")
def own_api(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], database: str
) -> FlaskClient:
    """The API on this module's own database, which tests change."""
    return make_api(make_settings(database)).test_client()


@pytest.mark.parametrize("collection", ["programme-areas", "programme-area-points", "municipalities"])
def test_each_collection_links_a_geopackage_and_a_flatgeobuf_that_hold_all_of_it(
    api: FlaskClient, sample_engine: Engine, tmp_path: Path, collection: str
) -> None:
    document = json.loads(api.get(f"/api/collections/{collection}").data)
    enclosures = [one for one in document["links"] if one["rel"] == "enclosure"]
    table = "municipality" if collection == "municipalities" else "programme_area"
    with sample_engine.connect() as connection:
        expected = connection.execute(text(f"SELECT count(*), string_agg(name, '' ORDER BY name COLLATE \"C\")"
                                           f" FROM publication.{table}")).one()  # fmt: skip

    assert [one["type"] for one in enclosures] == [
        "application/geopackage+sqlite3",
        "application/flatgeobuf",
    ]
    for one in enclosures:
        response = api.get(one["href"])
        assert response.headers["Content-Type"] == one["type"]
        assert int(response.headers["Content-Length"]) == len(response.data)
        name = one["href"].rpartition("/")[2]
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        info, columns, geometry = read_file(response.data, tmp_path / name)
        assert info["crs"] == "EPSG:25832"
        assert (len(geometry), "".join(sorted(columns["name"]))) == tuple(expected)


@pytest.mark.parametrize("extension", [".gpkg", ".fgb"])
def test_geometry_and_values_are_those_of_the_database(
    api: FlaskClient, sample_engine: Engine, tmp_path: Path, extension: str
) -> None:
    _info, columns, geometry = read_file(api.get(f"{AREAS}{extension}").data, tmp_path / f"a{extension}")

    with sample_engine.connect() as connection:
        statement = text("SELECT area_id, ST_AsBinary(geom) AS wkb, licence FROM publication.programme_area")
        rows = {row.area_id: row for row in connection.execute(statement)}
    assert set(columns["area_id"]) == set(rows) != set()
    for area_id, shape, licence, profile in zip(
        columns["area_id"], geometry, columns["licence"], columns["profile_url"], strict=True
    ):
        assert shapely.equals_exact(shape, shapely.from_wkb(bytes(rows[area_id].wkb)))
        assert licence == rows[area_id].licence
        assert profile == f"http://localhost/profiles/{area_id}"


@pytest.mark.parametrize("extension", [".gpkg", ".fgb"])
def test_the_file_names_title_licence_and_provider(api: FlaskClient, tmp_path: Path, extension: str) -> None:
    info, _columns, _geometry = read_file(
        api.get(f"{AREAS}{extension}?lang=en").data, tmp_path / f"a{extension}"
    )

    metadata = info["layer_metadata"]
    assert "dl-de/zero-2-0" in metadata["LICENCE"]
    assert metadata["ATTRIBUTION"]


def test_the_geopackage_has_a_readable_table_of_contents(api: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(api.get(f"{AREAS}.gpkg?lang=en").data)

    with sqlite3.connect(path) as connection:
        row = connection.execute("SELECT table_name, identifier, srs_id FROM gpkg_contents").fetchone()
    connection.close()
    assert row == ("programme_areas", "Programme areas", 25832)


def test_the_same_version_is_not_sent_twice_and_an_edit_makes_a_new_one(
    own_api: FlaskClient, engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        town = make_municipality(connection, name="Übermünster")
        make_area(connection, ags=town, name="Süd")
    first = own_api.get(f"{AREAS}.gpkg")
    tag = first.headers["ETag"]

    assert own_api.get(f"{AREAS}.gpkg", headers={"If-None-Match": tag}).status_code == 304
    assert own_api.get(f"{AREAS}.gpkg").data == first.data
    with engine.begin() as connection:
        make_area(connection, ags=town, name="Nord")
    second = own_api.get(f"{AREAS}.gpkg", headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert second.headers["ETag"] != tag
    _info, columns, _geometry = read_file(second.data, tmp_path / "a.gpkg")
    assert sorted(columns["name"]) == ["Nord", "Süd"]
    assert set(columns["municipality"]) == {"Übermünster"}


@pytest.mark.parametrize("extension", [".gpkg", ".fgb"])
def test_an_empty_collection_is_an_empty_layer(
    own_api: FlaskClient, tmp_path: Path, extension: str, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.programme_area SET withdrawn_on = current_date"))
    _info, columns, geometry = read_file(own_api.get(f"{AREAS}{extension}").data, tmp_path / f"a{extension}")

    assert len(geometry) == 0
    assert "area_id" in columns


def test_no_file_is_left_behind(api: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert api.get(f"{AREAS}.fgb?lang=de", headers={"Host": "other.example"}).status_code == 200
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["programme_areas.shp", "municipalities.gpkg", "programme_areas"])
def test_an_unknown_file_is_a_404(api: FlaskClient, name: str) -> None:
    assert api.get(f"/api/collections/programme-areas/download/{name}").status_code == 404


def test_a_head_request_says_the_size(api: FlaskClient) -> None:
    response = api.head(f"{AREAS}.gpkg")

    assert int(response.headers["Content-Length"]) > 10_000
    assert response.data == b""


def test_a_format_that_is_not_that_of_the_file_is_refused(api: FlaskClient) -> None:
    assert api.get(f"{AREAS}.gpkg?f=fgb").status_code == 400
    assert api.get(f"{AREAS}.gpkg", headers={"Accept": "application/json"}).status_code == 406


def test_who_waits_too_long_for_a_file_is_told_to_come_back(
    api: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_service.ogc.enclosures.PATIENCE_S", 0.01)
    enclosures = api.application.extensions["geo_service_ogc"].enclosures
    with enclosures.turn(PROGRAMME_AREAS, GEOPACKAGE_FORMAT):
        response = api.get(f"{AREAS}.gpkg")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert api.get(f"{AREAS}.gpkg").status_code == 200


def test_a_flatgeobuf_is_the_same_bytes_whoever_makes_it(
    make_api: Callable[[Settings], Flask], sample_settings: Settings
) -> None:
    """Only so may its parts come from several processes."""
    first, second = (make_api(sample_settings).test_client().get(f"{AREAS}.fgb") for _ in range(2))

    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert not first.headers["ETag"].startswith("W/")


@pytest.mark.parametrize(
    "asked, start, end",
    [("bytes=0-7", 0, 8), ("bytes=100-", 100, None), ("bytes=-16", -16, None), ("bytes=8-99999999", 8, None)],
)
def test_a_flatgeobuf_comes_in_parts(api: FlaskClient, asked: str, start: int, end: int | None) -> None:
    whole = api.get(f"{AREAS}.fgb")
    part = api.get(f"{AREAS}.fgb", headers={"Range": asked})

    assert whole.headers["Accept-Ranges"] == "bytes"
    assert part.status_code == 206
    assert part.data == whole.data[start:end]
    first = start % len(whole.data)
    last = first + len(part.data) - 1
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole.data)}"
    assert int(part.headers["Content-Length"]) == len(part.data)
    assert part.headers["ETag"] == whole.headers["ETag"]


def test_a_part_is_sent_only_of_the_file_that_the_client_knows(own_api: FlaskClient, engine: Engine) -> None:
    with engine.begin() as connection:
        make_area(connection, ags=make_municipality(connection, name="Anfang"), name="Eins")
    tag = own_api.get(f"{AREAS}.fgb").headers["ETag"]
    asked = {"Range": "bytes=0-7", "If-Range": tag}

    assert own_api.get(f"{AREAS}.fgb", headers=asked).status_code == 206
    with engine.begin() as connection:
        make_area(connection, ags=make_municipality(connection, name="Ende"), name="Zwei")
    assert own_api.get(f"{AREAS}.fgb", headers=asked).status_code == 200
    assert own_api.get(f"{AREAS}.fgb", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_known_is_not_sent_however_its_tag_is_written(api: FlaskClient) -> None:
    tag = api.get(f"{AREAS}.fgb").headers["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        assert api.get(f"{AREAS}.fgb", headers={"If-None-Match": known}).status_code == 304


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-1", "bytes=5-2", "nonsense"])
def test_other_ranges_get_the_whole(api: FlaskClient, asked: str) -> None:
    response = api.get(f"{AREAS}.fgb", headers={"Range": asked})

    assert response.status_code == 200
    assert response.data == api.get(f"{AREAS}.fgb").data


@pytest.mark.parametrize(
    "language, title", [("de", "Bereich nicht vorhanden"), ("en", "Range not satisfiable")]
)
def test_a_range_behind_the_end_says_where_the_end_is(api: FlaskClient, language: str, title: str) -> None:
    length = len(api.get(f"{AREAS}.fgb?lang={language}").data)
    response = api.get(f"{AREAS}.fgb?lang={language}", headers={"Range": f"bytes={length}-"})

    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{length}")
    assert response.json
    assert response.json["title"] == title
    assert "Content-Range" in response.json["detail"]


def test_a_geopackage_comes_whole(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}.gpkg", headers={"Range": "bytes=0-7"})

    assert response.status_code == 200
    assert "Accept-Ranges" not in response.headers


def test_scripts_of_other_origins_read_parts(api: FlaskClient) -> None:
    headers = {"Origin": "https://map.example", "Range": "bytes=0-7"}
    exposed = api.get(f"{AREAS}.fgb", headers=headers).headers["Access-Control-Expose-Headers"]

    assert {"Accept-Ranges", "Content-Length", "Content-Range", "ETag"} <= set(exposed.split(", "))
    preflight = api.options(
        f"{AREAS}.fgb",
        headers={
            "Origin": "https://map.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "range",
        },
    )
    assert preflight.headers["Access-Control-Allow-Headers"] == "range"


def test_the_definition_knows_of_parts(api: FlaskClient) -> None:
    definition = api.get("/api/openapi").json
    assert definition
    answers = {
        extension: definition["paths"][f"{AREAS.removeprefix('/api')}.{extension}"]["get"]["responses"]
        for extension in ("fgb", "gpkg")
    }

    assert {"206", "416"} <= set(answers["fgb"])
    assert not {"206", "416"} & set(answers["gpkg"])
