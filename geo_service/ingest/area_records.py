"""Areas as the registry holds them, withdrawn and unreleased ones included, and where their addresses lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from sqlalchemy import Connection, text

from geo_service.db.profiles import find_withdrawal, is_published
from geo_service.db.texts import storable
from geo_service.domain.slugs import slug
from geo_service.errors import Message

LASTING = "/id/programme-area/"
_CANDIDATES = 5_000
_CONTENTS = (
    ("registry.profile_section", Message("Text", "text"), Message("Texte", "texts")),
    ("registry.milestone", Message("Meilenstein", "milestone"), Message("Meilensteine", "milestones")),
    ("registry.document", Message("Dokument", "document"), Message("Dokumente", "documents")),
    ("registry.contact", Message("Kontakt", "contact"), Message("Kontakte", "contacts")),
    (
        "registry.entry_area",
        Message("Meldung oder Veranstaltung", "news entry or event"),
        Message("Meldungen und Veranstaltungen", "news and events"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class AreaRecord:
    """One area, whatever became of it.

    Attributes
    ----------
    first_day : date or None
        The earliest day that the registry knows of it: start, resolution, first boundary or name.
    name_since, boundary_since : date or None
        First day of the current name and of the current boundary, where known.
    successor_id : str or None
        The area named when it was withdrawn, whatever became of that.
    is_empty : bool
        It has neither a boundary nor a municipality.
    """

    area_no: int
    area_id: str
    name: str | None
    municipality: str | None
    status: str | None
    released_at: datetime | None
    withdrawn_on: date | None
    reason: str | None
    successor_id: str | None
    first_day: date | None
    name_since: date | None
    boundary_since: date | None
    boundary_ha: Decimal | None
    geom_basis: str | None
    is_empty: bool

    @property
    def moved(self) -> bool:
        """Whether it was renamed and all that belonged to it went on under the new identifier."""
        return self.withdrawn_on is not None and self.reason == "renamed" and self.is_empty

    def state(self, language: str) -> str:
        """Say in a few words whether it is shown."""
        if self.withdrawn_on is not None:
            return self._withdrawn().text(language)
        if self.released_at is None:
            return Message("nicht freigegeben", "not released").text(language)
        return Message("veröffentlicht", "published").text(language)

    def _withdrawn(self) -> Message:
        day, heir = self.withdrawn_on, self.successor_id
        if self.reason == "renamed":
            return Message(f"am {day} umbenannt in {heir}", f"renamed to {heir} on {day}")
        if self.reason == "merged":
            return Message(f"am {day} zusammengelegt mit {heir}", f"merged into {heir} on {day}")
        if heir is not None:
            return Message(
                f"am {day} zurückgezogen, Nachfolger {heir}", f"withdrawn on {day}, successor {heir}"
            )
        return Message(f"am {day} zurückgezogen", f"withdrawn on {day}")


_RECORDS = """
SELECT a.area_no, a.area_id, n.name, m.name AS municipality, a.status, a.released_at, a.withdrawn_on,
       a.withdrawal_reason AS reason, s.area_id AS successor_id,
       least(
           coalesce(a.start_date, make_date(a.start_year, 1, 1)), a.resolution_date,
           (SELECT min(f.valid_from) FROM registry.boundary AS f WHERE f.area_no = a.area_no),
           (SELECT min(f.valid_from) FROM registry.area_name AS f WHERE f.area_no = a.area_no)
       ) AS first_day,
       n.valid_from AS name_since, b.valid_from AS boundary_since, b.area_ha AS boundary_ha,
       b.geom_basis, b.area_no IS NULL AND lead.area_no IS NULL AS is_empty
  FROM registry.programme_area AS a
  LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
  LEFT JOIN registry.area_municipality AS lead ON lead.area_no = a.area_no AND lead.is_leading
  LEFT JOIN registry.municipality AS m ON m.ags = lead.ags
  LEFT JOIN registry.boundary AS b ON b.area_no = a.area_no AND b.valid_to IS NULL
  LEFT JOIN registry.programme_area AS s ON s.area_no = a.successor_area_no
"""
_NEAR = text("""
SELECT a.area_id, coalesce(lower(n.name) = lower(:given), false) AS is_named
  FROM registry.programme_area AS a
  LEFT JOIN registry.area_name AS n ON n.area_no = a.area_no AND n.valid_to IS NULL
 ORDER BY is_named DESC, strpos(a.area_id, :slug) > 0 DESC,
          left(a.area_id, 3) = left(:slug, 3) DESC, abs(length(a.area_id) - length(:slug)), a.area_id
 LIMIT :candidates
