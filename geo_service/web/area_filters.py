"""The filters of map and list: one typed value, one canonical query string, and what they mean to the API.

Whatever shows areas to people takes its choice from here: the list, its exports, the map's counts and its
tiles. So all of them, and the API's own answers, agree.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from geo_service.domain.code_lists import PROGRAMME, STATUS
from geo_service.domain.collections import PROGRAMME_AREAS
from geo_service.domain.cql2 import ClientFilter
from geo_service.domain.crs import CRS84
from geo_service.domain.query import DateInterval, ItemsQuery, Place, PropertyFilter, SortKey
from geo_service.ogc.arguments import refuse
from geo_service.ogc.cql2.text import parse_text
from geo_service.ogc.map_style import UNKNOWN
from geo_service.ogc.presentation import MAX_WORDS_LENGTH

STATES = (*STATUS.codes, UNKNOWN)
STATES_IN_A_YEAR = ("ongoing", "completed")
NO_PERIOD = "unknown"
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_TEXT_LENGTH = 200
NAMES = (
    "q", "status", "programme", "government_region", "district", "ags", "from", "to", "period", "year",
)  # fmt: skip

# A period is known when it has a start, and an end or a status that leaves it open (registry.area_period).
_PERIOD_KNOWN = "(end_year IS NOT NULL OR status IN ('planned', 'ongoing'))"
_PERIOD_UNKNOWN = (
    "(start_year IS NULL OR (end_year IS NULL AND (status IS NULL OR status NOT IN ('planned', 'ongoing'))))"
)
_NOTHING = "start_year < 0"


@dataclass(frozen=True, slots=True)
class AreaFilters:
    """What a person chose; everything empty means all areas.

    Attributes
    ----------
    q : str
        Words in names and profiles, as the API's ``q``.
    status : tuple of str
        Codes, and ``unknown`` for *not documented*; of the state in `year` where there is one.
    programme : str
        A programme that the area is or was in.
    ags : str
        Key of a municipality that takes part in the area, leading or not.
    from_year, to_year : int, optional
        The area's period has a day between the first of the one and the last of the other.
    no_period : bool
        Only areas whose period is not known.
    year : int, optional
        Show the state in that year; leaves out what had not begun and what has no known period.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    programme: str = ""
    government_region: str = ""
    district: str = ""
    ags: str = ""
    from_year: int | None = None
    to_year: int | None = None
    no_period: bool = False
    year: int | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """Return the canonical parameters: the same choice always makes the same address."""
        found = [("q", self.q), *(("status", code) for code in self.status)]
        found += [("programme", self.programme), ("government_region", self.government_region)]
        found += [("district", self.district), ("ags", self.ags)]
        found += [("from", str(self.from_year or "")), ("to", str(self.to_year or ""))]
        found += [("period", NO_PERIOD if self.no_period else ""), ("year", str(self.year or ""))]
        return [(name, value) for name, value in found if value]

    def query_string(self, *more: tuple[str, str]) -> str:
        """Return the canonical query with its question mark, or nothing."""
        pairs = [*self.pairs(), *more]
        return f"?{urlencode(pairs)}" if pairs else ""

    def without(self, *names: str) -> AreaFilters:
        """Return these filters with some of them, named as in the address, dropped."""
        fields = {"from": "from_year", "to": "to_year", "period": "no_period"}
        empty = AreaFilters()
        dropped = [fields.get(name, name) for name in names]
        return replace(self, **{name: getattr(empty, name) for name in dropped})

    @property
    def states(self) -> tuple[str, ...]:
        """The states that are shown."""
        possible = STATES if self.year is None else STATES_IN_A_YEAR
        return tuple(code for code in possible if not self.status or code in self.status)

    def items_query(
        self, limit: int, sort: tuple[SortKey, ...] = (), place: Place | None = None, offset: int = 0
    ) -> ItemsQuery:
        """Return the API's query for a page of these areas."""
        text = self._filter_text()
        return ItemsQuery(
            PROGRAMME_AREAS,
            limit,
            datetime=self._interval(),
            filters=tuple(_equal(name, value) for name, value in self._equalities()),
            filter=ClientFilter(parse_text(text), CRS84) if text else None,
            q=self.q or None,
            sort=sort,
            place=place,
            offset=offset,
        )

    def api_parameters(self) -> dict[str, str]:
        """Return the parameters by which items and tiles of the API choose the same areas."""
        found = {"q": self.q} if self.q else {}
        found.update(self._equalities())
        if interval := self._interval():
            found["datetime"] = f"{interval.start or '..'}/{interval.end or '..'}"
        if text := self._filter_text():
            found["filter"] = text
        return found

    def _interval(self) -> DateInterval | None:
        if self.from_year is None and self.to_year is None:
            return None
        start = dt.date(self.from_year, 1, 1) if self.from_year else None
        return DateInterval(start, dt.date(self.to_year, 12, 31) if self.to_year else None)

    def _equalities(self) -> list[tuple[str, str]]:
        found = [("programmes", self.programme), ("government_region", self.government_region)]
        found += [("district", self.district), ("ags_all", self.ags)]
        if self.year is None and len(self.status) == 1 and self.status[0] != UNKNOWN:
            found.append(("status", self.status[0]))
        return [(name, value) for name, value in found if value]

    def _filter_text(self) -> str:
        """Return as CQL2 what names and values cannot say; made of codes and numbers of ours alone."""
        parts = [_PERIOD_UNKNOWN] if self.no_period else []
        if self.year is not None:
            parts += [f"start_year <= {self.year}", _PERIOD_KNOWN, *self._state_in_year()]
        elif UNKNOWN in self.status or len(self.status) > 1:
            parts.append(_status_text(self.status))
        return " AND ".join(parts)

    def _state_in_year(self) -> list[str]:
        if self.states == STATES_IN_A_YEAR:
            return []
        texts = {
            ("ongoing",): f"(end_year >= {self.year} OR end_year IS NULL)",
            ("completed",): f"end_year < {self.year}",
        }
        return [texts.get(self.states, _NOTHING)]


