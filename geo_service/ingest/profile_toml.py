"""``profile.toml``: what a profile lists – milestones, contacts, documents, programmes, and where facts come from.

::

    [facts]            documented_area_ha, documented_area_year, population_year, attr_source
    [[programmes]]     programme (code), start_year, end_year
    [[milestones]]     date or year, text_de, text_en
    [[contacts]]       function_de, function_en, organisation, email, phone, released, expires,
                       person, person_released
    [[documents]]      file_name, title_de, title_en, language, licence, source, released
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.front_matter import MarkdownFile
from geo_service.ingest.profile_tables import LISTS, Entry, Row, milestone_order, read_facts

FILE_NAME = "profile.toml"


@dataclass(frozen=True)
class ProfileToml:
    """The lists of a profile, each row with the names of the registry's columns.

    `facts` and `programmes` are None where the file has none: then what is stored stays as it is.
    """

    facts: Row | None = None
    programmes: tuple[Row, ...] | None = None
    milestones: tuple[Row, ...] = ()
    contacts: tuple[Row, ...] = ()
    documents: tuple[Row, ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_profile_toml(path: Path, name: str, findings: FileFindings) -> ProfileToml:
    """Read the file, if there is one; what is wrong with it goes to `findings` under `name`."""
    if not path.exists():
        return ProfileToml()
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        findings.add(
            name, None, "unreadable", f"nicht lesbar: {error.strerror}", f"cannot be read: {error.strerror}"
        )
        return ProfileToml()
    except UnicodeDecodeError:
        findings.add(
            name, None, "encoding", "kein UTF-8: bitte so speichern", "not UTF-8: please save it as such"
        )
        return ProfileToml()
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        findings.add(name, line, "toml", f"kein TOML: {error}", f"not TOML: {error}")
        return ProfileToml()
    return _read_tables(content, _table_lines(text), name, findings)


def _read_tables(
    content: Row, lines: dict[str, list[dict[str, int]]], name: str, findings: FileFindings
) -> ProfileToml:
    found: dict[str, tuple[Row, ...]] = {}
    for key, value in content.items():
        if key != "facts" and key not in LISTS:
            known = ", ".join(("facts", *LISTS))
            findings.add(
                name,
                lines.get(key, [{"": 1}])[0][""],
                "unknown-key",
                f"„{key}“ gibt es nicht, aber: {known}",
                f"“{key}” is unknown; there are: {known}",
            )
        elif not _is_table(value, many=key in LISTS):
            mark = f"[[{key}]]" if key in LISTS else "[facts]"
            findings.add(name, 1, "type", f"„{key}“ beginnt mit {mark}", f"“{key}” begins with {mark}")
        elif key in LISTS:
            entries = [
                _entry(row, lines.get(key, []), number, name, findings) for number, row in enumerate(value)
            ]
            found[key] = tuple(_finished(entry, LISTS[key]) for entry in entries)
    facts = content.get("facts")
    return ProfileToml(
        facts=_finished(_entry(facts, lines.get("facts", []), 0, name, findings), read_facts)
        if _is_table(facts, many=False)
        else None,
        programmes=found.get("programmes"),
        milestones=tuple(sorted(found.get("milestones", ()), key=milestone_order)),
        contacts=found.get("contacts", ()),
        documents=found.get("documents", ()),
        lines={key: tuple(each[""] for each in starts) for key, starts in lines.items()},
    )


def _is_table(value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _entry(row: Row, lines: list[dict[str, int]], number: int, name: str, findings: FileFindings) -> Entry:
    places = lines[number] if number < len(lines) else {"": 1}
    at = {key: places.get(key, places[""]) for key in row}
    return Entry(MarkdownFile(name, row, "", _Places(at, places[""])), findings)


class _Places(dict[str, int]):
    """Line by key; a key that is missing is missed where its table begins."""

    def __init__(self, places: dict[str, int], start: int) -> None:
        super().__init__(places)
        self._start = start

    def get(self, key: str, _default: Any = None) -> int:  # type: ignore[override]
        return super().get(key, self._start)


def _finished(entry: Entry, read: Callable[[Entry], Row]) -> Row:
    row = read(entry)
    entry.finish()
    return row


def _table_lines(text: str) -> dict[str, list[dict[str, int]]]:
    """Return for each table the lines on which its occurrences (key ``""``) and their keys begin.

    Only for pointing at a line: a text over several lines that looks like a table could mislead it.
    """
    found: dict[str, list[dict[str, int]]] = {}
    current: dict[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]\]?", line):
            current = {"": number}
            found.setdefault(head[1], []).append(current)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            if current is None:
                found.setdefault(key[1], []).append({"": number})
            else:
                current.setdefault(key[1], number)
    return found
