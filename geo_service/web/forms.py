"""What is posted to a page, read into memory and nowhere else: nothing of it is stored or logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import get_input_stream

from geo_service.errors import GeoServiceError, InvalidParameterError, Message

FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
MAX_PARTS = 20


class TooLargeError(GeoServiceError):
    """What was sent is larger than what is read (413)."""

    status = 413
    title = Message("Zu groß", "Too large")

    def __init__(self, max_bytes: int) -> None:
        megabytes = max_bytes // 10**6
        super().__init__(
            f"a request of more than {max_bytes} bytes",
            Message(
                f"Die Anfrage ist zu groß: gelesen werden höchstens {megabytes} MB.",
                f"The request is too large: at most {megabytes} MB are read.",
            ),
        )


@dataclass(frozen=True)
class Upload:
    """One file of a form, in memory."""

    file_name: str
    content: bytes


@dataclass(frozen=True)
class Posted:
    """The body of a request.

    Attributes
    ----------
    fields : Mapping
        Of a form: its texts.
    files : Mapping
        Of a form: its files that are not empty.
    body : bytes
        What was sent where it was no form.
    media_type : str
        Of the body, without parameters.
    """

    fields: Mapping[str, str]
    files: Mapping[str, Upload]
    body: bytes
    media_type: str


def read_posted(request: Request, max_bytes: int) -> Posted:
    """Read a body of at most `max_bytes`.

    Raises
    ------
    TooLargeError
        It is larger, whatever its header says.
    InvalidParameterError
        It is no readable form.
    """
    if request.content_length is not None and request.content_length > max_bytes:
        raise TooLargeError(max_bytes)
    stream = get_input_stream(request.environ, max_content_length=max_bytes + 1)
    media_type = request.mimetype
    if media_type not in FORM_TYPES:
        return Posted({}, {}, _read(stream, max_bytes), media_type)
    parser = FormDataParser(
        stream_factory=lambda *_, **__: BytesIO(),  # large files would go to the disk otherwise
        max_form_memory_size=max_bytes,
        max_content_length=max_bytes,
        max_form_parts=MAX_PARTS,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(stream, media_type, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge as error:
        raise TooLargeError(max_bytes) from error
    except (ValueError, UnicodeDecodeError, HTTPException) as error:
        raise InvalidParameterError(
            "body", Message("Das Formular ist nicht lesbar.", "The form cannot be read.")
        ) from error
    return Posted(dict(fields.items()), dict(_uploads(files.items())), b"", media_type)


def _read(stream: IO[bytes], max_bytes: int) -> bytes:
    """Read to the end; a stream may give less at a time than it is asked for."""
    body = bytearray()
    try:
        while chunk := stream.read(65_536):
            body += chunk
            if len(body) > max_bytes:
                raise TooLargeError(max_bytes)
    except RequestEntityTooLarge as error:
        raise TooLargeError(max_bytes) from error
    return bytes(body)


def _uploads(files: object) -> list[tuple[str, Upload]]:
    result = []
    for name, storage in files:  # type: ignore[attr-defined]
        assert isinstance(storage, FileStorage)
        content = storage.stream.read()
        if content or storage.filename:
            result.append((name, Upload(storage.filename or "", content)))
    return result
