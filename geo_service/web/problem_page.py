"""A form that was filled in wrongly comes back with what was wrong, to people; programs get problem+json."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from geo_service.errors import GeoServiceError
from geo_service.web.page import current_page, prefers_html


def explain(error: GeoServiceError, form: Callable[..., Response]) -> Response:
    """Return the form with the words of `error` in it, called as ``form(fault=…, status=…)``.

    Raises
    ------
    GeoServiceError
        `error` itself, where it is not the caller's fault or the caller is a program.
    """
    if error.status >= 500 or not prefers_html(request):
        raise error
    return form(fault=error.public.text(current_page().language), status=error.status)
