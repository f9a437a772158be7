"""What pages read from schema ``publication``: profiles, the list of areas, documents.

Every function takes a connection and runs one statement (two for a later page of the list).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Profile:
    """One published area as its profile shows it.

    Attributes
    ----------
    facts : Mapping
        The feature's properties with the names of ``domain.fields``, except ``profile_url``.
    details : Mapping
        ``publication.profile.profile``: sections, milestones, documents, municipalities, programme periods,
        former names, boundary versions; and the contacts that are to be seen at this moment.
    """

    area_id: str
    facts: Mapping[str, Any]
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Withdrawal:
    """An area that is no longer published, and the one that took its place, if any.

    `reason` is ``renamed`` or ``merged`` where the area lives on in its successor, else None.
    """

    area_id: str
    name: str
    withdrawn_on: date | None
    reason: str | None
    successor_id: str | None
    successor_name: str | None


@dataclass(frozen=True)
class AreaRow:
    """One line of the list of areas."""

    area_id: str
    name: str
    municipality: str
    ags: str
    municipalities: tuple[str, ...]
    status: str | None
    start_date: date | None
    end_date: date | None
    start_year: int | None
    end_year: int | None
    geom_basis: str
    attr_basis: str
    sections: int


@dataclass(frozen=True)
class AreaPage:
    """Some lines of the list and how many areas match in all."""

    rows: tuple[AreaRow, ...]
    number_matched: int


@dataclass(frozen=True)
class Summary:
    """What the map must know about all areas: how many, where, and which notices apply.

    `bbox` is ``(min_lon, min_lat, max_lon, max_lat)`` of the label points; None without areas.
    """

    count: int
    bbox: tuple[float, float, float, float] | None
    has_schematic: bool
    has_official: bool
    has_fictional: bool
    has_outlines: bool


_PROFILE = text("""
    SELECT area.area_id, area.properties, profile.profile, (
        SELECT coalesce(jsonb_agg(to_jsonb(contact) - 'contact_no' - 'area_id' ORDER BY contact_no), '[]')
        FROM publication.contact AS contact WHERE contact.area_id = area.area_id
    ) AS contacts
    FROM publication.programme_area AS area LEFT JOIN publication.profile AS profile USING (area_no)
    WHERE area.area_id = :area_id
""")

# The successor may have been withdrawn later on: its own successor counts, and so on. UNION ends a circle.
_WITHDRAWAL = text("""
    WITH RECURSIVE chain AS (
        SELECT successor_area_id FROM publication.withdrawal WHERE area_id = :area_id
        UNION
        SELECT later.successor_area_id
        FROM chain JOIN publication.withdrawal AS later ON later.area_id = chain.successor_area_id
    )
    SELECT gone.area_id, gone.name, gone.withdrawn_on, gone.reason, successor.area_id, successor.name
    FROM publication.withdrawal AS gone LEFT JOIN (
        SELECT area.area_id, area.name
        FROM chain JOIN publication.programme_area AS area ON area.area_id = chain.successor_area_id
    ) AS successor ON true
    WHERE gone.area_id = :area_id
""")

_MATCHES = """
    CAST(:pattern AS text) IS NULL OR name ILIKE :pattern
    OR array_to_string(municipalities, ' ') ILIKE :pattern
"""

_LIST = text(f"""
    SELECT area_id, name, municipality, ags, municipalities, status, start_date, end_date, start_year, end_year,
           geom_basis, attr_basis, sections
    FROM publication.programme_area WHERE {_MATCHES}
    ORDER BY municipality COLLATE "de-x-icu", ags, name COLLATE "de-x-icu", area_no
    LIMIT :limit OFFSET :offset
""")

_COUNT = text(f"SELECT count(*) FROM publication.programme_area WHERE {_MATCHES}")

_SUMMARY = text("""
    SELECT areas, schematic, official, fictional,
           EXISTS (SELECT FROM publication.municipality WHERE outline_3857 IS NOT NULL) AS outlines,
           ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
    FROM (
        SELECT count(*) AS areas,
               coalesce(bool_or(geom_basis = 'schematic'), false) AS schematic,
               coalesce(bool_or(geom_basis = 'official'), false) AS official,
               coalesce(bool_or(attr_basis = 'fictional'), false) AS fictional,
               ST_Transform(ST_SetSRID(ST_Extent(label_3857)::geometry, 3857), 4326) AS box
        FROM publication.programme_area
    ) AS summary
""")


def find_profile(connection: Connection, area_id: str) -> Profile | None:
    """Return the profile of a published area, or None."""
    row = connection.execute(_PROFILE, {"area_id": _clean(area_id)}).one_or_none()
    if row is None:
        return None
    return Profile(
        row.area_id, json.loads(row.properties + "}"), {**(row.profile or {}), "contacts": row.contacts}
    )


def is_published(connection: Connection, area_id: str) -> bool:
    """Say whether there is such an area at this moment."""
    query = text("SELECT EXISTS (SELECT FROM publication.programme_area WHERE area_id = :area_id)")
    return bool(connection.scalar(query, {"area_id": _clean(area_id)}))


def find_withdrawal(connection: Connection, area_id: str) -> Withdrawal | None:
    """Return when an area was withdrawn and what took its place, or None if it never was."""
    row = connection.execute(_WITHDRAWAL, {"area_id": _clean(area_id)}).one_or_none()
    return Withdrawal(*row) if row is not None else None


def list_areas(connection: Connection, search: str = "", limit: int = 500, offset: int = 0) -> AreaPage:
    """Return a page of the areas whose name or municipality contains `search`, ordered by municipality."""
    found = _clean(search).strip()
    pattern = f"%{_escape_like(found)}%" if found else None
    rows = connection.execute(_LIST, {"pattern": pattern, "limit": limit, "offset": offset})
    areas = tuple(AreaRow(**{**row._mapping, "municipalities": tuple(row.municipalities)}) for row in rows)
    if offset == 0 and len(areas) < limit:
        return AreaPage(areas, len(areas))
    return AreaPage(areas, connection.execute(_COUNT, {"pattern": pattern}).scalar_one())


def summarise(connection: Connection) -> Summary:
    """Return what the map must know about all published areas."""
    row = connection.execute(_SUMMARY).one()
    bbox = None if row.west is None else (row.west, row.south, row.east, row.north)
    return Summary(row.areas, bbox, row.schematic, row.official, row.fictional, row.outlines)


def _clean(value: str) -> str:
    """Drop NUL, which PostgreSQL's text cannot hold: no stored value contains it."""
    return value.replace("\0", "")


def _escape_like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
