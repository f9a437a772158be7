"""Choices whose number is known beforehand: a field has one of some values, and nothing else is asked.

``publication.area_count`` is written by the statements that write the areas. Whatever is not certainly such a choice
is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo_service.db.ordering import TEXT_LENGTH, order_expression
from geo_service.domain.collections import Collection
from geo_service.domain.cql2 import Array, Literal, Node, Operation, Property
from geo_service.domain.fields import Field
from geo_service.domain.query import ItemsQuery


@dataclass(frozen=True, slots=True)
class Choice:
    """The features whose field has one of the values, None for null; or contains it, where the field is an array."""

    field: Field
    values: frozenset[str | None]

    def number(self, bind: Callable[[Any], str]) -> str:
        """Return the SQL expression of how many these are."""
        return (
            "(SELECT coalesce(sum(areas), 0)::int8 FROM publication.area_count "
            f"WHERE field = '{self.field.name}' AND {self._is_one('value', bind)})"
        )

    def as_indexed(self, bind: Callable[[Any], str]) -> str | None:
        """Return the condition of the choice as the index for sorting by the field has it, if it can be said so.

        Most fields have no other index. Features of one value stand there in the order of their keys: the first ones
        are found soon, however few or many there are.
        """
        if self.field.type == "string-array" or any(len(value or "") >= TEXT_LENGTH for value in self.values):
            return None
        return self._is_one(order_expression(self.field), bind)

    def _is_one(self, expression: str, bind: Callable[[Any], str]) -> str:
        texts = sorted(value for value in self.values if value is not None)
        tests = [f"{expression} IN ({', '.join(f'{bind(text)}::text' for text in texts)})"] if texts else []
        if None in self.values:
            tests.append(f"{expression} IS NULL")
        return f"({' OR '.join(tests)})"


def counted_choice(query: ItemsQuery) -> Choice | None:
    """Return what the query chooses, if the number of it is kept."""
    if query.bbox is not None or query.datetime is not None or query.q is not None:
        return None
    if query.filter is not None:
        return None if query.filters else _known(query.collection, _chosen(query.filter.tree))
    if len(query.filters) != 1:
        return None
    (only,) = query.filters
    if not isinstance(only.value, str):
        return None
    return _known(query.collection, {only.field.name: frozenset((only.value,))}, contained=True)


Named = dict[str, frozenset[str | None]]
"""The values that are asked for, by the one name of a field."""


def _known(collection: Collection, named: Named | None, *, contained: bool = False) -> Choice | None:
    """Keep to what is counted: the declared fields and texts that are not too long; `contained`: of arrays, too."""
    if named is None or len(named) != 1:
        return None
    ((name, values),) = named.items()
    field = collection.field(name) if name in collection.counted else None
    if field is None or (field.type == "string-array" and not contained):
        return None
    return None if any(len(value or "") > TEXT_LENGTH for value in values) else Choice(field, values)


def _chosen(node: Node) -> Named | None:
    """Read a filter that names one field, by ``=``, IN, IS NULL, and OR of them."""
    match node:
        case Operation("=", (Property(name), Literal(str(value))) | (Literal(str(value)), Property(name))):
            return {name: frozenset((value,))}
        case Operation("isnull", (Property(name),)):
            return {name: frozenset((None,))}
        case Operation("in", (Property(name), Array(items))):
            texts = [
                item.value for item in items if isinstance(item, Literal) and isinstance(item.value, str)
            ]
            return {name: frozenset(texts)} if len(texts) == len(items) else None
        case Operation("or", parts):
            return _together([_chosen(part) for part in parts])
    return None


def _together(parts: list[Named | None]) -> Named | None:
    found: Named = {}
    for part in parts:
        if part is None:
            return None
        for name, values in part.items():
            found[name] = found.get(name, frozenset()) | values
    return found
