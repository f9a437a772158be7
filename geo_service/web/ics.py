"""An event as an iCalendar file (RFC 5545), which calendars take over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from geo_service.db.entries import Event
from geo_service.web.entries_view import show
from geo_service.web.page import Page

MEDIA_TYPE = "text/calendar"
MAX_OCTETS = 75  # of a line, section 3.1


def calendar(event: Event, page: Page) -> str:
    """Return the file of one event; days without a time are whole days."""
    return "".join(f"{folded}\r\n" for line in _lines(event, page) for folded in _fold(line))


def _lines(event: Event, page: Page) -> Iterator[str]:
    shown = show(event.content, page)
    host = urlsplit(page.base).hostname or "localhost"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{host}//geo-service//{page.language.upper()}")
    yield from ("BEGIN:VEVENT", f"UID:{event.event_id}@{host}", f"DTSTAMP:{_moment(event.updated_at)}")
    yield from _times(event)
    yield f"SUMMARY:{_text(shown.title)}"
    if place := ", ".join(part for part in (event.place, event.address, event.municipality) if part):
        yield f"LOCATION:{_text(place)}"
    if event.point_basis == "place" and event.longitude is not None:
        yield f"GEO:{event.latitude:.6f};{event.longitude:.6f}"
    if shown.teaser:
        yield f"DESCRIPTION:{_text(shown.teaser)}"
    yield f"URL:{page.absolute(f'/events/{event.event_id}')}"
    yield f"STATUS:{'CANCELLED' if event.event_status == 'cancelled' else 'CONFIRMED'}"
    yield from ("END:VEVENT", "END:VCALENDAR")


def _times(event: Event) -> Iterator[str]:
    if event.begins_at is None:
        yield f"DTSTART;VALUE=DATE:{_day(event.begin_date)}"
        yield f"DTEND;VALUE=DATE:{_day(event.end_date + timedelta(days=1))}"  # the first day after
        return
    yield f"DTSTART:{_moment(event.begins_at)}"
    if event.ends_at is not None:
        yield f"DTEND:{_moment(event.ends_at)}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def _fold(line: str) -> Iterator[str]:
    """Cut a line between characters into pieces of at most 75 octets; each further one begins with a space."""
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > MAX_OCTETS:
            yield piece
            piece = " "
        piece += sign
    yield piece
