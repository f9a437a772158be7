"""What pages read from schema ``publication``: profiles, withdrawals, a summary of all areas.

Every function takes a connection and runs one statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo_service.db.texts import storable


@dataclass(frozen=True)
class Profile:
    """One published area as its profile shows it.

    Attributes
    ----------
    facts : Mapping
        The feature's properties with the names of ``domain.area_fields``, except ``profile_url``.
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

    Attributes
    ----------
    reason : str or None
        ``renamed`` or ``merged`` where the area lives on in its successor, else None.
    successor_id : str or None
        The published area at the end of the chain of successors, if there is one.
    lives_on : bool
        Whether each area of that chain was renamed or merged, and none ended in favour of another.
    is_same : bool
        Whether each was renamed: the successor is the same area, with the same documents.
    """

    area_id: str
    name: str
    withdrawn_on: date | None
    reason: str | None
    successor_id: str | None
    successor_name: str | None
    lives_on: bool
    is_same: bool

    @property
    def moved_to(self) -> str | None:
        """The published area as which this one lives on; None where it ended."""
        return self.successor_id if self.lives_on else None


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
        SELECT
            successor_area_id, reason IS NOT NULL AS lives_on,
            reason IS NOT DISTINCT FROM 'renamed' AS is_same
        FROM publication.withdrawal WHERE area_id = :area_id
        UNION
        SELECT
            later.successor_area_id, chain.lives_on AND later.reason IS NOT NULL,
            chain.is_same AND later.reason IS NOT DISTINCT FROM 'renamed'
        FROM chain JOIN publication.withdrawal AS later ON later.area_id = chain.successor_area_id
    )
    SELECT
        gone.area_id, gone.name, gone.withdrawn_on, gone.reason, successor.area_id, successor.name,
        coalesce(successor.lives_on, false), coalesce(successor.is_same, false)
    FROM publication.withdrawal AS gone LEFT JOIN (
        SELECT area.area_id, area.name, chain.lives_on, chain.is_same
        FROM chain JOIN publication.programme_area AS area ON area.area_id = chain.successor_area_id
    ) AS successor ON true
    WHERE gone.area_id = :area_id
""")

_SUMMARY = text("""
    SELECT areas, schematic, official, fictional,
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
    row = connection.execute(_PROFILE, {"area_id": storable(area_id)}).one_or_none()
    if row is None:
        return None
    return Profile(
        row.area_id, json.loads(row.properties + "}"), {**(row.profile or {}), "contacts": row.contacts}
    )


def is_published(connection: Connection, area_id: str) -> bool:
    """Say whether there is such an area at this moment."""
    query = text("SELECT EXISTS (SELECT FROM publication.programme_area WHERE area_id = :area_id)")
    return bool(connection.scalar(query, {"area_id": storable(area_id)}))


def find_withdrawal(connection: Connection, area_id: str) -> Withdrawal | None:
    """Return when an area was withdrawn and what took its place, or None if it never was."""
    row = connection.execute(_WITHDRAWAL, {"area_id": storable(area_id)}).one_or_none()
    return Withdrawal(*row) if row is not None else None


def summarise(connection: Connection) -> Summary:
    """Return what the map must know about all published areas."""
    row = connection.execute(_SUMMARY).one()
    bbox = None if row.west is None else (row.west, row.south, row.east, row.north)
    return Summary(row.areas, bbox, row.schematic, row.official, row.fictional)
