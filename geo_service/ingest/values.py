"""From the values of a column to values of a field: checked, and kindly put right where that is safe."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np

from geo_service.domain.code_lists import CodeList
from geo_service.domain.fields import Field
from geo_service.errors import Message

Value = str | int | float | date | list[str] | None

_AREA_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_AGS = re.compile(r"^[0-9]{8}$")
_INTEGER = re.compile(r"^[+-]?[0-9]+(\.0+)?$")
_NUMBER = re.compile(r"^[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?$")
_GERMAN_DATE = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_ISO_DATE = re.compile(r"^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?$")
_WEB_ADDRESS = re.compile(r"^https?://\S+$")
_YEARS = (1900, 2200)
_INT_MAX = 2**31 - 1

NOTES = {
    "german-date": ("als Tag.Monat.Jahr gelesen", "read as day.month.year"),
    "number-from-text": ("aus Text in Zahlen gewandelt", "turned from text into numbers"),
    "decimal-comma": ("mit Dezimalkomma gelesen", "read with a decimal comma"),
    "leading-zero": ("um die führende Null ergänzt", "given back their leading zero"),
    "label": ("von der Bezeichnung auf den Code gebracht", "turned from a label into the code"),
}


class ValueFaultError(ValueError):
    """A value does not fit its field; `message` says what is expected."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


