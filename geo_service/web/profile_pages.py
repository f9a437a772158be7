"""The profile of each area as page and JSON, and its documents."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, render_template, request, send_file
from sqlalchemy import Connection

from geo_service.db.engine import reading
from geo_service.db.profiles import (
    Profile,
    find_document,
    find_profile,
    find_withdrawal,
)
from geo_service.db.sketch import find_sketch
from geo_service.errors import GoneError, NotFoundError
from geo_service.web.messages import NO_AREA, NO_DOCUMENT, withdrawn
from geo_service.web.page import current_page, finish, wants_json
from geo_service.web.profile_json import profile_json, profile_links
from geo_service.web.profile_view import view_profile

blueprint = Blueprint("profiles", __name__, url_prefix="/profiles")


@blueprint.get("/<area_id>")
def profile(area_id: str) -> Response:
    """Answer the profile of one area as a page or as JSON, with the way back to its feature."""
    as_json = wants_json(request)
    page = current_page()
    with reading(_engine()) as connection:
        found = _find(connection, area_id)
        sketch = None if as_json else find_sketch(connection, found.area_id)
    if as_json:
        response = _json(profile_json(found, page))
    else:
        html = render_template(
            "profile.html", profile=view_profile(found, page), facts=found.facts, sketch=sketch
        )
        response = finish(Response(html, mimetype="text/html"))
    for link in profile_links(found.area_id, page, as_json=as_json):
        response.headers.add("Link", f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"')
    return response


@blueprint.get("/<area_id>/documents/<file_name>")
def document(area_id: str, file_name: str) -> Response:
    """Answer a document as a download: whatever it contains, no browser runs it in our name."""
    with reading(_engine()) as connection:
        found = find_document(connection, area_id, file_name)
        if found is None:
            _find(connection, area_id)  # an unknown or withdrawn area says so itself
            raise NotFoundError(f"no document {file_name!r} of area {area_id!r}", NO_DOCUMENT)
    response = send_file(
        BytesIO(found.content),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.file_name,
        etag=found.sha256,
        conditional=True,
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _find(connection: Connection, area_id: str) -> Profile:
    """Return the profile of a published area.

    Raises
    ------
    GoneError
        It was withdrawn; the message names its successor.
    NotFoundError
        There never was such an area.
    """
    found = find_profile(connection, area_id)
    if found is not None:
        return found
    gone = find_withdrawal(connection, area_id)
    if gone is None:
        raise NotFoundError(f"no programme area {area_id!r}", NO_AREA)
    message = withdrawn(gone.name, gone.successor_name)
    raise GoneError(f"programme area {area_id!r} was withdrawn", message, gone.successor_id)


def _engine() -> Any:
    return current_app.extensions["geo_service"].engine


def _json(content: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(content), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return finish(response)
