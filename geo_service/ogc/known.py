"""Names in addresses: what they stand for, or the 404 that says which names there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from geo_service.errors import Message, NotFoundError

Found = TypeVar("Found")


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has a name: `de` with its pronoun in the accusative, as in ``Diesen Stil``."""

    de: str
    en: str


FILE = Kind("Diese Datei", "file")


def find_known(kind: Kind, name: str, known: Mapping[str, Found]) -> Found:
    """Return what `name` stands for.

    Raises
    ------
    NotFoundError
        It stands for nothing.
    """
    try:
        return known[name]
    except KeyError:
        raise unknown(kind, name, known) from None


def unknown(kind: Kind, name: str, known: Iterable[str]) -> NotFoundError:
    """Return the error for a name that stands for nothing."""
    names = ", ".join(known)
    return NotFoundError(
        f"{kind.en} {name[:100]!r}",
        Message(
            f"{kind.de} gibt es nicht. Es gibt: {names}.", f"There is no such {kind.en}. There are: {names}."
        ),
    )
