"""Clients that mean no good, or do not know better: bounded time and memory, and the others notice nothing."""

from __future__ import annotations

import http.client
import io
import resource
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from geo_service.web.bodies import MAX_ADDRESS_BYTES, READERS
from geo_service.web.connection import HEAD_TIMEOUT_S
from geo_service.web.metrics_files import resident_bytes
from geo_service.web.stalled import StalledConnections
from tests.faults.serving import ITEMS, Served
from tests.waiting import wait_until

OTHERS_WAIT_S = 5.0
MEMORY_BYTES = 150_000_000
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def served(make_served: Callable[..., Served]) -> Served:
    served = make_served(settings={"max_body_bytes": "1000000", "statement_timeout_ms": "2000"})
    for _ in range(20):
        served.ask(f"{ITEMS}?limit=100")
    return served


@pytest.fixture(autouse=True)
def _others_notice_nothing(served: Served) -> Iterator[None]:
    """After each attack the service has the same workers, about the same memory, and answers."""
    workers, before = served.worker_pids(), memory(served)
    yield
    assert served.worker_pids() == workers
    assert served.ask(f"{ITEMS}?limit=3").seconds < OTHERS_WAIT_S
    assert wait_until(lambda: memory(served) - before < MEMORY_BYTES, 10)


def memory(served: Served) -> int:
    return sum(map(resident_bytes, served.worker_pids()))


@contextmanager
def connections(served: Served, count: int, first: bytes = b"") -> Iterator[list[socket.socket]]:
    made: list[socket.socket] = []
    try:
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", served.port), timeout=30)
            made.append(one)
            if first:
                one.sendall(first)
        yield made
    finally:
        for one in made:
            one.close()


def closed(connection: socket.socket, seconds: float = 0.0) -> bool:
    """Tell whether the server has closed a connection, perhaps after an answer."""
    connection.settimeout(seconds or 0.001)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def post(served: Served, body: bytes, path: str = ITEMS, **headers: str):
    return served.ask(path, "POST", {**JSON, **headers}, body)


