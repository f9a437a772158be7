"""Read profiles from folders, one per area, whose name is the ``area_id``.

::

    {area_id}/
      profile.toml          what the profile lists, see profile_toml
      de/character.md       one text per language and section; `source` in the front matter
      en/character.md
      documents/            files to download; only those that profile.toml names count

A text that is missing or empty is a section that is not there yet.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo_service.domain.code_lists import LANGUAGES, PROFILE_SECTION
from geo_service.errors import RejectedDataError
from geo_service.ingest import front_matter
from geo_service.ingest.facts import Facts
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.media_types import KINDS, fits, look_into
from geo_service.ingest.profile_tables import Row
from geo_service.ingest.profile_toml import FILE_NAME, ProfileToml, read_profile_toml

DOCUMENTS = "documents"
MAX_DOCUMENT_BYTES = 50 * 2**20
# As the registry's own check: what no file system or eye would mistake.
_FILE_NAME = re.compile(
    '[^\x01-\x1f\x7f-\x9f/\\\\<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]{1,120}'
)
_LEFT_BY_OTHERS = ("Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class SectionText:
    """The Markdown of one section in one language, where it comes from, and the line on which it begins."""

    language: str
    section: str
    body: str
    source: str | None
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class ProfileFolder:
    """A profile as rows for the registry, still without the area's number.

    Contacts and documents carry `released` instead of the moment of their release; documents also `media_type`,
    `sha256` and `size_bytes`, and the `path` of the file instead of its content.
    """

    area_id: str
    texts: tuple[SectionText, ...] = ()
    milestones: tuple[Row, ...] = ()
    contacts: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()
    facts: Row | None = None
    programmes: tuple[Row, ...] | None = None
    name: str = field(default="", compare=False)
    toml_lines: Any = field(default_factory=dict, compare=False, repr=False)


def read_profile_folders(directory: Path) -> list[ProfileFolder]:
    """Read every folder of `directory`, in the order of the area ids; none without the directory.

    Raises
    ------
    RejectedDataError
        With a finding per fault: file, line and what to change.
    """
    if not directory.is_dir():
        return []
    findings = FileFindings()
    folders = read_profiles(directory, (), findings)
    findings.refuse(str(directory))
    return folders


def read_profiles(
    directory: Path,
    area_ids: Collection[str],
    findings: FileFindings,
    max_bytes: int = MAX_DOCUMENT_BYTES,
) -> list[ProfileFolder]:
    """Read the folders of `area_ids`, or all; `directory` holds one folder per area, or is itself one."""
    if is_profile_folder(directory):
        return [read_profile_folder(directory, directory.parent, findings, max_bytes)]
    if missing := sorted(set(area_ids) - {path.name for path in _folders(directory)}):
        for area_id in missing:
            findings.add(area_id, None, "folder", "diesen Ordner gibt es nicht", "there is no such folder")
    chosen = [path for path in _folders(directory) if not area_ids or path.name in area_ids]
    return [read_profile_folder(path, directory, findings, max_bytes) for path in chosen]


def is_profile_folder(directory: Path) -> bool:
    """Say whether a directory is the folder of one area."""
    return (directory / FILE_NAME).is_file() or any((directory / each).is_dir() for each in LANGUAGES)


def _folders(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.is_dir() and not path.name.startswith("."))


def read_profile_folder(
    folder: Path, root: Path, findings: FileFindings, max_bytes: int = MAX_DOCUMENT_BYTES
) -> ProfileFolder:
    """Read one profile; paths in findings are seen from `root`."""
    name = folder.relative_to(root).as_posix()
    lists = read_profile_toml(folder / FILE_NAME, f"{name}/{FILE_NAME}", findings)
    for path in _visible(folder):
        if path.name not in (FILE_NAME, DOCUMENTS, *LANGUAGES):
            findings.note(
                f"{name}/{path.name}", None, "ignored", "gehört zu keinem Profil", "belongs to no profile"
            )
    return ProfileFolder(
        folder.name,
        tuple(_read_texts(folder, root, findings)),
        lists.milestones,
        lists.contacts,
        tuple(_read_documents(folder, name, lists, findings, max_bytes)),
        lists.facts,
        lists.programmes,
        name,
        lists.lines,
    )


def _visible(folder: Path) -> list[Path]:
    """Return what is in a folder, without what editors and file managers leave there."""
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and not path.name.endswith("~") and path.name not in _LEFT_BY_OTHERS
    ]


def _read_texts(folder: Path, root: Path, findings: FileFindings) -> Iterator[SectionText]:
    for language in LANGUAGES:
        for path in _visible(folder / language):
            name = path.relative_to(root).as_posix()
            if path.suffix != ".md" or path.stem not in PROFILE_SECTION:
                names = ", ".join(f"{code}.md" for code in PROFILE_SECTION.codes)
                findings.add(name, None, "section", f"kein Abschnitt; möglich: {names}",
                             f"no such section; there are: {names}")  # fmt: skip
                continue
            file = front_matter.read(path, root, findings)
            if file is None:
                continue
            facts = Facts(file, findings)
            source = facts.text("source", max_length=1000)
            facts.finish()
            if file.body:
                yield SectionText(language, path.stem, file.body, source, file.body_line)


def _read_documents(
    folder: Path, name: str, lists: ProfileToml, findings: FileFindings, max_bytes: int
) -> Iterator[Row]:
    directory = folder / DOCUMENTS
    # Some file systems take a name apart into letters and accents; put together, names compare.
    present = {unicodedata.normalize("NFC", path.name): path for path in _visible(directory)}
    toml, seen = f"{name}/{FILE_NAME}", set()
    for number, row in enumerate(lists.documents):
        line = (lists.lines.get("documents") or (1,) * (number + 1))[number]
        file_name = unicodedata.normalize("NFC", row["file_name"] or "")
        if not file_name:
            continue
        if file_name in seen:
            findings.add(
                toml, line, "document-twice", f"{file_name} steht zweimal da", f"{file_name} is listed twice"
            )
            continue
        seen.add(file_name)
        path = present.get(file_name)
        if fault := _fault_of(path, file_name, directory, max_bytes):
            findings.add(toml, line, *fault)
        elif path is not None:
            yield {**row, "file_name": file_name, "path": path, "size_bytes": path.stat().st_size,
                   "media_type": KINDS[path.suffix.lower()], "sha256": _sha256(path)}  # fmt: skip
    for file_name in sorted(present.keys() - seen):
        findings.note(f"{name}/{DOCUMENTS}/{file_name}", None, "document-unlisted",
                      f"steht nicht in {FILE_NAME} und wird nicht veröffentlicht",
                      f"is not in {FILE_NAME} and is not published")  # fmt: skip


def _fault_of(
    path: Path | None, file_name: str, directory: Path, max_bytes: int
) -> tuple[str, str, str] | None:
    """Return why a document cannot be taken: rule, German, English."""
    if not _FILE_NAME.fullmatch(file_name) or file_name[0] in ". " or file_name[-1] in ". ":
        return (
            "document-name",
            f"{file_name!r} ist kein Name für eine Datei",
            f"{file_name!r} is no name for a file",
        )
    if path is None or not path.is_file():
        return (
            "document-file",
            f"die Datei {DOCUMENTS}/{file_name} fehlt",
            f"the file {DOCUMENTS}/{file_name} is missing",
        )
    if not path.resolve().is_relative_to(directory.resolve()):
        return (
            "document-link",
            f"{file_name} ist ein Verweis nach draußen",
            f"{file_name} is a link to elsewhere",
        )
    if path.stat().st_size > max_bytes:
        limit = f"{max_bytes / 1e6:.0f} MB"
        return (
            "document-size",
            f"{file_name} ist größer als {limit} (document_max_bytes)",
            f"{file_name} is larger than {limit} (document_max_bytes)",
        )
    return _kind_fault(path, file_name)


def _kind_fault(path: Path, file_name: str) -> tuple[str, str, str] | None:
    expected = KINDS.get(path.suffix.lower())
    if expected is None:
        kinds = ", ".join(sorted(KINDS))
        return (
            "document-kind",
            f"{file_name}: diese Art wird nicht angenommen; möglich: {kinds}",
            f"{file_name}: this kind is not taken; there are: {kinds}",
        )
    try:
        content = look_into(path)
    except OSError as error:
        return (
            "unreadable",
            f"{file_name}: nicht lesbar: {error.strerror}",
            f"{file_name}: cannot be read: {error.strerror}",
        )
    if content.media_type is None:
        return (
            "document-kind",
            f"{file_name} {content.reason_de}, nicht {expected}",
            f"{file_name} {content.reason_en}, not {expected}",
        )
    if not fits(content.media_type, expected):
        return (
            "document-kind",
            f"{file_name} ist {content.media_type}, nicht {expected}, wie der Name sagt",
            f"{file_name} is {content.media_type}, not {expected} as its name says",
        )
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_without_folders(directory: Path, folders: Collection[ProfileFolder]) -> None:
    """Raise where there is nothing to read.

    Raises
    ------
    RejectedDataError
        `directory` holds no profile.
    """
    if not folders:
        raise RejectedDataError(f"{directory}: no folder of a profile in it, nothing was changed")
