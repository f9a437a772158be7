"""Temporal functions of CQL2: instants and intervals as two ends each, compared by SQL.

An end that is NULL is unknown, so the answer may be, too; ``..`` is an open end. Where days meet instants, a
day lasts from its first to its last microsecond (UTC).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo_service.db.cql2_types import Expression, mismatch
from geo_service.domain.cql2 import Interval, Literal, Node
from geo_service.domain.cql2_functions import TEMPORAL_INTERVAL
from geo_service.domain.cql2_values import instant_literal

# Time Ontology in OWL (https://www.w3.org/TR/owl-time/): a and b are the operands, s and e their ends.
RELATIONS = {
    "t_after": "{as_} > {be}",
    "t_before": "{ae} < {bs}",
    "t_disjoint": "{ae} < {bs} OR {as_} > {be}",
    "t_equals": "{as_} = {bs} AND {ae} = {be}",
    "t_intersects": "NOT ({ae} < {bs} OR {as_} > {be})",
    "t_contains": "{as_} < {bs} AND {ae} > {be}",
    "t_during": "{as_} > {bs} AND {ae} < {be}",
    "t_finishedby": "{as_} < {bs} AND {ae} = {be}",
    "t_finishes": "{as_} > {bs} AND {ae} = {be}",
    "t_meets": "{ae} = {bs}",
    "t_metby": "{as_} = {be}",
    "t_overlappedby": "{as_} > {bs} AND {as_} < {be} AND {ae} > {be}",
    "t_overlaps": "{as_} < {bs} AND {ae} > {bs} AND {ae} < {be}",
    "t_startedby": "{as_} = {bs} AND {ae} > {be}",
    "t_starts": "{as_} = {bs} AND {ae} < {be}",
}


@dataclass(frozen=True, slots=True)
class _Span:
    """Both ends of an operand; None is an open one."""

    start: Expression | None
    end: Expression | None

    def ends(self) -> tuple[Expression, ...]:
        return tuple(end for end in (self.start, self.end) if end is not None)


def temporal(op: str, args: list[Expression], compile_: Callable[[Node], Expression]) -> str:
    """Return the SQL of a temporal function.

    Raises
    ------
    InvalidParameterError
        An operand is no time, or an instant where the function is one of intervals only.
    """
    spans = [_span(op, one, compile_) for one in args]
    days = all(end.type == "date" for span in spans for end in span.ends())
    (as_, ae), (bs, be) = ((_start(span.start, days), _end(span.end, days)) for span in spans)
    return f"({RELATIONS[op].format(as_=as_, ae=ae, bs=bs, be=be)})"


def _span(op: str, operand: Expression, compile_: Callable[[Node], Expression]) -> _Span:
    if isinstance(operand.node, Interval):
        start, end = (
            None if one is None else _instant(op, compile_(one), compile_)
            for one in (operand.node.start, operand.node.end)
        )
        return _Span(start, end)
    instant = _instant(op, operand, compile_)
    if op in TEMPORAL_INTERVAL:
        raise mismatch(
            f"{op.upper()} vergleicht Zeiträume, und {instant.name_de} ist keiner",
            f"{op.upper()} compares intervals, and {instant.name_en} is none",
        )
    return _Span(instant, instant)


def _instant(op: str, operand: Expression, compile_: Callable[[Node], Expression]) -> Expression:
    if operand.type == "text" and isinstance(operand.node, Literal):
        operand = compile_(instant_literal(str(operand.node.value)))
    if operand.type not in ("date", "timestamp"):
        raise mismatch(
            f"{op.upper()} erwartet Zeitpunkte oder Zeiträume, nicht {operand.name_de}",
            f"{op.upper()} expects instants or intervals, not {operand.name_en}",
        )
    return operand


def _start(instant: Expression | None, days: bool) -> str:
    if instant is None:
        return "'-infinity'::date" if days else "'-infinity'::timestamptz"
    return instant.sql if days else instant.at_midnight().sql


def _end(instant: Expression | None, days: bool) -> str:
    if instant is None:
        return "'infinity'::date" if days else "'infinity'::timestamptz"
    if days or instant.type == "timestamp":
        return instant.sql
    return f"((({instant.sql}) + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 microsecond')"
