"""What a kept answer is made of: content, codings, what it depends on, and how it has left before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from geo_service.db.changes import Box, Token


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer depends on: features of some collections.

    Attributes
    ----------
    collections : frozenset of str
        As changes name them; none: the answer follows from the request alone and stays true for ever.
    box : Box, optional
        Only what lies there (EPSG:3857).
    feature_id : str, optional
        Only this feature.
    """

    collections: frozenset[str]
    box: Box | None = None
    feature_id: str | None = None


NOTHING = Scope(frozenset())


@dataclass(frozen=True, slots=True)
class Made:
    """An answer as it was made: what it says, what it depends on, and the dataset version that was read with it."""

    data: bytes
    version: int
    scope: Scope
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and headers of an answer, for WSGI, and as the bytes that HTTP/1.1 makes of them."""

    line: str
    headers: Headers
    data: bytes

    @classmethod
    def of(cls, line: str, headers: Headers) -> Head:
        """Make one; names of headers are sent in lower case."""
        lines = [f"HTTP/1.1 {line}", *(f"{name.lower()}: {text}" for name, text in headers)]
        return cls(line, headers, "".join(f"{one}\r\n" for one in lines).encode("latin-1"))


@dataclass(slots=True)
class Coded:
    """The bytes of an answer in one content coding, with their strong entity tag.

    Attributes
    ----------
    leaving : dict
        The head with which it has left before, by status.
    """

    coding: str
    data: bytes
    etag: str
    leaving: dict[int, Head] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer to one very request.

    Attributes
    ----------
    about : object
        What is to be counted and logged when it leaves; the cache never looks at it.
    """

    head: Head
    body: bytes
    about: Any = None


@dataclass(slots=True)
class Kept:
    """An answer and the state of the data for which it is true."""

    key: Hashable
    made: Made
    token: Token
    size: int
    codings: dict[str, Coded] = field(default_factory=dict)
    names: list[tuple[Hashable, str]] = field(default_factory=list)
    heads: dict[bytes, Ready] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The content, not coded."""
        return self.made.data
