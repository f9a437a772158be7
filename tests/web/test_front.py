"""Known answers: they leave before Flask is entered, and nobody can tell by them."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from geo_service.db.engine import observe_statements
from geo_service.db.watch import LEASE_S
from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.glyphs import FONT_FILES
from geo_service.ogc.resources import RESOURCES
from geo_service.settings import Settings
from geo_service.web.app import create_app
from tests.factories import make_area

AREAS = "/api/collections/programme-areas"
# What is asked for each variable part of an address.
PARTS = {
    "collection_id": "programme-areas",
    "item_id": "ITEM",
    "tile_matrix_set_id": "WebMercatorQuad",
    "tile_matrix": "8",
    "tile_row": "85",
    "tile_col": "133",
    "z": "8",
    "x": "133",
    "y": "85",
    "code_list_id": "status",
    "style_id": "status",
    "sprite_name": "sprite",
    "font_stack": "Noto Sans Regular",
    "glyph_range_id": "0-255",
    "font_family": "noto-sans",
    "font_face": "400",
    "font_name": FONT_FILES[0].removesuffix(".woff"),
}
TILES = ("tile", "short_tile", "dataset_tile", "dataset_short_tile")
KEPT = {
    one.name: "/api" + re.sub(r"<(\w+)>", lambda part: PARTS[part[1]], one.rule)
    for one in RESOURCES
    if one.kept or one.name in TILES
}


class Service:
    """The whole service and who counts how often it is entered."""

    def __init__(self, settings: Settings) -> None:
        self.app: Flask = create_app(settings)
        self.entered = 0
        front = self.app.extensions["geo_service_front"]
        application = front._application

        def count(environ: Any, start_response: Any) -> Any:
            self.entered += 1
            return application(environ, start_response)

        front._application = count
        self.client: FlaskClient = self.app.test_client(use_cookies=False)

    def warm(self, address: str, **options: Any) -> TestResponse:
        """Ask until the answer is known, or for five seconds."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            before = self.entered
            response = self.client.open(address, **options)
            if self.entered == before:
                return response
            time.sleep(0.02)
        raise AssertionError(f"{address} ({options}) is entered again and again")

    def close(self) -> None:
        self.app.extensions["geo_service"].engine.dispose()


@pytest.fixture(scope="module")
def service(sample_settings: Settings) -> Iterator[Service]:
    made = Service(sample_settings)
    yield made
    made.close()


@pytest.fixture
def fresh(sample_settings: Settings) -> Iterator[Service]:
    """A service that knows nothing yet."""
    made = Service(sample_settings)
    yield made
    made.close()


@pytest.fixture(scope="module")
def item_id(service: Service) -> str:
    found: str = service.client.get(f"{AREAS}/items?limit=1").json["features"][0]["id"]
    return found


# Each answer has its own.
OWN = ("Cache-Status", "X-Request-Id")


def lines(response: TestResponse) -> list[tuple[str, str]]:
    """All header lines but those that say where this very answer came from."""
    return sorted((name, text) for name, text in response.headers if name not in OWN)


ASKED: list[dict[str, Any]] = [
    {},
    {"method": "HEAD"},
    {"headers": {"Accept-Language": "en-GB,en;q=0.8"}},
    {"headers": {"Accept-Encoding": "gzip, deflate, br, zstd", "Origin": "https://example.org"}},
    {"headers": {"Accept-Encoding": "gzip"}},
    {"headers": {"Accept-Encoding": "zstd", "Accept": "*/*", "User-Agent": "anything"}},
    {"headers": {"Host": "geo.example.org"}},
    {"headers": {"If-None-Match": "*"}},
    {"headers": {"If-None-Match": '"another"'}},
]


