"""The form that filters a collection by its fields, and the filters that are active.

The names in the form are those of the API. A box and a period have several inputs of one name; the service
joins them before the API reads them (see ``queries``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84_URI
from geo_service.domain.fields import Field
from geo_service.web import formats
from geo_service.web.api_pages.context import PLACES, ApiContext
from geo_service.web.api_pages.values import view_value

# Fields that people filter by first; the others follow in a part that can be opened.
PROMINENT = ("name", "municipality", "status", "programme", "participation")
# Labels of the status (its code is there), and an instant to the second.
LEFT_OUT = ("status_de", "status_en", "updated_at")
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
INPUT_TYPES = {"integer": "number", "number": "number", "date": "date"}


@dataclass(frozen=True)
class Input:
    """One input of the form.

    Attributes
    ----------
    kind : str
        ``select``, or the ``type`` of an ``input``.
    options : tuple
        Codes with their labels.
    """

    name: str
    title: str
    hint: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ActiveFilter:
    """A filter of this page in words, and the address of the page without it."""

    name: str
    title: str
    value: str
    remove_href: str


def filter_form(collection: Collection, context: ApiContext) -> dict[str, Any]:
    """Return the inputs of the form with what is filled in now."""
    fields = _fields(collection, context)
    prominent = [field for name in PROMINENT for field in fields if field.name == name]
    others = [field for field in fields if field not in prominent]
    shows_bbox = context.argument("bbox-crs") in (None, CRS84_URI)
    shown = {field.name for field in fields} | {"datetime", *(["bbox", "bbox-crs"] if shows_bbox else [])}
    shown |= {"q", "filter", "f", *PLACES}
    return {
        "action": f"{context.page.prefix}{context.page.path}",
        "search": context.argument("q") or "" if "q" in context.allowed else None,
        "inputs": [_input(field, context) for field in prominent],
        "others": [_input(field, context) for field in others],
        "others_open": any(context.argument(field.name) for field in others),
        "bbox": _numbers(context.argument("bbox")) if shows_bbox else None,
        "period": _days(context.argument("datetime")) if collection.has_period else None,
        "filter": context.argument("filter") or "" if "filter" in context.allowed else None,
        "hidden": [(name, text) for name, text in context.arguments if name not in shown],
    }


def active_filters(collection: Collection, context: ApiContext) -> list[ActiveFilter]:
    """Return what narrows the result, in the order of the address."""
    found = []
    for name, text in context.arguments:
        field = collection.field(name)
        if name in ("bbox", "datetime", "q", "filter") or (field and name in context.allowed):
            drop = {"bbox": ("bbox", "bbox-crs"), "filter": ("filter", "filter-lang", "filter-crs")}
            found.append(
                ActiveFilter(
                    name,
                    _title(field, context) if field else context.text(f"api.filter.{name}"),
                    _period_text(text, context) if name == "datetime" else _filter_text(field, text, context),
                    context.changed(drop.get(name, (name,))),
                )
            )
    return found


def _fields(collection: Collection, context: ApiContext) -> list[Field]:
    return [
        field
        for field in collection.fields
        if field.stored and field.name in context.allowed and field.name not in LEFT_OUT
    ]


def _input(field: Field, context: ApiContext) -> Input:
    language = context.page.language
    options: tuple[tuple[str, str], ...] = ()
    if field.code_list is not None:
        options = tuple((code.code, code.label.text(language)) for code in field.code_list)
    return Input(
        name=field.name,
        title=_title(field, context),
        hint=field.description.text(language),
        kind="select" if options else INPUT_TYPES.get(field.type, "text"),
        value=context.argument(field.name) or "",
        options=options,
    )


def _title(field: Field, context: ApiContext) -> str:
    """Return the title of a field; that of a code is the title of its list, since people choose labels."""
    if field.code_list is not None and field.type == "string":
        return field.code_list.title.text(context.page.language)
    return field.title.text(context.page.language)


def _filter_text(field: Field | None, text: str, context: ApiContext) -> str:
    if field is None:
        return text
    if field.type == "string-array" and field.code_list is not None:
        return ", ".join(view_value(field, [text], context.page).text.split(", "))
    if field.type in ("integer", "number"):
        return text
    return view_value(field, text, context.page).text


def _period_text(text: str, context: ApiContext) -> str:
    """Return a period of days as people write it, with ``…`` for an open end; instants as they are."""
    parts = text.split("/")
    if not all(DAY.fullmatch(part) or part in ("", "..") for part in parts):
        return text
    return "\u2009–\u2009".join(
        formats.day(part, context.page.language) if DAY.fullmatch(part) else "…" for part in parts
    )


def _numbers(text: str | None) -> list[str]:
    parts = [part.strip() for part in (text or "").split(",")]
    if len(parts) == 6:
        parts = [*parts[:2], *parts[3:5]]
    return parts if len(parts) == 4 else [""] * 4


def _days(text: str | None) -> list[str]:
    """Return first and last day of ``datetime`` for two inputs; an instant is a period of one day."""
    if not text:
        return ["", ""]
    start, separator, end = text.partition("/")
    return [_day(start), _day(end if separator else start)]


def _day(text: str) -> str:
    return text[:10] if text not in ("", "..") else ""
