"""Stable public identifiers made of names."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 60
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(text: str) -> str:
    """Write `text` with ``[a-z0-9]`` and single hyphens: ä→ae, ö→oe, ü→ue, ß→ss, other accents dropped."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).lower().translate(_GERMAN))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def make_area_id(municipality: str, name: str) -> str:
    """Make the public identifier of a programme area, once, when the area is first recorded.

    The municipality stands in front and is not repeated where the name begins with it: Dortmund and
    "Dortmund-Nordstadt" give ``dortmund-nordstadt``. At most 60 characters, cut at a hyphen.

    >>> make_area_id("Bochum", "Wattenscheid-Mitte")
    'bochum-wattenscheid-mitte'
    """
    town, area = slug(municipality), slug(name)
    repeats_town = area == town or area.startswith(f"{town}-")
    full = area if repeats_town else f"{town}-{area}".strip("-")
    if len(full) <= MAX_LENGTH:
        return full
    return full[: MAX_LENGTH + 1].rpartition("-")[0] or full[:MAX_LENGTH]
