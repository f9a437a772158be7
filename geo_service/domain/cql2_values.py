"""Values of a CQL2 filter, the same for both encodings: checked once, on the way into the tree."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from geo_service.domain.cql2 import Interval, Literal, Node, Position, invalid

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
MAX_DIGITS = 100
OPEN_END = ".."


def text_literal(text: str) -> Literal:
    """Return a text; composed characters, as they are stored.

    Raises
    ------
    InvalidParameterError
        The text has a NUL or half a surrogate pair, which no database text can hold.
    """
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise invalid(
            "Ein Text enthält ein Zeichen, das nicht erlaubt ist (NUL oder ein halbes Ersatzpaar).",
            "A text has a character that is not allowed (NUL or a lone surrogate).",
        )
    return Literal(unicodedata.normalize("NFC", text))


def number_literal(text: str) -> Literal:
    """Return a number: an integer stays one, everything else is a decimal."""
    if len(text) > MAX_DIGITS or not NUMBER.fullmatch(text):
        raise invalid(
            f"{text[:40]!r} ist keine Zahl mit höchstens {MAX_DIGITS} Ziffern.",
            f"{text[:40]!r} is not a number of {MAX_DIGITS} digits at most.",
        )
    if text.lstrip("+-").isdigit():
        return Literal(int(text))
    try:
        return Literal(Decimal(text))
    except InvalidOperation:  # pragma: no cover - the pattern leaves none
        raise invalid(f"{text!r} ist keine Zahl.", f"{text!r} is not a number.") from None


def date_literal(text: str) -> Literal:
    """Return a day (RFC 3339, full-date)."""
    if DATE.fullmatch(text):
        try:
            return Literal(dt.date.fromisoformat(text))
        except ValueError:
            pass
    raise invalid(
        f"{text[:40]!r} ist kein Tag wie '2012-05-01'.", f"{text[:40]!r} is not a day such as '2012-05-01'."
    )


def timestamp_literal(text: str) -> Literal:
    """Return an instant (RFC 3339, date-time); another offset than Z is tolerated and turned into UTC."""
    if TIMESTAMP.fullmatch(text):
        try:
            return Literal(dt.datetime.fromisoformat(_microseconds(text.upper())).astimezone(dt.UTC))
        except (ValueError, OverflowError):
            pass
    raise invalid(
        f"{text[:40]!r} ist kein Zeitpunkt wie '2012-05-01T12:00:00Z'.",
        f"{text[:40]!r} is not an instant such as '2012-05-01T12:00:00Z'.",
    )


def _microseconds(text: str) -> str:
    """Cut fractions of a second to the six digits that are stored."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def instant_literal(text: str) -> Literal:
    """Return a day or an instant, whichever `text` is."""
    return timestamp_literal(text) if "t" in text.lower() else date_literal(text)


def interval(start: Node | None, end: Node | None) -> Interval:
    """Return an interval; one of literals must not run backwards."""
    if isinstance(start, Literal) and isinstance(end, Literal) and _instant(start) > _instant(end):
        raise invalid(
            "Der Beginn eines INTERVAL liegt nach seinem Ende.",
            "The start of an INTERVAL lies after its end.",
        )
    return Interval(start, end)


def _instant(literal: Literal) -> dt.datetime:
    value = literal.value
    if isinstance(value, dt.datetime):
        return value
    assert isinstance(value, dt.date)
    return dt.datetime.combine(value, dt.time(), dt.UTC)


def coordinate(number: int | float | Decimal | str) -> float:
    """Return a finite coordinate."""
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise invalid("Eine Koordinate ist keine endliche Zahl.", "A coordinate is not a finite number.")
    return value


def box(numbers: list[float]) -> tuple[Position, Position]:
    """Return the two corners of four or six numbers; heights are dropped."""
    if len(numbers) not in (4, 6):
        raise invalid("BBOX besteht aus vier oder sechs Zahlen.", "BBOX consists of four or six numbers.")
    half = len(numbers) // 2
    return (numbers[0], numbers[1]), (numbers[half], numbers[half + 1])
