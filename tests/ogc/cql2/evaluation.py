"""A second evaluation of CQL2, in plain Python and shapely, that shares nothing with the service.

It takes filters in the JSON encoding. None is the third truth value, as it is the missing value.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyproj
import shapely

Feature = dict[str, Any]
FIRST, LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
CALCULATE: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "div": operator.floordiv,  # of decimals: towards zero
    "^": lambda a, b: Decimal(f"{float(a) ** float(b):.15g}"),
}
SETS: dict[str, Callable[[set[str], set[str]], bool]] = {
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedBy": operator.le,
    "a_overlaps": lambda a, b: bool(a & b),
}


class Evaluation:
    """Evaluates filters whose geometries are in one CRS; features are in EPSG:25832."""

    def __init__(self, crs: str = "EPSG:25832") -> None:
        self.transform = (
            None
            if crs == "EPSG:25832"
            else pyproj.Transformer.from_crs(crs, "EPSG:25832", always_xy=True).transform
        )
        self.shapes: dict[int, Any] = {}

    def truth(self, node: Any, feature: Feature) -> bool | None:
        """Return True, False or None (unknown)."""
        if isinstance(node, bool):
            return node
        op, args = node["op"], node["args"]
        if op in ("and", "or"):
            values = [self.truth(one, feature) for one in args]
            decisive = op == "or"
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        if op == "not":
            value = self.truth(args[0], feature)
            return None if value is None else not value
        return self.predicate(op, args, feature)

    def predicate(self, op: str, args: list[Any], feature: Feature) -> bool | None:
        if op == "isNull":
            return self.value(args[0], feature) is None
        if op.startswith("t_"):
            return temporal(op, *(self.span(one, feature) for one in args))
        if op == "in":
            return self.truth(
                {"op": "or", "args": [{"op": "=", "args": [args[0], one]} for one in args[1]]}, feature
            )
        if op == "between":
            bounds = [{"op": ">=", "args": args[:2]}, {"op": "<=", "args": [args[0], args[2]]}]
            return self.truth({"op": "and", "args": bounds}, feature)
        values = [self.value(one, feature) for one in args]
        if None in values:
            return None
        if op in COMPARE:
            return COMPARE[op](*alike(values))
        if op in SETS:
            return SETS[op](*(set(one) for one in values))
        if op == "like":
            return re.fullmatch(pattern(values[1]), values[0], re.DOTALL) is not None
        if op == "s_dwithin":
            return bool(shapely.dwithin(values[0], values[1], float(values[2])))
        return bool(getattr(shapely, op.removeprefix("s_"))(values[0], values[1]))

    def value(self, node: Any, feature: Feature) -> Any:
        if isinstance(node, list):
            return [self.value(one, feature) for one in node]
        if isinstance(node, int | float | Decimal) and not isinstance(node, bool):
            return Decimal(str(node))
        if not isinstance(node, dict):
            return node
        if "property" in node:
            return feature["geom" if node["property"] == "geometry" else node["property"]]
        if "date" in node:
            return dt.date.fromisoformat(node["date"])
        if "timestamp" in node:
            return dt.datetime.fromisoformat(node["timestamp"])
        if "type" in node or "bbox" in node:
            return self.shape(node)
        values = [self.value(one, feature) for one in node["args"]]
        if None in values:
            return None
        if node["op"] == "casei":
            return values[0].casefold()
        if node["op"] == "accenti":
            apart = unicodedata.normalize("NFKD", values[0])
            kept = "".join(char for char in apart if not "\u0300" <= char <= "\u036f")
            return unicodedata.normalize("NFC", kept)
        return CALCULATE[node["op"]](*values)

    def shape(self, node: dict[str, Any]) -> Any:
        if id(node) not in self.shapes:
            if "bbox" in node:
                half = len(node["bbox"]) // 2
                shape: Any = shapely.box(*node["bbox"][:2], *node["bbox"][half : half + 2])
            else:
                shape = shapely.force_2d(shapely.geometry.shape(node))
            if self.transform:
                shape = shapely.transform(shapely.segmentize(shape, 0.002), self.transform, interleaved=False)
            self.shapes[id(node)] = shape
        return self.shapes[id(node)]

    def span(self, node: Any, feature: Feature) -> tuple[Any, Any]:
        """Return both ends: days or instants, None where unknown, FIRST and LAST where open."""
        if "interval" not in node:
            instant = self.value(node, feature)
            return instant, instant
        start, end = node["interval"]
        return self.end(start, feature, FIRST), self.end(end, feature, LAST)

    def end(self, node: Any, feature: Feature, is_open: dt.datetime) -> Any:
        if isinstance(node, dict):
            return self.value(node, feature)
        if node == "..":
            return is_open
        return dt.datetime.fromisoformat(node) if "T" in node else dt.date.fromisoformat(node)


def alike(values: list[Any]) -> list[Any]:
    """A day is its midnight where it meets an instant."""
    if {type(one) for one in values} == {dt.date, dt.datetime}:
        return [
            one if isinstance(one, dt.datetime) else dt.datetime.combine(one, dt.time(), dt.UTC)
            for one in values
        ]
    return values


def temporal(op: str, a: tuple[Any, Any], b: tuple[Any, Any]) -> bool | None:
    """Compare two spans by the definitions of the Time Ontology.

    Days are compared as days; where they meet instants, a day lasts until its last microsecond.
    """
    days = all(one in (None, FIRST, LAST) or not isinstance(one, dt.datetime) for one in (*a, *b))
    (a_start, b_start), (a_end, b_end) = (_ends([a[n], b[n]], days, last=n == 1) for n in (0, 1))
    parts: dict[str, list[tuple[str, Any, Any]]] = {
        "t_after": [(">", a_start, b_end)],
        "t_before": [("<", a_end, b_start)],
        "t_equals": [("=", a_start, b_start), ("=", a_end, b_end)],
        "t_contains": [("<", a_start, b_start), (">", a_end, b_end)],
        "t_during": [(">", a_start, b_start), ("<", a_end, b_end)],
        "t_finishedBy": [("<", a_start, b_start), ("=", a_end, b_end)],
        "t_finishes": [(">", a_start, b_start), ("=", a_end, b_end)],
        "t_meets": [("=", a_end, b_start)],
        "t_metBy": [("=", a_start, b_end)],
        "t_overlappedBy": [(">", a_start, b_start), ("<", a_start, b_end), (">", a_end, b_end)],
        "t_overlaps": [("<", a_start, b_start), (">", a_end, b_start), ("<", a_end, b_end)],
        "t_startedBy": [("=", a_start, b_start), (">", a_end, b_end)],
        "t_starts": [("=", a_start, b_start), ("<", a_end, b_end)],
    }
    if op in ("t_disjoint", "t_intersects"):
        sides = [temporal(one, a, b) for one in ("t_before", "t_after")]
        apart = True if True in sides else None if None in sides else False
        return apart if op == "t_disjoint" or apart is None else not apart
    known = [None if None in (x, y) else COMPARE[sign](x, y) for sign, x, y in parts[op]]
    return False if False in known else None if None in known else True


def _ends(values: list[Any], days: bool, *, last: bool) -> list[Any]:
    if days:
        return [one.date() if isinstance(one, dt.datetime) else one for one in values]
    time = dt.time.max if last else dt.time.min
    return [
        one if one is None or isinstance(one, dt.datetime) else dt.datetime.combine(one, time, dt.UTC)
        for one in values
    ]


def pattern(like: str) -> str:
    """Turn a LIKE pattern into a regular expression."""
    return re.sub(
        r"\\(.)|%|_|(.)",
        lambda match: re.escape(match[1] or match[2] or "") or {"%": ".*", "_": "."}[match[0]],
        like,
        flags=re.DOTALL,
    )
