"""What an import or an export has to say: findings, notes and counts, in German and English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from geo_service.errors import Message, RejectedDataError
from geo_service.ingest.file_findings import FileFinding

Progress = Callable[[str, int, int | None], None]
"""Called as ``progress(step, done, total)``; `step` is ``read``, ``compare``, ``write`` or ``publish``."""

PRINTED_FINDINGS = 1000


@dataclass(frozen=True)
class Finding:
    """One reason to refuse a file.

    Attributes
    ----------
    row : int or None
        Number of the feature in the file, from 1; None where the finding concerns the whole file.
    feature_id : str or None
        The feature's ``area_id`` or ``ags``, if it has one.
    rule : str
        Short lasting name of the rule, such as ``geometry-invalid``.
    where : str
        Column, or place in the file's or the stored coordinates; may be empty.
    """

    row: int | None
    feature_id: str | None
    rule: str
    where: str
    message: Message

    def line(self, language: str) -> str:
        """Return the finding as one line of text."""
        if self.row is None:
            head = {"de": "Datei", "en": "file"}[_short(language)]
        else:
            head = f"{_word(language, 'Zeile', 'row')} {self.row}"
            head += f" ({self.feature_id})" if self.feature_id else ""
        where = f" [{self.where}]" if self.where else ""
        return f"{head}: {self.rule}{where}: {self.message.text(language)}"


class Findings:
    """Gathers the findings of a whole file, in the order of its rows."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(
        self,
        rule: str,
        de: str,
        en: str,
        *,
        row: int | None = None,
        feature_id: str | None = None,
        where: str = "",
    ) -> None:
        """Note one more reason to refuse the file."""
        self._findings.append(Finding(row, feature_id, rule, where, Message(de, en)))

    def __bool__(self) -> bool:
        return bool(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._findings, key=lambda finding: finding.row or 0))

    def rows(self) -> set[int]:
        """Return the rows that have a finding so far."""
        return {finding.row for finding in self._findings if finding.row is not None}

    def refuse(self, file_name: str) -> None:
        """Raise what was found, if anything was.

        Raises
        ------
        RejectedDataError
            With all findings, ordered by row.
        """
        if self._findings:
            raise RejectedDataError(
                f"{file_name}: {len(self._findings)} finding(s), nothing was changed", tuple(self)
            )


@dataclass
class ImportReport:
    """What an import did, or with `dry_run` would have done.

    Attributes
    ----------
    read, added, changed, unchanged : int
        Features in the file; new ones; stored ones of which anything changed; stored ones left as they were.
    new_boundaries : int
        Boundary versions opened for features that existed (outlines replaced, for municipalities).
    transformation : Message or None
        Which coordinate operation was used, with its accuracy; None when none was needed.
    """

    file_name: str
    collection_id: str
    dry_run: bool = False
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    new_boundaries: int = 0
    crs_name: str = ""
    transformation: Message | None = None
    ignored_columns: tuple[str, ...] = ()
    notes: list[Message] = field(default_factory=list)

    def note(self, de: str, en: str) -> None:
        """Add something that the person importing should know, and that stands in nobody's way."""
        self.notes.append(Message(de, en))

    def lines(self, language: str = "de") -> list[str]:
        """Return the report as lines of text."""
        lines = [
            _word(
                language,
                f"{self.file_name}: {self.read} Objekte gelesen ({self.crs_name})",
                f"{self.file_name}: {self.read} features read ({self.crs_name})",
            )
        ]
        if self.transformation:
            lines.append(self.transformation.text(language))
        if self.ignored_columns:
            names = ", ".join(self.ignored_columns)
            lines.append(
                _word(
                    language, f"Unbekannte Spalten, übergangen: {names}", f"Unknown columns, ignored: {names}"
                )
            )
        lines += [note.text(language) for note in self.notes]
        lines.append(
            _word(
                language,
                f"{self.added} neu, {self.changed} geändert (davon {self.new_boundaries} mit neuer "
                f"Abgrenzung), {self.unchanged} unverändert",
                f"{self.added} new, {self.changed} changed ({self.new_boundaries} of them with a new "
                f"boundary), {self.unchanged} unchanged",
            )
        )
        if self.dry_run:
            lines.append(
                _word(language, "Probelauf: nichts wurde gespeichert", "Dry run: nothing was stored")
            )
        return lines


@dataclass
class ExportReport:
    """What an export wrote."""

    file_name: str
    collection_id: str
    format_name: str
    crs_name: str
    written: int = 0
    notes: list[Message] = field(default_factory=list)

    def note(self, de: str, en: str) -> None:
        """Add something that the reader of the file should know."""
        self.notes.append(Message(de, en))

    def lines(self, language: str = "de") -> list[str]:
        """Return the report as lines of text."""
        head = _word(
            language,
            f"{self.file_name}: {self.written} Objekte geschrieben ({self.format_name}, {self.crs_name})",
            f"{self.file_name}: {self.written} features written ({self.format_name}, {self.crs_name})",
        )
        return [head, *(note.text(language) for note in self.notes)]


@dataclass
class TileArchiveReport:
    """What an archive of tiles holds; `size` in bytes."""

    file_name: str
    min_zoom: int
    max_zoom: int
    written: int = 0
    size: int = 0
    notes: list[Message] = field(default_factory=list)

    def note_missing_address(self) -> None:
        """Say that links to the profiles had to be left out."""
        self.notes.append(
            Message(
                "profile_url fehlt, weil die öffentliche Adresse nicht eingestellt ist (GEO_SERVICE_PUBLIC_URL)",
                "profile_url is left out because the public address is not configured (GEO_SERVICE_PUBLIC_URL)",
            )
        )

    def lines(self, language: str = "de") -> list[str]:
        """Return the report as lines of text."""
        zooms, size = f"{self.min_zoom}–{self.max_zoom}", f"{self.size / 1e6:.1f} MB"
        head = _word(
            language,
            f"{self.file_name}: {self.written} Kacheln geschrieben (Zoomstufen {zooms}, {size})",
            f"{self.file_name}: {self.written} tiles written (zooms {zooms}, {size})",
        )
        return [head, *(note.text(language) for note in self.notes)]


def finding_lines(error: RejectedDataError, language: str = "de") -> list[str]:
    """Return one line per finding; beyond a thousand, how many more there are."""
    findings = [finding for finding in error.findings if isinstance(finding, Finding | FileFinding)]
    lines = [finding.line(language) for finding in findings[:PRINTED_FINDINGS]]
    more = len(findings) - PRINTED_FINDINGS
    if more > 0:
        lines.append(_word(language, f"… und {more} weitere", f"… and {more} more"))
    return lines


def _short(language: str) -> str:
    return "de" if language.startswith("de") else "en"


def _word(language: str, de: str, en: str) -> str:
    return de if language.startswith("de") else en
