"""What templates and feeds show of an entry in the language of the page, or in the other one where there is no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from geo_service.db.entries import Event
from geo_service.web import formats
from geo_service.web.markdown import render
from geo_service.web.page import Page

OTHER = {"de": "en", "en": "de"}


@dataclass(frozen=True)
class Shown:
    """Title and text of an entry; `title_language` and `body_language` are set where they are not the page's."""

    title: str
    title_language: str | None
    body: Markup
    body_language: str | None
    teaser: str
    source: str | None
    source_url: str | None


def show(content: Mapping[str, Any], page: Page) -> Shown:
    """Choose the texts of an entry for a page."""
    title, title_language = _choose(content["title"], page.language)
    body, body_language = _choose(content["body"], page.language)
    html = render(body, prefix=page.prefix, shift=0)
    return Shown(
        title,
        title_language,
        html,
        body_language,
        _teaser(html),
        content.get("source"),
        content.get("source_url"),
    )


def _choose(texts: Mapping[str, str], language: str) -> tuple[str, str | None]:
    if language in texts:
        return texts[language], None
    other = OTHER[language]
    return texts.get(other, ""), other if other in texts else None


def _teaser(html: Markup, length: int = 240) -> str:
    """Return the beginning of a text, cut at a word."""
    plain = " ".join(html.striptags().split())
    if len(plain) <= length:
        return plain
    return plain[:length].rpartition(" ")[0].rstrip(" ,;:.–") + " …"


def event_when(event: Event, page: Page) -> str:
    """Return day or days of an event with its times, as people write them."""
    language = page.language
    begin, end = formats.day(event.begin_date, language), formats.day(event.end_date, language)
    if begin == end:
        if event.begin_time is None:
            return begin
        times = event.begin_time + (f"\u2009–\u2009{event.end_time}" if event.end_time else "")
        return page.text("events.at", day=begin, times=times)
    if event.begin_time is None:
        return f"{begin}\u2009–\u2009{end}"
    first = page.text("events.at", day=begin, times=event.begin_time)
    last = page.text("events.at", day=end, times=event.end_time) if event.end_time else end
    return f"{first}\u2009–\u2009{last}"
