"""Which form an error takes: a page for people, problem+json for machines, the same words in both."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from geo_service.errors import GeoServiceError, GoneError
from geo_service.ogc.base_url import API_PREFIX, public_base
from geo_service.ogc.problems import describe, log_fault, problem_response
from geo_service.web.context import shared
from geo_service.web.embed import ENDPOINT as EMBED
from geo_service.web.messages import MESSAGES
from geo_service.web.page import VARY, Page, current_page, prefers_html


def register_errors(app: Flask) -> None:
    """Answer every error of pages and API in the form that the client reads."""
    app.register_error_handler(Exception, answer_error)
    app.after_request(_lead_to_the_public_address)


def answer_error(error: Exception) -> WerkzeugResponse:
    """Answer an error as a page to people and as problem+json to machines."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error.get_response()  # a redirect is no error
    page = _page_for_people()
    response = problem_response(error, request) if page is None else _error_page(error, page)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(VARY)
    return response


def _lead_to_the_public_address(response: Response) -> Response:
    """Complete what the routing sends on by itself, such as an address with a double slash: no handler sees it."""
    moved = request.routing_exception
    if not isinstance(moved, RequestRedirect) or "Location" not in response.headers:
        return response
    meant = urlsplit(moved.new_url)
    path = meant.path.removeprefix(quote(request.root_path.rstrip("/")))
    query = f"?{meant.query}" if meant.query else ""
    try:
        address = f"{public_base(request, shared().settings)}{path}{query}"
    except GeoServiceError as refused:
        new = answer_error(refused)
        response.status_code, response.data, response.content_type = (
            new.status_code,
            new.data,
            new.content_type,
        )
        del response.headers["Location"]
        return response
    new = redirect(address, moved.code)
    response.headers["Location"], response.data = new.headers["Location"], new.data
    response.headers["Cache-Control"] = "no-cache"
    return response


def _words(path: str) -> str | None:
    """Return what the end of an address that leads nowhere may have meant, as words to search for."""
    words = " ".join(re.findall(r"\w+", path.rstrip("/").rpartition("/")[2].replace("_", " ")))
    return words if 3 <= len(words) <= 80 and re.search(r"[^\W\d]{3}", words) else None


def _page_for_people() -> Page | None:
    """Return the page context if an error is to be a page; no page can be made for a host that is none."""
    asked = request.args.get("f")
    # Whoever asks for a file in a browser still reads an error there; only JSON is meant for programs alone.
    if asked == "json" or not (asked == "html" or prefers_html(request)):
        return None
    try:
        return current_page()
    except GeoServiceError:
        return None


def _error_page(error: Exception, page: Page) -> Response:
    fault = describe(error, page.language)
    log_fault(error, fault.status)
    own_title, own_text = f"error.{fault.status}", f"error.{fault.status}.text"
    below_api = request.path == API_PREFIX or request.path.startswith(f"{API_PREFIX}/")
    # Ours say more exactly what to change; and the API says the same to people and to machines.
    is_general = not isinstance(error, GeoServiceError) and not below_api
    html = render_template(
        "embed_error.html" if request.endpoint == EMBED else "error.html",
        status=fault.status,
        title=page.text(own_title) if own_title in MESSAGES and not below_api else fault.title,
        detail=page.text(own_text) if is_general and own_text in MESSAGES else fault.detail,
        below_api=below_api,
        successor_id=error.successor_id if isinstance(error, GoneError) else None,
        words=_words(request.path) if fault.status == 404 and not below_api else None,
    )
    response = Response(html, fault.status, mimetype="text/html")
    response.headers.update(fault.headers)
    response.headers["Content-Language"] = page.language
    return response
