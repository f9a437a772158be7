"""One search for names, former names, towns and the texts of profiles: one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from geo_service.db.queries import read_sql

HITS_PER_GROUP = 20


@dataclass(frozen=True)
class SearchResult:
    """What a search found, in groups; each hit as ``db/sql/search.sql`` describes it.

    Attributes
    ----------
    area_count : int
        Areas whose names match, of which `areas` holds the first ones.
    more_texts : int
        Sections that match besides those in `texts`.
    similar : tuple of Mapping
        Areas and towns with names written alike; only where no name matches as it was typed.
    """

    areas: tuple[Mapping[str, Any], ...] = ()
    area_count: int = 0
    towns: tuple[Mapping[str, Any], ...] = ()
    texts: tuple[Mapping[str, Any], ...] = ()
    more_texts: int = 0
    similar: tuple[Mapping[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.areas or self.towns or self.texts)


def search(connection: Connection, words: str, language: str) -> SearchResult:
    """Search for all of `words`: folded umlauts, German stems, the last word perhaps cut short."""
    values = {"words": words.replace("\0", " "), "language": language, "most": HITS_PER_GROUP}
    row = connection.execute(_statement(), values).one()
    return SearchResult(
        tuple(row.areas), row.area_count, tuple(row.towns), tuple(row.texts), row.more, tuple(row.alike_names)
    )


@cache
def _statement() -> TextClause:
    return text(read_sql("search").replace("::", "\\:\\:"))
