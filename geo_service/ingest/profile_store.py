"""Profiles as the registry holds them: read as folders are read, and changed into what folders say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

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
from geo_service.errors import RejectedDataError
from geo_service.ingest.profile_folder import ProfileFolder, SectionText
from geo_service.ingest.profile_toml import Row, milestone_order

_FACTS = ("documented_area_ha", "documented_area_year", "population_year", "attr_source")
_CONTACT = (
    "function_de", "function_en", "organisation", "person", "email", "phone", "expires_at", "person_released",
)  # fmt: skip
_DOCUMENT = (
    "file_name", "title_de", "title_en", "language", "licence", "source", "media_type", "sha256", "size_bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """A stored profile: its area's number, and the profile in the form in which folders are read."""

    area_no: int
    folder: ProfileFolder


@dataclass(frozen=True)
class Change:
    """What putting a folder changed in one part of a profile (``texts``, ``documents`` …)."""

    part: str
    added: int = 0
    changed: int = 0
    removed: int = 0


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
                (_pick(row, ("milestone_date", "year", "text_de", "text_en")) for row in rows[Milestone]),
                key=milestone_order,
            )
        ),
        tuple(released(row, _CONTACT) for row in rows[Contact]),
        tuple(released(row, _DOCUMENT) for row in rows[Document]),
        _pick(_tidy(area), _FACTS),
        tuple(_pick(row, ("programme", "start_year", "end_year")) for row in rows[ProgrammePeriod]),
        area["name"] or area["area_id"],
    )


def _pick(row: Mapping[str, Any], keys: Iterable[str]) -> Row:
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


# --- writing --------------------------------------------------------------------------------------------------


def lock(connection: Connection) -> None:
    """Wait until no other transaction writes; from here on what is read stays as it is."""
    # The trigger that takes the lock belongs to every statement, even one that changes no row.
    connection.execute(text("UPDATE registry.programme_area SET status = status WHERE false"))


def put_profile(connection: Connection, stored: Stored, folder: ProfileFolder) -> list[Change]:
    """Change a stored profile into what a folder says; what is equal already is not written.

    Raises
    ------
    RejectedDataError
        The database refuses a row that the checks of the folder let through.
    """
    old, area_no = stored.folder, stored.area_no
    try:
        changes = [
            _put_facts(connection, area_no, old, folder),
            _put_list(connection, ProgrammePeriod, "programmes", area_no, old.programmes, folder.programmes),
            _put_texts(connection, area_no, old, folder),
            _put_list(connection, Milestone, "milestones", area_no, old.milestones, folder.milestones),
            _put_contacts(connection, area_no, old.contacts, folder.contacts),
            _put_documents(connection, area_no, old.documents, folder.documents),
        ]
    except (DataError, IntegrityError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise RejectedDataError(f"{folder.area_id}: {reason}; nothing was changed") from error
    return [change for change in changes if change is not None]


def _put_facts(connection: Connection, area_no: int, old: ProfileFolder, new: ProfileFolder) -> Change | None:
    if new.facts is None or new.facts == old.facts:
        return None
    connection.execute(update(ProgrammeArea).where(ProgrammeArea.area_no == area_no).values(**new.facts))
    before = old.facts or {}
    return Change("facts", changed=sum(before.get(key) != value for key, value in new.facts.items()))


def _put_texts(connection: Connection, area_no: int, old: ProfileFolder, new: ProfileFolder) -> Change | None:
    before = {(each.language, each.section): each for each in old.texts}
    after = {(each.language, each.section): each for each in new.texts}
    table = ProfileSection
    for key in before.keys() - after.keys():
        connection.execute(
            delete(table).where(table.area_no == area_no, table.language == key[0], table.section == key[1])
        )
    changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
    for key in changed:
        connection.execute(
            update(table)
            .where(table.area_no == area_no, table.language == key[0], table.section == key[1])
            .values(body=after[key].body, source=after[key].source)
        )
    added = [after[key] for key in after if key not in before]
    if added:
        rows = [
            {"area_no": area_no, "language": each.language, "section": each.section, "body": each.body,
             "source": each.source} for each in added
        ]  # fmt: skip
        connection.execute(insert(table), rows)
    return _change("texts", len(added), len(changed), len(before.keys() - after.keys()))


def _change(part: str, added: int, changed: int, removed: int) -> Change | None:
    return Change(part, added, changed, removed) if added or changed or removed else None


def _put_list(
    connection: Connection,
    model: type[Registry],
    part: str,
    area_no: int,
    old: tuple[Row, ...] | None,
    new: tuple[Row, ...] | None,
) -> Change | None:
    """Write a list that has no keys of its own afresh, if it differs."""
    if new is None or (_unordered(old or ()) == _unordered(new) and (part == "programmes" or old == new)):
        return None
    connection.execute(delete(model).where(model.__table__.c.area_no == area_no))
    if new:
        connection.execute(insert(model), [{"area_no": area_no, **row} for row in new])
    return _difference(part, old or (), new)


def _unordered(rows: Iterable[Row]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _difference(part: str, old: tuple[Row, ...], new: tuple[Row, ...]) -> Change:
    """Count what is in one list and not in the other; a mere change of order counts as one change."""
    added = sum(row not in old for row in new)
    removed = sum(row not in new for row in old)
    changed = min(added, removed)
    if not added and not removed:
        return Change(part, changed=1)
    return Change(part, added - changed, changed, removed - changed)


def _put_contacts(
    connection: Connection, area_no: int, old: tuple[Row, ...], new: tuple[Row, ...]
) -> Change | None:
    if old == new:
        return None
    known = connection.execute(
        select(Contact).where(Contact.area_no == area_no).with_only_columns(*Contact.__table__.c)
    ).mappings()
    # One that stays as it is keeps the moment of its release.
    releases = {repr(_pick(row, _CONTACT)): row["released_at"] for row in known}
    connection.execute(delete(Contact).where(Contact.area_no == area_no))
    rows = []
    for row in new:
        kept = releases.get(repr(_pick(row, _CONTACT)))
        rows.append({"area_no": area_no, **_pick(row, _CONTACT), "released_at": _release(row, kept)})
    for each in rows:
        connection.execute(insert(Contact).values(**each))
    return _difference("contacts", old, new)


def _release(row: Row, kept: Any) -> Any:
    if not row["released"]:
        return None
    return kept if kept is not None else func.transaction_timestamp()


def _put_documents(
    connection: Connection, area_no: int, old: tuple[Row, ...], new: tuple[Row, ...]
) -> Change | None:
    before = {row["file_name"]: row for row in old}
    after = {row["file_name"]: row for row in new}
    for file_name in before.keys() - after.keys():
        connection.execute(
            delete(Document).where(Document.area_no == area_no, Document.file_name == file_name)
        )
    added = changed = 0
    for file_name, row in after.items():
        known = before.get(file_name)
        values = _pick(row, (key for key in _DOCUMENT if key not in ("sha256", "size_bytes")))
        if known is None:
            added += 1
            connection.execute(
                insert(Document).values(
                    area_no=area_no,
                    **values,
                    content=row["path"].read_bytes(),
                    released_at=_release(row, None),
                )
            )
        elif known != {key: row[key] for key in known}:
            changed += 1
            if known["sha256"] != row["sha256"]:
                values["content"] = row["path"].read_bytes()
            if known["released"] != row["released"]:
                values["released_at"] = _release(row, None)
            connection.execute(
                update(Document)
                .where(Document.area_no == area_no, Document.file_name == file_name)
                .values(**values)
            )
    return _change("documents", added, changed, len(before.keys() - after.keys()))