@pytest.mark.parametrize("name", KEPT)
def test_a_known_answer_is_the_same_as_one_that_was_just_made(
    service: Service, item_id: str, name: str
) -> None:
    address = KEPT[name].replace("ITEM", item_id)
    for options in ASKED:
        service.app.extensions["geo_service_ogc"].cache.clear()
        made = service.client.open(address, **options)
        known = service.warm(address, **options)

        assert made.status_code == (
            304 if "*" in str(options.get("headers", {}).get("If-None-Match")) else 200
        )
        assert known.status == made.status
        assert lines(known) == lines(made)
        assert known.data == made.data
        if made.status_code == 200:
            assert made.headers["Cache-Status"] == "geo-service; fwd=miss"
            assert made.headers["ETag"].startswith('"')
        assert known.headers["Cache-Status"] == "geo-service; hit"


def test_a_304_answers_each_way_to_name_the_tag(service: Service) -> None:
    address = f"{AREAS}/items?limit=5"
    tag = service.client.get(address).headers["ETag"]
    for given in (tag, f"W/{tag}", f'"a", {tag}', f'"a",W/{tag} , "b"', "*"):
        for method in ("GET", "HEAD"):
            response = service.warm(address, method=method, headers={"If-None-Match": given})
            assert (response.status_code, response.data) == (304, b""), given
            assert response.headers["ETag"] == tag
    for given in ('"a"', 'W/"a"', ""):
        assert service.warm(address, headers={"If-None-Match": given}).status_code == 200


def test_each_coding_has_its_own_tag_and_the_same_content(service: Service) -> None:
    import gzip

    import brotli
    import zstandard

    address = f"{AREAS}/items?limit=20"
    plain = service.warm(address)
    decoders: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
    }
    tags = {plain.headers["ETag"]}
    for coding, decode in decoders.items():
        coded = service.warm(address, headers={"Accept-Encoding": coding})
        assert coded.headers["Content-Encoding"] == coding
        assert int(coded.headers["Content-Length"]) == len(coded.data) < len(plain.data) / 2
        assert decode(coded.data) == plain.data
        tags.add(coded.headers["ETag"])
    assert len(tags) == 4


def test_how_a_wish_is_written_makes_no_other_answer(service: Service) -> None:
    """Raw headers and the order of parameters belong to no key."""
    address = f"{AREAS}/items?limit=7&status=ongoing&lang=de"
    first = service.warm(address)
    entered = service.entered
    for headers in (
        {"Accept": "application/geo+json"},
        {"Accept": "application/json;q=0.3, */*;q=0.1"},
        {"Accept": "application/geo+json, text/html;q=0.2", "Accept-Language": "en"},
        {"Accept-Language": "fr", "User-Agent": "x", "Referer": "https://example.org/"},
        {"Accept-Encoding": "identity"},
        {"Accept-Encoding": "compress, gzip;q=0"},
    ):
        for query in (
            "limit=7&status=ongoing&lang=de",
            "status=ongoing&lang=de&limit=7",
            "lang=d%65&limit=7&status=ongoing",
        ):
            response = service.client.get(f"{AREAS}/items?{query}", headers=headers)
            assert response.data == first.data
            assert lines(response) == lines(first)
    assert service.entered == entered


def test_another_address_language_or_format_is_another_answer(service: Service) -> None:
    address = f"{AREAS}/items?limit=3"
    seen = {
        service.warm(address, **options).data
        for options in (
            {},
            {"headers": {"Host": "other.example.org"}},
            {"headers": {"Accept-Language": "en"}},
            {"headers": {"Accept": "text/csv"}},
            {"base_url": "https://localhost"},
            {"base_url": "http://localhost/prefix"},
        )
    }
    assert len(seen) == 6


def test_what_is_one_callers_own_is_never_shared(sample_settings: Settings) -> None:
    own = Service(sample_settings.model_copy(update={"let_through_parameters": ("key",)}))
    address = f"{AREAS}/items?limit=2"
    own.warm(address)
    for asked, headers in (
        (address, {"Authorization": "Basic eDp5"}),
        (address, {"Cookie": "a=b"}),
        (f"{address}&key=secret", {}),
    ):
        for _ in range(2):
            entered = own.entered
            response = own.client.get(asked, headers=headers)
            assert own.entered == entered + 1
            assert response.headers["Cache-Status"] == "geo-service; fwd=bypass"
            assert response.headers["Cache-Control"] == "private, no-cache"
    assert b"secret" not in own.warm(address).data
    own.close()


