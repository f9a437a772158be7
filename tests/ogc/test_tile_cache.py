"""Tiles out of the cache: after an edit only what it touches is made anew, and never is anything stale."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import shapely
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.db.engine import observe_statements
from geo_service.db.tile_shapes import TileShape
from geo_service.db.watch import APPLICATION_NAME, LEASE_S
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, TileQuery
from geo_service.ogc.tile_cache import search_box
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality, square

AREAS = "/api/collections/programme-areas/tiles"
MERCATOR = f"{AREAS}/WebMercatorQuad"
Address = tuple[int, int, int]  # zoom, row, column
SIDE = 4_000
WORLD = 40_075_016.685578488


@pytest.fixture(scope="module")
def areas(engine: Engine) -> dict[str, int]:
    """A few areas, some of them neighbours, in one part of the country; area_no by name."""
    places = {"west": (340, 5_710), "middle": (390, 5_710), "next": (394, 5_710), "east": (440, 5_700)}
    with engine.begin() as connection:
        return {
            name: make_area(connection, name=name, geom=square(easting * 1000, northing * 1000, SIDE))
            for name, (easting, northing) in places.items()
        }


@pytest.fixture(scope="module")
def client(
    areas: dict[str, int],
    database: str,
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
) -> FlaskClient:
    return make_api(make_settings(database)).test_client()


@pytest.fixture
def statements(client: FlaskClient) -> list[str]:
    """The SQL of requests while a test runs; the heartbeat has its own connection."""
    seen: list[str] = []
    reader = client.application.extensions["geo_service_ogc"].engine

    observe_statements(reader, lambda statement, *_: seen.append(statement))
    return seen


def tile_statements(statements: list[str]) -> list[str]:
    return [one for one in statements if "ST_AsMVT" in one]


def move(engine: Engine, area_no: int, geom: str) -> None:
    """Edit one boundary as a person with an SQL prompt would."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE registry.boundary SET geom = :geom WHERE area_no = :area_no AND valid_to IS NULL"),
            {"geom": geom, "area_no": area_no},
        )


