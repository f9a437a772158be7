"""Known answers: they leave before Flask is entered, and nobody can tell by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from geo_service.domain.collections import COLLECTIONS
from geo_service.settings import Settings
from tests.web.entered import AREAS, KEPT, Service


@pytest.fixture(scope="module")
def service(sample_settings: Settings) -> Iterator[Service]:
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


def test_two_workers_say_the_same_bytes(service: Service, fresh_service: Service) -> None:
    """Else a client that asks now one and then the other would never be told that nothing is new."""
    for address in (
        f"{AREAS}/items?limit=30",
        "/api/collections",
        "/api/openapi",
        "/api/tiles/WebMercatorQuad",
    ):
        assert fresh_service.client.get(address).headers["ETag"] == service.warm(address).headers["ETag"]


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
