"""``/healthz`` (the process lives) and ``/readyz`` (it can answer): for supervisors and load balancers."""

from __future__ import annotations

import os

from flask import Blueprint, Response, current_app, jsonify

from geo_service.db.migrate import check_ready
from geo_service.errors import GeoServiceError, UnavailableError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer 200 as long as the process answers at all, and say which one it is; asks nobody else."""
    return _uncached(jsonify(status="ok", process=os.getpid()))


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 when the database answers and its schema is the one this version expects, else 503."""
    try:
        check_ready(current_app.extensions["geo_service"].engine)
    except GeoServiceError as error:
        current_app.logger.warning("not ready: %s", error)
        response = jsonify(status="unavailable", detail=error.public.en)
        response.status_code = 503
        retry_after = error.retry_after if isinstance(error, UnavailableError) else 5
        response.headers["Retry-After"] = str(retry_after)
        return _uncached(response)
    return _uncached(jsonify(status="ok"))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
