"""Addresses as people type them: street, house number, letter and town in one line. Pure, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"(?<![\w-])([0-9]{1,4})\s?([a-zA-Z])?(?:\s*[-/–]\s*[0-9]{1,4}\s?[a-zA-Z]?)?(?![\w])")
_POSTCODE = re.compile(r"(?<!\w)(?:D[- ]?)?[0-9]{5}(?!\w)")
_STREET = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|str\b|weg|allee|platz|gasse|ring|ufer|damm|markt|hof|steig|pfad|chaussee)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TypedAddress:
    """What was typed, taken apart: `words` are street and town without number and postcode."""

    words: str
    number: int | None
    suffix: str


def parse_address(text: str) -> TypedAddress | None:
    """Take a line apart: ``Kaiserstr. 5a, 44135 Dortmund``; None where it holds no word."""
    line = _POSTCODE.sub(" ", text.replace("\u00a0", " "))
    # The number stands behind the street: in "Straße des 17. Juni 5" it is the last one, and no ordinal is it.
    found = [match for match in _NUMBER.finditer(line) if not line[match.end() :].startswith(".")]
    number, suffix = None, ""
    if found:
        match = found[-1]
        number, suffix = int(match[1]), (match[2] or "").lower()
        line = line[: match.start()] + " " + line[match.end() :]
    words = re.sub(r"[\s,;]+", " ", line).strip()
    return TypedAddress(words, number, suffix) if re.search(r"[^\W\d_]{2}", words) else None


def looks_like_address(text: str) -> bool:
    """Tell whether a text is probably an address, so that it is worth asking somebody else about it."""
    typed = parse_address(text)
    return typed is not None and (
        typed.number is not None or bool(_STREET.search(text)) or bool(_POSTCODE.search(text))
    )