@pytest.mark.parametrize(
    "address, headers, status",
    [
        (f"{AREAS}/items?limit=1&limit=2", {}, 400),
        (f"{AREAS}/items?limit=1&nothing=2", {}, 400),
        (f"{AREAS}/items?limit=1&lang=fr", {}, 400),
        (f"{AREAS}/items?limit=1&f=png", {}, 400),
        (f"{AREAS}/items?limit=1%FF", {}, 400),
        (f"{AREAS}/items?limit=1", {"Accept": "image/png"}, 406),
        (f"{AREAS}/items?limit=1", {"Host": "no host"}, 400),
        (f"{AREAS}/items/nothing", {}, 404),
        (f"{AREAS}/items?limit=1", {"If-Match": '"x"'}, 412),
    ],
)
def test_what_is_refused_stays_refused(
    service: Service, address: str, headers: dict[str, str], status: int
) -> None:
    service.warm(f"{AREAS}/items?limit=1")
    for _ in range(2):
        assert service.client.get(address, headers=headers).status_code == status


def test_two_workers_say_the_same_bytes(service: Service, fresh: Service) -> None:
    """Else a client that asks now one and then the other would never be told that nothing is new."""
    for address in (
        f"{AREAS}/items?limit=30",
        "/api/collections",
        "/api/openapi",
        "/api/tiles/WebMercatorQuad",
    ):
        assert fresh.client.get(address).headers["ETag"] == service.warm(address).headers["ETag"]


def test_pages_for_people_and_files_are_made_anew(service: Service) -> None:
    for address, headers in (
        (f"{AREAS}/items?limit=4", {"Accept": "text/html"}),
        (f"{AREAS}/items?limit=4&f=gpkg", {}),
        (f"{AREAS}/items?limit=4&f=fgb", {}),
        (f"{AREAS}/download/{COLLECTIONS['programme-areas'].layer_name}.gpkg", {}),
        ("/", {"Accept": "text/html"}),
        ("/", {"Accept": "application/json"}),
    ):
        for _ in range(2):
            entered = service.entered
            response = service.client.get(address, headers=headers)
            assert response.status_code == 200, address
            assert "Cache-Status" not in response.headers or address == "/"
            if address != "/":
                assert response.headers["ETag"].startswith("W/") or "text/html" in headers.get("Accept", "")
            response.get_data()
            assert service.entered == entered + 1


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_flood_of_distinct_requests_takes_no_more_memory_than_allowed(sample_settings: Settings) -> None:
    allowed = 8 * 2**20
    flooded = Service(sample_settings.model_copy(update={"cache_bytes": allowed}))
    cache = flooded.app.extensions["geo_service_ogc"].cache

    def flood(start: int, count: int) -> int:
        sent = 0
        for number in range(start, start + count):
            headers = {
                "Accept-Encoding": ("br", "zstd", "gzip", "identity")[number % 4],
                "Accept": f"*/*, a/b{number}",
            }
            address = f"{AREAS}/items?limit=40&bbox=5.{number:06},50,10,53"
            sent += len(flooded.client.get(address, headers=headers).data)
            assert cache.stats()["bytes"] <= allowed
        return sent

    flood(0, 150)  # until everything that is made once is there
    before = resident()
    sent = flood(150, 500)
    entries, held = cache.stats()["entries"], cache.stats()["bytes"]
    assert held > allowed / 2
    assert entries < 500
    assert sent > allowed / 2
    assert resident() - before < allowed / 2, "it was full before"
    flooded.close()


