"""Models of news, events and standing pages, in ``registry`` and in ``publication``."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from geo_service.db.models.base import (
    MUNICIPALITY_KEY,
    Publication,
    Registry,
    geometry,
    given_key,
    number_key,
    of_area,
    of_municipality,
)


def _entry_no(*, key: bool = False) -> Mapped[int]:
    return mapped_column(ForeignKey("registry.entry.entry_no", ondelete="CASCADE"), primary_key=key)


class Entry(Registry):
    """News, an event or a standing page in German and English; shown once `released_at` is set.

    A page has no date; only an event has times, a place and an organiser. Times are those of Germany.
    """

    __tablename__ = "entry"
    entry_no: Mapped[int] = number_key()
    kind: Mapped[str]
    slug: Mapped[str]
    begin_date: Mapped[date | None]
    begin_time: Mapped[time | None]
    end_date: Mapped[date | None]
    end_time: Mapped[time | None]
    title_de: Mapped[str | None]
    title_en: Mapped[str | None]
    body_de: Mapped[str | None]
    body_en: Mapped[str | None]
    place: Mapped[str | None]
    address: Mapped[str | None]
    ags: Mapped[str | None] = mapped_column(ForeignKey(MUNICIPALITY_KEY, onupdate="CASCADE"))
    point: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    organiser: Mapped[str | None]
    is_cancelled: Mapped[bool] = mapped_column(server_default="false")
    source: Mapped[str | None]
    source_url: Mapped[str | None]
    released_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("kind", "slug", name="entry_once"), {"schema": "registry"})


class EntryArea(Registry):
    """An area that an entry is about."""

    __tablename__ = "entry_area"
    entry_no: Mapped[int] = _entry_no(key=True)
    area_no: Mapped[int] = of_area(key=True)


class EntryMunicipality(Registry):
    """A municipality that an entry is about."""

    __tablename__ = "entry_municipality"
    entry_no: Mapped[int] = _entry_no(key=True)
    ags: Mapped[str] = of_municipality()


class EntryRevision(Registry):
    """When an entry, or what it is tied to, was last changed."""

    __tablename__ = "entry_revision"
    entry_no: Mapped[int] = given_key()
    updated_at: Mapped[datetime]


class EntryMark(Registry):
    """Entries that the running transaction has to publish; empty between transactions."""

    __tablename__ = "entry_mark"
    entry_no: Mapped[int] = given_key()


class PublishedNews(Publication):
    """A news entry; `content` holds titles, texts and source."""

    __tablename__ = "news"
    entry_no: Mapped[int] = given_key()
    news_id: Mapped[str] = mapped_column(unique=True)
    news_date: Mapped[date]
    area_ids: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    ags_all: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    updated_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class PublishedEvent(Publication):
    """An event, as domain.event_fields declares it; `content` holds titles, texts and source."""

    __tablename__ = "event"
    entry_no: Mapped[int] = given_key()
    event_id: Mapped[str] = mapped_column(unique=True)
    title_de: Mapped[str | None]
    title_en: Mapped[str | None]
    begin_date: Mapped[date]
    end_date: Mapped[date]
    begin_time: Mapped[str | None]
    end_time: Mapped[str | None]
    event_status: Mapped[str]
    place: Mapped[str | None]
    address: Mapped[str | None]
    municipality: Mapped[str | None]
    ags: Mapped[str | None]
    point_basis: Mapped[str | None]
    organiser: Mapped[str | None]
    area_ids: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    ags_all: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    source: Mapped[str | None]
    source_url: Mapped[str | None]
    updated_at: Mapped[datetime]
    period: Mapped[Any] = mapped_column(DATERANGE)
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    geojson: Mapped[str | None]
    geom_3857: Mapped[WKBElement | None] = mapped_column(geometry("POINT", 3857))
    content: Mapped[dict[str, Any]]
    properties: Mapped[str]
    search: Mapped[str] = mapped_column(TSVECTOR)


class SitePage(Publication):
    """A standing page of the website."""

    __tablename__ = "site_page"
    entry_no: Mapped[int] = given_key()
    page_id: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
