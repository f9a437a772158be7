"""News, events and pages as a folder: out, in, and looked through."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from markdown_it import MarkdownIt
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from geo_service.db.engine import translate
from geo_service.db.models import Municipality, ProgrammeArea
from geo_service.errors import ConfigError, RejectedDataError
from geo_service.ingest.content_files import FOLDERS, EntryFile, file_texts, has_content, read_entries
from geo_service.ingest.content_store import ContentReport, put_entries, stored_entries
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import MarkdownFile
from geo_service.ingest.unwritable import cannot_write

_OWN_PAGE = re.compile(r"/(profiles|municipalities|news|events)/([^/?#]+)(?:[?#].*)?")


def get_contents(engine: Engine, root: Path, *, overwrite: bool = False) -> int:
    """Write all entries, released or not, as files below `root`; return how many entries there were.

    Raises
    ------
    ConfigError
        `root` holds entries already and `overwrite` is not given, or cannot be written to.
    """
    if has_content(root) and not overwrite:
        raise ConfigError(f"{root} holds news, events or pages already: use --overwrite to replace them.")
    try:
        with engine.connect() as connection:
            stored = stored_entries(connection)
    except DBAPIError as error:
        raise translate(error) from error
    texts = {path: content for _, entry in stored.values() for path, content in file_texts(entry).items()}
    try:
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
            for old in (root / folder).glob("*.md"):
                if f"{folder}/{old.name}" not in texts:
                    old.unlink()
        for path, content in texts.items():
            (root / path).write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise cannot_write(root, error) from error
    return len(stored)


def put_contents(engine: Engine, root: Path, *, prune: bool = False, dry_run: bool = False) -> ContentReport:
    """Make the stored entries what the files below `root` say, all of them or none.

    Parameters
    ----------
    prune : bool
        Remove entries that are stored and have no file; otherwise they stay.

    Raises
    ------
    RejectedDataError
        With every finding, by file and line; nothing was changed.
    UnavailableError
        The database cannot be reached.
    """
    report = ContentReport(dry_run)
    entries = _read(root, report.findings)
    with _fitting(root), engine.connect() as connection, connection.begin() as transaction:
        put_entries(connection, entries, report, prune=prune)
        report.findings.refuse(str(root))
        if dry_run:
            transaction.rollback()
    return report


def check_contents(engine: Engine, root: Path) -> ContentReport:
    """Look through a folder: what :func:`put_contents` would refuse, and what an author may want to know.

    Noted are entries in one language only, those that are not released, and links to pages that are not there.
    """
    report = ContentReport(dry_run=True)
    entries = _read(root, report.findings)
    with _fitting(root), engine.connect() as connection, connection.begin() as transaction:
        known = _known_pages(connection, entries)
        if not report.findings:
            put_entries(connection, entries, report)
        transaction.rollback()
    for entry in entries:
        _note_languages(entry, report.findings)
        for file in entry.files.values():
            _note_links(file, known, report.findings)
    return report


@contextmanager
def _fitting(root: Path) -> Iterator[None]:
    """Say of what the database refuses that it is the folder's fault, and of all else what it is."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise RejectedDataError(f"{root} does not fit: {error.orig}".strip()) from error
    except DBAPIError as error:
        raise translate(error) from error


def _read(root: Path, findings: FileFindings) -> list[EntryFile]:
    if not has_content(root):
        names = ", ".join(FOLDERS)
        raise RejectedDataError(f"{root} holds none of the folders {names}")
    entries = read_entries(root, findings)
    findings.refuse(str(root))
    return entries


def _known_pages(connection: Connection, entries: Collection[EntryFile]) -> dict[str, set[str]]:
    stored = [*(entry for _, entry in stored_entries(connection).values()), *entries]
    areas = select(ProgrammeArea.area_id).where(ProgrammeArea.released_at.is_not(None))
    return {
        "profiles": set(connection.scalars(areas)),
        "municipalities": set(connection.scalars(select(Municipality.ags))),
        "news": {entry.slug for entry in stored if entry.kind == "news"},
        "events": {entry.slug for entry in stored if entry.kind == "event"},
    }


def _note_languages(entry: EntryFile, findings: FileFindings) -> None:
    columns = entry.columns
    for language, de, en in (("de", "Deutsch", "German"), ("en", "Englisch", "English")):
        if not columns[f"title_{language}"]:
            findings.note(entry.path, None, "one-language", f"fehlt auf {de}", f"is missing in {en}")
    if all(columns[f"title_{each}"] for each in ("de", "en")) and bool(columns["body_de"]) != bool(
        columns["body_en"]
    ):
        findings.note(
            entry.path,
            None,
            "one-language",
            "der Text steht nur in einer Sprache",
            "the text is in one language only",
        )
    if not entry.is_released:
        findings.note(entry.path, None, "not-released", "ist nicht freigegeben", "is not released")


def _note_links(file: MarkdownFile, known: dict[str, set[str]], findings: FileFindings) -> None:
    for line, address in links(file.body):
        place = file.body_line + line
        own = _OWN_PAGE.fullmatch(address)
        if own and own[2] not in known[own[1]]:
            findings.note(
                file.path, place, "broken-link", f"{address} gibt es nicht", f"there is no {address}"
            )
        elif not own and not re.match(r"https?://[^/\s]|mailto:[^@\s]+@|/", address):
            findings.note(
                file.path, place, "broken-link",
                f"{address} ist keine vollständige Adresse", f"{address} is no complete address",
            )  # fmt: skip


def links(body: str) -> Iterator[tuple[int, str]]:
    """Yield the links of a Markdown text, each with the line of its paragraph (from 0)."""
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        for child in token.children or ():
            if child.type == "link_open":
                yield (token.map or [0])[0], str(child.attrGet("href") or "")
