"""The network and its municipalities: a page from Markdown, and a page for each municipality."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from geo_service.db.engine import reading
from geo_service.db.entries import find_page, list_events, list_news
from geo_service.db.sketch import find_town_sketch
from geo_service.db.towns import areas_of_town, find_town
from geo_service.domain.code_lists import PARTICIPATION
from geo_service.errors import NotFoundError
from geo_service.web.answers import html_answer
from geo_service.web.context import shared
from geo_service.web.entries_view import event_when, show
from geo_service.web.page import current_page
from geo_service.web.site_messages import NO_TOWN

TIED = 20  # news and events shown on the page of a municipality

blueprint = Blueprint("network", __name__)


@blueprint.get("/network")
def network() -> Response:
    """Show the page on the network; without one, say so."""
    with reading(shared().engine) as connection:
        content = find_page(connection, "network")
    shown = show(content, current_page()) if content else None
    return html_answer(render_template("network.html", shown=shown))


@blueprint.get("/municipalities/<ags>")
def municipality(ags: str) -> Response:
    """Show a municipality: facts, its areas, and the news and events about it."""
    page = current_page()
    with reading(shared().engine) as connection:
        found = find_town(connection, ags)
        if found is None:
            raise NotFoundError(f"no municipality {ags[:20]!r}", NO_TOWN)
        areas = areas_of_town(connection, found.ags)
        sketch = find_town_sketch(connection, found.ags)
        news = list_news(connection, ags=found.ags, limit=TIED)
        events = list_events(connection, ags=found.ags, limit=TIED)
    html = render_template(
        "municipality.html",
        town=found,
        areas=areas,
        sketch=sketch,
        news=[(one, show(one.content, page)) for one in news],
        events=[(one, show(one.content, page), event_when(one, page)) for one in events],
        participation=PARTICIPATION.label(found.participation, page.language),
    )
    return html_answer(html)
