"""A client's filter as SQL: the tree of ``domain.cql2`` becomes a condition with bound values.

Names of columns come from the collection's fields, never from the filter. Types are checked on the way, so
that what reaches the database can only fail for its values. AND, OR, NOT and NULL are SQL's own, whose
three-valued logic is that of CQL2.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from geo_service.db.cql2_space import geometry_sql, spatial
from geo_service.db.cql2_time import temporal
from geo_service.db.cql2_types import COLUMN_TYPES, Expression, Type, literal_type, mismatch
from geo_service.domain.collections import Collection
from geo_service.domain.cql2 import (
    FILTER_MARK,
    Array,
    ClientFilter,
    Geometry,
    Interval,
    Literal,
    Node,
    Operation,
    Property,
    invalid,
)
from geo_service.domain.cql2_functions import FUNCTIONS, GEOMETRY_NAMES
from geo_service.domain.cql2_values import instant_literal
from geo_service.domain.crs import ReferenceSystem
from geo_service.errors import InvalidParameterError

INT8 = 2**63
COMPARABLE: tuple[Type, ...] = ("text", "number", "boolean", "date", "timestamp")
# A fold that every spelling of a text with other cases shares: ß, ẞ and SS are one, and so are σ and ς.
CASEI = """replace(replace(lower(upper({0} COLLATE "und-x-icu")), 'ß', 'ss'), 'ς', 'σ')"""
# Compatible characters are taken apart, accents (combining marks) dropped, and the rest composed again.
ACCENTI = r"""normalize(regexp_replace(normalize({0}, NFKD), '[\u0300-\u036F]', '', 'g'), NFC)"""


def filter_condition(client_filter: ClientFilter, collection: Collection, bind: Callable[[Any], str]) -> str:
    """Return the condition of a filter.

    Parameters
    ----------
    bind : callable
        Remembers a value and returns its placeholder.

    Raises
    ------
    InvalidParameterError
        A property or function does not exist, or types do not fit.
    """
    expression = _Compiler(collection, client_filter.crs, bind).compile(client_filter.tree)
    if expression.type != "boolean":
        raise invalid(
            f"Erwartet wird eine Bedingung, nicht {expression.name_de}.",
            f"A condition is expected, not {expression.name_en}.",
        )
    return f"{FILTER_MARK} ({expression.sql})"


class _Compiler:
    def __init__(self, collection: Collection, crs: ReferenceSystem, bind: Callable[[Any], str]) -> None:
        self.collection = collection
        self.crs = crs
        self.bind = bind
        self.columns = {field.name: COLUMN_TYPES[field.type] for field in collection.fields if field.stored}

    def compile(self, node: Node) -> Expression:
        """Return the SQL of a node; recursion is as deep as the tree, which has been limited."""
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Property):
            return self.property(node)
        if isinstance(node, Geometry):
            return Expression(geometry_sql(node, self.crs, self.bind), "geometry", node)
        if isinstance(node, Array):
            return self.array(node)
        if isinstance(node, Interval):
            return Expression("", "interval", node)
        return self.operation(node)

    def literal(self, node: Literal) -> Expression:
        value, type_ = node.value, literal_type(node.value)
        if isinstance(value, bool):
            return Expression("true" if value else "false", type_, node)
        cast = {"text": "text", "date": "date", "timestamp": "timestamptz"}.get(type_)
        if cast is None:
            cast = "int8" if isinstance(value, int) and abs(value) < INT8 else "numeric"
        return Expression(f"{self.bind(value)}::{cast}", type_, node)

    def property(self, node: Property) -> Expression:
        if node.name in self.columns:
            return Expression(node.name, self.columns[node.name], node)
        if node.name in GEOMETRY_NAMES:
            return Expression(self.collection.geom_column, "geometry", node)
        raise self._unknown(node.name)

    def _unknown(self, name: str) -> InvalidParameterError:
        shown = name[:60]
        names = [*self.columns, *GEOMETRY_NAMES]
        near = difflib.get_close_matches(shown, names, n=1)
        de = f" Ist {near[0]} gemeint?" if near else f" Es gibt: {', '.join(names)}."
        en = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(names)}."
        return invalid(
            f"Die Eigenschaft {shown!r} gibt es nicht.{de}", f"There is no property {shown!r}.{en}"
        )

    def array(self, node: Array) -> Expression:
        elements = [self.compile(item) for item in node.items]
        for element in elements:
            if element.type != "text":
                raise mismatch(
                    f"ein Array enthält Texte, nicht {element.name_de}",
                    f"an array holds texts, not {element.name_en}",
                )
        return Expression(f"ARRAY[{', '.join(one.sql for one in elements)}]::text[]", "array", node)

    def operation(self, node: Operation) -> Expression:
        function = FUNCTIONS.get(node.op)
        if function is None:
            raise _unknown_function(node.op)
        count = len(node.args)
        if count < function.least or (function.most is not None and count > function.most):
            number = str(function.least) if function.most == function.least else f"{function.least} …"
            raise invalid(
                f"{node.op.upper()} hat {number} Argumente, nicht {count}.",
                f"{node.op.upper()} takes {number} arguments, not {count}.",
            )
        compile_ = getattr(self, f"_{function.kind}")
        if function.kind == "in":
            return Expression(self._in(node), "boolean", node)
        args = [self.compile(one) for one in node.args]
        return Expression(compile_(node.op, args), function.returns, node)

    def _logical(self, op: str, args: list[Expression]) -> str:
        for one in args:
            self._require(one, "boolean", op)
        if op == "not":
            return f"(NOT {args[0].sql})"
        return f"({f' {op.upper()} '.join(one.sql for one in args)})"

    def _require(self, expression: Expression, type_: Type, op: str) -> None:
        if expression.type != type_:
            wanted = Expression("", type_, None)
            raise mismatch(
                f"{op.upper()} erwartet {wanted.type_de}, nicht {expression.name_de}",
                f"{op.upper()} expects {wanted.type_en}, not {expression.name_en}",
            )

    def _comparison(self, op: str, args: list[Expression]) -> str:
        left, right = self._alike(args[0], args[1], op)
        collate = ' COLLATE "C"' if left.type == "text" and op not in ("=", "<>") else ""
        return f"({left.sql} {op} {right.sql}{collate})"

    def _between(self, _op: str, args: list[Expression]) -> str:
        value, low, high = args
        at_least = self._comparison(">=", [value, low])
        return f"({at_least} AND {self._comparison('<=', [value, high])})"

    def _in(self, node: Operation) -> str:
        value, candidates = node.args
        if not isinstance(candidates, Array) or not candidates.items:
            raise invalid(
                "IN erwartet eine Liste mit mindestens einem Wert.",
                "IN expects a list of at least one value.",
            )
        tested = self.compile(value)
        pairs = [self._alike(tested, self.compile(one), "IN") for one in candidates.items]
        if len({left.sql for left, _ in pairs}) == 1:
            return f"({pairs[0][0].sql} IN ({', '.join(right.sql for _, right in pairs)}))"
        return f"({' OR '.join(f'{left.sql} = {right.sql}' for left, right in pairs)})"

    def _alike(self, left: Expression, right: Expression, op: str) -> tuple[Expression, Expression]:
        """Bring two operands to one type: a text literal may stand for a day or instant, a day for midnight."""
        left, right = self._as_instant(left, right), self._as_instant(right, left)
        if {left.type, right.type} == {"date", "timestamp"}:
            left, right = left.at_midnight(), right.at_midnight()
        if left.type != right.type or left.type not in COMPARABLE:
            hint_de = hint_en = ""
            if "array" in (left.type, right.type):
                hint_de, hint_en = "; für Arrays gibt es A_CONTAINS", "; for arrays there is A_CONTAINS"
            raise mismatch(
                f"{left.name_de} und {right.name_de} lassen sich nicht mit {op} vergleichen{hint_de}",
                f"{left.name_en} and {right.name_en} cannot be compared by {op}{hint_en}",
            )
        return left, right

    def _as_instant(self, expression: Expression, other: Expression) -> Expression:
        node = expression.node
        if other.type not in ("date", "timestamp") or not isinstance(node, Literal):
            return expression
        if not isinstance(node.value, str):
            return expression
        return self.literal(instant_literal(node.value.removesuffix("T")))  # GDAL's days end with it

    def _like(self, op: str, args: list[Expression]) -> str:
        for one in args:
            self._require(one, "text", op)
        return f"({args[0].sql} LIKE {args[1].sql})"

    def _isnull(self, _op: str, args: list[Expression]) -> str:
        if args[0].type == "interval":
            raise mismatch(
                "IS NULL fragt nach Werten, nicht nach INTERVAL", "IS NULL asks for values, not INTERVAL"
            )
        return f"({args[0].sql} IS NULL)"

    def _arithmetic(self, op: str, args: list[Expression]) -> str:
        for one in args:
            self._require(one, "number", op)
        left, right = (f"({one.sql})::numeric" for one in args)
        if op == "^":
            # In double precision: a power of decimals may have a hundred thousand digits.
            return f"power(({left})::float8, ({right})::float8)::numeric"
        if op in ("div", "%"):
            return f"{'div' if op == 'div' else 'mod'}({left}, {right})"
        return f"({left} {op} {right})"

    def _text(self, op: str, args: list[Expression]) -> str:
        self._require(args[0], "text", op)
        return f'({(CASEI if op == "casei" else ACCENTI).format(args[0].sql)} COLLATE "C")'

    def _spatial(self, op: str, args: list[Expression]) -> str:
        for one in args[:2]:
            self._require(one, "geometry", op)
        return spatial(op, args, self.crs)

    def _distance(self, op: str, args: list[Expression]) -> str:
        self._require(args[2], "number", op)
        return self._spatial(op, args)

    def _temporal(self, op: str, args: list[Expression]) -> str:
        return temporal(op, args, self.compile)

    def _arrays(self, op: str, args: list[Expression]) -> str:
        left, right = args
        if right.type == "text" and right.node is not None:  # (ags) is a list of one, and reads like ags
            right = self.array(Array((right.node,)))
        for one in (left, right):
            self._require(one, "array", op)
        a, b = left.sql, right.sql
        return {
            "a_contains": f"({a} @> {b})",
            "a_containedby": f"({a} <@ {b})",
            "a_overlaps": f"({a} && {b})",
            "a_equals": f"({a} @> {b} AND {a} <@ {b})",
        }[op]


def _unknown_function(name: str) -> InvalidParameterError:
    shown = name[:60].upper()
    names = [one.upper() for one, function in FUNCTIONS.items() if function.named]
    near = difflib.get_close_matches(shown, names, n=1)
    de = f" Ist {near[0]} gemeint?" if near else f" Es gibt: {', '.join(names)}."
    en = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(names)}."
    return invalid(f"Die Funktion {shown!r} gibt es nicht.{de}", f"There is no function {shown!r}.{en}")