""")
# Whoever leads to an area, over any number of withdrawals; UNION ends a circle.
_LEADING = text("""
WITH RECURSIVE former AS (
    SELECT area_no, area_id FROM registry.programme_area WHERE area_id = ANY (:area_ids)
    UNION
    SELECT a.area_no, a.area_id
      FROM registry.programme_area AS a JOIN former ON a.successor_area_no = former.area_no
)
SELECT area_id FROM former WHERE NOT area_id = ANY (:area_ids) ORDER BY area_id COLLATE "C"
""")


def find_record(connection: Connection, area_id: str) -> AreaRecord | None:
    """Return an area by its identifier, or None."""
    row = connection.execute(
        text(f"{_RECORDS} WHERE a.area_id = :area_id"), {"area_id": storable(area_id)}
    ).one_or_none()
    return AreaRecord(*row) if row is not None else None


def list_records(connection: Connection, wanted: str | None, *, withdrawn: bool | None) -> list[AreaRecord]:
    """Return areas by identifier: all, or those with `wanted` in identifier, name or municipality.

    Parameters
    ----------
    withdrawn : bool or None
        Whether they are those that were withdrawn, or all others; None: both.
    """
    query = f"""{_RECORDS}
        WHERE (CAST(:withdrawn AS boolean) IS NULL OR (a.withdrawn_on IS NOT NULL) = :withdrawn)
          AND strpos(lower(concat_ws(' ', a.area_id, n.name, m.name)), lower(coalesce(:wanted, ''))) > 0
        ORDER BY a.area_id COLLATE "C" """
    values = {"withdrawn": withdrawn, "wanted": storable(wanted) if wanted else None}
    return [AreaRecord(*row) for row in connection.execute(text(query), values)]


def near_ids(connection: Connection, given: str) -> list[str]:
    """Return up to three identifiers that may have been meant: by the area's name, or written alike."""
    given = storable(given).rstrip("/").rpartition("/")[2]
    wanted = slug(given)
    values = {"given": given, "slug": wanted, "candidates": _CANDIDATES}
    found = connection.execute(_NEAR, values).all()
    known = [row.area_id for row in found]
    named = [row.area_id for row in found if row.is_named]
    holding = [area_id for area_id in known if wanted and wanted in area_id]
    alike = get_close_matches(wanted, known, n=3, cutoff=0.75)
    return list(dict.fromkeys((*named, *alike, *holding)))[:3]


def leading_to(connection: Connection, area_ids: Collection[str]) -> list[str]:
    """Return the withdrawn areas whose successor, directly or by way of others, is one of `area_ids`."""
    return list(connection.scalars(_LEADING, {"area_ids": list(area_ids)}))


def contents(connection: Connection, area_no: int) -> list[Message]:
    """Return what belongs to an area beside its facts, counted, such as ``2 documents``; nothing where none."""
    told = []
    for table, one, many in _CONTENTS:
        query = text(f"SELECT count(*) FROM {table} WHERE area_no = :area_no")
        if count := int(connection.scalar(query, {"area_no": area_no}) or 0):
            words = one if count == 1 else many
            told.append(Message(f"{count} {words.de}", f"{count} {words.en}"))
    return told


@dataclass(frozen=True)
class Address:
    """What the lasting address of an area answers.

    `leads_to` is the published area that it leads on to (`is_moved`) or names as the successor of one that ended.
    """

    area_id: str
    is_published: bool
    is_gone: bool
    is_moved: bool
    leads_to: str | None

    def line(self, language: str, base: str = "") -> str:
        """Return it as a line of text, with `base` in front of the addresses."""
        address = f"{base}{LASTING}{self.area_id}"
        if self.is_published:
            return Message(f"{address}: veröffentlicht", f"{address}: published").text(language)
        if self.is_moved:
            return f"{address} → {base}{LASTING}{self.leads_to}"
        if not self.is_gone:
            return Message(f"{address}: gibt es nicht (404)", f"{address}: does not exist (404)").text(
                language
            )
        if self.leads_to is not None:
            return Message(
                f"{address}: zurückgezogen (410), nennt {self.leads_to}",
                f"{address}: withdrawn (410), names {self.leads_to}",
            ).text(language)
        return Message(f"{address}: zurückgezogen (410)", f"{address}: withdrawn (410)").text(language)


def addresses(connection: Connection, area_ids: Iterable[str]) -> tuple[Address, ...]:
    """Ask what is published where the addresses of areas lead."""
    return tuple(_address(connection, area_id) for area_id in area_ids)


def _address(connection: Connection, area_id: str) -> Address:
    if is_published(connection, area_id):
        return Address(area_id, True, False, False, None)
    gone = find_withdrawal(connection, area_id)
    if gone is None:
        return Address(area_id, False, False, False, None)
    return Address(area_id, False, True, gone.moved_to is not None, gone.successor_id)
