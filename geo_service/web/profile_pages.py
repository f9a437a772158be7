"""The profile of each area as page and JSON."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from geo_service.db.area_entries import find_area_entries
from geo_service.db.engine import reading
from geo_service.db.neighbours import find_nearest
from geo_service.db.profiles import find_profile
from geo_service.db.sketch import find_sketch
from geo_service.web.answers import html_answer, json_answer
from geo_service.web.context import shared
from geo_service.web.page import current_page, wants_json
from geo_service.web.persistent import moved_to, redirect
from geo_service.web.profile_json import profile_json, profile_links
from geo_service.web.profile_view import view_profile

blueprint = Blueprint("profiles", __name__, url_prefix="/profiles")


@blueprint.get("/<area_id>")
def profile(area_id: str) -> Response:
    """Answer the profile of one area as a page or as JSON, with the way back to its feature."""
    as_json = wants_json(request)
    page = current_page()
    with reading(shared().engine) as connection:
        found = find_profile(connection, area_id)
        if found is None:
            return redirect(301, f"/profiles/{moved_to(connection, area_id)}")
        nearest = find_nearest(connection, found.area_id)
        sketch = None if as_json else find_sketch(connection, found.area_id)
        about = () if as_json else find_area_entries(connection, found.area_id)
    if as_json:
        response = json_answer(profile_json(found, nearest, page))
    else:
        view = view_profile(found, nearest, about, page)
        html = render_template("profile.html", profile=view, facts=found.facts, sketch=sketch)
        response = html_answer(html)
    for link in profile_links(found.area_id, page, as_json=as_json):
        kind = f'; type="{link["type"]}"' if "type" in link else ""
        response.headers.add("Link", f'<{link["href"]}>; rel="{link["rel"]}"{kind}')
    return response
