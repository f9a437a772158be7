"""Reports of barriers, kept as files until somebody has read them: few, small, readable by the service alone."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

MAX_MESSAGE = 4000
MAX_PAGE = 500
MAX_EMAIL = 254
HOUR_S = 3600
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class Feedback:
    """What somebody reported; `email` is there only if an answer is wanted. No address of a computer is kept."""

    message: str
    page: str
    email: str
    language: str
    received_at: str = ""
    feedback_id: str = ""


class FullError(Exception):
    """There are too many reports, or too many within an hour."""


class FeedbackBox:
    """The directory with the reports, mode 0700; each is a file of mode 0600.

    Parameters
    ----------
    max_stored, max_hourly : int
        How many are kept in all, and how many are taken within an hour, whoever sends them.
    """

    def __init__(self, directory: Path, max_stored: int, max_hourly: int) -> None:
        self.directory, self.max_stored, self.max_hourly = directory, max_stored, max_hourly

    def add(self, feedback: Feedback) -> str:
        """Keep a report and return its identifier.

        Raises
        ------
        FullError
            There is no room.
        OSError
            The directory cannot be written to.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        since = time.time() - HOUR_S
        files = list(self._files())
        if len(files) >= self.max_stored or sum(_age(file) > since for file in files) >= self.max_hourly:
            raise FullError
        now = datetime.now(UTC)
        feedback_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        values = {**asdict(feedback), "received_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "feedback_id": feedback_id}
        # Written whole under another name first: who reads the directory never sees half a report.
        part = self.directory / f".{feedback_id}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.directory / f"{feedback_id}.json")
        return feedback_id

    def read(self) -> list[Feedback]:
        """Return all reports, the oldest first; a file that is none is left out."""
        return [found for file in sorted(self._files()) if (found := _read(file)) is not None]

    def remove(self, feedback_id: str) -> bool:
        """Remove a report and tell whether there was one."""
        if not _NAME.fullmatch(feedback_id):
            return False
        try:
            (self.directory / f"{feedback_id}.json").unlink()
        except FileNotFoundError:
            return False
        return True

    def _files(self) -> Iterator[Path]:
        if self.directory.is_dir():
            yield from (
                file
                for file in self.directory.iterdir()
                if _NAME.fullmatch(file.stem) and file.suffix == ".json"
            )


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(file: Path) -> Feedback | None:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return Feedback(**{name: str(values[name]) for name in Feedback.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return None
