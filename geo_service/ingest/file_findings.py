"""What is wrong with a folder of texts: file, line, and what to change, in German and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo_service.errors import Message, RejectedDataError


@dataclass(frozen=True)
class FileFinding:
    """One reason to refuse a folder, or with `is_note` something that its author may want to know.

    Attributes
    ----------
    path : str
        The file as seen from the folder, with slashes.
    line_no : int or None
        Line in the file, from 1; None where the finding concerns the whole file.
    rule : str
        Short lasting name of the rule, such as ``front-matter``.
    """

    path: str
    line_no: int | None
    rule: str
    message: Message
    is_note: bool = False

    def line(self, language: str) -> str:
        """Return the finding as one line of text that editors and terminals understand as a place."""
        place = self.path if self.line_no is None else f"{self.path}:{self.line_no}"
        return f"{place}: {self.rule}: {self.message.text(language)}"


class FileFindings:
    """Gathers what is wrong in all files before anything is written."""

    def __init__(self) -> None:
        self._findings: list[FileFinding] = []

    def add(self, path: str, line_no: int | None, rule: str, de: str, en: str) -> None:
        """Note one more reason to refuse the folder."""
        self._findings.append(FileFinding(path, line_no, rule, Message(de, en)))

    def note(self, path: str, line_no: int | None, rule: str, de: str, en: str) -> None:
        """Note what is no reason to refuse, such as a text that exists in one language only."""
        self._findings.append(FileFinding(path, line_no, rule, Message(de, en), is_note=True))

    def __bool__(self) -> bool:
        """Whether there is a reason to refuse."""
        return any(not finding.is_note for finding in self._findings)

    def __iter__(self) -> Iterator[FileFinding]:
        """Iterate over everything found, by file and line."""
        return iter(sorted(self._findings, key=lambda finding: (finding.path, finding.line_no or 0)))

    def refuse(self, what: str) -> None:
        """Raise what was found, if there is a reason to refuse.

        Raises
        ------
        RejectedDataError
            With all findings, notes included, by file and line.
        """
        if self:
            count = sum(not finding.is_note for finding in self._findings)
            raise RejectedDataError(f"{what}: {count} finding(s), nothing was changed", tuple(self))
