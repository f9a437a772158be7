"""A connection of a client, as uvicorn knows it, with bounds on what comes and on how long it takes.

What is known by its head is answered here; all else goes on to the application.
"""

from __future__ import annotations

import asyncio
import json
import time
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from geo_service.web.at_once import AtOnce, is_whole_head
from geo_service.web.sending import CLOSE, answer_of, write
from geo_service.web.wsgi import HEAD, Threads

# A client has so long to send the head of a request; a connection that rests is closed after it, too.
HEAD_TIMEOUT_S = 15.0
# Of the head of a request, address included.
HEAD_BYTES = 64 * 2**10
HEAD_FIELDS = 128
# Whoever is sent away may still be sending, and would otherwise not see why.
LINGER_S = 2.0

_REFUSALS = {
    400: "This is no HTTP/1.1 request.",
    431: f"The head of a request may have {HEAD_BYTES // 1024} kB and {HEAD_FIELDS} fields.",
    503: "Too many connections are open at the moment. Please try again in a few seconds.",
}


class Connection(HttpToolsProtocol):
    """One connection; everything here happens in the thread that serves them all.

    Parameters
    ----------
    threads : Threads
        Who answers, by a thread or at once.
    most : int
        How many connections this process keeps; whoever comes when there are as many is sent away with 503.
    """

    def __init__(self, *, threads: Threads, most: int, **given: Any) -> None:
        super().__init__(**given)
        self._threads, self._at_once, self._most = threads, threads.at_once, most
        # Since when a head is waited for; None while a request is being read on or answered.
        self.waits_since: float | None = time.monotonic()
        # No request is half read; a head is.
        self._between, self._in_head = True, False
        self._unfinished = 0
        self._whole = b""
        self._refused = self._ends_one = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a client in, or send it away."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refuse(503)

    def data_received(self, data: bytes) -> None:
        """Answer what is known; read all else."""
        if self._refused:
            return
        if self._between and (self.cycle is None or self.cycle.response_complete):
            if self._at_once is not None and self._is_answered_at_once(self._at_once, data):
                return
            self._whole = data if is_whole_head(data) else b""
        super().data_received(data)
        if self._in_head:
            self._unfinished += len(data)
            if self._unfinished > HEAD_BYTES:
                self._refuse(431)

    def _is_answered_at_once(self, at_once: AtOnce, data: bytes) -> bool:
        # Whoever does not take what was sent is answered by somebody who waits for that.
        if self.flow.write_paused or self.transport.is_closing():
            return False
        answer = at_once.by_head(data)
        if answer is None:
            return False
        write(self.transport, answer, self.server_state.default_headers)
        self.waits_since = time.monotonic()
        return True

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        super().on_message_begin()
        self.scope[HEAD], self._whole = self._whole, b""  # type: ignore[typeddict-unknown-key]
        self._between, self._in_head, self._unfinished = False, True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field; too many end the reading."""
        super().on_header(name, value)
        if len(self.headers) > HEAD_FIELDS:
            raise TooManyFields

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._in_head, self.waits_since = False, None
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, _app: object) -> None:
        if self._ends_one:
            # One after the other, not one within the other: a client may have sent a thousand of them.
            self.loop.call_soon(self._threads.answer, self.loop, cycle)
        else:
            self._threads.answer(self.loop, cycle)

    def on_message_complete(self) -> None:
        """Be ready for another request."""
        super().on_message_complete()
        self._between = True

    def on_response_complete(self) -> None:
        """Go on with what came meanwhile, or wait for the next head."""
        self._ends_one = True
        super().on_response_complete()
        self._ends_one = False
        if self.cycle.response_complete:
            self.waits_since = time.monotonic()

    def end_if_late(self) -> None:
        """Close the connection if its client lets us wait for a head."""
        if self.waits_since is not None and time.monotonic() - self.waits_since > HEAD_TIMEOUT_S:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's words are for its log
        """Say that a request cannot be read."""
        self._refuse(431 if self._in_head and len(self.headers) > HEAD_FIELDS else 400)

    def _refuse(self, status: int) -> None:
        """Answer without the application, and close; in the midst of another answer there is nothing to say."""
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            phrase = HTTPStatus(status).phrase
            problem = {"type": "about:blank", "title": phrase, "status": status, "detail": _REFUSALS[status]}
            headers = {
                "Content-Type": "application/problem+json",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
                **({"Retry-After": "5"} if status == 503 else {}),
            }
            answer = answer_of(f"{status} {phrase}", list(headers.items()), json.dumps(problem).encode())
            write(self.transport, answer, self.server_state.default_headers, CLOSE)
            self.transport.write_eof()
        self._refused = True
        self.loop.call_later(LINGER_S, self.transport.close)


class TooManyFields(Exception):
    """The head of a request has more fields than are read."""
