"""Values of a front matter or a table, taken one by one, each of its type; what does not fit is a finding."""

from __future__ import annotations

import difflib
import re
from datetime import date, time
from typing import Any

from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import MarkdownFile


class Facts:
    """Takes the values of one file, or of one table in it, by their keys."""

    def __init__(self, file: MarkdownFile, findings: FileFindings) -> None:
        self.file, self.findings = file, findings
        self._known: set[str] = set()

    def fault(self, key: str, rule: str, de: str, en: str) -> None:
        """Note a finding on the line of `key`."""
        self.findings.add(self.file.path, self.file.lines.get(key, 1), rule, f"„{key}“ {de}", f"“{key}” {en}")

    def _take(self, key: str, required: bool) -> Any:
        self._known.add(key)
        value = self.file.values.get(key)
        if required and value is None:
            self.fault(key, "missing", "fehlt", "is missing")
        return value

    def text(self, key: str, *, required: bool = False, max_length: int = 500) -> str | None:
        """Return a text without spaces around it; an empty one counts as missing."""
        value = self._take(key, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(
                key,
                "type",
                "ist kein Text; bitte in Anführungszeichen setzen",
                "is no text; please put it in quotes",
            )
            return None
        if required and not value.strip():
            self.fault(key, "missing", "ist leer", "is empty")
        if len(value) > max_length:
            self.fault(
                key,
                "too-long",
                f"ist länger als {max_length} Zeichen",
                f"is over {max_length} characters long",
            )
            return None
        return value.strip() or None

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Return a day between 1900 and 2200."""
        value = self._take(key, required)
        if value is None:
            return None
        if not isinstance(value, date) or not 1900 <= value.year <= 2200:
            self.fault(key, "type", "ist kein Datum wie 2020-05-13", "is no date like 2020-05-13")
            return None
        return value

    def clock(self, key: str) -> time | None:
        """Return a time of day, to the minute."""
        value = self._take(key, required=False)
        if value is None:
            return None
        match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", value) if isinstance(value, str) else None
        if match is None:
            self.fault(key, "type", "ist keine Uhrzeit wie 10:30", "is no time of day like 10:30")
            return None
        return time(int(match[1]), int(match[2]))

    def number(self, key: str) -> float | None:
        """Return a number."""
        value = self._take(key, required=False)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, "type", "ist keine Zahl", "is no number")
            return None
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value."""
        value = self._take(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(key, "type", "ist weder true noch false", "is neither true nor false")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each once; a single text counts as a list of one."""
        value = self._take(key, required=False)
        listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if (value is not None and value != [] and not listed) or not all(
            isinstance(each, str) for each in listed
        ):
            self.fault(key, "type", "ist keine Liste von Texten", "is no list of texts")
            return ()
        return tuple(dict.fromkeys(each.strip() for each in listed if each.strip()))

    def finish(self) -> None:
        """Note every key that nobody asked for, with the one that may have been meant."""
        for key in self.file.values:
            if key in self._known:
                continue
            near = difflib.get_close_matches(key, self._known, 1)
            allowed = ", ".join(sorted(self._known))
            self.fault(
                key,
                "unknown-key",
                f"gibt es nicht; gemeint ist vielleicht „{near[0]}“"
                if near
                else f"gibt es nicht, aber: {allowed}",
                f"is unknown; perhaps “{near[0]}” is meant" if near else f"is unknown; there are: {allowed}",
            )
