"""``If-Match`` (RFC 9110, section 13.1.1) on everything that is read.

The library that answers conditions knows no ``*``, and leaves the whole content under a 412.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import PreconditionFailed

from geo_service.ogc.problems import PROBLEM_TYPE
from geo_service.web.errors import answer_error


def register_conditions(app: Flask) -> None:
    """Answer a condition that does not hold as an error; register it last, so that all else is added to the error."""
    app.before_request(_any_content_matches)
    app.after_request(_refuse)


def _any_content_matches() -> None:
    """``*`` holds for whatever there is; what there is not, is a 404 with or without it."""
    if request.environ.get("HTTP_IF_MATCH", "").strip() == "*":
        del request.environ["HTTP_IF_MATCH"]


def _refuse(response: Response) -> Response:
    if response.status_code != 412 or response.mimetype == PROBLEM_TYPE:
        return response
    response.close()
    return answer_error(PreconditionFailed())  # type: ignore[return-value]
