"""Answers in one piece, and how they leave on a connection: past the messages of ASGI, which look at each header."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

NO_CONTENT = frozenset({204, 304})
# Answers up to this size leave in one write.
PIECE_BYTES = 2**16
CLOSE = b"connection: close\r\n"

_waiting: set[asyncio.Task[None]] = set()  # a loop does not keep its tasks alive


class Answer(NamedTuple):
    """Status line and headers, each line with its end, and the content; `closes`: nothing follows on the connection."""

    head: bytes
    body: bytes
    closes: bool = False


def answer_of(
    line: str, headers: list[tuple[str, str]], content: bytes, *, is_head: bool = False, closes: bool = False
) -> Answer:
    """Put together what an application said: status line and headers as in PEP 3333, and the content."""
    has_content = int(line[:3]) not in NO_CONTENT
    lines = [f"HTTP/1.1 {line}"]
    has_length = False
    for name, text in headers:
        if (lower := name.lower()) == "content-length":
            has_length = True
            if not has_content:
                continue
        lines.append(f"{lower}: {text}")
    if has_content and not has_length:
        lines.append(f"content-length: {len(content)}")
    head = "".join(f"{one}\r\n" for one in lines).encode("latin-1")
    return Answer(head, content if has_content and not is_head else b"", closes)


def give(loop: asyncio.AbstractEventLoop, cycle: RequestResponseCycle, answer: Answer) -> None:
    """Send the answer to a request, in the thread of the connections; nobody waits until it has been taken."""
    if cycle.disconnected:
        return
    if cycle.response_started:
        cycle.transport.close()  # it broke off
    elif cycle.flow.write_paused:
        # This client has not taken the one before, and may have asked for many more.
        waiting = loop.create_task(_give_later(cycle, answer))
        _waiting.add(waiting)
        waiting.add_done_callback(_waiting.discard)
    else:
        _finish(cycle, answer)


async def _give_later(cycle: RequestResponseCycle, answer: Answer) -> None:
    await cycle.flow.drain()
    if not cycle.disconnected:
        _finish(cycle, answer)


def _finish(cycle: RequestResponseCycle, answer: Answer) -> None:
    closes = answer.closes or not cycle.keep_alive
    write(cycle.transport, answer, cycle.default_headers, CLOSE if closes else b"")
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if closes:
        cycle.transport.close()
    cycle.on_response()


def write(
    transport: asyncio.Transport, answer: Answer, headers: list[tuple[bytes, bytes]], last: bytes = b""
) -> None:
    """Write an answer with headers that every answer has, such as the date."""
    lines = _lines.of(headers)
    if len(answer.body) <= PIECE_BYTES:
        transport.write(b"".join((answer.head, lines, last, b"\r\n", answer.body)))
    else:
        transport.write(b"".join((answer.head, lines, last, b"\r\n")))
        transport.write(answer.body)


class _Lines:
    """Headers as they are sent, put together once for each list of them: there is a new one every second."""

    def __init__(self) -> None:
        self._last: tuple[list[tuple[bytes, bytes]] | None, bytes] = None, b""

    def of(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        known, lines = self._last
        if headers is not known:
            lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
            self._last = headers, lines
        return lines


_lines = _Lines()
