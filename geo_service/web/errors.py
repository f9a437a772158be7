"""Which form an error takes: a page for people, problem+json for machines."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from geo_service.errors import GeoServiceError, GoneError, Message, UnavailableError
from geo_service.ogc.problems import problem
from geo_service.web.messages import MESSAGES, NO_PAGE
from geo_service.web.page import VARY, current_page, prefers_html

_TITLES = {status: MESSAGES[f"error.{status}"] for status in (404, 405, 410, 500, 503)}
_DETAILS = {404: NO_PAGE, 405: MESSAGES["error.405.text"], 500: MESSAGES["error.500.text"]}


@dataclass(frozen=True)
class Fault:
    """What a page about an error says."""

    status: int
    title: Message
    detail: Message
    successor_id: str | None = None


def register_errors(app: Flask) -> None:
    """Answer every error of pages and API in the form that the client reads."""
    app.register_error_handler(GeoServiceError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: GeoServiceError) -> Response:
    if error.status >= 500:
        current_app.logger.error("%s %s: %s", request.method, request.path, error)
    title = _TITLES.get(error.status, error.title)
    successor = error.successor_id if isinstance(error, GoneError) else None
    response = _answer(Fault(error.status, title, error.public, successor))
    if isinstance(error, UnavailableError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect is no error
        return error.get_response()  # type: ignore[return-value]
    title = _TITLES.get(status, MESSAGES["error.other"])
    text = error.description or error.name
    response = _answer(Fault(status, title, _DETAILS.get(status, Message(text, text))))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):  # Allow, Retry-After, Content-Range …
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected error at %s %s", request.method, request.path, exc_info=error)
    return _answer(Fault(500, _TITLES[500], _DETAILS[500]))


def _answer(fault: Fault) -> Response:
    response = _page(fault) if _for_people() else None
    if response is None:
        response = problem(fault.status, fault.title, fault.detail)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(VARY)
    return response


def _for_people() -> bool:
    asked = request.args.get("f")
    return prefers_html(request) if asked is None else asked == "html"


def _page(fault: Fault) -> Response | None:
    """Return the page, or None where not even its frame can be made (a host that is none)."""
    try:
        language = current_page().language
    except GeoServiceError:
        return None
    html = render_template(
        "error.html", fault=fault, title=fault.title.text(language), detail=fault.detail.text(language)
    )
    return Response(html, fault.status, mimetype="text/html")
