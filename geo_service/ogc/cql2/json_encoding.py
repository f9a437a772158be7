"""CQL2 JSON into the tree: plain ``json`` behind a guard against deep nesting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from geo_service.domain import cql2_geometry as geometries
from geo_service.domain import cql2_values as values
from geo_service.domain.cql2 import (
    MAX_DEPTH,
    MAX_LENGTH,
    Array,
    Geometry,
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

# A level of the tree is an object and its array of operands; a geometry adds brackets of its own.
MAX_BRACKETS = 2 * MAX_DEPTH + 8
# One that is not closed goes to the end, so that the search takes linear time.
STRING = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
_STRINGS = re.compile(STRING, re.DOTALL)


def parse_json(text: str) -> Node:
    """Read CQL2 JSON.

    Raises
    ------
    InvalidParameterError
        The text is over a limit, is no JSON, or no CQL2; then it names the place as ``$.args[1]``.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_LENGTH:
        raise too_long()
    _check_brackets(text)
    try:
        document = json.loads(
            text,
            parse_int=values.number_literal,
            parse_float=values.number_literal,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise invalid(
            f"Das ist kein JSON; der Fehler liegt in Zeile {error.lineno}, Spalte {error.colno}.",
            f"This is no JSON; the error is in line {error.lineno}, column {error.colno}.",
        ) from None
    tree = _node(document, "$")
    check_limits(tree)
    return tree


def _check_brackets(text: str) -> None:
    depth = 0
    for char in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if char in "[{" else -1
        if depth > MAX_BRACKETS:
            raise too_deep()


def _no_constant(name: str) -> NoReturn:
    raise invalid(f"{name} ist keine Zahl in JSON.", f"{name} is no number in JSON.")


def _refuse(path: str, de: str, en: str) -> NoReturn:
    raise invalid(f"CQL2 JSON, {path}: {de}", f"CQL2 JSON, {path}: {en}")


def _node(value: Any, path: str) -> Node:
    """Turn a JSON value into a node; numbers are literals already. As deep as `MAX_BRACKETS` allows."""
    if isinstance(value, Literal):
        return value
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, str):
        return values.text_literal(value)
    if isinstance(value, list):
        return Array(tuple(_node(one, f"{path}[{number}]") for number, one in enumerate(value)))
    if isinstance(value, dict):
        for member, read in _READERS.items():
            if member in value:
                return read(value, path)
    return _refuse(
        path,
        "erwartet wird ein Text, eine Zahl, true, false, ein Array oder ein Objekt mit op, property, date, "
        "timestamp, interval, bbox oder type.",
        "expected is a text, a number, true, false, an array or an object with op, property, date, "
        "timestamp, interval, bbox or type.",
    )


def _operation(value: dict[str, Any], path: str) -> Node:
    op, args = value["op"], value.get("args")
    if not isinstance(op, str) or not isinstance(args, list):
        _refuse(path, "op ist ein Text und args ein Array.", "op is a text and args an array.")
    nodes = tuple(_node(one, f"{path}.args[{number}]") for number, one in enumerate(args))
    return Operation(values.text_literal(op).value.lower(), nodes)  # type: ignore[union-attr]


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        _refuse(path, "erwartet wird ein Text.", "expected is a text.")
    return value


def _property(value: dict[str, Any], path: str) -> Node:
    return Property(str(values.text_literal(_text(value["property"], f"{path}.property")).value))


def _date(value: dict[str, Any], path: str) -> Node:
    return values.date_literal(_text(value["date"], f"{path}.date"))


def _timestamp(value: dict[str, Any], path: str) -> Node:
    return values.timestamp_literal(_text(value["timestamp"], f"{path}.timestamp"))


def _interval(value: dict[str, Any], path: str) -> Node:
    ends = value["interval"]
    if not isinstance(ends, list) or len(ends) != 2:
        _refuse(f"{path}.interval", "erwartet werden zwei Enden.", "expected are two ends.")
    start, end = (_end(one, f"{path}.interval[{number}]") for number, one in enumerate(ends))
    return values.interval(start, end)


def _end(value: Any, path: str) -> Node | None:
    if isinstance(value, str):
        return None if value == values.OPEN_END else values.instant_literal(value)
    if isinstance(value, dict):
        return _node(value, path)
    return _refuse(
        path, "erwartet wird ein Zeitpunkt oder eine Eigenschaft.", "expected is an instant or a property."
    )


def _bbox(value: dict[str, Any], path: str) -> Node:
    numbers = value["bbox"]
    if not isinstance(numbers, list):
        _refuse(f"{path}.bbox", "erwartet wird ein Array.", "expected is an array.")
    return geometries.bbox(*values.box([_number(one, f"{path}.bbox") for one in numbers]))


def _number(value: Any, path: str) -> float:
    if not isinstance(value, Literal):
        _refuse(path, "erwartet wird eine Zahl.", "expected is a number.")
    return values.coordinate(value.value)  # type: ignore[arg-type]


def _geojson(value: dict[str, Any], path: str) -> Node:
    kind = value["type"]
    if kind == "GeometryCollection":
        members = value.get("geometries")
        if not isinstance(members, list):
            _refuse(f"{path}.geometries", "erwartet wird ein Array.", "expected is an array.")
        parts = [_member(one, f"{path}.geometries[{number}]") for number, one in enumerate(members)]
        return geometries.several(kind, parts)
    if kind not in geometries.SIMPLE:
        names = ", ".join(geometries.SIMPLE)
        _refuse(path, f"type ist eines von {names}.", f"type is one of {names}.")
    return _simple(kind, value.get("coordinates"), f"{path}.coordinates")


def _member(value: Any, path: str) -> Geometry:
    if not isinstance(value, dict) or value.get("type") not in geometries.SIMPLE:
        _refuse(path, "erwartet wird eine einfache Geometrie.", "expected is a simple geometry.")
    return _simple(value["type"], value.get("coordinates"), f"{path}.coordinates")


def _simple(kind: str, coordinates: Any, path: str) -> Geometry:
    if kind == "Point":
        return geometries.point(_position(coordinates, path))
    if kind == "LineString":
        return geometries.line(_list(coordinates, path, _position))
    if kind == "Polygon":
        return geometries.polygon(_list(coordinates, path, _line))
    part = kind.removeprefix("Multi")
    return geometries.several(kind, _list(coordinates, path, lambda one, at: _simple(part, one, at)))


def _list(value: Any, path: str, read: Callable[[Any, str], Any]) -> list[Any]:
    if not isinstance(value, list):
        _refuse(path, "erwartet wird ein Array.", "expected is an array.")
    return [read(one, path) for one in value]


def _line(value: Any, path: str) -> list[Position]:
    return _list(value, path, _position)


def _position(value: Any, path: str) -> Position:
    if not isinstance(value, list) or len(value) not in (2, 3):
        _refuse(path, "eine Position sind zwei oder drei Zahlen.", "a position is two or three numbers.")
    first, second = (_number(one, path) for one in value[:2])
    return first, second


_READERS: dict[str, Callable[[dict[str, Any], str], Node]] = {
    "op": _operation,
    "property": _property,
    "date": _date,
    "timestamp": _timestamp,
    "interval": _interval,
    "type": _geojson,  # before bbox, which a geometry may have, too
    "bbox": _bbox,
}
