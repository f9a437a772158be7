"""CQL2 JSON written as CQL2 text, for tests that send both."""

from __future__ import annotations

from typing import Any

INFIX = {"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "div"}


def as_text(node: Any) -> str:
    """Write a node of the JSON encoding in the text encoding, with parentheses wherever they may stand."""
    if isinstance(node, bool):
        return str(node).upper()
    if isinstance(node, str):
        return "'" + node.replace("'", "''") + "'"
    if isinstance(node, list):
        return f"({', '.join(map(as_text, node))})"
    if not isinstance(node, dict):
        return str(node)
    if "property" in node:
        return f'"{node["property"]}"'
    if "date" in node or "timestamp" in node:
        ((name, text),) = node.items()
        return f"{name.upper()}('{text}')"
    if "interval" in node:
        return f"INTERVAL({', '.join(map(as_text, node['interval']))})"
    if "bbox" in node:
        return f"BBOX({','.join(map(repr, node['bbox']))})"
    if "type" in node:
        return wkt(node)
    return operation(node["op"], node["args"])


def operation(op: str, args: list[Any]) -> str:
    texts = [as_text(one) for one in args]
    if op in ("and", "or"):
        return "(" + f" {op.upper()} ".join(texts) + ")"
    if op == "not":
        return f"(NOT {texts[0]})"
    if op == "isNull":
        return f"({texts[0]} IS NULL)"
    if op == "between":
        return f"({texts[0]} BETWEEN {texts[1]} AND {texts[2]})"
    if op in ("like", "in"):
        return f"({texts[0]} {op.upper()} {texts[1]})"
    if op in INFIX:
        return f"({texts[0]} {op} {texts[1]})"
    return f"{op.upper()}({', '.join(texts)})"


def wkt(geometry: dict[str, Any]) -> str:
    kind = geometry["type"].upper()
    if kind == "GEOMETRYCOLLECTION":
        return f"{kind}({', '.join(map(wkt, geometry['geometries']))})"
    if kind == "POINT":
        return f"POINT({' '.join(map(repr, geometry['coordinates']))})"
    return f"{kind}{nested(geometry['coordinates'], kind == 'MULTIPOINT')}"


def nested(coordinates: list[Any], points: bool = False) -> str:
    if not isinstance(coordinates[0][0], list):
        texts = [" ".join(map(repr, one)) for one in coordinates]
        return f"({', '.join(f'({one})' if points else one for one in texts)})"
    return f"({', '.join(nested(one) for one in coordinates)})"
