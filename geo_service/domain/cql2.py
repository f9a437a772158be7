"""The tree of a CQL2 filter (OGC 21-065r2): what both encodings are read into and SQL is made of.

One kind of node stands for every operator and function, as in the JSON encoding. Nothing here knows text,
JSON, HTTP or SQL. A tree from a client may be deep: it is only ever walked with a stack of our own until
`check_limits` has seen it; whoever comes after may recurse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from geo_service.domain.crs import CRS84, ReferenceSystem
from geo_service.errors import InvalidParameterError, Message

MAX_LENGTH = 16_384
MAX_DEPTH = 32
MAX_NODES = 500
MAX_VERTICES = 10_000

FILTER_MARK = "/* client filter */"
"""Marks a statement as one that a client has written a part of, for whoever translates its failure."""

Value = str | int | Decimal | bool | dt.date | dt.datetime
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, truth value, date or timestamp (always UTC)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the feature, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, both included; None is an open end."""

    start: Node | None
    end: Node | None


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry literal in the axis order of the filter's CRS, without heights.

    `parts` holds what the kind asks for: a Point has one position, a LineString a list of them, a Polygon
    rings, the Multi… kinds and GeometryCollection other geometries. A BBox has its lower and upper corner.
    """

    kind: str
    parts: tuple[Geometry, ...] | tuple[Position, ...] | tuple[tuple[Position, ...], ...]


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values, to be taken as a set."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function, named as in the JSON encoding but in lower case, with its operands."""

    op: str
    args: tuple[Node, ...]


Node = Literal | Property | Interval | Geometry | Array | Operation


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """A filter that keeps to the limits, and the CRS of its geometries."""

    tree: Node
    crs: ReferenceSystem = CRS84

    @property
    def is_spatial(self) -> bool:
        """Whether a geometry is written in it."""
        return _names_geometry(self.tree)


def _names_geometry(node: Node | None) -> bool:
    if isinstance(node, Operation):
        return any(map(_names_geometry, node.args))
    return isinstance(node, Geometry)


def invalid(de: str, en: str) -> InvalidParameterError:
    """Return the 400 for a filter; both sentences go on after ``filter:``."""
    return InvalidParameterError("filter", Message(f"filter: {de}", f"filter: {en}"))


def too_long() -> InvalidParameterError:
    """Return the 400 for a text above `MAX_LENGTH`."""
    return invalid(
        f"Der Ausdruck ist zu lang; erlaubt sind {MAX_LENGTH} Bytes.",
        f"The expression is too long; {MAX_LENGTH} bytes are allowed.",
    )


def too_deep() -> InvalidParameterError:
    """Return the 400 for a nesting above `MAX_DEPTH`."""
    return invalid(
        f"Der Ausdruck ist zu tief geschachtelt; erlaubt sind {MAX_DEPTH} Ebenen.",
        f"The expression is nested too deeply; {MAX_DEPTH} levels are allowed.",
    )


def check_limits(tree: Node) -> None:
    """Hold a tree to `MAX_DEPTH`, `MAX_NODES` and `MAX_VERTICES`, without recursion.

    Raises
    ------
    InvalidParameterError
        The tree is over a limit.
    """
    nodes = vertices = 0
    stack: list[tuple[Node, int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise too_deep()
        if isinstance(node, Geometry):
            vertices += sum(1 for _ in positions(node))
        stack.extend((child, depth + 1) for child in children(node))
    if nodes > MAX_NODES:
        raise invalid(
            f"Der Ausdruck ist zu umfangreich; erlaubt sind {MAX_NODES} Werte und Operatoren.",
            f"The expression is too extensive; {MAX_NODES} values and operators are allowed.",
        )
    if vertices > MAX_VERTICES:
        raise invalid(
            f"Die Geometrien haben zu viele Stützpunkte; erlaubt sind {MAX_VERTICES}.",
            f"The geometries have too many vertices; {MAX_VERTICES} are allowed.",
        )


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below `node`; the parts of a geometry do not count."""
    if isinstance(node, Operation):
        return node.args
    if isinstance(node, Array):
        return node.items
    if isinstance(node, Interval):
        return tuple(end for end in (node.start, node.end) if end is not None)
    return ()


def positions(geometry: Geometry) -> Iterator[Position]:
    """Walk all positions of a geometry; its own nesting is bounded by its kinds."""
    for part in geometry.parts:
        if isinstance(part, Geometry):
            yield from positions(part)
        elif part and isinstance(part[0], tuple):
            yield from part
        else:
            yield part  # type: ignore[misc]
