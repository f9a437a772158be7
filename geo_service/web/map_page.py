"""The map page at ``/``; tiles, style and symbols of its map come from the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from geo_service.db.engine import reading
from geo_service.db.profiles import Summary, list_areas, summarise
from geo_service.ogc.blueprint import landing_page_response
from geo_service.ogc.legend import outline_entries, status_entries
from geo_service.ogc.styles import DEFAULT_STYLE
from geo_service.web.assets import library_dir, library_version
from geo_service.web.page import Page, current_page, finish, wants_map_page
from geo_service.web.profile_view import group_by_municipality

LIST_LIMIT = 500  # areas listed on the map page itself; the list of profiles has them all
_SCRIPT_TEXTS = (
    "map.keyboard", "map.fit", "map.zoom_in", "map.zoom_out", "map.attribution", "map.close",
    "map.to_profile", "map.unknown_area", "map.load_failed", "map.tiles_failed", "map.no_webgl",
    "fact.period", "fact.since", "fact.from", "fact.until", "fact.unknown", "map.legend.schematic", "map.legend.official",
    "profiles.fictional",
)  # fmt: skip

blueprint = Blueprint("map", __name__)


@blueprint.get("/")
def map_page() -> Response:
    """Answer the map to people, and the landing page of the API to machines."""
    if not wants_map_page(request):
        response = landing_page_response()
        response.vary.update(("Accept", "Accept-Language"))
        return response
    context = current_app.extensions["geo_service"]
    page = current_page()
    with reading(context.engine) as connection:
        summary = summarise(connection)
        areas = list_areas(connection, limit=LIST_LIMIT)
    html = render_template(
        "map.html",
        summary=summary,
        areas=areas,
        groups=group_by_municipality(areas.rows),
        has_library=library_dir() is not None,
        library_version=library_version(),
        script_settings=_script_settings(page, summary),
        statuses=status_entries(context.map_style),
        outlines=outline_entries(context.map_style),
    )
    return finish(Response(html, mimetype="text/html"))


def _script_settings(page: Page, summary: Summary) -> dict[str, Any]:
    """Return what the map's script needs; it stands in the page as JSON, never as a script."""
    return {
        "base": page.base,
        "prefix": page.prefix,
        "language": page.language,
        "languageQuery": f"?lang={page.language}" if page.chosen else "",
        "style": f"/api/styles/{DEFAULT_STYLE}?lang={page.language}",
        "library": f"{page.prefix}/vendor/maplibre-gl/maplibre-gl.mjs?v={library_version()}",
        "bbox": summary.bbox,
        "hasOutlines": summary.has_outlines,
        "texts": {key.partition(".")[2]: page.text(key) for key in _SCRIPT_TEXTS},
    }
