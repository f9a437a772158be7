"""What pages read of news, events and standing pages; one statement each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from geo_service.db.texts import storable


@dataclass(frozen=True)
class News:
    """One news item; `content` has titles and texts by language, and the source.

    `areas` are ``{"area_id", "name"}``, `towns` ``{"ags", "name"}``.
    """

    news_id: str
    day: date
    updated_at: datetime
    content: Mapping[str, Any]
    areas: tuple[Mapping[str, str], ...]
    towns: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Event:
    """One event; times are those of Germany, as text ``HH:MM``, `begins_at` and `ends_at` the moments of them.

    Longitude and latitude are those of its point.
    """

    event_id: str
    begin_date: date
    end_date: date
    begin_time: str | None
    end_time: str | None
    event_status: str
    place: str | None
    address: str | None
    municipality: str | None
    ags: str | None
    point_basis: str | None
    organiser: str | None
    updated_at: datetime
    begins_at: datetime | None
    ends_at: datetime | None
    longitude: float | None
    latitude: float | None
    content: Mapping[str, Any]
    areas: tuple[Mapping[str, str], ...]
    towns: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Year:
    """How many news items there are of a year."""

    year: int
    count: int


# What an entry is tied to, as far as that is published.
_TIES = """
    (SELECT coalesce(json_agg(json_build_object('area_id', a.area_id, 'name', a.name)
                              ORDER BY a.name COLLATE "de-x-icu", a.area_no), '[]')
       FROM publication.programme_area AS a WHERE a.area_id = ANY (entry.area_ids)) AS areas,
    (SELECT coalesce(json_agg(json_build_object('ags', m.ags, 'name', m.name)
                              ORDER BY m.name COLLATE "de-x-icu", m.ags), '[]')
       FROM publication.municipality AS m WHERE m.ags = ANY (entry.ags_all)) AS towns"""
_ABOUT = """(CAST(:ags AS text) IS NULL OR entry.ags_all @> ARRAY[CAST(:ags AS text)]
         OR EXISTS (SELECT FROM publication.programme_area AS a
                     WHERE a.area_id = ANY (entry.area_ids) AND a.ags_all @> ARRAY[CAST(:ags AS text)]))"""
_NEWS = f"""
    SELECT news_id, news_date AS day, updated_at, content, {_TIES} FROM publication.news AS entry
    WHERE (CAST(:news_id AS text) IS NULL OR news_id = :news_id)
      AND (CAST(:year AS int) IS NULL OR extract(year FROM news_date) = :year) AND {_ABOUT}
    ORDER BY news_date DESC, news_id LIMIT :limit OFFSET :offset"""
_EVENTS = f"""
    SELECT event_id, begin_date, end_date, begin_time, end_time, event_status, place, address, municipality, ags,
           point_basis, organiser, updated_at, content, {_TIES},
           (begin_date + CAST(begin_time AS time)) AT TIME ZONE 'Europe/Berlin' AS begins_at,
           (end_date + CAST(end_time AS time)) AT TIME ZONE 'Europe/Berlin' AS ends_at,
           ST_X(ST_Transform(geom, 4326)) AS longitude, ST_Y(ST_Transform(geom, 4326)) AS latitude
    FROM publication.event AS entry
    WHERE (CAST(:event_id AS text) IS NULL OR event_id = :event_id) AND {_ABOUT}
      AND (CAST(:since AS date) IS NULL OR end_date >= :since) AND (CAST(:before AS date) IS NULL OR end_date < :before)
    ORDER BY CASE WHEN CAST(:since AS date) IS NOT NULL THEN begin_date END,
             begin_date DESC, begin_time NULLS FIRST, event_id
    LIMIT :limit OFFSET :offset"""


def today(connection: Connection) -> date:
    """Return the day that it is in Germany."""
    day: date = connection.execute(text("SELECT (now() AT TIME ZONE 'Europe/Berlin')::date")).scalar_one()
    return day


def list_news(
    connection: Connection, *, year: int | None = None, ags: str | None = None, limit: int, offset: int = 0
) -> list[News]:
    """Return news, the latest first; those of a year, or about a municipality or its areas."""
    values = {"news_id": None, "year": year, "ags": ags, "limit": limit, "offset": offset}
    return [_news(row) for row in connection.execute(text(_NEWS), values)]


def find_news(connection: Connection, news_id: str) -> News | None:
    """Return a news item, or None."""
    values = {"news_id": storable(news_id), "year": None, "ags": None, "limit": 1, "offset": 0}
    row = connection.execute(text(_NEWS), values).one_or_none()
    return None if row is None else _news(row)


def news_years(connection: Connection) -> list[Year]:
    """Return the years with news, the latest first."""
    year = "extract(year FROM news_date)::int"
    statement = text(f"SELECT {year}, count(*) FROM publication.news GROUP BY {year} ORDER BY {year} DESC")
    return [Year(*row) for row in connection.execute(statement)]


def list_events(
    connection: Connection,
    *,
    since: date | None = None,
    before: date | None = None,
    ags: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[Event]:
    """Return events that end `since` a day, the next one first, or ended `before` it, the latest first."""
    values = {
        "event_id": None,
        "since": since,
        "before": before,
        "ags": ags,
        "limit": limit,
        "offset": offset,
    }
    return [_event(row) for row in connection.execute(text(_EVENTS), values)]


def find_event(connection: Connection, event_id: str) -> Event | None:
    """Return an event, or None."""
    values = {
        "event_id": storable(event_id),
        "since": None,
        "before": None,
        "ags": None,
        "limit": 1,
        "offset": 0,
    }
    row = connection.execute(text(_EVENTS), values).one_or_none()
    return None if row is None else _event(row)


def find_page(connection: Connection, page_id: str) -> Mapping[str, Any] | None:
    """Return titles, texts and source of a standing page, or None."""
    statement = text("SELECT content FROM publication.site_page WHERE page_id = :page_id")
    content: Mapping[str, Any] | None = connection.execute(
        statement, {"page_id": page_id}
    ).scalar_one_or_none()
    return content


def _news(row: Any) -> News:
    return News(row.news_id, row.day, row.updated_at, row.content, tuple(row.areas), tuple(row.towns))


def _event(row: Any) -> Event:
    return Event(**{**row._mapping, "areas": tuple(row.areas), "towns": tuple(row.towns)})
