"""Profiles as the registry holds them, read as folders are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from geo_service.db.models import (
    AreaName,
    Contact,
    Document,
    Milestone,
    ProfileSection,
    ProgrammeArea,
    ProgrammePeriod,
    Registry,
)
from geo_service.ingest.profile_folder import ProfileFolder, SectionText
from geo_service.ingest.profile_tables import Row, milestone_order

_FACTS = ("documented_area_ha", "documented_area_year", "population_year", "attr_source")
CONTACT_COLUMNS = (
    "function_de", "function_en", "organisation", "person", "email", "phone", "expires_at", "person_released",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "file_name", "title_de", "title_en", "language", "licence", "source", "media_type", "sha256", "size_bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """A stored profile: its area's number, and the profile in the form in which folders are read."""

    area_no: int
    folder: ProfileFolder


def read_stored(connection: Connection, area_ids: Collection[str] | None = None) -> dict[str, Stored]:
    """Return the profiles of areas that are not withdrawn, released or not, by ``area_id``; all without ids.

    `name` of each folder holds the area's name; documents have no `path`.
    """
    query = (
        select(ProgrammeArea, AreaName.name)
        .outerjoin(AreaName, (AreaName.area_no == ProgrammeArea.area_no) & AreaName.valid_to.is_(None))
        .where(ProgrammeArea.withdrawn_on.is_(None))
        .order_by(ProgrammeArea.area_id.collate("C"))
    )
    if area_ids is not None:
        query = query.where(ProgrammeArea.area_id.in_(area_ids))
    areas = (
        connection.execute(query.with_only_columns(*ProgrammeArea.__table__.c, AreaName.name))
        .mappings()
        .all()
    )
    numbers = [area["area_no"] for area in areas]
    rows = {model: _rows_of(connection, model, numbers) for model in (
        ProfileSection, Milestone, Contact, Document, ProgrammePeriod)}  # fmt: skip
    return {
        area["area_id"]: Stored(area["area_no"], _folder(area, {m: rows[m][area["area_no"]] for m in rows}))
        for area in areas
    }


def _rows_of(connection: Connection, model: type[Registry], numbers: list[int]) -> dict[int, list[Row]]:
    """Return the rows of a table by area, in the order in which they were written; no contents of files."""
    table = model.__table__
    columns = [column for column in table.c if column.name != "content"]
    query = select(*columns).where(table.c.area_no.in_(numbers)).order_by(*table.primary_key)
    found: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["area_no"]].append(_tidy(row))
    return found


def _folder(area: Mapping[str, Any], rows: Mapping[type[Registry], list[Row]]) -> ProfileFolder:
    def released(row: Row, keys: Iterable[str]) -> Row:
        return {**{key: row[key] for key in keys}, "released": row["released_at"] is not None}

    return ProfileFolder(
        area["area_id"],
        tuple(
            SectionText(row["language"], row["section"], _plain(row["body"]), row["source"])
            for row in rows[ProfileSection]
        ),
        tuple(
            sorted(
                (pick(row, ("milestone_date", "year", "text_de", "text_en")) for row in rows[Milestone]),
                key=milestone_order,
            )
        ),
        tuple(released(row, CONTACT_COLUMNS) for row in rows[Contact]),
        tuple(released(row, DOCUMENT_COLUMNS) for row in rows[Document]),
        pick(_tidy(area), _FACTS),
        tuple(pick(row, ("programme", "start_year", "end_year")) for row in rows[ProgrammePeriod]),
        area["name"] or area["area_id"],
    )


def pick(row: Mapping[str, Any], keys: Iterable[str]) -> Row:
    """Return a row with these keys alone, in their order."""
    return {key: row[key] for key in keys}


def _tidy(row: Mapping[str, Any]) -> Row:
    """Return stored values as a file would give them: no spaces around texts, moments in UTC to the second."""
    tidied: Row = {}
    for key, value in row.items():
        if isinstance(value, str) and key != "body":
            value = value.strip() or None
        elif isinstance(value, datetime) and key == "expires_at":
            value = value.astimezone(UTC).replace(microsecond=0)
        tidied[key] = value
    return tidied


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()


def document_content(connection: Connection, area_no: int, file_name: str) -> bytes:
    """Return the content of a stored document, released or not."""
    query = select(Document.content).where(Document.area_no == area_no, Document.file_name == file_name)
    return bytes(connection.execute(query).scalar_one())
