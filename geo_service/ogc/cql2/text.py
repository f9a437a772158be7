"""CQL2 text into the tree: an LALR parser that builds while it reads, in linear time and without recursion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from geo_service.domain import cql2_geometry as geometries
from geo_service.domain import cql2_values as values
from geo_service.domain.cql2 import (
    MAX_DEPTH,
    MAX_LENGTH,
    Array,
    Geometry,
    Interval,
    Literal,
    Node,
    Operation,
    Position,
    Property,
    check_limits,
    invalid,
    too_deep,
    too_long,
)
from geo_service.domain.cql2_functions import ARRAYS
from geo_service.errors import InvalidParameterError, Message

ESCAPES = {"'": "'", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
KINDS = {kind.upper(): kind for kind in (*geometries.SIMPLE, "GeometryCollection")}

# What an error calls the groups of tokens that would have fitted; the order is that of the sentence.
EXPECTED = {
    "NAME": Message("eine Eigenschaft oder Funktion", "a property or function"),
    "NUMBER": Message("eine Zahl", "a number"),
    "STRING": Message("ein Text in '…'", "a text in '…'"),
    "COMPARISON": Message("ein Vergleich (= <> < > <= >=)", "a comparison (= <> < > <= >=)"),
    "PLUS": Message("eine Rechenart", "an arithmetic operator"),
    "_LIKE": Message("LIKE, BETWEEN, IN oder IS NULL", "LIKE, BETWEEN, IN or IS NULL"),
    "_AND": Message("AND", "AND"),
    "_OR": Message("OR", "OR"),
    "_NULL": Message("NULL", "NULL"),
    "_LPAR": Message("(", "("),
    "_RPAR": Message(")", ")"),
    "_COMMA": Message("ein Komma", "a comma"),
    "$END": Message("das Ende", "the end"),
}


def parse_text(text: str) -> Node:
    """Read CQL2 text.

    Raises
    ------
    InvalidParameterError
        The text is over a limit or does not follow the grammar; then it names the column, counted from 1,
        and what was expected there.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_LENGTH:
        raise too_long()
    try:
        tree: Node = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from None
    check_limits(tree)
    return tree


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = resources.files("geo_service.ogc.cql2").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", transformer=_TreeBuilder(), postlex=_Nesting(), maybe_placeholders=False
    )