def head(path: str, *lines: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def test_heads_that_never_end(served: Served) -> None:
    """Slowloris: a line now and then; a connection that says nothing at all is no better."""
    began = time.monotonic()
    with connections(served, 60, b"GET / HTTP/1.1\r\nHost: x\r\n") as slow, connections(served, 20) as mute:
        while time.monotonic() - began < HEAD_TIMEOUT_S - 2:
            for one in slow:
                one.sendall(b"X-a: b\r\n")
            assert served.ask(f"{ITEMS}?limit=2").seconds < OTHERS_WAIT_S
            time.sleep(1)
        assert wait_until(lambda: all(closed(one) for one in [*slow, *mute]), 10)
    assert time.monotonic() - began < HEAD_TIMEOUT_S + 10


def test_bodies_that_never_come(served: Served) -> None:
    """They keep a few threads, and no others; in the end they are cut off."""
    start = head(ITEMS, "Content-Type: application/json", "Content-Length: 1000", method="POST") + b'{"op'
    with connections(served, 4 * READERS, start) as slow:
        time.sleep(0.5)
        with ThreadPoolExecutor(8) as pool:
            paths = [f"{ITEMS}?limit={n}" for n in range(1, 40)]
            answers = list(pool.map(served.ask, paths))
        assert {answer.status for answer in answers} == {200}
        assert max(answer.seconds for answer in answers) < OTHERS_WAIT_S
        assert wait_until(lambda: all(closed(one) for one in slow), 40), "cut off, or sent away before"
    assert wait_until(lambda: post(served, b'{"op":"isNull","args":[{"property":"name"}]}').status == 200, 10)


def status_of(connection: socket.socket, seconds: float) -> int:
    connection.settimeout(seconds)
    line = b""
    while not line.endswith(b"\r\n"):
        line += connection.recv(1)
    return int(line.split()[1])


def test_a_worker_ends_connections_on_which_nothing_moves() -> None:
    """What each worker does every few seconds, with less patience than it has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with (
            socket.create_connection(("127.0.0.1", port)) as stalled,
            socket.create_connection(("127.0.0.1", port)) as uploading,
            socket.create_connection(("127.0.0.1", port)) as answered,
        ):
            ends = [server.accept()[0] for _ in range(3)]
            sweeper = StalledConnections(port)
            assert sweeper.sweep(1, 1.0) == 0
            time.sleep(1.2)
            uploading.sendall(b"x" * 200_000)
            stalled.sendall(b"x")
            ends[1].recv(300_000)
            ends[2].sendall(b"an answer")
            time.sleep(0.1)
            assert sweeper.sweep(1, 1.0) == 1
            assert closed(stalled, 1)
            assert not closed(uploading, 0.2)
            assert not closed(answered, 0.2)
            for end in ends:
                end.close()


def test_a_thousand_idle_connections(served: Served) -> None:
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1500 if most == resource.RLIM_INFINITY else min(1500, most - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + 200), most))
    try:
        before = memory(served)
        with connections(served, wanted) as idle:
            for number in range(10):
                assert served.ask(f"{ITEMS}?limit={number + 1}").seconds < OTHERS_WAIT_S
            assert memory(served) - before < 60_000_000
            assert wait_until(lambda: all(closed(one) for one in idle), HEAD_TIMEOUT_S + 10)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))


def test_half_requests_whose_clients_go_away(served: Served) -> None:
    pieces = (b"", b"G", b"GET /", head("/")[:-2], head(ITEMS, "Content-Length: 50", method="POST") + b"{")
    for piece in pieces * 20:
        with connections(served, 1, piece):
            pass
    with connections(served, 20, head(f"{ITEMS}?limit=1000")):
        pass  # nobody waits for the answers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ITEMS}?q=" + "x" * MAX_ADDRESS_BYTES, {414}),
        ("/" + "x" * MAX_ADDRESS_BYTES, {414}),
        (f"{ITEMS}?limit=3&q=" + "x" * 200_000, {414, 431}),
        ("/api/collections?" + "x" * MAX_ADDRESS_BYTES, {414}),
        (f"{ITEMS}?" + "&".join(f"p{n}=1" for n in range(5000)), {400}),
        (f"{ITEMS}?filter=" + "(" * 15_000, {400}),
        (f"{ITEMS}?filter=" + "NOT%20" * 3000 + "name%20IS%20NULL", {400}),
        (f"{ITEMS}?filter=name%20IN%20(" + ",".join(["'a'"] * 3500) + ")", {400}),
        (f"{ITEMS}?bbox=" + "1," * 20_000, {400}),
    ],
    ids=[
        "query",
        "path",
        "far too long",
        "of a known answer",
        "parameters",
        "parentheses",
        "depth",
        "width",
        "numbers",
    ],
)
def test_addresses_beyond_their_limits(served: Served, path: str, status: set[int]) -> None:
    for _ in range(8):
        served.ask("/api/collections", headers={"Accept-Language": "en"})
    with connections(served, 1, head(path, "Accept-Language: en", "Connection: close")) as (connection,):
        began = time.monotonic()
        connection.settimeout(10)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status in status
        content = response.read()
        assert time.monotonic() - began < 3
    if response.status in (400, 414):
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert b'"detail":"' in content


def test_too_many_headers(served: Served) -> None:
    with connections(served, 1, head("/", *(f"X-{n}: 1" for n in range(5000)))) as (connection,):
        assert status_of(connection, 10) in (400, 431)


@pytest.mark.parametrize("size", [1_000_001, 8_000_000])
def test_bodies_beyond_their_limits(served: Served, size: int) -> None:
    """Whoever sends them to the end before looking for an answer gets it, too."""
    declared = served.ask(ITEMS, "POST", JSON, b"x" * size)
    assert declared.status == 413
    assert declared.json["status"] == 413
    assert "1 MB" in declared.json["detail"]
    page = post(served, b"x" * size, **{"Accept": "text/html", "Accept-Language": "en"})
    assert page.status == 413
    assert "at most 1 MB are read" in page.text


def test_whoever_asks_before_sending_too_much_is_answered_at_once(served: Served) -> None:
    start = head(
        ITEMS,
        "Content-Type: application/json",
        "Content-Length: 8000000",
        "Expect: 100-continue",
        method="POST",
    )
    with connections(served, 1, start) as (connection,):
        assert status_of(connection, 5) == 413


def test_a_body_that_does_not_say_how_long_it_is(served: Served) -> None:
    start = head(ITEMS, "Content-Type: application/json", "Transfer-Encoding: chunked", method="POST")
    with connections(served, 1, start) as (connection,):
        piece = b"x" * 65_536
        for _ in range(100):  # all of it: whoever looks for the answer only then gets it, too
            connection.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert status_of(connection, 10) == 413
    small = b'{"op":"isNull","args":[{"property":"name"}]}'
    with connections(served, 1, start + b"%x\r\n" % len(small) + small + b"\r\n0\r\n\r\n") as (connection,):
        assert status_of(connection, 10) == 200


def test_a_compressed_body_is_not_unpacked(served: Served) -> None:
    for coding in ("gzip", "br", "deflate", "zstd", "gzip, gzip"):
        assert post(served, b"\x1f\x8b\x08", **{"Content-Encoding": coding}).status == 415


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 15_000,
        b'{"op":"not","args":[' * 700,
        b"\xff" * 1000,
        b"",
        b"\0" * 100,
        b'{"op":"and","args":[1' + b"0" * 15_000,
    ],
    ids=["brackets", "nested", "no text", "nothing", "zeros", "a long number"],
)
def test_filters_that_are_none(served: Served, body: bytes) -> None:
    answer = post(served, body)
    assert answer.status == 400
    assert answer.seconds < 3


def test_a_zip_bomb(served: Served) -> None:
    """A gigabyte of zeros in a megabyte."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("plan.geojson", "w") as member,
    ):
        for _ in range(900):
            member.write(bytes(2**20))
    content = packed.getvalue()
    assert len(content) < 1_000_000
    boundary = b'--bomb\r\nContent-Disposition: form-data; name="file"; filename="plan.zip"\r\n\r\n'
    body = boundary + content + b"\r\n--bomb--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=bomb", "Accept-Language": "en"}
    answer = served.ask("/overlap", "POST", headers, body)
    assert answer.status in (400, 413, 422)
    assert b"100 MB" in answer.content
    assert answer.seconds < 10


def test_slow_readers_of_long_answers_leave_room_for_others(served: Served) -> None:
    """They ask for files and do not take them; each keeps a thread, but only so many may."""
    path = next(Path("geo_service/web/static").rglob("*.css"))
    start = head(f"{ITEMS}?limit=10000")
    with connections(served, 40, start * 5):
        time.sleep(1)
        for number in range(5):
            assert served.ask(f"{ITEMS}?limit={number + 50}").seconds < OTHERS_WAIT_S
        assert served.ask(f"/static/{path.relative_to('geo_service/web/static')}").seconds < OTHERS_WAIT_S
