"""The duties of a public page: imprint, data protection, accessibility statement, and the form to report barriers.

Nothing is asserted that only the operator can know: what the settings leave empty is shown as still to be filled in.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as WerkzeugResponse

from geo_service.errors import ConflictError, GeoServiceError, InvalidParameterError, UnavailableError
from geo_service.ogc.map_style import background_origin
from geo_service.web.answers import html_answer
from geo_service.web.context import shared
from geo_service.web.duty_messages import (
    BAD_EMAIL,
    FULL,
    NO_FORM,
    NO_MESSAGE,
    NOT_FROM_HERE,
    NOT_KEPT,
    TOO_LONG,
)
from geo_service.web.feedback import MAX_EMAIL, MAX_MESSAGE, MAX_PAGE, Feedback, FeedbackBox, FullError
from geo_service.web.forms import TooLargeError
from geo_service.web.page import current_page
from geo_service.web.problem_page import explain

MAX_BYTES = 40_000  # of the form, its text percent-encoded
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")

blueprint = Blueprint("duties", __name__)


@blueprint.get("/imprint")
def imprint() -> Response:
    """Say who answers for this site."""
    return _page("imprint.html")


@blueprint.get("/privacy")
def privacy() -> Response:
    """Say what is stored about visitors, which follows from what the service does and how it is configured."""
    background = background_origin(shared().settings)
    return _page(
        "privacy.html",
        background=urlsplit(background).hostname if background else None,
        geocoder=urlsplit(shared().settings.geocoder_url).hostname,
    )


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """Say how accessible the site is, and take reports of barriers."""
    return _accessibility()


@blueprint.post("/accessibility")
def report_barrier() -> WerkzeugResponse:
    """Keep a report of a barrier and thank for it; what is wrong with it is said in the form."""
    try:
        _take_report()
    except GeoServiceError as error:
        return explain(error, _accessibility)
    return redirect(current_page().link("/accessibility", sent=1) + "#feedback", 303)


def _accessibility(*, fault: str | None = None, status: int = 200) -> Response:
    given = request.form if request.method == "POST" and status != 413 else {}
    settings = shared().settings
    html = render_template(
        "accessibility.html",
        settings=settings,
        fault=fault,
        given={name: given.get(name, "") for name in ("message", "address", "email")},
        sent=request.args.get("sent") == "1" and fault is None,
        has_form=settings.feedback_max_stored > 0,
        most={"message": MAX_MESSAGE, "address": MAX_PAGE, "email": MAX_EMAIL},
    )
    return html_answer(html, status)


def _take_report() -> None:
    """Read the form and keep it.

    Raises
    ------
    GeoServiceError
        It comes from another site, is too large or empty, or there is no room.
    """
    settings = shared().settings
    if settings.feedback_max_stored == 0:
        raise ConflictError("there is no form", NO_FORM)
    if not _is_from_here():
        raise ConflictError("the form was sent from another site", NOT_FROM_HERE)
    request.max_content_length = request.max_form_memory_size = MAX_BYTES
    try:
        form = request.form
    except RequestEntityTooLarge as error:
        raise TooLargeError(MAX_BYTES) from error
    if form.get("website"):
        return  # only a program fills in what people do not see; it is told nothing
    feedback = Feedback(
        _line_ends(form.get("message", "")),
        _one_line(form.get("address", "")),
        _one_line(form.get("email", "")),
        current_page().language,
    )
    _check(feedback)
    box = FeedbackBox(settings.home / "feedback", settings.feedback_max_stored, settings.feedback_max_hourly)
    try:
        box.add(feedback)
    except FullError as error:
        raise _TooMany("too many reports", FULL) from error
    except OSError as error:
        current_app.logger.error("a report of a barrier could not be kept: %s", error.strerror)
        raise UnavailableError("the report could not be kept", NOT_KEPT) from error


class _TooMany(ConflictError):
    """More reports than are taken within an hour, or than are kept (429)."""

    status = 429


def _check(feedback: Feedback) -> None:
    if not feedback.message:
        raise InvalidParameterError("message", NO_MESSAGE)
    if (
        len(feedback.message) > MAX_MESSAGE
        or len(feedback.page) > MAX_PAGE
        or len(feedback.email) > MAX_EMAIL
    ):
        raise InvalidParameterError("message", TOO_LONG)
    if feedback.email and not _EMAIL.fullmatch(feedback.email):
        raise InvalidParameterError("email", BAD_EMAIL)


def _is_from_here() -> bool:
    """Tell whether a browser says that the form came from this site; other programs say nothing, and need not.

    There is nothing to steal: nobody is logged in, and no cookie is read. It only keeps other sites from using their
    visitors to fill the box.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    here = {urlsplit(current_page().base).netloc, request.host}
    return origin is None or urlsplit(origin).netloc in here


def _line_ends(text: str) -> str:
    return "".join(
        sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or sign.isprintable()
    ).strip()


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _page(template: str, **values: Any) -> Response:
    return html_answer(render_template(template, settings=shared().settings, **values))
