"""Addresses of the imported table: whether there are any, and which are written like a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, TextClause, text

from geo_service.db.queries import read_sql

MOST_ADDRESSES = 6
# One wrong letter in a short name leaves less than the library's 0.6.
_LIKENESS = text("SET pg_trgm.word_similarity_threshold = 0.45")
_HAS_ADDRESSES = text("SELECT EXISTS (SELECT FROM publication.address)")


@dataclass(frozen=True)
class Address:
    """One address with its place in EPSG:25832.

    `exact` tells that this is the number asked for; otherwise it is the next one in the street.
    """

    street: str
    number: int
    suffix: str
    municipality: str
    quarter: str
    easting: float
    northing: float
    exact: bool

    @property
    def text(self) -> str:
        """The address in one line."""
        town = f"{self.municipality} ({self.quarter})" if self.quarter else self.municipality
        return f"{self.street} {self.number}{self.suffix}, {town}"


def has_addresses(connection: Connection) -> bool:
    """Tell whether a table of addresses was imported."""
    return bool(connection.execute(_HAS_ADDRESSES).scalar_one())


def find_addresses(connection: Connection, street: str, number: int | None, suffix: str) -> list[Address]:
    """Return addresses written like `street` (perhaps with a town), the most alike first."""
    connection.execute(_LIKENESS)
    values = {"street": street.replace("\0", " "), "number": number, "suffix": suffix, "most": MOST_ADDRESSES}
    return [Address(**row._mapping) for row in connection.execute(_statement(), values)]


@cache
def _statement() -> TextClause:
    return text(read_sql("find_address").replace("::", "\\:\\:"))
