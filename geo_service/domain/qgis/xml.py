"""The XML of QGIS: elements, and the ``Option`` maps in which it keeps most of its settings (since 3.18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

# The oldest version that reads what is written here. Newer ones bring it up to date when they load it.
VERSION = "3.22.0-Białowieża"


def element(tag: str, attributes: Mapping[str, Any] | None = None, *children: Element | None) -> Element:
    """Return an element; truth values become 1 and 0, None among the children is left out."""
    made = Element(tag, {name: _text(value) for name, value in (attributes or {}).items()})
    made.extend(child for child in children if child is not None)
    return made


def text_element(tag: str, text: str, attributes: Mapping[str, Any] | None = None) -> Element:
    """Return an element that holds text."""
    made = element(tag, attributes)
    made.text = text
    return made


def option(value: Any, name: str | None = None) -> Element:
    """Return a value as QGIS writes a QVariant: maps and lists inside of each other, with their types."""
    attributes = {} if name is None else {"name": name}
    if isinstance(value, Mapping):
        children = [option(inner, str(key)) for key, inner in value.items()]
        return element("Option", {"type": "Map", **attributes}, *children)
    if isinstance(value, list | tuple):
        return element("Option", {"type": "List", **attributes}, *(option(inner) for inner in value))
    if isinstance(value, bool):
        return element("Option", {"type": "bool", "value": "true" if value else "false", **attributes})
    kind = {int: "int", float: "double"}.get(type(value), "QString")
    return element("Option", {"type": kind, "value": value, **attributes})


def data_defined(expressions: Mapping[str, str]) -> Element:
    """Return properties that follow an expression, by the name of the property."""
    properties = {
        name: {"active": True, "expression": expression, "type": 3}
        for name, expression in expressions.items()
    }
    return element(
        "data_defined_properties", {}, option({"name": "", "properties": properties, "type": "collection"})
    )


def document(root: Element, doctype: str) -> str:
    """Return the text of a file."""
    ElementTree.indent(root)
    return f"<!DOCTYPE {doctype}>\n{ElementTree.tostring(root, encoding='unicode')}\n"


def quoted(text: str) -> str:
    """Return a text as a literal of an expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def column(name: str) -> str:
    """Return the name of a field as an expression."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:g}" if isinstance(value, float) else str(value)
