"""Get, put and check profiles: between folders on a disk and the registry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Engine, select

from geo_service.db.models import ProgrammeArea
from geo_service.errors import NotFoundError
from geo_service.ingest.file_findings import FileFinding, FileFindings
from geo_service.ingest.profile_check import check_profile
from geo_service.ingest.profile_folder import (
    MAX_DOCUMENT_BYTES,
    ProfileFolder,
    read_profiles,
    refuse_without_folders,
)
from geo_service.ingest.profile_put import Change, lock, put_profile
from geo_service.ingest.profile_store import document_content, read_stored
from geo_service.ingest.profile_write import write_folders

_PARTS = {
    "facts": ("Angaben", "facts"),
    "programmes": ("Programme", "programmes"),
    "texts": ("Texte", "texts"),
    "milestones": ("Meilensteine", "milestones"),
    "contacts": ("Kontakte", "contacts"),
    "documents": ("Dokumente", "documents"),
}
_COUNTS = (("added", "neu", "new"), ("changed", "geändert", "changed"), ("removed", "entfernt", "removed"))


@dataclass
class ProfileReport:
    """What reading folders found, and what putting them changed: `changes` by ``area_id``, only where any."""

    read: int
    notes: tuple[FileFinding, ...]
    changes: dict[str, list[Change]] = field(default_factory=dict)
    dry_run: bool = False

    def lines(self, language: str = "de") -> list[str]:
        """Return what was changed as lines of text, one per profile."""
        german = language.startswith("de")
        lines = [f"{area_id}: {_told(changes, german)}" for area_id, changes in self.changes.items()]
        same = self.read - len(self.changes)
        lines.append(
            f"{profiles_word(self.read, language)} gelesen: {len(self.changes)} geändert, {same} unverändert"
            if german
            else f"{profiles_word(self.read, language)} read: {len(self.changes)} changed, {same} unchanged"
        )
        if self.dry_run:
            lines.append("Probelauf: nichts wurde gespeichert" if german else "Dry run: nothing was stored")
        return lines


def profiles_word(count: int, language: str) -> str:
    """Return ``1 Profil``, ``2 Profile``, ``1 profile``, ``2 profiles``."""
    german = language.startswith("de")
    return f"{count} {'Profil' if german else 'profile'}{'' if count == 1 else 'e' if german else 's'}"


def _told(changes: list[Change], german: bool) -> str:
    parts = []
    for change in changes:
        counts = [
            f"{getattr(change, name)} {de if german else en}"
            for name, de, en in _COUNTS
            if getattr(change, name)
        ]
        parts.append(f"{_PARTS[change.part][0 if german else 1]} ({', '.join(counts)})")
    return ", ".join(parts)


def get_profiles(
    engine: Engine, directory: Path, area_ids: Collection[str] = (), *, overwrite: bool = False
) -> int:
    """Write the profiles of `area_ids`, or of all areas, as folders below `directory`; return how many.

    Raises
    ------
    NotFoundError
        There is no such area.
    ConfigError
        A folder is there already, or cannot be written.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        stored = read_stored(connection, area_ids or None)
        if missing := sorted(set(area_ids) - stored.keys()):
            raise NotFoundError(f"There is no area {', '.join(missing)}, or it was withdrawn.")
        return write_folders(
            directory,
            (each.folder for each in stored.values()),
            lambda folder, name: document_content(connection, stored[folder.area_id].area_no, name),
            overwrite=overwrite,
        )


def put_profiles(
    engine: Engine,
    directory: Path,
    area_ids: Collection[str] = (),
    *,
    dry_run: bool = False,
    max_document_bytes: int = MAX_DOCUMENT_BYTES,
) -> ProfileReport:
    """Make the stored profiles what the folders say: all of them, or with one fault none.

    Raises
    ------
    RejectedDataError
        With a finding per fault: file, line and what to change.
    """
    findings = FileFindings()
    folders = read_profiles(directory, area_ids, findings, max_document_bytes)
    if not findings:
        refuse_without_folders(directory, folders)
    with engine.connect() as connection, connection.begin() as transaction:
        lock(connection)
        stored = read_stored(connection, [folder.area_id for folder in folders])
        _check(folders, stored, set(connection.scalars(_PUBLISHED)), findings)
        findings.refuse(str(directory))
        report = ProfileReport(len(folders), tuple(findings), dry_run=dry_run)
        for folder in folders:
            if changes := put_profile(connection, stored[folder.area_id], folder):
                report.changes[folder.area_id] = changes
        if dry_run or not report.changes:
            transaction.rollback()
    return report


def check_profiles(
    engine: Engine,
    directory: Path | None,
    area_ids: Collection[str] = (),
    *,
    max_document_bytes: int = MAX_DOCUMENT_BYTES,
) -> ProfileReport:
    """Look through folders, or without `directory` through what is stored, and change nothing.

    Raises
    ------
    RejectedDataError
        `put` would refuse the folders; with everything found.
    """
    findings = FileFindings()
    with engine.connect() as connection:
        published = set(connection.scalars(_PUBLISHED))
        if directory is None:
            stored = read_stored(connection, area_ids or None)
            if missing := sorted(set(area_ids) - stored.keys()):
                raise NotFoundError(f"There is no area {', '.join(missing)}, or it was withdrawn.")
            folders = [replace(each.folder, name=area_id) for area_id, each in stored.items()]
        else:
            folders = read_profiles(directory, area_ids, findings, max_document_bytes)
            if not findings:
                refuse_without_folders(directory, folders)
            stored = read_stored(connection, [folder.area_id for folder in folders])
        _check(folders, stored, published, findings)
    findings.refuse(str(directory or "."))
    return ProfileReport(len(folders), tuple(findings))


_PUBLISHED = select(ProgrammeArea.area_id).where(
    ProgrammeArea.released_at.is_not(None), ProgrammeArea.withdrawn_on.is_(None)
)


def _check(
    folders: list[ProfileFolder], stored: Collection[str], published: set[str], findings: FileFindings
) -> None:
    for folder in folders:
        if folder.area_id not in stored:
            findings.add(
                folder.name,
                None,
                "area",
                "ein Gebiet mit dieser Kennung gibt es nicht, oder es ist zurückgezogen",
                "there is no area with this id, or it was withdrawn",
            )
        else:
            check_profile(folder, published, findings)
