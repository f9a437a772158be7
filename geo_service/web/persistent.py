"""Lasting addresses: ``/id/programme-area/{area_id}`` names the area itself and leads to what there is about it.

An area is a thing and no file: 303 leads to its profile or to its feature (RFC 9110, 15.4.4), by ``Accept``. One
that lives on under another identifier is 301 to that address, one that ended is 410.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from geo_service.db.engine import reading
from geo_service.db.profiles import Withdrawal, find_withdrawal, is_published
from geo_service.errors import GoneError, NotFoundError
from geo_service.web.answers import for_all_origins
from geo_service.web.context import shared
from geo_service.web.messages import NO_AREA, withdrawn
from geo_service.web.page import VARY, Page, asked_format, current_page, prefers_html

PREFIX = "/id/programme-area"
FEATURES = "/api/collections/programme-areas/items"

blueprint = Blueprint("persistent", __name__, url_prefix=PREFIX)


@blueprint.get("/<area_id>")
def area(area_id: str) -> Response:
    """Lead on to the profile or the feature of an area, or to the area that it became."""
    asked = asked_format(request)
    with reading(shared().engine) as connection:
        successor_id = None if is_published(connection, area_id) else moved_to(connection, area_id)
    if successor_id is not None:
        return redirect(301, f"{PREFIX}/{successor_id}")
    as_page = asked == "html" if asked is not None else prefers_html(request)
    return redirect(303, f"/profiles/{area_id}" if as_page else f"{FEATURES}/{area_id}")


def moved_to(connection: Connection, area_id: str) -> str:
    """Return the published area as which a renamed or merged one lives on.

    Raises
    ------
    GoneError
        It was withdrawn; the message names its successor, if there is one.
    NotFoundError
        There never was such an area.
    """
    gone = find_withdrawal(connection, area_id)
    if gone is None or gone.moved_to is None:
        raise absent(area_id, gone)
    return gone.moved_to


def absent(area_id: str, gone: Withdrawal | None) -> GoneError | NotFoundError:
    """Return the error that says what became of an area that is not published."""
    if gone is None:
        return NotFoundError(f"no programme area {area_id!r}", NO_AREA)
    message = withdrawn(gone.name, gone.successor_name)
    return GoneError(f"programme area {gone.area_id!r} was withdrawn", message, gone.successor_id)


def redirect(status: int, path: str) -> Response:
    """Lead to the public address of `path`, in the language and format that the request asked for by its query."""
    page = current_page()
    response = Response(status=status)
    kept = [f"{key}={quote(value)}" for key, value in page.query if key in ("lang", "f")]
    response.headers["Location"] = page.absolute(path) + (f"?{'&'.join(kept)}" if kept else "")
    # Also 301 is asked again each time: what merged may be parted, and a browser that remembers the way from a former
    # name would go in circles once that name is taken back.
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(VARY)
    return for_all_origins(response)


def persistent_address(area_id: str, page: Page) -> str:
    """Return the address by which an area is cited."""
    return page.absolute(f"{PREFIX}/{area_id}")
