"""Types of a filter's parts, and how an error calls them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal as OneOf

from geo_service.domain.cql2 import Literal, Node, Property, Value, invalid
from geo_service.domain.fields import FieldType
from geo_service.errors import InvalidParameterError

Type = OneOf["text", "number", "boolean", "date", "timestamp", "interval", "geometry", "array"]

COLUMN_TYPES: dict[FieldType, Type] = {
    "string": "text",
    "url": "text",
    "integer": "number",
    "number": "number",
    "date": "date",
    "date-time": "timestamp",
    "string-array": "array",
}
_TYPES_DE: dict[Type, str] = {
    "text": "Text",
    "number": "Zahl",
    "boolean": "Bedingung",
    "date": "Datum",
    "timestamp": "Zeitpunkt",
    "interval": "Zeitraum",
    "geometry": "Geometrie",
    "array": "Array",
}
_TYPES_EN: dict[Type, str] = {**{name: str(name) for name in _TYPES_DE}, "boolean": "condition"}


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL of one node, its type, and the node itself, for what depends on more than its SQL."""

    sql: str
    type: Type
    node: Node | None

    @property
    def type_de(self) -> str:
        """The type in German."""
        return _TYPES_DE[self.type]

    @property
    def type_en(self) -> str:
        """The type in English."""
        return _TYPES_EN[self.type]

    @property
    def name_de(self) -> str:
        """What it is called in an error: property or literal, and type."""
        return f"{shown} ({self.type_de})" if (shown := self._shown()) else self.type_de

    @property
    def name_en(self) -> str:
        """As `name_de`, in English."""
        return f"{shown} ({self.type_en})" if (shown := self._shown()) else self.type_en

    def _shown(self) -> str:
        if isinstance(self.node, Property):
            return self.node.name[:60]
        if isinstance(self.node, Literal):
            value = self.node.value
            return str(value).upper() if isinstance(value, bool) else repr(str(value)[:40])
        return ""

    def at_midnight(self) -> Expression:
        """A day as its first instant (UTC); an instant as it is."""
        if self.type != "date":
            return self
        return replace(self, sql=f"(({self.sql})::timestamp AT TIME ZONE 'UTC')", type="timestamp")


def literal_type(value: Value) -> Type:
    """Return the type of a literal."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | Decimal):
        return "number"
    if isinstance(value, dt.datetime):
        return "timestamp"
    return "date" if isinstance(value, dt.date) else "text"


def mismatch(de: str, en: str) -> InvalidParameterError:
    """Return the 400 for types that do not fit."""
    return invalid(f"Typen passen nicht: {de}.", f"Types do not fit: {en}.")
