"""Answers that leave by the head of their request: the same answers, and only where the head says it all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from geo_service.ogc.cache import MAX_HEADS
from geo_service.settings import Settings
from geo_service.web.app import create_app
from tests.factories import make_area
from tests.waiting import wait_until
from tests.web.entered import AREAS
from tests.web.http_server import Answer, Line, head, serving

ITEMS = f"{AREAS}/items?limit=7"
OWN = ("x-request-id", "date")


class Counted:
    """The whole service behind its server, and how often a thread had to answer."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.cache = self.app.extensions["geo_service_ogc"].cache
        self.metrics = self.app.extensions["geo_service"].metrics
        self.calls = 0
        self.port = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.calls += 1
        return self.app(environ, start_response)

    def by_thread(self, line: Line, *pieces: bytes, method: str = "GET") -> tuple[Answer, bool]:
        """Ask; return the answer and whether a thread gave it."""
        before = self.calls
        answer = line.ask(*pieces, method=method)
        return answer, self.calls > before

    def until_known(self, line: Line, asked: bytes, method: str = "GET") -> Answer:
        """Ask until the answer comes at once."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            answer, by_thread = self.by_thread(line, asked, method=method)
            if not by_thread:
                return answer
            time.sleep(0.02)
        raise AssertionError(f"{asked!r} is never answered at once")

    def is_never_known(self, line: Line, asked: bytes, method: str = "GET") -> bool:
        """Ask often; tell whether a thread answered each time."""
        return all(self.by_thread(line, asked, method=method)[1] for _ in range(8))


@pytest.fixture(scope="module")
def service(sample_settings: Settings) -> Iterator[Counted]:
    made = Counted(sample_settings)
    with serving(made, made.app.extensions["geo_service_at_once"]) as made.port:
        yield made
    made.app.extensions["geo_service"].engine.dispose()


@pytest.fixture
def line(service: Counted) -> Iterator[Line]:
    with Line(service.port) as made:
        yield made


def same(answer: Answer, other: Answer) -> bool:
    """Compare all but what each answer has of its own."""
    lasting = [
        {name: text for name, text in one.headers.items() if name not in OWN} for one in (answer, other)
    ]
    return answer.status == other.status and lasting[0] == lasting[1] and answer.data == other.data


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        ("GET", ()),
        ("HEAD", ()),
        ("GET", ("Accept-Encoding: gzip, br", "Origin: https://example.org", "User-Agent: x")),
        ("GET", ("Accept-Language: en", "Connection: keep-alive")),
        ("HEAD", ("If-None-Match: *",)),
        ("GET", ('If-None-Match: "another"',)),
    ],
)
def test_it_is_the_answer_that_the_application_gives(
    service: Counted, line: Line, method: str, lines: tuple[str, ...]
) -> None:
    asked = head(ITEMS, *lines, method=method)
    by_head = service.until_known(line, asked, method)
    assert service.cache.ready(asked) is not None
    by_request = service.until_known(
        line, head(ITEMS, *lines, "X-Request-Id: of-this-request", method=method), method
    )
    headers = dict(one.split(": ", 1) for one in ("Host: 127.0.0.1", *lines))
    reference = service.app.test_client(use_cookies=False).open(ITEMS, method=method, headers=headers)

    assert same(by_head, by_request)
    assert by_head.status == reference.status_code
    assert by_head.data == reference.data
    expected = {name.lower(): text for name, text in reference.headers if name.lower() not in OWN}
    assert {name: text for name, text in by_head.headers.items() if name not in OWN} == expected
    assert by_head.headers["cache-status"] == "geo-service; hit"
    assert by_request.headers["x-request-id"] == "of-this-request"
    assert by_head.headers["x-request-id"] != service.until_known(line, asked, method).headers["x-request-id"]
    assert abs(time.time() - parsedate_to_datetime(by_head.headers["date"]).timestamp()) < 5


def test_a_304_comes_at_once(service: Counted, line: Line) -> None:
    tag = service.until_known(line, head(ITEMS)).headers["etag"]
    answer = service.until_known(line, head(ITEMS, f"If-None-Match: {tag}"))
    assert (answer.status, answer.data, answer.headers["etag"]) == (304, b"", tag)
    assert "content-length" not in answer.headers
    assert line.ask(head("/healthz")).status == 200, "nothing is left on the line"


def test_it_is_counted_like_any_other(service: Counted, line: Line) -> None:
    asked = head(f"{AREAS}/items?limit=8")
    service.until_known(line, asked)
    name = 'geo_service_requests_total{method="GET",route="/api/collections/<collection_id>/items",status="200"} '

    def count() -> float:
        shown = service.metrics.page().decode().splitlines()
        return next(float(one.removeprefix(name)) for one in shown if one.startswith(name))

    before, hits = count(), service.cache.stats()["hits"]
    for _ in range(10):
        service.until_known(line, asked)
    assert count() == before + 10
    assert service.cache.stats()["hits"] == hits + 10


@pytest.mark.parametrize(
    "lines",
    [("X-Request-Id: from-the-gateway-4711",), ("X-Forwarded-For: 10.0.0.1",), ("Content-Length: 0",)],
)
def test_what_a_head_does_not_say_is_looked_at_each_time(
    service: Counted, line: Line, lines: tuple[str, ...]
) -> None:
    asked = head(ITEMS, *lines)
    for _ in range(8):
        assert line.ask(asked).status == 200
        assert service.cache.ready(asked) is None
    service.until_known(line, asked)
    service.until_known(line, head(ITEMS))
    assert service.cache.ready(head(ITEMS)) is not None


@pytest.mark.parametrize("field", ["Authorization: Basic eDp5", "Cookie: a=b", "If-Match: *"])
def test_what_is_one_callers_own_goes_to_a_thread(service: Counted, line: Line, field: str) -> None:
    service.until_known(line, head(ITEMS))
    assert service.is_never_known(line, head(ITEMS, field))


def test_behind_a_proxy_each_client_is_answered_at_once(
    make_settings: Callable[..., Settings], sample_database: str
) -> None:
    own = Counted(make_settings(sample_database, trusted_proxies=["127.0.0.1"], proxy_headers="x-forwarded"))
    with serving(own, own.app.extensions["geo_service_at_once"]) as port, Line(port) as line:
        for number in range(12):
            asked = head(
                ITEMS,
                f"X-Forwarded-For: 10.0.0.{number}",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: geo.example.org",
            )
            answer, by_thread = own.by_thread(line, asked)
            assert b"https://geo.example.org/api/" in answer.data
            assert b"127.0.0.1" not in answer.data
            assert not by_thread or number < 3
        assert b"geo.example.org" not in line.ask(head(ITEMS)).data
    own.app.extensions["geo_service"].engine.dispose()


def test_the_id_of_the_caller_comes_back(service: Counted, line: Line) -> None:
    for number in range(5):
        given = f"from-the-gateway-{number}"
        assert line.ask(head(ITEMS, f"X-Request-Id: {given}")).headers["x-request-id"] == given


def test_a_connection_that_is_to_close_closes(service: Counted) -> None:
    for asked in (head(ITEMS, "Connection: close"), head(ITEMS, version="1.0")):
        for _ in range(4):
            with Line(service.port) as line:
                assert line.ask(asked).status == 200
                assert line.is_closed()
            assert service.cache.ready(asked) is None


def test_heads_in_pieces_and_several_at_a_time_are_answered_in_their_order(
    service: Counted, line: Line
) -> None:
    known, other = head(ITEMS), head(f"{AREAS}/items?limit=3&lang=en")
    expected = service.until_known(line, known)
    line.send(known[:30])
    time.sleep(0.05)
    assert same(line.ask(known[30:]), expected)
    line.send(known + other + known)
    assert [line.receive().headers["content-length"] for _ in range(3)][::2] == [
        expected.headers["content-length"]
    ] * 2
    # A known one that comes while a thread is answering has to wait for its turn.
    slow = head(f"{AREAS}/items?limit=1000&bbox=6,50,9,{52 + time.time() % 1}")
    line.send(slow, known)
    first, second = line.receive(), line.receive()
    assert len(first.data) > len(expected.data)
    assert same(second, expected)


def test_a_thousand_at_a_time(service: Counted, line: Line) -> None:
    known, unknown = (
        head(f"{AREAS}/items?limit=4"),
        head(f"{AREAS}/items?limit=4&bbox=6,50,9,{52 + time.time() % 1}"),
    )
    service.until_known(line, known)
    line.send(unknown, known[:10], known[10:] + known * 1500)
    answers = [line.receive() for _ in range(1502)]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.data for answer in answers[1:]}) == 1


def test_two_requests_are_never_taken_for_one_head(service: Counted, line: Line) -> None:
    two = head(ITEMS) + head(f"{AREAS}/items?limit=2")
    for _ in range(6):
        line.send(two)
        assert [len(line.receive().data) > 0 for _ in range(2)] == [True, True]
    assert line.ask(head("/healthz")).data.startswith(b'{"status":"ok"')


def test_a_long_answer_is_known_and_taken_slowly(service: Counted, line: Line) -> None:
    asked = head(f"{AREAS}/items?limit=1000")
    expected = service.until_known(line, asked)
    assert len(expected.data) > 100_000
    with Line(service.port) as slow:
        slow.send(*[asked] * 30)  # more than goes into the buffers
        time.sleep(0.3)
        assert all(same(slow.receive(), expected) for _ in range(30))


def test_no_head_leads_to_what_was_true_before(
    engine: Engine, database: str, make_settings: Callable[..., Settings]
) -> None:
    own = Counted(make_settings(database))
    with serving(own, own.app.extensions["geo_service_at_once"]) as port, Line(port) as other:
        with engine.begin() as connection:
            area_no = make_area(connection, area_id="vorher-nachher")
        asked = head(f"{AREAS}/items/vorher-nachher")
        assert wait_until(lambda: other.ask(asked).status == 200)
        for number in range(4):
            own.until_known(other, asked)
            with engine.begin() as connection:
                connection.execute(
                    text("UPDATE registry.area_name SET name = :name WHERE area_no = :area_no"),
                    {"name": f"Name {number}", "area_no": area_no},
                )
            time.sleep(0.1)
            assert f'"Name {number}"'.encode() in other.ask(asked).data
    own.app.extensions["geo_service"].engine.dispose()


def test_of_many_wordings_the_oldest_are_forgotten_and_all_are_paid_for(service: Counted, line: Line) -> None:
    address = f"{AREAS}/items?limit=6"
    service.until_known(line, head(address, "User-Agent: first"))
    before = service.cache.stats()["bytes"]
    for number in range(MAX_HEADS):
        service.until_known(line, head(address, f"User-Agent: {number}"))
    grown = service.cache.stats()["bytes"] - before
    assert 0 < grown < MAX_HEADS * 5_000
    assert service.cache.ready(head(address, "User-Agent: first")) is None
    for number in range(200):
        line.ask(head(address, f"User-Agent: flood {number}"))
    assert service.cache.stats()["bytes"] - before < grown + 10_000
    service.cache.clear()
    assert service.cache.stats()["bytes"] == 0
    assert service.is_never_known(line, head(address, "Cookie: a=b"))
