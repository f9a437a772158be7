"""``profile.toml``: what a profile lists – milestones, contacts, documents, programmes, and where facts come from.

::

    [facts]            documented_area_ha, documented_area_year, population_year, attr_source
    [[programmes]]     programme (code), start_year, end_year
    [[milestones]]     date or year, text_de, text_en
    [[contacts]]       function_de, function_en, organisation, email, phone, released, expires,
                       person, person_released
    [[documents]]      file_name, title_de, title_en, language, licence, source, released
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo_service.domain.code_lists import LANGUAGES, PROGRAMME
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import Facts, MarkdownFile

FILE_NAME = "profile.toml"
# A day without a time begins at midnight where the areas are.
LOCAL = ZoneInfo("Europe/Berlin")
Row = dict[str, Any]


@dataclass(frozen=True)
class ProfileToml:
    """The lists of a profile, each row with the names of the registry's columns.

    `facts` and `programmes` are None where the file has none: then what is stored stays as it is.
    """

    facts: Row | None = None
    programmes: tuple[Row, ...] | None = None
    milestones: tuple[Row, ...] = ()
    contacts: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class _Entry(Facts):
    """One table of the file."""

    def text(self, key: str, *, required: bool = False, max_length: int = 500) -> str | None:
        value = super().text(key, required=required, max_length=max_length)
        if value is not None and "\0" in value:
            self.fault(key, "encoding", "enthält ein NUL-Zeichen", "holds a NUL character")
            return None
        return value

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = super().day(key, required=required)
        if isinstance(value, datetime):
            self.fault(key, "type", "ist kein Datum wie 2020-05-13", "is no date like 2020-05-13")
            return None
        return value

    def year(self, key: str) -> int | None:
        value = self.number(key)
        if value is None:
            return None
        if not (value.is_integer() and 1900 <= value <= 2200):
            self.fault(key, "type", "ist keine Jahreszahl wie 2018", "is no year like 2018")
            return None
        return int(value)

    def choice(self, key: str, allowed: tuple[str, ...], *, required: bool = False) -> str | None:
        value = self.text(key, required=required)
        if value is not None and value not in allowed:
            names = ", ".join(allowed)
            self.fault(key, "value", f"ist keines von: {names}", f"is none of: {names}")
            return None
        return value

    def moment(self, key: str) -> datetime | None:
        """Return a moment in UTC, with whole seconds; a day means its beginning, local time is that of Berlin."""
        value = self._take(key, required=False)
        if value is None:
            return None
        if not isinstance(value, date):
            self.fault(key, "type", "ist kein Datum wie 2027-03-31", "is no date like 2027-03-31")
            return None
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LOCAL)
        return moment.astimezone(UTC).replace(microsecond=0)

    def email(self, key: str) -> str | None:
        value = self.text(key, max_length=254)
        if value is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            self.fault(key, "email", "ist keine E-Mail-Adresse", "is no email address")
            return None
        return value


def read_profile_toml(path: Path, name: str, findings: FileFindings) -> ProfileToml:
    """Read the file, if there is one; what is wrong with it goes to `findings` under `name`."""
    if not path.exists():
        return ProfileToml()
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        findings.add(
            name, None, "unreadable", f"nicht lesbar: {error.strerror}", f"cannot be read: {error.strerror}"
        )
        return ProfileToml()
    except UnicodeDecodeError:
        findings.add(
            name, None, "encoding", "kein UTF-8: bitte so speichern", "not UTF-8: please save it as such"
        )
        return ProfileToml()
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        findings.add(name, line, "toml", f"kein TOML: {error}", f"not TOML: {error}")
        return ProfileToml()
    return _read_tables(content, _table_lines(text), name, findings)


def _read_tables(
    content: Row, lines: dict[str, list[dict[str, int]]], name: str, findings: FileFindings
) -> ProfileToml:
    readers: dict[str, Callable[[_Entry], Row]] = {
        "programmes": _programme,
        "milestones": _milestone,
        "contacts": _contact,
        "documents": _document,
    }
    found: dict[str, tuple[Row, ...]] = {}
    for key, value in content.items():
        if key != "facts" and key not in readers:
            known = ", ".join(("facts", *readers))
            findings.add(
                name,
                lines.get(key, [{"": 1}])[0][""],
                "unknown-key",
                f"„{key}“ gibt es nicht, aber: {known}",
                f"“{key}” is unknown; there are: {known}",
            )
        elif not _is_table(value, many=key in readers):
            mark = f"[[{key}]]" if key in readers else "[facts]"
            findings.add(name, 1, "type", f"„{key}“ beginnt mit {mark}", f"“{key}” begins with {mark}")
        elif key in readers:
            entries = [
                _entry(row, lines.get(key, []), number, name, findings) for number, row in enumerate(value)
            ]
            found[key] = tuple(_finished(entry, readers[key]) for entry in entries)
    facts = content.get("facts")
    return ProfileToml(
        facts=_finished(_entry(facts, lines.get("facts", []), 0, name, findings), _facts)
        if _is_table(facts, many=False)
        else None,
        programmes=found.get("programmes"),
        milestones=tuple(sorted(found.get("milestones", ()), key=milestone_order)),
        contacts=found.get("contacts", ()),
        documents=found.get("documents", ()),
        lines={key: tuple(each[""] for each in starts) for key, starts in lines.items()},
    )


def _is_table(value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _entry(row: Row, lines: list[dict[str, int]], number: int, name: str, findings: FileFindings) -> _Entry:
    places = lines[number] if number < len(lines) else {"": 1}
    at = {key: places.get(key, places[""]) for key in row}
    return _Entry(MarkdownFile(name, row, "", _Places(at, places[""])), findings)


class _Places(dict[str, int]):
    """Line by key; a key that is missing is missed where its table begins."""

    def __init__(self, places: dict[str, int], start: int) -> None:
        super().__init__(places)
        self._start = start

    def get(self, key: str, _default: Any = None) -> int:  # type: ignore[override]
        return super().get(key, self._start)


def _finished(entry: _Entry, read: Callable[[_Entry], Row]) -> Row:
    row = read(entry)
    entry.finish()
    return row


def _table_lines(text: str) -> dict[str, list[dict[str, int]]]:
    """Return for each table the lines on which its occurrences (key ``""``) and their keys begin.

    Only for pointing at a line: a text over several lines that looks like a table could mislead it.
    """
    found: dict[str, list[dict[str, int]]] = {}
    current: dict[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]\]?", line):
            current = {"": number}
            found.setdefault(head[1], []).append(current)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            if current is None:
                found.setdefault(key[1], []).append({"": number})
            else:
                current.setdefault(key[1], number)
    return found


# --- the tables -----------------------------------------------------------------------------------------------


def _facts(entry: _Entry) -> Row:
    size = entry.number("documented_area_ha")
    if size is not None and not 0 < size < 1e8:
        entry.fault("documented_area_ha", "value", "ist keine Fläche in Hektar", "is no size in hectares")
    return {
        "documented_area_ha": None if size is None else Decimal(f"{size:.2f}"),
        "documented_area_year": entry.year("documented_area_year"),
        "population_year": entry.year("population_year"),
        "attr_source": entry.text("attr_source", max_length=2000),
    }


def _programme(entry: _Entry) -> Row:
    row = {
        "programme": entry.choice("programme", PROGRAMME.codes, required=True),
        "start_year": entry.year("start_year"),
        "end_year": entry.year("end_year"),
    }
    if row["start_year"] and row["end_year"] and row["end_year"] < row["start_year"]:
        entry.fault("end_year", "value", "liegt vor start_year", "is before start_year")
    return row


def _milestone(entry: _Entry) -> Row:
    day, year = entry.day("date"), entry.year("year")
    if day is None and year is None:
        entry.fault("date", "missing", "fehlt, ebenso „year“", "is missing, and so is “year”")
    elif day is not None and year is not None and day.year != year:
        entry.fault("year", "value", "widerspricht „date“", "contradicts “date”")
    return {
        "milestone_date": day,
        "year": day.year if day is not None else year,
        "text_de": entry.text("text_de", required=True, max_length=2000),
        "text_en": entry.text("text_en", max_length=2000),
    }


def milestone_order(row: Row) -> tuple[int, bool, date]:
    """The order in which they are published; of the same day, that of the file."""
    day = row["milestone_date"]
    return row["year"] or 0, day is None, day or date.min


def _contact(entry: _Entry) -> Row:
    """Nothing about a contact is released unless the file says so, and a person's name only beside that."""
    row = {
        "function_de": entry.text("function_de", required=True),
        "function_en": entry.text("function_en"),
        "organisation": entry.text("organisation"),
        "person": entry.text("person"),
        "email": entry.email("email"),
        "phone": entry.text("phone", max_length=60),
        "expires_at": entry.moment("expires"),
        "person_released": entry.flag("person_released"),
        "released": entry.flag("released"),
    }
    if row["released"] and not row["person_released"] and _names_person(row["email"], row["person"]):
        entry.fault(
            "email",
            "personal-mailbox",
            "ist das Postfach einer Person, deren Name nicht freigegeben ist (person_released = true); "
            "üblich ist das Postfach der Stelle",
            "is the mailbox of a person whose name is not released (person_released = true); "
            "the rule is the mailbox of the office",
        )
    return row


def _names_person(email: str | None, person: str | None) -> bool:
    """Say whether the part before the @ holds the family name."""
    if not email or not person:
        return False
    fold = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    family = re.sub(r"[^a-z]", "", person.split()[-1].lower().translate(fold))
    return len(family) > 2 and family in re.sub(
        r"[^a-z]", "", email.partition("@")[0].lower().translate(fold)
    )


def _document(entry: _Entry) -> Row:
    return {
        "file_name": entry.text("file_name", required=True, max_length=120),
        "title_de": entry.text("title_de", required=True),
        "title_en": entry.text("title_en"),
        "language": entry.choice("language", LANGUAGES),
        "licence": entry.text("licence"),
        "source": entry.text("source"),
        "released": entry.flag("released"),
    }
