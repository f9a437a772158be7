"""Stored profiles, changed into what folders say; what is equal already is not written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from geo_service.db.models import (
    Contact,
    Document,
    Milestone,
    ProfileSection,
    ProgrammeArea,
    ProgrammePeriod,
    Registry,
)
from geo_service.errors import RejectedDataError
from geo_service.ingest.profile_folder import ProfileFolder
from geo_service.ingest.profile_store import CONTACT_COLUMNS, DOCUMENT_COLUMNS, Stored, pick
from geo_service.ingest.profile_tables import Row


@dataclass(frozen=True)
class Change:
    """What putting a folder changed in one part of a profile (``texts``, ``documents`` …)."""

    part: str
    added: int = 0
    changed: int = 0
    removed: int = 0


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
    releases = {repr(pick(row, CONTACT_COLUMNS)): row["released_at"] for row in known}
    connection.execute(delete(Contact).where(Contact.area_no == area_no))
    rows = []
    for row in new:
        kept = releases.get(repr(pick(row, CONTACT_COLUMNS)))
        rows.append({"area_no": area_no, **pick(row, CONTACT_COLUMNS), "released_at": _release(row, kept)})
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
        values = pick(row, (key for key in DOCUMENT_COLUMNS if key not in ("sha256", "size_bytes")))
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