class _Nesting:
    """Counts, between lexer and parser, what makes a tree deep: so depth is refused before it is built."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        opened = signs = 0
        for token in stream:
            if token.type == "_LPAR":
                opened += 1
            elif token.type == "_RPAR":
                opened -= 1
            signs = signs + 1 if token.type in ("_NOT", "MINUS", "PLUS") else 0
            if opened + signs > MAX_DEPTH:
                raise too_deep()
            yield token


def _syntax_error(text: str, error: UnexpectedInput) -> InvalidParameterError:
    names = error.accepts if isinstance(error, UnexpectedToken) and error.accepts else None
    if names is None:
        names = getattr(error, "expected", None) or getattr(error, "allowed", None) or set()
    expected = [message for name, message in EXPECTED.items() if name in names]
    position = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_end:
        position = len(text)
    found = text[position : position + 20]
    if isinstance(error, UnexpectedCharacters) and found.startswith(("'", '"')):
        return invalid(
            f"Das Anführungszeichen in Spalte {position + 1} wird nicht geschlossen.",
            f"The quotation mark in column {position + 1} is not closed.",
        )
    de = f"Syntaxfehler in Spalte {position + 1} " + ("(am Ende)" if at_end else f"bei {found!r}")
    en = f"Syntax error in column {position + 1} " + ("(at the end)" if at_end else f"at {found!r}")
    if expected:
        de += f"; erwartet wird {' oder '.join(one.de for one in expected)}"
        en += f"; expected is {' or '.join(one.en for one in expected)}"
    return invalid(f"{de}.", f"{en}.")


def _unquoted(token: Token) -> str:
    """Return the characters that a STRING stands for; other escapes stay, since LIKE reads them."""
    return re.sub(
        r"''|\\(.)", lambda match: ESCAPES.get(match[1] or "'", match[0]), str(token)[1:-1], flags=re.DOTALL
    )


def _operation(op: str, *args: Node) -> Operation:
    return Operation(op, args)


def _not(node: Node) -> Operation:
    return Operation("not", (node,))


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, Node]):
    """One method per rule of the grammar; each gets what its parts have become."""

    def disjunction(self, *args: Node) -> Node:
        return Operation("or", args)

    def conjunction(self, *args: Node) -> Node:
        return Operation("and", args)

    def negated(self, node: Node) -> Node:
        return _not(node)

    def comparison(self, left: Node, operator: Token, right: Node) -> Node:
        return _operation(str(operator), left, right)

    def is_null(self, node: Node) -> Node:
        return _operation("isnull", node)

    def is_not_null(self, node: Node) -> Node:
        return _not(_operation("isnull", node))

    def like(self, left: Node, pattern: Node) -> Node:
        return _operation("like", left, pattern)

    def not_like(self, left: Node, pattern: Node) -> Node:
        return _not(_operation("like", left, pattern))

    def ilike(self, left: Node, pattern: Node) -> Node:
        return _operation("like", _operation("casei", left), _operation("casei", pattern))

    def not_ilike(self, left: Node, pattern: Node) -> Node:
        return _not(self.ilike(left, pattern))

    def between(self, value: Node, low: Node, high: Node) -> Node:
        return _operation("between", value, low, high)

    def not_between(self, value: Node, low: Node, high: Node) -> Node:
        return _not(_operation("between", value, low, high))

    def is_in(self, value: Node, candidates: Node) -> Node:
        return _operation("in", value, candidates)

    def not_in(self, value: Node, candidates: Node) -> Node:
        return _not(_operation("in", value, candidates))

    def arithmetic(self, left: Node, operator: Token, right: Node) -> Node:
        return _operation(str(operator).lower(), left, right)

    def negative(self, _sign: Token, node: Node) -> Node:
        if isinstance(node, Literal) and not isinstance(node.value, bool | str):
            return Literal(-node.value)  # type: ignore[operator]
        return _operation("*", Literal(-1), node)

    def positive(self, _sign: Token, node: Node) -> Node:
        return node

    def array(self, *items: Node) -> Node:
        return Array(items)

    def number(self, token: Token) -> Node:
        return values.number_literal(str(token))

    def text(self, token: Token) -> Node:
        return values.text_literal(_unquoted(token))

    def true(self, _token: Token) -> Node:
        return Literal(True)

    def false(self, _token: Token) -> Node:
        return Literal(False)

    def date(self, token: Token) -> Node:
        return values.date_literal(_unquoted(token))

    def timestamp(self, token: Token) -> Node:
        return values.timestamp_literal(_unquoted(token))

    def instant(self, token: Token) -> Node | None:
        text = _unquoted(token)
        return None if text == values.OPEN_END else values.instant_literal(text)

    def interval(self, start: Node | None, end: Node | None) -> Interval:
        return values.interval(start, end)

    def function(self, name: Token, *args: Node) -> Node:
        op = str(name).lower()
        if op in ARRAYS:  # where one value in parentheses is a list of one
            args = tuple(one if isinstance(one, Array | Property) else Array((one,)) for one in args)
        return Operation(op, args)

    def property(self, name: Token) -> Node:
        return Property(str(name).strip('"'))

    def geometry(self, kind: Token, *parts: Geometry) -> Geometry:
        name = KINDS[str(kind).upper().removesuffix("Z").rstrip()]
        return parts[0] if name in geometries.SIMPLE[:3] else geometries.several(name, parts)

    def bbox(self, *numbers: float) -> Geometry:
        return geometries.bbox(*values.box(list(numbers)))

    def point(self, position: Position) -> Geometry:
        return geometries.point(position)

    def line(self, *positions: Position) -> Geometry:
        return geometries.line(positions)

    def polygon(self, *rings: Geometry) -> Geometry:
        return geometries.polygon([ring.parts for ring in rings])  # type: ignore[misc]

    def position(self, first: float, second: float, _height: float | None = None) -> Position:
        return first, second

    def coordinate(self, *tokens: Token) -> float:
        return values.coordinate("".join(tokens))
