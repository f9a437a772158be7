"""News and events: lists, a page for each, the feed and the calendar files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from geo_service.db.engine import reading
from geo_service.db.entries import Event, find_event, find_news, list_events, list_news, news_years, today
from geo_service.errors import InvalidParameterError, NotFoundError
from geo_service.web import atom, ics
from geo_service.web.answers import finish, for_all_origins, html_answer
from geo_service.web.context import shared
from geo_service.web.entries_view import event_when, show
from geo_service.web.page import Page, current_page
from geo_service.web.site_messages import BAD_PAGE, BAD_YEAR, NO_EVENT, NO_NEWS

PAGE_SIZE = 20
FEED_SIZE = 50

blueprint = Blueprint("news", __name__)


@blueprint.get("/news")
def news_list() -> Response:
    """List the news, the latest first; ``year`` chooses a year, ``page`` pages."""
    page, year, number = current_page(), _number("year", 9999), _number("page", 100_000) or 1
    with reading(shared().engine) as connection:
        found = list_news(connection, year=year, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
        years = news_years(connection)
    html = render_template(
        "news.html",
        news=[(one, show(one.content, page)) for one in found[:PAGE_SIZE]],
        years=years,
        year=year,
        number=number,
        has_next=len(found) > PAGE_SIZE,
        feed=feed_address(page),
    )
    return html_answer(html)


@blueprint.get(atom.PATH)
def news_feed() -> Response:
    """Answer the latest news as an Atom feed in the language asked for."""
    with reading(shared().engine) as connection:
        found = list_news(connection, limit=FEED_SIZE)
    page = current_page()
    response = finish(Response(atom.feed(found, page), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8"))
    response.headers["Content-Language"] = page.language
    return for_all_origins(response)


@blueprint.get("/news/<news_id>")
def news_item(news_id: str) -> Response:
    """Show a news item."""
    page = current_page()
    with reading(shared().engine) as connection:
        found = find_news(connection, news_id)
    if found is None:
        raise NotFoundError(f"no news {news_id[:100]!r}", NO_NEWS)
    html = render_template(
        "news_item.html", one=found, shown=show(found.content, page), feed=feed_address(page)
    )
    return html_answer(html)


@blueprint.get("/events")
def event_list() -> Response:
    """List the events to come, the next one first, then those that are over, the latest first.

    What is to come depends on the day, so the answer is kept by nobody.
    """
    page, number = current_page(), _number("page", 100_000) or 1
    with reading(shared().engine) as connection:
        day = today(connection)
        coming = list_events(connection, since=day, limit=500) if number == 1 else []
        past = list_events(connection, before=day, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    html = render_template(
        "events.html",
        coming=[_with_texts(one, page) for one in coming],
        past=[_with_texts(one, page) for one in past[:PAGE_SIZE]],
        number=number,
        has_next=len(past) > PAGE_SIZE,
    )
    return finish(Response(html, mimetype="text/html"), cache="no-store")


@blueprint.get("/events/<event_id>")
def event_item(event_id: str) -> Response:
    """Show an event; with ``.ics`` at the end, answer it as a calendar file."""
    page = current_page()
    wanted, _, ending = event_id.partition(".")
    with reading(shared().engine) as connection:
        found = find_event(connection, wanted) if ending in ("", "ics") else None
    if found is None:
        raise NotFoundError(f"no event {event_id[:100]!r}", NO_EVENT)
    if ending:
        return _calendar(found, page)
    html = render_template(
        "event.html", one=found, shown=show(found.content, page), when=event_when(found, page)
    )
    return html_answer(html)


def _calendar(event: Event, page: Page) -> Response:
    response = Response(ics.calendar(event, page), content_type=f"{ics.MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.event_id}.ics"'
    response.headers["Content-Language"] = page.language
    return finish(response)


def _with_texts(event: Event, page: Page) -> tuple[Event, Any, str]:
    return event, show(event.content, page), event_when(event, page)


def feed_address(page: Page) -> str:
    """Return the address of the feed in the language of the page, whatever the reader's program asks for."""
    return f"{page.prefix}{atom.PATH}?lang={page.language}"


def _number(name: str, most: int) -> int | None:
    value = request.args.get(name, "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= most or len(value) > 9:
        raise InvalidParameterError(name, BAD_YEAR if name == "year" else BAD_PAGE)
    return int(value)
