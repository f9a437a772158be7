"""Read the profile of one area from a folder.

::

    profiles/{area_id}/
      profile.toml          [[milestones]], [[contacts]], [[documents]]
      de/character.md       one text per language and section; `source` in the front matter
      en/character.md
      documents/*.pdf       only files named in profile.toml count
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from geo_service.domain.code_lists import LANGUAGES, PROFILE_SECTION
from geo_service.errors import RejectedDataError

MEDIA_TYPES = {".pdf": "application/pdf"}


@dataclass(frozen=True)
class SectionText:
    """The Markdown of one section in one language, and where it comes from."""

    language: str
    section: str
    body: str
    source: str | None


@dataclass(frozen=True)
class ProfileFolder:
    """A profile as rows for the registry, still without the area's number and without any release."""

    area_id: str
    texts: tuple[SectionText, ...]
    milestones: tuple[dict[str, Any], ...] = ()
    contacts: tuple[dict[str, Any], ...] = ()
    documents: tuple[dict[str, Any], ...] = field(default=(), repr=False)


def read_profile_folders(directory: Path) -> list[ProfileFolder]:
    """Read every folder of `directory`, in the order of the area ids; none without the directory."""
    if not directory.is_dir():
        return []
    return [read_profile_folder(folder) for folder in sorted(directory.iterdir()) if folder.is_dir()]


def read_profile_folder(folder: Path) -> ProfileFolder:
    """Read one profile; the folder's name is the ``area_id``.

    Raises
    ------
    RejectedDataError
        A file cannot be read: the message names it and says why.
    """
    texts = tuple(
        _read_text(path, language)
        for language in LANGUAGES
        for path in sorted((folder / language).glob("*.md"))
    )
    facts = _read_toml(folder / "profile.toml")
    try:
        return ProfileFolder(
            folder.name,
            texts,
            tuple(_milestone(entry) for entry in facts.get("milestones", [])),
            tuple(_contact(entry) for entry in facts.get("contacts", [])),
            tuple(_document(folder / "documents", entry) for entry in facts.get("documents", [])),
        )
    except KeyError as error:
        raise RejectedDataError(f"{folder / 'profile.toml'}: an entry lacks {error}") from error


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RejectedDataError(f"{path}: not readable as TOML: {error}") from error


def _read_text(path: Path, language: str) -> SectionText:
    """Read a Markdown file; front matter stands between two lines of three hyphens."""
    if path.stem not in PROFILE_SECTION:
        raise RejectedDataError(f"{path}: no such section; allowed are {', '.join(PROFILE_SECTION.codes)}")
    text = path.read_text(encoding="utf-8")
    front: Any = {}
    if text.startswith("---\n"):
        head, separator, text = text[4:].partition("\n---\n")
        if not separator:
            raise RejectedDataError(f"{path}: the front matter is not closed by a line of three hyphens")
        try:
            front = yaml.safe_load(head) or {}
        except yaml.YAMLError as error:
            raise RejectedDataError(f"{path}: the front matter is not readable: {error}") from error
    if not isinstance(front, dict) or not text.strip():
        raise RejectedDataError(f"{path}: expected front matter of keys and values, then a text")
    return SectionText(language, path.stem, text.strip(), front.get("source"))


def _milestone(entry: dict[str, Any]) -> dict[str, Any]:
    day = entry.get("date")
    return {
        "milestone_date": day,
        "year": day.year if isinstance(day, date) else entry["year"],
        "text_de": entry["text_de"],
        "text_en": entry.get("text_en"),
    }


def _contact(entry: dict[str, Any]) -> dict[str, Any]:
    """Nothing about a contact is released unless the file says so."""
    keys = ("function_en", "organisation", "person", "email", "phone")
    return {
        "function_de": entry["function_de"],
        **{key: entry.get(key) for key in keys},
        "released": entry.get("released", False),
    }


def _document(directory: Path, entry: dict[str, Any]) -> dict[str, Any]:
    path = directory / entry["file_name"]
    if path.suffix not in MEDIA_TYPES or not path.is_file():
        raise RejectedDataError(f"{path}: no such document, or a kind that is not allowed")
    keys = ("title_en", "language", "licence", "source")
    return {
        "file_name": path.name,
        "title_de": entry["title_de"],
        **{key: entry.get(key) for key in keys},
        "media_type": MEDIA_TYPES[path.suffix],
        "content": path.read_bytes(),
        "released": entry.get("released", False),
    }