def pyramid(client: FlaskClient, engine: Engine) -> list[Address]:
    """Each tile from level 0 to 12 in the extent of the data, and one more around."""
    limits = client.get(MERCATOR).json["tileMatrixSetLimits"]
    with engine.connect() as connection:
        west, south, east, north = connection.execute(
            text(
                "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
                " FROM (SELECT ST_Extent(geom_3857) AS box FROM publication.programme_area) AS extent"
            )
        ).one()
    found = []
    for limit in limits[:13]:
        side = WORLD / 2 ** int(limit["tileMatrix"])
        columns = range(
            max(int((west + WORLD / 2) // side) - 1, limit["minTileCol"]),
            min(int((east + WORLD / 2) // side) + 1, limit["maxTileCol"]) + 1,
        )
        rows = range(
            max(int((WORLD / 2 - north) // side) - 1, limit["minTileRow"]),
            min(int((WORLD / 2 - south) // side) + 1, limit["maxTileRow"]) + 1,
        )
        found += [(int(limit["tileMatrix"]), row, column) for row in rows for column in columns]
    return found


SHAPE_NOW = "SELECT geom_3857 FROM publication.programme_area WHERE area_no = :area_no"


def touched(engine: Engine, shape: str, tiles: list[Address], **values: int) -> set[Address]:
    """Those of `tiles` that the box of a shape touches, with their buffer; PostGIS says so."""
    statement = text(f"SELECT ({shape}) && ST_TileEnvelope(:z, :x, :y, margin => 64 / 4096.0)")
    with engine.connect() as connection:
        return {
            (z, row, column)
            for z, row, column in tiles
            if connection.scalar(statement, {"z": z, "x": column, "y": row, **values})
        }


def tags(client: FlaskClient, tiles: list[Address]) -> dict[Address, str]:
    found = {}
    for zoom, row, column in tiles:
        response = client.get(f"{MERCATOR}/{zoom}/{row}/{column}")
        assert response.status_code in (200, 204)
        found[zoom, row, column] = response.headers["ETag"]
    return found


def test_after_the_edit_of_one_boundary_only_tiles_that_it_touches_get_a_new_tag(
    client: FlaskClient, engine: Engine, areas: dict[str, int], statements: list[str]
) -> None:
    area_no = areas["middle"]
    tiles = pyramid(client, engine)
    before = tags(client, tiles)
    old = touched(engine, SHAPE_NOW, tiles, area_no=area_no)
    # It leaves its neighbour, and comes to lie in tiles that were empty.
    move(engine, area_no, square(360_000, 5_706_000, SIDE))
    new = touched(engine, SHAPE_NOW, tiles, area_no=area_no)
    time.sleep(LEASE_S)
    statements.clear()
    after = tags(client, tiles)

    renewed = {one for one in tiles if after[one] != before[one]}
    assert renewed == old | new
    assert len(tiles) > 100
    assert len(renewed) < len(tiles) / 4
    assert len(tile_statements(statements)) == len(renewed), "all others came without SQL"


def test_what_is_kept_comes_without_any_statement(
    client: FlaskClient, engine: Engine, statements: list[str]
) -> None:
    tiles = pyramid(client, engine)
    first = tags(client, tiles)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # until the heartbeat has begun, a request asks for the version
        time.sleep(0.05)
        statements.clear()
        assert tags(client, tiles) == first
        assert not tile_statements(statements)
        if len(statements) < len(tiles) / 20:  # on a busy machine a beat may come late
            return
    raise AssertionError(f"{len(statements)} questions about {len(tiles)} tiles that did not change")


def test_a_change_elsewhere_or_of_other_collections_costs_nothing(
    client: FlaskClient, engine: Engine, areas: dict[str, int], statements: list[str]
) -> None:
    tiles = pyramid(client, engine)
    before = tags(client, tiles)
    with engine.begin() as connection:
        make_municipality(connection)
        connection.execute(
            text(
                "INSERT INTO registry.profile_section (area_no, language, section, body, source)"
                " VALUES (:area_no, 'de', 'character', 'Ein Satz.', 'Test')"
            ),
            {"area_no": areas["east"]},
        )
    mine = touched(
        engine, SHAPE_NOW, tiles, area_no=areas["east"]
    )  # the number of its sections is in the tiles
    time.sleep(LEASE_S)
    statements.clear()
    after = tags(client, tiles)

    assert {one for one in tiles if after[one] != before[one]} == mine
    assert len(tile_statements(statements)) == len(mine)


def test_a_new_name_reaches_the_tiles_and_a_withdrawn_area_leaves_them(
    client: FlaskClient, engine: Engine, areas: dict[str, int]
) -> None:
    zoom, row, column = deepest(client, engine, areas["west"])
    url = f"{MERCATOR}/{zoom}/{row}/{column}"
    assert b"west" in client.get(url).data

    for statement, content in (
        ("UPDATE registry.area_name SET name = 'Abendrot' WHERE area_no = :area_no", b"Abendrot"),
        ("UPDATE registry.programme_area SET withdrawn_on = '2024-01-01' WHERE area_no = :area_no", b""),
        ("UPDATE registry.programme_area SET withdrawn_on = NULL WHERE area_no = :area_no", b"Abendrot"),
    ):
        with engine.begin() as connection:
            connection.execute(text(statement), {"area_no": areas["west"]})
        time.sleep(0.1)
        response = client.get(url)
        assert response.status_code == (200 if content else 204)
        assert content in response.data


def deepest(client: FlaskClient, engine: Engine, area_no: int) -> Address:
    return max(touched(engine, SHAPE_NOW, pyramid(client, engine), area_no=area_no))


def test_no_tile_is_stale_for_longer_than_a_tenth_of_a_second(
    client: FlaskClient, engine: Engine, areas: dict[str, int]
) -> None:
    """Also not while the administrator ends the listening connection again and again."""
    zoom, row, column = deepest(client, engine, areas["west"])
    url = f"{MERCATOR}/{zoom}/{row}/{column}"
    stop = threading.Event()

    def kill() -> None:
        statement = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = :name AND datname = current_database()"
        )
        while not stop.wait(0.07):
            with engine.begin() as connection:
                connection.execute(statement, {"name": APPLICATION_NAME})

    killer = threading.Thread(target=kill)
    for number in range(12):
        if number == 6:
            killer.start()
        name = f"Name {number}"
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE registry.area_name SET name = :name WHERE area_no = :area_no"),
                {"name": name, "area_no": areas["west"]},
            )
        committed = time.monotonic()
        while True:
            asked = time.monotonic()
            if name.encode() in client.get(url).data:
                break
            assert asked - committed < 0.1
        client.get(url)
    stop.set()
    killer.join()


@pytest.mark.parametrize("grid_id", GRIDS)
def test_an_edit_reaches_the_tiles_of_every_grid(
    client: FlaskClient, engine: Engine, areas: dict[str, int], grid_id: str
) -> None:
    limits = client.get(f"{AREAS}/{grid_id}").json["tileMatrixSetLimits"][6]
    tiles = [
        (row, column)
        for row in range(limits["minTileRow"], limits["maxTileRow"] + 1)
        for column in range(limits["minTileCol"], limits["maxTileCol"] + 1)
    ]

    def read() -> dict[Any, bytes]:
        return {one: client.get(f"{AREAS}/{grid_id}/6/{one[0]}/{one[1]}").data for one in tiles}

    read()
    for easting in (438_000, 440_000):
        move(engine, areas["east"], square(easting, 5_700_000, SIDE))
        time.sleep(LEASE_S)
        kept = read()
        client.application.extensions["geo_service_ogc"].cache.clear()
        assert kept == read()


@pytest.mark.parametrize("grid_id", GRIDS)
def test_the_box_of_a_tile_covers_it_with_its_buffer(engine: Engine, grid_id: str) -> None:
    grid, shape = GRIDS[grid_id], TileShape(4096, 64, 100)
    statement = text(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Transform(ST_Segmentize("
        "ST_MakeEnvelope(:west, :south, :east, :north, :srid), :step), 3857) AS b) AS box"
    )
    for level in range(4, 12):
        column, _, row, _ = grid.limits(grid_box(engine, grid.srid), level)
        tile = TileId(z=level, x=column, y=row)
        west, south, east, north = grid.envelope(tile)
        margin = (east - west) * 64 / 4096
        box = search_box(TileQuery(grid, tile, (COLLECTIONS["municipalities"],), ""), shape)
        with engine.connect() as connection:
            inner = connection.execute(
                statement,
                {
                    "west": west - margin, "south": south - margin,
                    "east": east + margin, "north": north + margin,
                    "srid": grid.srid, "step": (east - west) / 50,
                },
            ).one()  # fmt: skip
        assert box is not None
        assert shapely.box(*box).covers(shapely.box(*inner))
        assert box[2] - box[0] < (inner[2] - inner[0]) * 1.05 + 20


def grid_box(engine: Engine, srid: int) -> tuple[float, float, float, float]:
    statement = text(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(CAST(:point AS geometry), :srid) AS p) AS one"
    )
    with engine.connect() as connection:
        x, y = connection.execute(
            statement, {"point": "SRID=25832;POINT(392000 5712000)", "srid": srid}
        ).one()
    return x, y, x, y


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
}


def test_each_coding_carries_the_same_tile_under_its_own_tag(client: FlaskClient) -> None:
    plain = client.get(f"{MERCATOR}/5/10/16")
    assert plain.status_code == 200
    assert "Content-Encoding" not in plain.headers
    seen = {plain.headers["ETag"]}
    for coding, decode in DECODERS.items():
        headers = {"Accept-Encoding": coding}
        coded = client.get(f"{MERCATOR}/5/10/16", headers=headers)
        assert coded.headers["Content-Encoding"] == coding
        assert coded.headers["Vary"] == "Accept, Accept-Encoding"
        assert decode(coded.data) == plain.data
        tag = coded.headers["ETag"]
        assert tag.startswith('"')
        assert tag not in seen
        seen.add(tag)
        again = client.get(f"{MERCATOR}/5/10/16", headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"], again.data) == (304, tag, b"")
        other = client.get(f"{MERCATOR}/5/10/16", headers={"If-None-Match": tag})
        assert other.status_code == 200


def test_requests_with_credentials_share_nothing(
    client: FlaskClient, areas: dict[str, int], database: str,
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings],
) -> None:  # fmt: skip
    own = make_api(make_settings(database, let_through_parameters=("key",))).test_client(use_cookies=False)
    url = f"{MERCATOR}/4/5/8"
    own.get(url)
    assert own.get(url).headers["Cache-Status"] == "geo-service; hit"
    for address, headers in (
        (url, {"Authorization": "Basic eDp5"}),
        (url, {"Cookie": "a=b"}),
        (f"{url}?key=secret", {}),
    ):
        for _ in range(2):
            response = own.get(address, headers=headers)
            assert response.status_code == 200
            assert response.headers["Cache-Status"] == "geo-service; fwd=bypass"
            assert response.headers["Cache-Control"] == "private, no-cache"
    assert own.get(url).headers["Cache-Control"] == "public, no-cache"


def test_the_public_address_belongs_to_the_key(client: FlaskClient) -> None:
    """Tiles carry the addresses of profiles."""
    here = client.get(f"{MERCATOR}/4/5/8", headers={"Host": "one.example.org"}).data
    there = client.get(f"{MERCATOR}/4/5/8", headers={"Host": "two.example.org"}).data

    assert b"one.example.org" in here
    assert b"two.example.org" in there
    assert b"one.example.org" not in there


def test_the_query_belongs_to_the_key_and_its_order_does_not(client: FlaskClient) -> None:
    all_ = client.get(f"{MERCATOR}/4/5/8").data
    none = client.get(f"{MERCATOR}/4/5/8?status=planned&properties=name")
    assert none.data != all_
    again = client.get(f"{MERCATOR}/4/5/8?properties=name&lang=en&status=planned")
    assert again.headers["Cache-Status"] == "geo-service; hit"


def test_errors_are_not_kept(client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get(f"{MERCATOR}/9/0/0").status_code == 404
