"""Bodies that do not come: when a worker stops waiting for them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from geo_service.settings import Settings
from geo_service.web import bodies
from geo_service.web.bodies import Bounded


class Dripping:
    """The input of a request that sends a piece at once, and nothing more until it is let go."""

    def __init__(self, piece: bytes) -> None:
        self._pieces = [piece]
        self.waits, self.go_on = threading.Event(), threading.Event()

    def read(self, _size: int) -> bytes:
        if self._pieces:
            return self._pieces.pop()
        self.waits.set()
        self.go_on.wait(10)
        return b""


@pytest.mark.parametrize(
    "announced",
    [{"CONTENT_LENGTH": "30000000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}],
    ids=["a length", "no length"],
)
def test_announcing_much_gains_no_time(monkeypatch: pytest.MonkeyPatch, announced: dict[str, str]) -> None:
    """Else three who announce 30 MB and send nothing would keep all others from posting for five minutes."""
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.2)
    monkeypatch.setattr(bodies, "SLOWEST_BYTES_PER_S", 1000)
    seen: list[dict[str, Any]] = []
    bounded = Bounded(lambda environ, _: seen.append(environ) or [], Settings.load({}))
    slow = Dripping(b"x" * 300)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": slow, **announced}
    waiting = threading.Thread(target=bounded, args=(environ, None))
    began = time.monotonic()
    waiting.start()
    try:
        assert slow.waits.wait(5)
        assert not bounded.overdue() or time.monotonic() - began > 0.4, "0.2 s, and 0.3 s for what has come"
        time.sleep(max(0.0, began + 0.7 - time.monotonic()))
        assert bounded.overdue()
    finally:
        slow.go_on.set()
        waiting.join()
    assert not bounded.overdue()
    assert seen


@pytest.mark.parametrize(
    "announced",
    [{"CONTENT_LENGTH": "9" * 12}, {"HTTP_TRANSFER_ENCODING": "chunked"}],
    ids=["a length", "no length"],
)
def test_what_is_too_large_is_taken_for_a_while_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, announced: dict[str, str]
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.3)
    seen: list[dict[str, Any]] = []
    bounded = Bounded(lambda environ, _: seen.append(environ) or [], Settings(max_body_bytes=100_000))
    taken: list[int] = []

    class Endless:
        def read(self, size: int) -> bytes:
            taken.append(size)
            time.sleep(0.01)
            return b"x" * size

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "wsgi.input": Endless(),
        **announced,
    }
    began = time.monotonic()
    bounded(environ, None)
    assert 0.3 <= time.monotonic() - began < 2
    assert len(taken) > 5
    assert seen[0][bodies.REFUSED].status == 413
    assert not bounded.overdue()
    assert seen[0]["wsgi.input"].read() == b""


def test_of_what_is_too_large_only_so_much_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_THROWN_AWAY_BYTES", 10 * bodies.PIECE_BYTES)
    seen: list[dict[str, Any]] = []
    bounded = Bounded(lambda environ, _: seen.append(environ) or [], Settings(max_body_bytes=100_000))
    taken: list[int] = []

    class Fast:
        def read(self, size: int) -> bytes:
            taken.append(size)
            return b"x" * size

    for announced in ({"CONTENT_LENGTH": "9" * 12}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        taken.clear()
        bounded({"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": Fast(), **announced}, None)
        assert seen.pop()[bodies.REFUSED].status == 413
        assert 10 <= len(taken) <= 14


def test_a_client_that_asks_first_need_not_send_what_is_too_large() -> None:
    seen: list[dict[str, Any]] = []
    bounded = Bounded(lambda environ, _: seen.append(environ) or [], Settings.load({}))
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "wsgi.input": None,
        "CONTENT_LENGTH": "9" * 12,
        "HTTP_EXPECT": "100-continue",
    }
    bounded(environ, None)
    assert seen[0][bodies.REFUSED].status == 413
