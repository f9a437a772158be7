"""The operators and functions of CQL2 that the service knows, by their name in the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReturnType = Literal["boolean", "number", "text"]

GEOMETRY_NAMES = ("geom", "geometry")
"""What a filter may call the geometry of any collection."""

MAX_DISTANCE_M = 1_000_000
"""Largest distance of S_DWITHIN."""


@dataclass(frozen=True, slots=True)
class Function:
    """One operator or function.

    Attributes
    ----------
    kind : str
        How it is evaluated: all of a kind check their operands alike.
    least, most : int
        Number of operands; no `most` is as many as one likes.
    named : bool
        Written as a name with parentheses in CQL2 text.
    """

    kind: str
    returns: ReturnType
    least: int
    most: int | None
    named: bool = True


def _family(
    kind: str, returns: ReturnType, operands: int, *names: str, named: bool = True
) -> dict[str, Function]:
    return {name: Function(kind, returns, operands, operands, named) for name in names}


SPATIAL = (
    "s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains",
)  # fmt: skip
TEMPORAL_ANY = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
TEMPORAL_INTERVAL = (
    "t_contains", "t_during", "t_finishedby", "t_finishes", "t_meets", "t_metby", "t_overlappedby",
    "t_overlaps", "t_startedby", "t_starts",
)  # fmt: skip
ARRAYS = ("a_equals", "a_contains", "a_containedby", "a_overlaps")

FUNCTIONS: dict[str, Function] = {
    "and": Function("logical", "boolean", 2, None, named=False),
    "or": Function("logical", "boolean", 2, None, named=False),
    **_family("logical", "boolean", 1, "not", named=False),
    **_family("comparison", "boolean", 2, "=", "<>", "<", ">", "<=", ">=", named=False),
    **_family("like", "boolean", 2, "like", named=False),
    **_family("between", "boolean", 3, "between", named=False),
    **_family("in", "boolean", 2, "in", named=False),
    **_family("isnull", "boolean", 1, "isnull", named=False),
    **_family("arithmetic", "number", 2, "+", "-", "*", "/", "%", "^", "div", named=False),
    **_family("text", "text", 1, "casei", "accenti"),
    **_family("spatial", "boolean", 2, *SPATIAL),
    **_family("distance", "boolean", 3, "s_dwithin"),
    **_family("temporal", "boolean", 2, *TEMPORAL_ANY, *TEMPORAL_INTERVAL),
    **_family("arrays", "boolean", 2, *ARRAYS),
}
