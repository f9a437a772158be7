"""Bounds for what clients send: addresses, and bodies in size, time and number.

The server hands over a request when its head is complete; its body may still take for ever, and while a thread waits
for it, that thread answers nobody. So only a few bodies are read at a time, before anything else sees the request, and
connections on which they come too slowly are ended (`stalled`). What is refused is answered by the application, as a
page or as problem+json like every other error. A body that is too large is still taken for a while and thrown away,
whether it said how long it is or turns out so: who is sending when the connection ends may never see the answer
(RFC 9112, section 9.6).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

from geo_service.errors import GeoServiceError, Message, UnavailableError
from geo_service.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# In the environment of a request: the error to answer it with.
REFUSED = "geo_service.refused"
# An expression may have 16 kB, which percent-encoding makes three times as long. The server's own limit is near.
MAX_ADDRESS_BYTES = 56 * 2**10
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
# So many at a time in each worker; each keeps a thread. So does a long answer that is sent: STREAMS.
READERS = 3
STREAMS = 4
PIECE_BYTES = 2**16
PATIENCE_S = 10.0
SLOWEST_BYTES_PER_S = 100_000
# Of a body that is too large no more is taken than so much, however fast it comes.
MAX_THROWN_AWAY_BYTES = 2**28


class BodyTooLargeError(GeoServiceError):
    """A request is larger than what is read (413)."""

    status = 413
    title = Message("Zu groß", "Too large")


class AddressTooLongError(GeoServiceError):
    """An address is longer than what is read (414)."""

    status = 414
    title = Message("Adresse zu lang", "Address too long")


class CodedBodyError(GeoServiceError):
    """A body comes compressed, and nobody knows how large it would become (415)."""

    status = 415
    title = Message("Komprimierter Inhalt", "Compressed body")


class TooSlowError(GeoServiceError):
    """A body did not come to its end (408)."""

    status = 408
    title = Message("Zu langsam", "Too slow")


class Bounded:
    """WSGI middleware: lets in what is within bounds, its body read."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        self._max_bytes = settings.max_body_bytes
        self._free = threading.BoundedSemaphore(READERS)
        self._limits: dict[int, float] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or mark it as one to refuse."""
        try:
            if len(environ.get("QUERY_STRING", "")) + len(environ["PATH_INFO"]) > MAX_ADDRESS_BYTES:
                environ["QUERY_STRING"] = ""
                raise AddressTooLongError(
                    "an address that is too long",
                    Message(
                        f"Die Adresse ist zu lang: gelesen werden höchstens {MAX_ADDRESS_BYTES // 1024} kB.",
                        f"The address is too long: at most {MAX_ADDRESS_BYTES // 1024} kB are read.",
                    ),
                )
            if environ["REQUEST_METHOD"] in WITH_BODY:
                content = self._read(environ)
                environ["wsgi.input"] = BytesIO(content)
                environ["CONTENT_LENGTH"] = str(len(content))
                environ.pop("HTTP_TRANSFER_ENCODING", None)
        except GeoServiceError as error:
            environ[REFUSED] = error
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(), "0"
        return self._app(environ, start_response)

    def _read(self, environ: WSGIEnvironment) -> bytes:
        coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
        if coding not in ("", "identity"):
            raise CodedBodyError(
                "a compressed body",
                Message("Bitte unkomprimiert senden.", "Please send it without compression."),
            )
        length = environ.get("CONTENT_LENGTH") or ""
        declared = int(length) if length.isdigit() else None
        if declared == 0 or (declared is None and "HTTP_TRANSFER_ENCODING" not in environ):
            return b""
        too_large = declared is not None and declared > self._max_bytes
        if too_large and environ.get("HTTP_EXPECT"):
            raise self._too_large()  # the client asked before it sends (RFC 9110, section 10.1.1)
        if not self._free.acquire(blocking=False):
            raise (
                self._too_large()
                if too_large
                else UnavailableError("too many bodies are being sent", retry_after=5, public=_BUSY)
            )
        try:
            with closing(self._pieces(environ, declared)) as pieces:
                if too_large:
                    _throw_away(pieces)
                    raise self._too_large()
                body = bytearray()
                for piece in pieces:
                    body += piece
                    if len(body) > self._max_bytes:
                        body.clear()
                        _throw_away(pieces)
                        raise self._too_large()
        finally:
            self._free.release()
        if declared is not None and len(body) < declared:
            raise TooSlowError("a body that did not come, or not in time", _TOO_SLOW)
        return bytes(body)

    def _pieces(self, environ: WSGIEnvironment, declared: int | None) -> Generator[bytes, None, None]:
        """Yield a body as it comes, and note until when it should have come."""
        # By what has come, not by what was announced: announcing much costs nothing.
        limit = time.monotonic() + PATIENCE_S
        self._limits[id(environ)] = limit
        come = 0
        try:
            # Never past the declared length: PEP 3333 promises no end of the stream there, only the client's patience.
            while piece := environ["wsgi.input"].read(
                PIECE_BYTES if declared is None else min(PIECE_BYTES, declared - come)
            ):
                come += len(piece)
                self._limits[id(environ)] = limit + come / SLOWEST_BYTES_PER_S
                yield piece
        finally:
            del self._limits[id(environ)]

    def overdue(self) -> bool:
        """Tell whether a body should have come by now."""
        now = time.monotonic()
        return any(limit < now for limit in list(self._limits.values()))

    def _too_large(self) -> BodyTooLargeError:
        megabytes = self._max_bytes / 10**6
        return BodyTooLargeError(
            f"a body of more than {self._max_bytes} bytes",
            Message(
                f"Die Anfrage ist zu groß: gelesen werden höchstens {megabytes:g} MB.",
                f"The request is too large: at most {megabytes:g} MB are read.",
            ),
        )


_BUSY = Message(
    "Gerade wird zu viel auf einmal gesendet. Bitte versuchen Sie es in einigen Sekunden erneut.",
    "Too much is being sent at the moment. Please try again in a few seconds.",
)


_TOO_SLOW = Message("Der Inhalt der Anfrage kam nicht an.", "The body of the request did not arrive.")


def _throw_away(pieces: Iterable[bytes]) -> None:
    until, come = time.monotonic() + PATIENCE_S, 0
    for piece in pieces:
        come += len(piece)
        if time.monotonic() > until or come > MAX_THROWN_AWAY_BYTES:
            return


def refuse_marked(environ: WSGIEnvironment) -> None:
    """Raise the error with which a request is to be answered, if there is one."""
    if error := environ.get(REFUSED):
        raise error
