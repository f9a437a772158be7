"""Cursors: the place where a page begins, as text that nobody is meant to read.

A cursor holds the collection, the order, the direction and the values of the feature that the page begins
behind; it is data of a client and is checked like any other. It stays good while features come and go.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

from geo_service.domain.collections import Collection
from geo_service.domain.query import FilterValue, ItemsQuery, Place, SortKey
from geo_service.ogc.arguments import refuse

MAX_CURSOR_LENGTH = 14_000  # as long as the query, together with everything else, may be
FORWARDS, BACKWARDS = "next", "prev"


def make_cursor(query: ItemsQuery, place: str, *, backwards: bool = False) -> str:
    """Return the cursor of the page behind `place` or, `backwards`, of the one before it.

    Parameters
    ----------
    place : str
        JSON array of the values of the sort keys and the collection's key, as the database wrote it.
    """
    direction = BACKWARDS if backwards else FORWARDS
    head = json.dumps([query.collection.collection_id, _order(query.sort), direction])
    return base64.urlsafe_b64encode(f"{head[:-1]},{place}]".encode()).decode().rstrip("=")


def parse_cursor(text: str | None, collection: Collection, sort: Sequence[SortKey]) -> Place | None:
    """Read what `make_cursor` wrote; a cursor of another collection or another order is refused."""
    if text is None:
        return None
    decoded = _decode(text)
    if decoded is None:
        _refuse()
    collection_id, order, direction, values = decoded
    if (collection_id, order) != (collection.collection_id, _order(sort)):
        refuse(
            "cursor",
            "cursor gehört zu einer anderen Sammlung oder Sortierung; er gilt nur mit demselben sortby.",
            "cursor belongs to another collection or order; it is good only with the same sortby.",
        )
    if direction not in (FORWARDS, BACKWARDS) or len(values) != len(sort) + 1:
        _refuse()
    found = tuple(_value(key, value) for key, value in zip(sort, values, strict=False))
    return Place(found, _key(collection, values[-1]), direction == BACKWARDS)


def _order(sort: Sequence[SortKey]) -> str:
    return ",".join(
        f"{'-' if key.descending else '+'}{key.field.name}{f'@{key.year}' if key.year else ''}"
        for key in sort
    )


def _decode(text: str) -> tuple[object, object, object, list[object]] | None:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        decoded = json.loads(raw, parse_float=Decimal)
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(decoded, list) or len(decoded) != 4 or not isinstance(decoded[3], list):
        return None
    return decoded[0], decoded[1], decoded[2], decoded[3]


def _value(key: SortKey, value: object) -> FilterValue | None:
    """Return the value of a sort key in the type of its field."""
    field = key.field
    if value is None and field.nullable and key.year is None:
        return None
    if field.type == "integer" and type(value) is int and abs(value) < 2**63:
        return value
    if field.type == "number" and type(value) in (int, Decimal) and _is_number(value):
        return Decimal(value)
    if isinstance(value, str):
        try:
            if field.type == "date":
                return dt.date.fromisoformat(value)
            if field.type == "date-time":
                return dt.datetime.fromisoformat(value)
            if field.type == "string" and "\0" not in value and value.encode():
                return value
        except ValueError:
            pass  # no date, or no text that UTF-8 knows
    return _refuse()


def _is_number(value: int | Decimal) -> bool:
    return math.isfinite(value) and abs(value) < 10**18 and len(str(value)) <= 64


def _key(collection: Collection, value: object) -> int | str:
    if collection.has_number_key:
        if type(value) is int and abs(value) < 2**31:
            return value
    elif isinstance(value, str) and re.fullmatch(r"[0-9]{1,8}", value, re.ASCII):
        return value
    return _refuse()


def _refuse() -> NoReturn:
    refuse(
        "cursor",
        "cursor kommt aus dem Link rel=next oder rel=prev einer Antwort und wird nicht von Hand gemacht.",
        "cursor comes from the link rel=next or rel=prev of an answer and is not made by hand.",
    )