def _status_text(codes: tuple[str, ...]) -> str:
    known = ", ".join(f"'{code}'" for code in codes if code != UNKNOWN)
    texts = [f"status IN ({known})"] if known else []
    texts += ["status IS NULL"] if UNKNOWN in codes else []
    return f"({' OR '.join(texts)})"


def _equal(name: str, value: str) -> PropertyFilter:
    field = PROGRAMME_AREAS.field(name)
    if field is None:
        raise LookupError(name)
    return PropertyFilter(field, value)


def parse_filters(arguments: MultiDict[str, str]) -> AreaFilters:
    """Read the filters of an address; empty ones count as not given, and other parameters as none of ours.

    Raises
    ------
    InvalidParameterError
        A value is none that the filter knows; the message says which it knows.
    """
    one = {name: _single(arguments, name) for name in NAMES if name != "status"}
    year = _year(one["year"], "year")
    filters = AreaFilters(
        q=_text(one["q"], "q", MAX_WORDS_LENGTH),
        status=_narrowing(_statuses(arguments), year),
        programme=_code(one["programme"], "programme", PROGRAMME.codes),
        government_region=_text(one["government_region"], "government_region"),
        district=_text(one["district"], "district"),
        ags=_ags(one["ags"]),
        from_year=_year(one["from"], "from"),
        to_year=_year(one["to"], "to"),
        no_period=_code(one["period"], "period", (NO_PERIOD,)) == NO_PERIOD,
        year=year,
    )
    if filters.from_year and filters.to_year and filters.from_year > filters.to_year:
        refuse(
            "from",
            "Der Zeitraum (from, to) endet vor seinem Beginn; bitte die Jahre tauschen.",
            "The period (from, to) ends before it begins; please swap the years.",
        )
    return filters


def _single(arguments: MultiDict[str, str], name: str) -> str:
    given = list(dict.fromkeys(value.strip() for value in arguments.getlist(name) if value.strip()))
    if len(given) > 1:
        refuse(
            name,
            f"{name} steht mehrfach in der Adresse; erlaubt ist ein Wert.",
            f"{name} is given more than once; one value is allowed.",
        )
    return given[0] if given else ""


def _statuses(arguments: MultiDict[str, str]) -> tuple[str, ...]:
    given = {code for text in arguments.getlist("status") for code in text.split(",") if code}
    for code in given:
        _code(code, "status", STATES)
    return tuple(code for code in STATES if code in given)


def _narrowing(codes: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """Drop a choice of all states that there are: it says as little as none."""
    return () if set(codes) >= set(STATES if year is None else STATES_IN_A_YEAR) else codes


def _code(text: str, name: str, allowed: tuple[str, ...]) -> str:
    if text and text not in allowed:
        codes = ", ".join(allowed)
        refuse(
            name, f"{name} ist ein Schlüssel aus: {codes}.", f"{name} must be one of these codes: {codes}."
        )
    return text


def _text(text: str, name: str, longest: int = MAX_TEXT_LENGTH) -> str:
    if len(text) > longest or "\0" in text:
        refuse(
            name,
            f"{name} ist ein Text von höchstens {longest} Zeichen.",
            f"{name} is a text of {longest} characters at most.",
        )
    return text


def _ags(text: str) -> str:
    if text and not re.fullmatch(r"[0-9]{8}", text, re.ASCII):
        refuse(
            "ags",
            "ags ist ein Gemeindeschlüssel aus acht Ziffern, etwa 05913000.",
            "ags is a municipality key of eight digits, such as 05913000.",
        )
    return text


def _year(text: str, name: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text, re.ASCII) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        refuse(
            name,
            f"{name} ist ein Jahr von {FIRST_YEAR} bis {LAST_YEAR}.",
            f"{name} is a year from {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return int(text)


def state_of(row: Mapping[str, Any], year: int | None) -> str | None:
    """Return the state of an area as the legend knows it; None where the year shows nothing of it."""
    if year is None:
        return row["status"] or UNKNOWN
    start, end = row["start_year"], row["end_year"]
    if start is None or start > year or (end is None and row["status"] not in ("planned", "ongoing")):
        return None
    return "completed" if end is not None and end < year else "ongoing"