class Reader:
    """Reads the values of one field and counts what it put right."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.repairs: Counter[str] = Counter()
        self._codes = _code_table(field.code_list) if field.code_list else None
        self._read = {
            "string": self._string,
            "url": self._url,
            "integer": self._integer,
            "number": self._number,
            "date": self._date,
            "string-array": self._array,
        }[field.type]

    def read(self, raw: Any) -> Value:
        """Return the value for one raw value of GDAL; empty is None.

        Raises
        ------
        ValueFaultError
            It does not fit, or is empty where the field needs a value.
        """
        if isinstance(raw, float | np.floating) and math.isnan(raw):
            raw = None
        if isinstance(raw, str):
            raw = raw.strip() or None
            if raw is not None and "\x00" in raw:
                raise _fault("enthält ein Null-Zeichen", "contains a NUL character")
            if raw is not None and _is_misread_utf8(raw):
                raise _fault(
                    f"„{raw[:80]}“ ist falsch gelesenes UTF-8; beim Shapefile fehlt die Datei .cpg mit dem Inhalt UTF-8",
                    f"'{raw[:80]}' is UTF-8 read wrongly; the Shapefile lacks a file .cpg that says UTF-8",
                )
        elif isinstance(raw, list | np.ndarray | bytes) and self.field.type != "string-array":
            raise _fault("ist kein einzelner Wert", "is not a single value")
        value = None if raw is None else self._read(raw)
        if value is None and not self.field.nullable:
            raise _fault("darf nicht leer sein", "must not be empty")
        return value

    def notes(self) -> Iterable[Message]:
        """Yield what was put right, as sentences."""
        for kind, count in self.repairs.items():
            de, en = NOTES[kind]
            yield Message(f"{self.field.name}: {count} Werte {de}", f"{self.field.name}: {count} values {en}")

    def _string(self, raw: Any) -> str | None:
        text = _text(raw)
        if self._codes is not None:
            return self._code(text)
        if self.field.name == "ags":
            return self._ags(text)
        if self.field.name == "area_id" and (not _AREA_ID.match(text) or len(text) > 60):
            raise _fault(
                f"„{text[:80]}“ ist keine Gebietskennung: erlaubt sind a–z, 0–9 und einzelne Bindestriche, "
                "höchstens 60 Zeichen",
                f"'{text[:80]}' is not an area identifier: a-z, 0-9, single hyphens, at most 60 characters",
            )
        return text

    def _code(self, text: str) -> str | None:
        assert self._codes is not None
        assert self.field.code_list is not None
        if text in self.field.code_list:
            return text
        try:
            code = self._codes[text.casefold()]
        except KeyError:
            codes = ", ".join(self.field.code_list.codes)
            raise _fault(
                f"„{text[:80]}“ ist kein Code. Erlaubt: {codes}",
                f"'{text[:80]}' is not a code. Allowed: {codes}",
            ) from None
        self.repairs["label"] += 1
        return code

    def _ags(self, text: str) -> str:
        if len(text) == 7 and text.isascii() and text.isdigit():
            text = f"0{text}"
            self.repairs["leading-zero"] += 1
        if not _AGS.match(text):
            raise _fault(
                f"„{text[:80]}“ ist kein amtlicher Gemeindeschlüssel (acht Ziffern)",
                f"'{text[:80]}' is not a municipality key (eight digits)",
            )
        return text

    def _url(self, raw: Any) -> str:
        text = _text(raw)
        if not _WEB_ADDRESS.match(text):
            raise _fault(
                f"„{text[:80]}“ ist keine Webadresse (http:// oder https://)",
                f"'{text[:80]}' is not a web address (http:// or https://)",
            )
        return text

    def _integer(self, raw: Any) -> int:
        if isinstance(raw, str):
            if not _INTEGER.match(raw):
                raise _fault(f"„{raw[:80]}“ ist keine ganze Zahl", f"'{raw[:80]}' is not a whole number")
            self.repairs["number-from-text"] += 1
            number = int(raw.partition(".")[0])
        else:
            value = float(raw)
            if not math.isfinite(value) or value != int(value):
                raise _fault(f"{raw} ist keine ganze Zahl", f"{raw} is not a whole number")
            number = int(value)
        low, high = _YEARS if self.field.name.endswith("_year") else (0, _INT_MAX)
        if not low <= number <= high:
            raise _fault(
                f"{number} liegt nicht zwischen {low} und {high}", f"{number} is not within {low} to {high}"
            )
        return number

    def _number(self, raw: Any) -> float:
        if isinstance(raw, str):
            if not _NUMBER.match(raw):
                raise _fault(f"„{raw[:80]}“ ist keine Zahl", f"'{raw[:80]}' is not a number")
            self.repairs["decimal-comma" if "," in raw else "number-from-text"] += 1
            raw = raw.replace(",", ".")
        number = round(float(raw), 2)
        if not 0 < number < 10**8:
            raise _fault(f"{number:g} ist keine Fläche in Hektar", f"{number:g} is not an area in hectares")
        return number

    def _date(self, raw: Any) -> date:
        text = _text(raw)
        german = _GERMAN_DATE.match(text)
        iso = _ISO_DATE.match(text)
        try:
            if german:
                day = date(int(german[3]), int(german[2]), int(german[1]))
                self.repairs["german-date"] += 1
            elif iso:
                day = date(int(iso[1]), int(iso[2]), int(iso[3]))
            else:
                raise ValueError
        except ValueError:
            raise _fault(
                f"„{text[:80]}“ ist kein Datum (JJJJ-MM-TT)", f"'{text[:80]}' is not a date (YYYY-MM-DD)"
            ) from None
        low, high = _YEARS
        if not low <= day.year <= high:
            raise _fault(
                f"{day} liegt nicht zwischen {low} und {high}", f"{day} is not within {low} to {high}"
            )
        return day

    def _array(self, raw: Any) -> list[str] | None:
        if isinstance(raw, str) and raw.startswith("["):
            try:
                raw = json.loads(raw)
            except ValueError:
                raise _fault(f"„{raw[:80]}“ ist keine Liste", f"'{raw[:80]}' is not a list") from None
        parts = raw.split(";") if isinstance(raw, str) else [_text(part) for part in raw]
        items = [part.strip() for part in parts if part.strip()]
        if self._codes is not None:
            items = [code for item in items if (code := self._code(item)) is not None]
        elif self.field.name == "ags_all":
            items = [self._ags(item) for item in items]
        return list(dict.fromkeys(items)) or None


def _is_misread_utf8(text: str) -> bool:
    """Tell whether a text was written as UTF-8 and read as Latin-1 or Windows-1252 (ä as Ã¤)."""
    if "Ã" not in text and "Â" not in text:
        return False
    for encoding in ("latin-1", "cp1252"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _text(raw: Any) -> str:
    if isinstance(raw, float | np.floating) and float(raw).is_integer():
        return str(int(raw))
    return str(raw)


def _code_table(code_list: CodeList) -> dict[str, str | None]:
    """Every way of writing a code: itself, and its labels in both languages; null's label means null."""
    table: dict[str, str | None] = {}
    for entry in code_list:
        for text in (
            entry.code,
            entry.label.de,
            entry.label.en,
            entry.legend_label.de,
            entry.legend_label.en,
        ):
            table[text.casefold()] = entry.code
    if code_list.null:
        table[code_list.null.label.de.casefold()] = None
        table[code_list.null.label.en.casefold()] = None
    return table


def _fault(de: str, en: str) -> ValueFaultError:
    return ValueFaultError(Message(de, en))
