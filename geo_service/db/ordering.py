"""The order of a page and the place where it begins, so that every page starts with a step into an index.

An index on ``(value, key)`` keeps nulls at the end that the API wants them at, or at the other one. So a page
is read in branches, each of which is one walk along the index: first the features that share the values of the
place and come behind it by the key, then those with a greater value, then those without one. (A comparison of
rows would lose every null, and one condition with OR would read half of the table.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo_service.domain.collections import Collection
from geo_service.domain.fields import Field
from geo_service.domain.query import ItemsQuery, SortKey

# Texts are compared up to here, since a row of an index has its limit. The indexes say so, too.
TEXT_LENGTH = 200
TEXT_ORDER = f'(left({{name}}, {TEXT_LENGTH}) COLLATE "de-x-icu")'
# Of areas that had begun; whoever asks for a year leaves the others out.
STATE_IN_YEAR = "(CASE WHEN end_year < {year} THEN 'completed' ELSE 'ongoing' END)"
CASTS = {"string": "text", "integer": "int8", "number": "numeric", "date": "date", "date-time": "timestamptz"}


@dataclass(frozen=True, slots=True)
class Term:
    """One expression to order by."""

    expression: str
    cast: str
    descending: bool
    nullable: bool
    nulls_first: bool = False

    def sql(self, *, nulls: bool = True) -> str:
        """Return the element of ORDER BY; without `nulls` where either all or none of the values are null."""
        direction = " DESC" if self.descending else ""
        if self.is_as_indexed or not nulls:
            return f"{self.expression}{direction}"
        return f"{self.expression}{direction} NULLS {'FIRST' if self.nulls_first else 'LAST'}"

    @property
    def is_as_indexed(self) -> bool:
        """Whether a walk along an ascending index, forwards or backwards, meets the nulls where they belong."""
        return not self.nullable or self.nulls_first == self.descending


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a page: conditions on top of the query's, and what they say about the terms of the order.

    Attributes
    ----------
    known : int
        Of the first so many terms, either all or none of the branch's values are null.
    equal : frozenset of int
        Terms that have one value in the whole branch, so that there is nothing to order by them.
    """

    conditions: tuple[str, ...]
    known: int = 0
    equal: frozenset[int] = frozenset()

    def order_by(self, order: Sequence[Term]) -> str:
        """Return the list for ORDER BY within the branch."""
        return ", ".join(
            term.sql(nulls=position >= self.known)
            for position, term in enumerate(order)
            if position not in self.equal
        )


WHOLE = Branch(())


def terms(query: ItemsQuery) -> tuple[Term, ...]:
    """Return what to order by: the sort keys, then the collection's key in the direction of the last of them."""
    found = [_term(key) for key in query.sort]
    descending = query.sort[-1].descending if query.sort else False
    found.append(_key_term(query.collection, descending))
    if query.place is not None and query.place.backwards:
        return tuple(
            replace(term, descending=not term.descending, nulls_first=not term.nulls_first) for term in found
        )
    return tuple(found)


def order_expression(field: Field) -> str:
    """Return what a field is ordered by: text as in a German dictionary, whatever the database's locale is."""
    return TEXT_ORDER.format(name=field.name) if field.type == "string" else field.name


def branches(query: ItemsQuery, bind: Callable[[Any], str]) -> list[Branch]:
    """Return the branches of a page, in their order; none of them overlaps another."""
    order = terms(query)
    if query.place is not None:
        return list(_behind(order, (*query.place.values, query.place.key), bind))
    if len(order) > 2 or order[0].is_as_indexed:
        return [WHOLE]
    # What the branches are left for: nulls last, going down.
    return [Branch((f"{order[0].expression} IS {state}",), known=1) for state in ("NOT NULL", "NULL")]


def renamed(order: Sequence[Term]) -> tuple[Term, ...]:
    """Return the same order over columns ``sort_0``, ``sort_1`` …"""
    return tuple(replace(term, expression=f"sort_{number}") for number, term in enumerate(order))


def _term(key: SortKey) -> Term:
    field = key.field
    if key.year is not None:
        return Term(STATE_IN_YEAR.format(year=int(key.year)), "text", key.descending, nullable=False)
    return Term(order_expression(field), CASTS[field.type], key.descending, field.nullable)


def _key_term(collection: Collection, descending: bool) -> Term:
    cast = "int4" if collection.has_number_key else "text"
    return Term(collection.key_column, cast, descending, nullable=False)


def _behind(order: Sequence[Term], values: Sequence[Any], bind: Callable[[Any], str]) -> Iterator[Branch]:
    places = [
        None if value is None else f"{bind(value)}::{term.cast}"
        for term, value in zip(order, values, strict=True)
    ]
    for depth in reversed(range(len(order))):
        same = tuple(_equals(term, place) for term, place in zip(order[:depth], places, strict=False))
        # To the planner, a column that IS NULL is none with one value: it stays in the order.
        equal = frozenset(position for position in range(depth) if places[position] is not None)
        for condition in _after(order[depth], places[depth]):
            yield Branch((*same, condition), known=depth + 1, equal=equal)


def _equals(term: Term, place: str | None) -> str:
    return f"{term.expression} IS NULL" if place is None else f"{term.expression} = {place}"


def _after(term: Term, place: str | None) -> Iterator[str]:
    if place is not None:
        yield f"{term.expression} {'<' if term.descending else '>'} {place}"
        if term.nullable and not term.nulls_first:
            yield f"{term.expression} IS NULL"
    elif term.nulls_first:
        yield f"{term.expression} IS NOT NULL"
