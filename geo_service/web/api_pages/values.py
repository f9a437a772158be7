"""Values of fields as people read them: labels for codes, dates and numbers as written in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geo_service.domain.code_lists import STATUS, CodeList
from geo_service.domain.fields import Field
from geo_service.web import formats
from geo_service.web.page import Page


@dataclass(frozen=True)
class Value:
    """One value in a table: `text` is empty where nothing is documented.

    Attributes
    ----------
    status : str, optional
        Key of the palette, where the value is a status.
    code : str, optional
        The code behind a label.
    """

    text: str
    href: str | None = None
    status: str | None = None
    code: str | None = None
    numeric: bool = False


def view_value(field: Field | None, value: Any, page: Page) -> Value:
    """Return `value` of `field` for people; a property without a field definition stands for itself."""
    if field is not None and field.code_list is STATUS:
        return Value(_label(STATUS, value, page.language), status=value or "unknown", code=value)
    if value is None or value == []:
        return Value("")
    if isinstance(value, list):
        return Value(", ".join(view_value(field, each, page).text for each in value))
    if field is not None and field.code_list is not None:
        return Value(_label(field.code_list, value, page.language), code=str(value))
    if isinstance(value, bool | Mapping):
        return Value(str(value))
    if isinstance(value, int | float):
        years = field is not None and field.name.endswith("_year")
        return Value(str(value) if years else formats.number(value, page.language, 4), numeric=True)
    if field is not None and field.type in ("date", "date-time"):
        return Value(_instant(field, str(value), page.language))
    if field is not None and field.type == "url":
        return Value(str(value), href=_web_address(str(value)))
    return Value(str(value))


def label(codes: CodeList, code: str | None, language: str) -> str:
    """Return a code's label; a code that the list does not know stands for itself."""
    return _label(codes, code, language)


def _label(codes: CodeList, code: str | None, language: str) -> str:
    return (codes.label(code, language) or "") if code is None or code in codes else str(code)


def _instant(field: Field, value: str, language: str) -> str:
    try:
        text = formats.day(value, language)
    except ValueError:
        return value
    return f"{text}, {value[11:16]} UTC" if field.type == "date-time" else text


def _web_address(value: str) -> str | None:
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None
