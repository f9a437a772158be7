"""The map for other people's pages, at ``/embed``: the only page that may stand in a frame of another site.

Its links open windows of their own, since no other page of this service can be shown inside of a frame.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Connection

from geo_service.db.area_list import AreaRows, find_rows
from geo_service.db.engine import reading_snapshot
from geo_service.db.profiles import find_profile, summarise
from geo_service.ogc.arguments import refuse
from geo_service.ogc.legend import outline_entries, status_entries
from geo_service.web.answers import html_answer
from geo_service.web.area_filters import NAMES, AreaFilters, parse_filters, state_of
from geo_service.web.area_list import Sort
from geo_service.web.assets import library_dir, library_version
from geo_service.web.context import ogc_api, shared
from geo_service.web.filter_view import read_filter_view, tile_parameters
from geo_service.web.map_settings import map_settings
from geo_service.web.page import Page, current_page
from geo_service.web.persistent import moved_to

ENDPOINT = "embed.embed"
PARAMETERS = (*NAMES, "area", "center", "zoom", "lang")
MIN_ZOOM, MAX_ZOOM = 5, 18
DEFAULT_ZOOM = 12
LIST_LIMIT = 200
_SCRIPT_TEXTS = (
    "map.zoom_in", "map.zoom_out", "map.attribution", "embed.keyboard", "embed.close", "embed.profile",
    "embed.new_window", "embed.gesture", "embed.gesture_mac", "embed.gesture_touch", "embed.no_webgl",
    "embed.not_loaded",
)  # fmt: skip

blueprint = Blueprint("embed", __name__)


@blueprint.get("/embed")
def embed() -> Response:
    """Answer a small map of the areas that the address chooses, with legend, list and ways to the profiles."""
    _refuse_unknown()
    filters, view = parse_filters(request.args), _view()
    context = shared()
    page = current_page()
    with reading_snapshot(context.engine) as connection:
        chosen = _chosen_area(connection)
        found = find_rows(connection, filters.items_query(LIST_LIMIT, Sort().keys()))
        choice = read_filter_view(connection, filters, page, "/embed")
        summary = summarise(connection)
    pairs = filters.pairs()
    hash_ = f"#{urlencode({'area': chosen['area_id']})}" if chosen else ""
    has_schematic, has_fictional = summary.has_schematic, summary.has_fictional
    if len(found.rows) < LIST_LIMIT:
        has_schematic = any(row["geom_basis"] == "schematic" for row in found.rows)
        has_fictional = any(row["attr_basis"] == "fictional" for row in found.rows)
    html = render_template(
        "embed.html",
        title=_title(filters, found, page),
        rows=[{**row, "state": state_of(row, filters.year)} for row in found.rows],
        shown=choice.shown,
        view=choice,
        filters=filters,
        counts={state.key: state.count for state in choice.states},
        statuses=status_entries(context.map_style),
        outlines=outline_entries(context.map_style),
        has_schematic=has_schematic,
        notes=_notes(page, has_schematic, has_fictional),
        chosen=chosen,
        chosen_state=state_of(chosen, filters.year) if chosen else None,
        map_href=page.link_to("/", pairs) + hash_,
        table_href=page.link_to("/profiles", pairs),
        canonical=page.base + "/",
        has_library=library_dir() is not None,
        library_version=library_version(),
        script_settings={
            **map_settings(page, _SCRIPT_TEXTS),
            "bbox": choice.bbox or summary.bbox,
            "tiles": urlencode(tile_parameters(filters)),
            "year": filters.year,
            "states": {state.key: state.label for state in choice.states if state.shown},
            "area": chosen["area_id"] if chosen else None,
            "view": view,
        },
    )
    return html_answer(html)


def _notes(page: Page, has_schematic: bool, has_fictional: bool) -> list[str]:
    metadata = ogc_api().config["metadata"]
    source = {"provider": metadata["provider"]["name"], "licence": metadata["license"]["name"]}
    notes = [page.text("embed.source", **source)]
    notes += [page.text("embed.schematic")] if has_schematic else []
    return [*notes, page.text("embed.fictional")] if has_fictional else notes


def _refuse_unknown() -> None:
    """Refuse what would be passed over in silence: nobody looks at the address of a frame again."""
    let_through = shared().settings.let_through_parameters
    for name in request.args:
        if name in PARAMETERS or name in let_through:
            continue
        shown, names = name[:100], ", ".join(PARAMETERS)
        near = difflib.get_close_matches(shown, PARAMETERS, n=1)
        de, en = (f" Gemeint ist vielleicht {near[0]}.", f" Maybe {near[0]} is meant.") if near else ("", "")
        refuse(
            shown,
            f"Den Parameter {shown} gibt es hier nicht.{de} Es gibt: {names}.",
            f"There is no parameter {shown} here.{en} There are: {names}.",
        )


def _view() -> dict[str, Any] | None:
    """Read where the map is to stand: ``center=7.468,51.527`` (longitude, latitude) and ``zoom=12``."""
    zoom = _zoom()
    text = request.args.get("center", "").strip()
    if not text:
        return None if zoom is None else {"zoom": zoom}
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= 180 and abs(lat) <= 85):
        refuse(
            "center",
            "center ist ein Ort aus Länge und Breite in Grad, etwa 7.468,51.527.",
            "center is a place of longitude and latitude in degrees, such as 7.468,51.527.",
        )
    return {"center": [lon, lat], "zoom": DEFAULT_ZOOM if zoom is None else zoom}


def _zoom() -> float | None:
    text = request.args.get("zoom", "").strip()
    if not text:
        return None
    try:
        zoom = float(text)
    except ValueError:
        zoom = math.nan
    if not MIN_ZOOM <= zoom <= MAX_ZOOM:
        refuse(
            "zoom",
            f"zoom ist eine Zahl von {MIN_ZOOM} bis {MAX_ZOOM}.",
            f"zoom is a number from {MIN_ZOOM} to {MAX_ZOOM}.",
        )
    return zoom


def _chosen_area(connection: Connection) -> Mapping[str, Any] | None:
    """Return the facts of the area that the address names, under whatever name it lives on."""
    area_id = request.args.get("area", "").strip()
    if not area_id:
        return None
    found = find_profile(connection, area_id) or find_profile(connection, moved_to(connection, area_id))
    return found.facts if found else None


def _title(filters: AreaFilters, found: AreaRows, page: Page) -> str:
    title = _title_today(filters, found, page)
    return page.text("embed.title.year", title=title, year=filters.year) if filters.year else title


def _title_today(filters: AreaFilters, found: AreaRows, page: Page) -> str:
    for row in found.rows if filters.ags else ():
        names = dict(zip(row["ags_all"], row["municipalities"], strict=True))
        return page.text("embed.title.town", name=names[filters.ags])
    return page.text("embed.title")
