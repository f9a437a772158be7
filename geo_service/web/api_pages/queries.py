"""What a form sends, as the API reads it: no empty parameters, and several inputs of one name joined.

Browsers send every input of a form, also those that nobody filled in, and the API is strict about empty
values. So people who ask for a page are sent on to the address that says only what they meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

JOINED = {"bbox": 4, "datetime": 2}


def tidy_query(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the query without empty parameters; a box of four inputs and a period of two become one text.

    A box that is not filled in completely keeps its empty places, so that the API says what is missing.
    """
    values: dict[str, list[str]] = {}
    for name, text in pairs:
        values.setdefault(name, []).append(text.strip())
    result: list[tuple[str, str]] = []
    for name, texts in values.items():
        if name == "datetime" and len(texts) == JOINED[name]:
            texts = [_period(*texts)]
        elif name == "bbox" and len(texts) == JOINED[name]:
            texts = [",".join(texts) if any(texts) else ""]
        result += [(name, text) for text in texts if text]
    return result


def tidy_address(path: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    """Return the address to go to instead, or None if the query is tidy."""
    given = list(pairs)
    tidy = tidy_query(given)
    if tidy == given:
        return None
    return path + (f"?{urlencode(tidy)}" if tidy else "")


def _period(start: str, end: str) -> str:
    if not start and not end:
        return ""
    return start if start == end else f"{start or '..'}/{end or '..'}"
