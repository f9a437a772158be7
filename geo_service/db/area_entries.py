"""News and coming events that are tied to an area, as its profile names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo_service.db.texts import storable


@dataclass(frozen=True)
class AreaEntry:
    """A news item (`kind` ``news``) or an event (``events``); `title` by language."""

    kind: str
    entry_id: str
    day: date
    title: Mapping[str, str]


# The clock is that of Germany: an event is named until its last day is over.
_ENTRIES = text("""
    (SELECT 'events' AS kind, event_id AS entry_id, begin_date AS day, content -> 'title' AS title
     FROM publication.event
     WHERE area_ids @> ARRAY[CAST(:area_id AS text)] AND event_status <> 'cancelled'
       AND end_date >= (now() AT TIME ZONE 'Europe/Berlin')::date
     ORDER BY begin_date, event_id LIMIT :count)
    UNION ALL
    (SELECT 'news', news_id, news_date, content -> 'title' FROM publication.news
     WHERE area_ids @> ARRAY[CAST(:area_id AS text)] ORDER BY news_date DESC, news_id LIMIT :count)
""")


def find_area_entries(connection: Connection, area_id: str, count: int = 3) -> tuple[AreaEntry, ...]:
    """Return up to `count` coming events about an area, the next one first, then as many news, the latest first."""
    found = connection.execute(_ENTRIES, {"area_id": storable(area_id), "count": count})
    return tuple(AreaEntry(row.kind, row.entry_id, row.day, row.title) for row in found)
