"""Numbers, dates and periods as people of each language write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from geo_service.web.messages import text

_LOCALES = {"de": "de_DE", "en": "en_GB"}
_DATE_PATTERNS = {"de": "dd.MM.yyyy", "en": "d MMMM yyyy"}
_SCALE_STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_UNITS = ("Byte", "kB", "MB", "GB")


def number(value: float | Decimal | None, language: str, decimals: int = 2) -> str:
    """Return ``1.442,5`` or ``1,442.5``: at most `decimals` decimals, none that are zero."""
    if value is None:
        return ""
    pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
    return format_decimal(value, format=pattern, locale=_LOCALES[language])


def fixed(value: float, language: str, decimals: int) -> str:
    """Return ``1,0008`` or ``1.0008``: exactly so many decimals, for columns of numbers."""
    return format_decimal(value, format="#,##0." + "0" * decimals, locale=_LOCALES[language])


def day(value: str | date | datetime | None, language: str) -> str:
    """Return ``13.05.2020`` or ``13 May 2020`` for a date or its ISO text."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return format_date(value, format=_DATE_PATTERNS[language], locale=_LOCALES[language])


def size(size_bytes: int, language: str) -> str:
    """Return ``1,4 MB`` or ``1.4 MB`` (decimal units)."""
    value, unit = float(size_bytes), _UNITS[0]
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    return f"{number(value, language, 0 if unit == _UNITS[0] or value >= 10 else 1)}\u00a0{unit}"


def scale_bar(half_width: float, language: str) -> dict[str, object]:
    """Return a round length of about a quarter of a map `half_width` metres wide to each side, and its label."""
    metres = max(length for length in _SCALE_STEPS if length <= max(half_width / 2, _SCALE_STEPS[0]))
    label = f"{metres}\u00a0m" if metres < 1000 else f"{number(metres / 1000, language)}\u00a0km"
    return {"metres": metres, "label": label}


def distance(metres: float, language: str) -> str:
    """Return ``350 m``, ``1,4 km`` or ``23 km``: as exact as somebody on the way would say it."""
    if metres < 995:
        return f"{max(10, round(metres / 10) * 10)}\u00a0m"
    return f"{number(metres / 1000, language, 1 if metres < 9950 else 0)}\u00a0km"


def media_type_name(media_type: str) -> str:
    """Return ``PDF`` for ``application/pdf``: the short name that people know."""
    known = {
        "application/pdf": "PDF",
        "application/zip": "ZIP",
        "text/plain": "TXT",
        "text/csv": "CSV",
        "image/jpeg": "JPEG",
        "image/png": "PNG",
        "image/tiff": "TIFF",
        "image/webp": "WebP",
        "application/geopackage+sqlite3": "GeoPackage",
        "application/vnd.oasis.opendocument.text": "ODT",
        "application/vnd.oasis.opendocument.spreadsheet": "ODS",
        "application/vnd.oasis.opendocument.presentation": "ODP",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    }
    return known.get(media_type, media_type.partition("/")[2].upper())


def period(facts: Mapping[str, Any], language: str) -> str:
    """Return the period of an area or of one of its programmes as people would write it.

    A missing end means *open* only while the area is planned or ongoing; elsewhere it is unknown and
    a question mark says so. What has no status at all (a programme) only says when it began. Days win over
    years.
    """
    start = day(facts.get("start_date"), language) or str(facts.get("start_year") or "")
    end = day(facts.get("end_date"), language) or str(facts.get("end_year") or "")
    if start and end:
        return start if start == end else f"{start}\u2009–\u2009{end}"
    if start:
        return _open_end(start, facts.get("status", "planned"), language)
    if end:
        return text("fact.until", language, end=end)
    return text("fact.period_unknown", language)


def _open_end(start: str, status: str | None, language: str) -> str:
    if status == "ongoing":
        return text("fact.since", language, start=start)
    if status == "planned":
        return text("fact.from", language, start=start)
    return f"{start}\u2009–\u2009?"
