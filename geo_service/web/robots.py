"""What robots are told: pages are for them, the API's endless combinations and files are not."""

from __future__ import annotations

from flask import Blueprint, Response

from geo_service.web.answers import finish
from geo_service.web.page import current_page

# Every combination of filters, every tile and every export is an address of its own.
CLOSED = (
    "/api/*/items?",
    "/api/*/tiles/",
    "/api/tiles/",
    "/api/processes/",
    "/profiles?*sort=",
    "/profiles?*f=",
    "/lookup?",
    "/overlap?",
    "/search?",
    "/embed",
)

blueprint = Blueprint("robots", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Answer the rules of RFC 9309. Robots read them at the root of a host only."""
    prefix = current_page().prefix
    rules = "".join(f"Disallow: {prefix}{path}\n" for path in CLOSED)
    return finish(Response(f"User-agent: *\n{rules}", mimetype="text/plain"), cache="max-age=86400", vary=())
