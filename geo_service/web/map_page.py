"""The map page at ``/`` and what the map loads from us besides tiles: its style and its symbols."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request

from geo_service.db.engine import reading
from geo_service.db.profiles import Summary, list_areas, summarise
from geo_service.domain.code_lists import STATUS
from geo_service.ogc.blueprint import landing_page_response
from geo_service.web.assets import library_dir, library_version
from geo_service.web.map_style import LEGEND_ORDER, UNKNOWN, MapStyle
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
        statuses=legend(context.map_style, page.language),
    )
    return finish(Response(html, mimetype="text/html"))


@blueprint.get("/map-style.json")
def map_style() -> Response:
    """Answer the style of our map with absolute addresses, for our own page and for others."""
    style: MapStyle = current_app.extensions["geo_service"].map_style
    return _open_to_all(Response(style.filled(current_page().base), mimetype="application/json"))


@blueprint.get("/map-sprite.<suffix>", defaults={"ratio": 1})
@blueprint.get("/map-sprite@<int:ratio>x.<suffix>")
def map_sprite(ratio: int, suffix: str) -> Response:
    """Answer the map's symbols (``png``) or where they lie in the picture (``json``)."""
    sprite = current_app.extensions["geo_service"].map_style.sprites.get(ratio)
    if sprite is None or suffix not in ("png", "json"):
        abort(404)
    if suffix == "png":
        return _open_to_all(Response(sprite.png, mimetype="image/png"))
    return _open_to_all(Response(json.dumps(sprite.index), mimetype="application/json"))


def legend(style: MapStyle, language: str) -> list[dict[str, Any]]:
    """Return code, label and look of each status in the order of the legend; the last is *not documented*."""
    labels = {entry.code: entry.legend_label.text(language) for entry in STATUS}
    labels[UNKNOWN] = STATUS.label(None, language) or ""
    return [{"code": code, "label": labels[code], **style.palette[code]} for code in LEGEND_ORDER]


def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return finish(response, vary=())


def _script_settings(page: Page, summary: Summary) -> dict[str, Any]:
    """Return what the map's script needs; it stands in the page as JSON, never as a script."""
    return {
        "base": page.base,
        "prefix": page.prefix,
        "language": page.language,
        "languageQuery": f"?lang={page.language}" if page.chosen else "",
        "library": f"{page.prefix}/vendor/maplibre-gl/maplibre-gl.mjs?v={library_version()}",
        "bbox": summary.bbox,
        "hasOutlines": summary.has_outlines,
        "texts": {key.partition(".")[2]: page.text(key) for key in _SCRIPT_TEXTS},
    }
