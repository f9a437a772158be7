"""The map page at ``/``; tiles, style and symbols of its map come from the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from geo_service.db.area_list import find_rows
from geo_service.db.engine import reading_snapshot
from geo_service.db.profiles import Summary, summarise
from geo_service.domain.code_lists import PROGRAMME, Label
from geo_service.ogc.blueprint import landing_page_response
from geo_service.ogc.legend import Look, outline_entries, status_entries
from geo_service.web.answers import html_answer
from geo_service.web.area_export import EXPORTS
from geo_service.web.area_filters import parse_filters
from geo_service.web.area_list import Sort
from geo_service.web.assets import library_dir, library_version
from geo_service.web.context import ogc_api, shared
from geo_service.web.filter_view import FilterView, read_filter_view, tidy_redirect, tile_parameters
from geo_service.web.map_settings import map_settings
from geo_service.web.page import Page, current_page, wants_map_page

LIST_LIMIT = 100  # areas listed below the map for those who have none; the list itself has them all
SEARCH_PATH = "/search"
_SCRIPT_TEXTS = (
    "map.keyboard", "map.fit", "map.zoom_in", "map.zoom_out", "map.attribution", "map.close", "map.to_profile",
    "map.unknown_area", "map.load_failed", "map.tiles_failed", "map.unavailable", "map.no_webgl", "map.not_loaded",
    "map.locate", "map.locating", "map.located", "map.locate_denied", "map.locate_unknown", "map.locate_insecure",
    "map.several", "map.zoom_to", "map.visible_none", "map.visible_more", "map.show_choice", "map.year_slider",
    "fact.period", "fact.since", "fact.from", "fact.until", "fact.unknown", "map.year_clear", "fact.municipality",
    "fact.municipalities", "fact.area", "fact.programmes", "profiles.column.district",
    "map.legend.schematic", "map.legend.official", "profiles.fictional", "map.absent_before", "map.absent_show_year",
    "map.absent_unknown", "map.absent_show_today", "map.absent_filtered", "map.absent_show_all",
)  # fmt: skip

Row = Mapping[str, Any]

blueprint = Blueprint("map", __name__)


@dataclass(frozen=True)
class LegendEntry:
    """A status in the legend: how it looks, how many areas, whether it is shown, whether the year knows it."""

    key: str
    label: Label
    look: Look
    count: int
    shown: bool
    possible: bool


@blueprint.get("/")
def map_page() -> Response:
    """Answer the map to people, and the landing page of the API to machines."""
    if not wants_map_page(request):
        response = landing_page_response()
        response.vary.update(("Accept", "Accept-Language"))
        return response
    filters = parse_filters(request.args)
    if tidy := tidy_redirect(request, filters):
        return tidy
    context = shared()
    page = current_page()
    with reading_snapshot(context.engine) as connection:
        summary = context.memo.get(connection, "summary", lambda: summarise(connection))
        view = read_filter_view(connection, filters, page, "/")
        found = find_rows(connection, filters.items_query(LIST_LIMIT, Sort().keys()))
    metadata = ogc_api().config["metadata"]
    html = render_template(
        "map.html",
        summary=summary,
        view=view,
        filters=filters,
        groups=_by_municipality(found.rows),
        listed=len(found.rows),
        exports=EXPORTS,
        search_path=SEARCH_PATH if _is_served(SEARCH_PATH) else None,
        has_library=library_dir() is not None,
        library_version=library_version(),
        script_settings=_script_settings(page, summary, view),
        legend=_legend(view),
        outlines=outline_entries(context.map_style),
        provider=metadata["provider"]["name"],
        licence=metadata["license"]["name"],
    )
    return html_answer(html)


def _by_municipality(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Return the areas of each leading municipality with the first of them, in the order of the list."""
    groups = [list(group) for _, group in groupby(rows, lambda row: row["ags"])]
    return [(group[0], group) for group in groups]


def _is_served(path: str) -> bool:
    return any(rule.rule == path for rule in current_app.url_map.iter_rules())


def _legend(view: FilterView) -> list[LegendEntry]:
    counted = {state.key: state for state in view.states}
    entries = []
    for status in status_entries(shared().map_style):
        state = counted.get(status.key)
        entries.append(
            LegendEntry(
                status.key,
                status.label,
                status.look,
                state.count if state else 0,
                state is None or state.shown,
                state is not None,
            )
        )
    return entries


def _script_settings(page: Page, summary: Summary, view: FilterView) -> dict[str, Any]:
    """Return what the map's script needs."""
    return {
        **map_settings(page, _SCRIPT_TEXTS),
        "bbox": view.bbox or summary.bbox,
        "address": page.link_to("/", view.filters.pairs()),
        "tiles": tile_parameters(view.filters),
        "year": view.filters.year,
        "years": view.years,
        "states": view.filters.states,
        "shown": view.shown,
        "programmes": {code.code: code.label.text(page.language) for code in PROGRAMME},
    }
