"""The HTTP server by itself: what of a request reaches an application, and what does not get that far."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from geo_service.web import connection as bounds
from geo_service.web import worker
from tests.waiting import wait_until
from tests.web.http_server import THREADS, Line, head, serving


class Told:
    """An application that tells what it was told."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path == "/endless":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return Endless(self.closed)
        if path == "/breaks":
            start_response("200 OK", [])
            return iter(Breaks())
        if path == "/wait":
            self.go_on.wait(20)
        body = b""
        if path != "/unread":
            while piece := environ["wsgi.input"].read(1000):
                body += piece
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        content = json.dumps({**told, "body": body.decode("latin-1")}).encode()
        status = {"/empty": "204 No Content", "/same": "304 Not Modified"}.get(path, "200 OK")
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [b""] if path in ("/empty", "/same") else [content]


class Endless:
    """Content without an end."""

    def __init__(self, closed: threading.Event) -> None:
        self._closed = closed

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536

    def close(self) -> None:
        self._closed.set()


class Breaks:
    """Content that breaks off."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError("in the middle")


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def port(told: Told) -> Iterator[int]:
    with serving(told) as port:
        yield port


@pytest.fixture
def line(port: int) -> Iterator[Line]:
    with Line(port) as made:
        yield made


def test_an_application_is_told_what_was_asked(line: Line, port: int) -> None:
    asked = head("/a%C3%A4%2Fb/%ff?q=%C3%A4&x=a+b", "Accept: a", "accept: b", "Cookie: c=1", "Cookie: d=2")
    environ = json.loads(line.ask(asked).data)
    assert environ["PATH_INFO"].encode("latin-1") == b"/a\xc3\xa4/b/\xff"
    assert environ["QUERY_STRING"] == "q=%C3%A4&x=a+b"
    assert environ["HTTP_ACCEPT"] == "a,b"
    assert environ["HTTP_COOKIE"] == "c=1; d=2"
    assert environ["HTTP_HOST"] == environ["SERVER_NAME"] == environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == str(port)
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert "CONTENT_LENGTH" not in environ


def test_the_date_goes_on_while_a_connection_stays(line: Line) -> None:
    first = parsedate_to_datetime(line.ask(head("/")).headers["date"])
    assert abs((datetime.now(UTC) - first).total_seconds()) < 5
    assert wait_until(lambda: parsedate_to_datetime(line.ask(head("/")).headers["date"]) > first, 10)


def test_a_field_with_an_underscore_does_not_pass_for_another(line: Line) -> None:
    environ = json.loads(line.ask(head("/", "X_Forwarded_Host: evil.example", "X-Real: yes")).data)
    assert "HTTP_X_FORWARDED_HOST" not in environ
    assert environ["HTTP_X_REAL"] == "yes"


@pytest.mark.parametrize("size", [0, 1, 999, 70_000, 300_000])
def test_bodies_arrive_whole(line: Line, size: int) -> None:
    body = b"abc" * (size // 3) + b"d" * (size % 3)
    start = head("/", f"Content-Length: {size}", method="POST")
    assert json.loads(line.ask(start, body).data)["body"].encode() == body
    chunks = [body[at : at + 50_000] for at in range(0, size, 50_000)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in chunks) + b"0\r\n\r\n"
    answer = line.ask(head("/", "Transfer-Encoding: chunked", method="POST"), chunked)
    assert json.loads(answer.data)["body"].encode() == body
    assert line.ask(head("/")).status == 200


def test_what_was_not_read_is_not_taken_for_a_request(line: Line) -> None:
    hidden = head("/hidden")
    answer = line.ask(head("/unread", f"Content-Length: {len(hidden) + 9}", method="GET"), hidden[:20])
    assert answer.status == 200
    assert answer.headers["connection"] == "close"
    assert line.is_closed()


def test_answers_without_content_leave_nothing_on_the_line(line: Line) -> None:
    for path, status in (("/empty", 204), ("/same", 304)):
        answer = line.ask(head(path))
        assert (answer.status, answer.data) == (status, b"")
        assert "content-length" not in answer.headers
    answer = line.ask(head("/x", method="HEAD"), method="HEAD")
    assert int(answer.headers["content-length"]) > 10
    assert line.ask(head("/y")).status == 200


def test_content_that_is_made_while_it_is_sent_ends_with_its_client(told: Told, port: int) -> None:
    with Line(port) as line:
        line.send(head("/endless"))
        assert len(line.socket.recv(1000)) > 0
        assert not told.closed.wait(0.3)
    assert told.closed.wait(10)


def test_content_that_breaks_off_is_no_whole_answer(line: Line) -> None:
    line.send(head("/breaks"))
    received = b""
    while piece := line.socket.recv(1000):
        received += piece
    assert b"begun" in received
    assert not received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000], 431),
        ([b"GET /" + b"x" * 40_000, b"x" * 40_000], 431),
        ([head("/", *(f"X-{n}: 1" for n in range(200)))], 431),
        ([b"hello\r\n\r\n"], 400),
        ([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"], 400),
        ([head("/", "Content-Length: 1", "Content-Length: 2", method="POST")], 400),
        ([head("/", "Content-Length: 1", "Transfer-Encoding: chunked", method="POST")], 400),
        ([b"GET / HTTP/1.1\r\nHost : x\r\n\r\n"], 400),
        ([b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n"], 400),
        ([b"GET / HTTP/3.0\r\nHost: x\r\n\r\n"], 400),
    ],
    ids=[
        "endless field", "endless address", "fields", "words", "TLS", "lengths", "length and chunks", "space",
        "bytes", "version",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(port: int, pieces: list[bytes], status: int) -> None:
    with Line(port) as line:
        answer = line.ask(*pieces)
        assert answer.status == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.data)["status"] == status
        assert line.is_closed()


def test_a_wish_to_speak_otherwise_is_left_unheard(line: Line) -> None:
    upgrade = head("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    assert line.ask(upgrade).status == 200
    assert line.ask(head("/again")).status == 200


def test_whoever_comes_when_all_places_are_taken_hears_of_it(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_allow_connections", lambda: 3)
    with serving(told) as port:
        lines = [Line(port) for _ in range(3)]
        assert all(line.ask(head("/")).status == 200 for line in lines)
        with Line(port) as another:
            answer = another.ask(head("/"))
            assert answer.status == 503
            assert answer.headers["retry-after"] == "5"
        lines.pop().close()
        assert wait_until(lambda: _status(port) == 200)
        for line in lines:
            line.close()


def _status(port: int) -> int:
    with Line(port) as line:
        return line.ask(head("/")).status


def test_whoever_lets_the_server_wait_for_a_head_is_sent_away(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HEAD_TIMEOUT_S", 1.0)
    told.go_on.clear()
    with (
        serving(told) as port,
        Line(port) as mute,
        Line(port) as halfway,
        Line(port) as resting,
        Line(port) as answered,
    ):
        answered.send(head("/") + head("/wait"))
        assert answered.receive().status == 200
        halfway.send(b"GET / HT")
        assert resting.ask(head("/")).status == 200
        began = time.monotonic()
        assert all(line.is_closed() for line in (mute, halfway, resting))
        assert 0.5 < time.monotonic() - began < 6
        told.go_on.set()
        assert answered.receive().status == 200, "whoever waits for us may"


def test_more_requests_than_threads_take_turns(told: Told, port: int) -> None:
    told.go_on.clear()
    lines = [Line(port) for _ in range(3 * THREADS)]
    for line in lines:
        line.send(head("/wait"))
    time.sleep(0.3)
    told.go_on.set()
    assert [line.receive().status for line in lines] == [200] * len(lines)
    for line in lines:
        line.close()