WRITES = {
    "a new name": "UPDATE registry.area_name SET name = 'Anders' || area_no WHERE area_no = :area_no",
    "another status": "UPDATE registry.programme_area SET status = 'completed' WHERE area_no = :area_no",
    "another shape": (
        "UPDATE registry.boundary SET geom = ST_Translate(geom, 20000, 3000)"
        " WHERE area_no = :area_no AND valid_to IS NULL"
    ),
    "another town": "UPDATE registry.municipality SET name = name || ' (Stadt)'",
    "an event": (
        "INSERT INTO registry.entry (kind, slug, begin_date, title_de, released_at)"
        " VALUES ('event', 'fest', '2026-05-01', 'Fest', '2026-01-01')"
    ),
    "a withdrawal": "UPDATE registry.programme_area SET withdrawn_on = '2024-01-01' WHERE area_no = :other",
}


def test_after_each_kind_of_change_each_answer_is_as_if_nothing_had_been_kept(
    engine: Engine, database: str, make_settings: Callable[..., Settings]
) -> None:
    """What an answer depends on is told by the functions that make it; here it shows whether they tell it all."""
    with engine.begin() as connection:
        area_no, other = make_area(connection, name="eins"), make_area(connection, name="zwei")
        item_id = connection.scalar(
            text("SELECT area_id FROM registry.programme_area WHERE area_no = :area_no"), {"area_no": area_no}
        )
    changed = Service(make_settings(database))
    cache = changed.app.extensions["geo_service_ogc"].cache
    addresses = [one.replace("ITEM", str(item_id)) for one in KEPT.values()]
    addresses += [
        f"{AREAS}/items?bbox=5,50,6,50.5",
        *(f"/api/collections/{name}" for name in COLLECTIONS),
        *(f"/api/collections/{name}/items" for name in COLLECTIONS),
    ]
    for name, statement in WRITES.items():
        for address in addresses:
            changed.warm(address)
        with engine.begin() as connection:
            connection.execute(text(statement), {"area_no": area_no, "other": other})
        time.sleep(LEASE_S)
        kept = {address: changed.client.get(address).data for address in addresses}
        cache.clear()
        made = {address: changed.client.get(address).data for address in addresses}
        for address in addresses:
            assert kept[address] == made[address], f"{address} after {name}"
    assert b"Fest" in made["/api/collections/events/items"]
    changed.close()


def test_a_single_item_outlives_the_change_of_another(
    engine: Engine, database: str, make_settings: Callable[..., Settings]
) -> None:
    with engine.begin() as connection:
        one, two = make_area(connection, name="drei"), make_area(connection, name="vier")
        item_id = connection.scalar(
            text("SELECT area_id FROM registry.programme_area WHERE area_no = :area_no"), {"area_no": one}
        )
    service = Service(make_settings(database))
    statements: list[str] = []
    observe_statements(
        service.app.extensions["geo_service"].engine, lambda statement, *_: statements.append(statement)
    )
    address = f"{AREAS}/items/{item_id}"
    for area_no, again in ((two, False), (one, True)):
        service.warm(address)
        with engine.begin() as connection:
            connection.execute(text(WRITES["another status"]), {"area_no": area_no})
        time.sleep(LEASE_S)
        statements.clear()
        service.client.get(address)
        assert any("publication.programme_area" in one for one in statements) is again
    service.close()


def test_equal_requests_at_the_same_moment_are_one_statement(fresh: Service) -> None:
    fresh.client.get(f"{AREAS}/items?limit=1")
    statements: list[str] = []

    def slow(statement: str, *_: Any) -> None:
        if "publication.programme_area" in statement:
            statements.append(statement)
            time.sleep(0.3)

    observe_statements(fresh.app.extensions["geo_service"].engine, slow)

    def ask(accept_encoding: str) -> bytes:
        client = fresh.app.test_client(use_cookies=False)
        response = client.get(f"{AREAS}/items?limit=9", headers={"Accept-Encoding": accept_encoding})
        assert response.status_code == 200
        return response.data

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(ask, ["identity", "gzip"] * 3))
    assert len(statements) == 1
    assert len(answers) == 2, "one in each coding"
