"""``/healthz`` (the process lives), ``/readyz`` (it can answer) and ``/metrics``: for supervisors and their like."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from geo_service.db.migrate import check_ready, head_revision
from geo_service.errors import ForbiddenError, GeoServiceError, Message, UnavailableError
from geo_service.web.context import ogc_api, shared
from geo_service.web.proxies import TRUSTED, WAS_FORWARDED, is_within
from geo_service.web.vitals import vitals

blueprint = Blueprint("health", __name__)

_NOT_FOR_YOU = Message(
    "Diese Zahlen sind nur für die Überwachung des Dienstes da.",
    "These numbers are for those alone who watch over the service.",
)
# What it means for answers when the channel is lost; they stay right.
_CHANNEL_LOST = "publications are not heard of; every answer asks the database whether it is still true"


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer 200 as long as the process answers at all, and say which one it is; asks nobody else."""
    return _uncached(jsonify(status="ok", process=os.getpid()))


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 when the database answers and its schema is the one this version expects, else 503.

    A lost cache channel is reported, but no reason to send nobody here: answers stay right without it.
    """
    context = shared()
    checks: dict[str, dict[str, Any]] = {"database": {"status": "ok"}}
    fault = _fault(lambda: check_ready(context.engine))
    if fault is None:
        checks["migrations"] = {"status": "ok", "revision": head_revision()}
    elif fault.reason == "schema":
        checks["migrations"] = {"status": "unavailable", "detail": str(fault)}
    else:
        checks["database"] = {"status": "unavailable", "detail": fault.public.en}
        checks["migrations"] = {"status": "unknown"}
    state, version = ogc_api().cache.watch.state()
    checks["cache_channel"] = (
        {"status": "degraded", "detail": _CHANNEL_LOST} if state == "lost" else {"status": "ok"}
    )
    checks["cache_channel"]["state"] = state
    if version is not None:
        checks["cache_channel"]["dataset_version"] = version
    if fault is None:
        return _uncached(jsonify(status="ok", checks=checks))
    current_app.logger.warning("not ready: %s", fault)
    response = jsonify(status="unavailable", detail=fault.public.en, checks=checks)
    response.status_code = 503
    response.headers["Retry-After"] = str(fault.retry_after)
    return _uncached(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show the numbers of all workers to those who may see them (``metrics_clients``)."""
    context = shared()
    environ = request.environ
    # Whoever forwards without being trusted may forward for anybody.
    unknown = environ.get(WAS_FORWARDED) and not environ.get(TRUSTED)
    if unknown or not is_within(request.remote_addr or "", context.settings.metrics_clients):
        raise ForbiddenError("/metrics was asked for by somebody who may not", _NOT_FOR_YOU)
    context.metrics.show(vitals(_app()))
    return _uncached(Response(context.metrics.page(), content_type=CONTENT_TYPE_LATEST))


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _fault(check: Callable[[], None]) -> UnavailableError | None:
    try:
        check()
    except UnavailableError as error:
        return error
    except GeoServiceError as error:
        return UnavailableError(str(error), error.public)
    return None


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
