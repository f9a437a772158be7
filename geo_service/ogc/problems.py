"""The one place that turns errors into answers: ``application/problem+json`` (RFC 9457), German or English.

Pages for people use :func:`describe` and put the same words into HTML.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from geo_service.errors import (
    GeoServiceError,
    GoneError,
    InvalidParameterError,
    Message,
    NotAcceptableError,
    NotFoundError,
    UnavailableError,
)
from geo_service.ogc.arguments import language_of

LOGGER = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"

# What werkzeug raises has no words of ours; an error of ours with the same status lends its title.
HTTP_TITLES = {
    error.status: error.title
    for error in (InvalidParameterError, NotFoundError, NotAcceptableError, GeoServiceError)
}
HTTP_TITLES |= {
    405: Message("Methode nicht erlaubt", "Method not allowed"),
    412: Message("Bedingung nicht erfüllt", "Precondition failed"),
    413: Message("Anfrage zu groß", "Request too large"),
    414: Message("Adresse zu lang", "Address too long"),
    415: Message("Medientyp nicht lesbar", "Media type not supported"),
    416: Message("Bereich nicht vorhanden", "Range not satisfiable"),
}
HTTP_MESSAGES = {
    400: Message("Die Anfrage ist nicht lesbar.", "The request cannot be read."),
    404: Message("Unter dieser Adresse gibt es nichts.", "There is nothing at this address."),
    405: Message("Diese Methode ist hier nicht erlaubt.", "This method is not allowed here."),
    406: Message("Dieses Format gibt es hier nicht.", "This format is not available here."),
    412: Message(
        "Was hier steht, ist nicht das, was If-Match nennt.", "What is here is not what If-Match names."
    ),
    413: Message("Die Anfrage ist zu groß.", "The request is too large."),
    414: Message("Die Adresse ist zu lang.", "The address is too long."),
    415: Message("Dieser Medientyp wird hier nicht gelesen.", "This media type is not read here."),
    416: Message(
        "Der Bereich (Range) liegt hinter dem Ende; Content-Range nennt die Länge.",
        "The range lies behind the end; Content-Range says the length.",
    ),
}
INTERNAL = Message(
    "Im Dienst ist ein Fehler aufgetreten. Er wurde protokolliert.",
    "Something went wrong in the service. It was logged.",
)


@dataclass(frozen=True)
class Problem:
    """What went wrong, in one language: status, title, a sentence, and headers that belong to it."""

    status: int
    title: str
    detail: str
    language: str
    headers: dict[str, str] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)


def describe(error: Exception, language: str) -> Problem:
    """Say in `language` what the caller can know and change about `error`."""
    if isinstance(error, GeoServiceError):
        return _describe_own(error, language)
    if isinstance(error, HTTPException) and error.code is not None:
        return _describe_http(error, error.code, language)
    return Problem(500, GeoServiceError.title.text(language), INTERNAL.text(language), language)


def _describe_own(error: GeoServiceError, language: str) -> Problem:
    headers: dict[str, str] = {}
    members: dict[str, Any] = {}
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, InvalidParameterError):
        members["parameter"] = error.parameter
    if isinstance(error, GoneError) and error.successor_id:
        members["successor"] = error.successor_id
    detail = error.public if error.status < 500 or isinstance(error, UnavailableError) else INTERNAL
    return Problem(
        error.status, error.title.text(language), detail.text(language), language, headers, members
    )


def _describe_http(error: HTTPException, code: int, language: str) -> Problem:
    message = HTTP_MESSAGES.get(code)
    detail = message.text(language) if message else (error.description or "")
    allow = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(allow))} if allow else {}
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        headers["Content-Range"] = f"{error.units} */{error.length}"
    title = HTTP_TITLES[code].text(language) if code in HTTP_TITLES else error.name
    return Problem(code, title, detail, language, headers)


def log_fault(error: Exception, status: int) -> None:
    """Log what is our fault with its trace, and in one line what will pass."""
    if isinstance(error, UnavailableError):
        LOGGER.warning("not available: %s", error)
    elif status >= 500:
        LOGGER.error("%s: %s", type(error).__name__, error, exc_info=error)


def problem_response(error: Exception, request: Request) -> Response:
    """Make the answer for `error`; what is our fault is logged with its trace, once and here."""
    problem = describe(error, language_of(request))
    log_fault(error, problem.status)
    body = {
        "type": getattr(error, "type_uri", "about:blank"),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    response = Response(orjson.dumps(body), status=problem.status, content_type=PROBLEM_TYPE)
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = problem.language
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
