"""The tables of ``profile.toml``, each with what may stand in it; read into rows with the registry's columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from geo_service.domain.code_lists import LANGUAGES, PROGRAMME
from geo_service.ingest.facts import Facts

# A day without a time begins at midnight where the areas are.
LOCAL = ZoneInfo("Europe/Berlin")
Row = dict[str, Any]


class Entry(Facts):
    """One table of the file."""

    def text(self, key: str, *, required: bool = False, max_length: int = 500) -> str | None:
        """Return a text as a front matter has it; TOML can also write characters that PostgreSQL cannot store."""
        value = super().text(key, required=required, max_length=max_length)
        if value is not None and "\0" in value:
            self.fault(key, "encoding", "enthält ein NUL-Zeichen", "holds a NUL character")
            return None
        return value

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Return a day between 1900 and 2200; TOML's moments are none."""
        value = super().day(key, required=required)
        if isinstance(value, datetime):
            self.fault(key, "type", "ist kein Datum wie 2020-05-13", "is no date like 2020-05-13")
            return None
        return value

    def year(self, key: str) -> int | None:
        """Return a year from 1900 to 2200."""
        value = self.number(key)
        if value is None:
            return None
        if not (value.is_integer() and 1900 <= value <= 2200):
            self.fault(key, "type", "ist keine Jahreszahl wie 2018", "is no year like 2018")
            return None
        return int(value)

    def choice(self, key: str, allowed: tuple[str, ...], *, required: bool = False) -> str | None:
        """Return one of the texts that are allowed."""
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
        """Return what looks like an address of a mailbox."""
        value = self.text(key, max_length=254)
        if value is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            self.fault(key, "email", "ist keine E-Mail-Adresse", "is no email address")
            return None
        return value


def read_facts(entry: Entry) -> Row:
    """Read the one table that is no list; sizes are in hectares, with two decimals."""
    size = entry.number("documented_area_ha")
    if size is not None and not 0 < size < 1e8:
        entry.fault("documented_area_ha", "value", "ist keine Fläche in Hektar", "is no size in hectares")
    return {
        "documented_area_ha": None if size is None else Decimal(f"{size:.2f}"),
        "documented_area_year": entry.year("documented_area_year"),
        "population_year": entry.year("population_year"),
        "attr_source": entry.text("attr_source", max_length=2000),
    }


def _programme(entry: Entry) -> Row:
    row = {
        "programme": entry.choice("programme", PROGRAMME.codes, required=True),
        "start_year": entry.year("start_year"),
        "end_year": entry.year("end_year"),
    }
    if row["start_year"] and row["end_year"] and row["end_year"] < row["start_year"]:
        entry.fault("end_year", "value", "liegt vor start_year", "is before start_year")
    return row


def _milestone(entry: Entry) -> Row:
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


def _contact(entry: Entry) -> Row:
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


def _document(entry: Entry) -> Row:
    return {
        "file_name": entry.text("file_name", required=True, max_length=120),
        "title_de": entry.text("title_de", required=True),
        "title_en": entry.text("title_en"),
        "language": entry.choice("language", LANGUAGES),
        "licence": entry.text("licence"),
        "source": entry.text("source"),
        "released": entry.flag("released"),
    }


# How each entry of a list is read, by the name of the list.
LISTS: Mapping[str, Callable[[Entry], Row]] = {
    "programmes": _programme,
    "milestones": _milestone,
    "contacts": _contact,
    "documents": _document,
}
