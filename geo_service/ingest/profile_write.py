"""Write profiles as folders that :mod:`geo_service.ingest.profile_folder` reads as the same profiles."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from geo_service.domain.code_lists import LANGUAGES
from geo_service.errors import ConfigError
from geo_service.ingest import front_matter
from geo_service.ingest.profile_folder import DOCUMENTS, ProfileFolder
from geo_service.ingest.profile_tables import LOCAL, Row
from geo_service.ingest.profile_toml import FILE_NAME
from geo_service.ingest.unwritable import cannot_write

_WRITTEN: dict[str, tuple[str, ...]] = {
    "programmes": ("programme", "start_year", "end_year"),
    "milestones": ("date", "year", "text_de", "text_en"),
    "contacts": (
        "function_de", "function_en", "organisation", "email", "phone", "person", "released", "person_released",
        "expires",
    ),
    "documents": ("file_name", "title_de", "title_en", "language", "licence", "source", "released"),
}  # fmt: skip


def write_folders(
    directory: Path,
    profiles: Iterable[ProfileFolder],
    content_of: Callable[[ProfileFolder, str], bytes],
    *,
    overwrite: bool = False,
) -> int:
    """Write a folder per profile below `directory` and return how many; all of them, or none.

    Parameters
    ----------
    content_of : callable
        Returns the content of a document, by profile and file name.
    overwrite : bool
        Replace the texts, lists and documents of folders that are there; other files in them stay.

    Raises
    ------
    ConfigError
        A folder is there already, or the directory cannot be written to.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".geo-service-", dir=directory) as scratch:
            written = [_write_folder(Path(scratch), profile, content_of) for profile in profiles]
            there = [folder.name for folder in written if _is_used(directory / folder.name)]
            if there and not overwrite:
                names = ", ".join(there[:5]) + (" …" if len(there) > 5 else "")
                raise ConfigError(f"{directory} holds {names} already: --overwrite replaces what is there.")
            for folder in written:
                _put_in_place(folder, directory / folder.name)
    except OSError as error:
        raise cannot_write(directory, error) from error
    return len(written)


def _is_used(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _write_folder(
    directory: Path, profile: ProfileFolder, content_of: Callable[[ProfileFolder, str], bytes]
) -> Path:
    folder = directory / profile.area_id
    folder.mkdir(mode=0o755)
    (folder / FILE_NAME).write_text(profile_toml(profile), encoding="utf-8")
    for text in profile.texts:
        path = folder / text.language / f"{text.section}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(front_matter.write({"source": text.source}, text.body), encoding="utf-8")
    for document in profile.documents:
        path = folder / DOCUMENTS / document["file_name"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content_of(profile, document["file_name"]))
    return folder


def _put_in_place(new: Path, target: Path) -> None:
    """Move a folder to where it belongs; what it replaces there is only what a profile consists of."""
    if target.is_dir():
        for managed in (FILE_NAME, *LANGUAGES, DOCUMENTS):
            old = target / managed
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)
    else:
        target.mkdir()
    for part in new.iterdir():
        part.rename(target / part.name)


def profile_toml(profile: ProfileFolder) -> str:
    """Return the lists of a profile as its ``profile.toml``."""
    parts = [f"# {' '.join(profile.name.split())}\n"]
    facts = {key: value for key, value in (profile.facts or {}).items() if value is not None}
    if facts:
        parts.append(_table("[facts]", facts))
    for key, names in _WRITTEN.items():
        for row in getattr(profile, key) or ():
            values = {**row, "date": row.get("milestone_date"), "expires": _local(row.get("expires_at"))}
            if values["date"] is not None:
                values["year"] = None
            shown = {name: values.get(name) for name in names}
            if not shown.get("person_released"):
                shown.pop("person_released", None)
            parts.append(_table(f"[[{key}]]", {k: v for k, v in shown.items() if v is not None}))
    return "\n".join(parts)


def _table(head: str, values: Row) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in values.items())]) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _local(moment: datetime | None) -> date | None:
    """Return a moment as the day that it begins, else in UTC."""
    if moment is None:
        return None
    local = moment.astimezone(LOCAL)
    return local.date() if local.time() == time() else moment.astimezone(UTC).replace(microsecond=0)
