"""Markdown files with front matter: facts in YAML between two lines of three hyphens, then a text.

::

    ---
    title: Stadterneuerung im Dialog
    date: 2020-05-13
    released: true
    ---
    The text, in Markdown.

The YAML is read as YAML 1.2 does (core schema, without anchors and tags): ``no`` and ``10:30`` are text, ``true``
is a truth value, ``2020-05-13`` is a day. What is written by :func:`write` is read again as the same values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

import yaml

from geo_service.ingest.file_findings import FileFindings

MAX_BYTES = 1_000_000
_FENCE = "---"
# The line of a file on which a front matter begins.
_FIRST = 2


class _Loader(yaml.SafeLoader):
    """YAML with few implicit types: no sexagesimal numbers, no ``yes`` and ``no``, no timestamps but days."""


class _Dumper(yaml.SafeDumper):
    """Writes what :class:`_Loader` reads."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


_IMPLICIT = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:e[-+]?[0-9]+)?", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:timestamp", r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", "0123456789"),
)
for _class in (_Loader, _Dumper):
    _class.yaml_implicit_resolvers = {}
    for _tag, _pattern, _first in _IMPLICIT:
        _class.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # A block loses blanks at the ends of its lines, and a last line that is empty.
    lines = text.split("\n")
    style = "|" if len(lines) > 1 and lines[-1] and all(line == line.strip() for line in lines) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


@dataclass(frozen=True)
class MarkdownFile:
    """A file as it was read.

    Attributes
    ----------
    path : str
        As seen from the folder, for findings.
    values : dict
        The front matter; empty without one.
    lines : dict
        On which line each key stands.
    body, body_line : str, int
        The text without blank lines around it, and the line on which it begins.
    """

    path: str
    values: dict[str, Any]
    body: str
    lines: dict[str, int] = field(default_factory=dict)
    body_line: int = 1


def read(path: Path, root: Path, findings: FileFindings) -> MarkdownFile | None:
    """Read a Markdown file; None where it cannot be read, which `findings` then says.

    Parameters
    ----------
    root : Path
        The folder that paths in findings are seen from.
    """
    name = path.relative_to(root).as_posix()
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            findings.add(
                name,
                None,
                "too-large",
                "größer als 1 MB, zu groß für einen Text",
                "over 1 MB, too large for a text",
            )
            return None
        text = raw.decode("utf-8-sig")
    except OSError as error:
        findings.add(
            name, None, "unreadable", f"nicht lesbar: {error.strerror}", f"cannot be read: {error.strerror}"
        )
        return None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        findings.add(
            name, line, "encoding", "kein UTF-8: bitte so speichern", "not UTF-8: please save it as such"
        )
        return None
    return parse(text, name, findings)


def parse(text: str, name: str, findings: FileFindings) -> MarkdownFile | None:
    """Take the text of a file apart; see :func:`read`."""
    if "\0" in text:
        findings.add(name, None, "encoding", "enthält ein NUL-Zeichen", "holds a NUL character")
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        return MarkdownFile(name, {}, text.strip(), {}, _first_line(lines, 0))
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        findings.add(
            name,
            1,
            "front-matter",
            "der Vorspann endet nicht: es fehlt die zweite Zeile aus drei Bindestrichen",
            "the front matter does not end: its second line of three hyphens is missing",
        )
        return None
    found = _mapping("\n".join(lines[1:end]), name, findings)
    if found is None:
        return None
    values, key_lines = found
    body = "\n".join(lines[end + 1 :]).strip()
    return MarkdownFile(name, values, body, key_lines, _first_line(lines, end + 1))


def _first_line(lines: list[str], start: int) -> int:
    return next((number for number, line in enumerate(lines[start:], start + 1) if line.strip()), start + 1)


def _mapping(head: str, name: str, findings: FileFindings) -> tuple[dict[str, Any], dict[str, int]] | None:
    """Read the YAML of a front matter: the values, and the line of each key."""
    try:
        foreign = next(filter(_is_foreign, yaml.parse(head, _Loader)), None)
        if foreign is not None:
            findings.add(
                name,
                foreign.start_mark.line + _FIRST,
                "front-matter",
                "Anker, Verweise und Typen (&, *, !) gibt es hier nicht; solchen Text in Anführungszeichen setzen",
                "anchors, aliases and tags (&, *, !) are not used here; put a text that begins so in quotes",
            )
            return None
        node = yaml.compose(head, _Loader)
        values = yaml.load(head, _Loader)  # noqa: S506 - a safe loader with fewer types
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + _FIRST if mark else _FIRST
        reason = getattr(error, "problem", None) or str(error) or type(error).__name__
        findings.add(
            name,
            line,
            "front-matter",
            f"der Vorspann ist kein YAML: {reason}",
            f"the front matter is no YAML: {reason}",
        )
        return None
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode) or not all(isinstance(key, str) for key in values):
        findings.add(
            name,
            _FIRST,
            "front-matter",
            "der Vorspann besteht aus Zeilen der Form „Schlüssel: Wert“",
            "the front matter consists of lines like “key: value”",
        )
        return None
    return values, _key_lines(node, name, findings)


def _is_foreign(event: yaml.Event) -> bool:
    """Tell whether a piece of YAML is an alias, or has an anchor or a tag."""
    is_alias = isinstance(event, yaml.AliasEvent)
    return is_alias or bool(getattr(event, "anchor", None) or getattr(event, "tag", None))


def _key_lines(node: yaml.MappingNode, name: str, findings: FileFindings) -> dict[str, int]:
    """Return the line of each key; one that stands there again is a finding."""
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + _FIRST
        if key.value in lines:
            findings.add(
                name,
                line,
                "repeated",
                f"„{key.value}“ steht schon in Zeile {lines[key.value]}",
                f"“{key.value}” is on line {lines[key.value]} already",
            )
        lines.setdefault(key.value, line)
    return lines


def write(values: Mapping[str, Any], body: str) -> str:
    """Return the file that :func:`read` reads as `values` and `body`; None and empty values are left out."""
    kept = {
        key: f"{value:%H:%M}"
        if isinstance(value, time)
        else list(value)
        if isinstance(value, tuple)
        else value
        for key, value in values.items()
        if value is not None and value != () and value != []
    }
    head = yaml.dump(kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**20) if kept else ""
    text = f"{body.strip()}\n" if body.strip() else ""
    return f"{_FENCE}\n{head}{_FENCE}\n{text}" if head or text.startswith(_FENCE) else text
