"""Answers that may be kept for others who ask the same: what they are made of, and how they leave.

A resource function that reads data tells so by ``request.sources``; from that follows which changes make its
answer untrue. What reads nothing stays true for as long as the process runs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from geo_service.db.changes import Box
from geo_service.domain.codings import IDENTITY, MIN_CODED_BYTES, choose_coding
from geo_service.ogc.asked import Asked, Offer
from geo_service.ogc.cache import AnswerCache, make_coded
from geo_service.ogc.kept import NOTHING, Coded, Kept, Made, Scope

CACHE_NAME = "geo-service"
HIT, MISS, BYPASS = f"{CACHE_NAME}; hit", f"{CACHE_NAME}; fwd=miss", f"{CACHE_NAME}; fwd=bypass"
PRIVATE = "private, no-cache"

# The label points are those of the areas; a change of an area is one of its point.
CHANGED_WITH = {"programme-area-points": "programme-areas"}


@dataclass(frozen=True)
class Recipe:
    """An answer that is not made yet: what it follows from (None: too much to be kept), and how it is made."""

    key: Hashable
    make: Callable[[], Made]


class Sources:
    """Which data an answer was made of, in which version; told by what reads them."""

    def __init__(self) -> None:
        self.scope = NOTHING
        self._versions: set[int] = set()

    def read(
        self, version: int, *collection_ids: str, box: Box | None = None, feature_id: str | None = None
    ) -> None:
        """Note that something of these collections was read under this version.

        `box` and `feature_id` narrow down what was read, as in `Scope`, where nothing else is.
        """
        names = frozenset(CHANGED_WITH.get(one, one) for one in collection_ids)
        if self._versions:
            names, box, feature_id = names | self.scope.collections, None, None
        self.scope = Scope(names, box, feature_id)
        self._versions.add(version)

    @property
    def version(self) -> int:
        """The version that all of it has; of several the first one, since when anything may have changed."""
        return min(self._versions, default=0)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way, in a coding; `kept` is None where nobody else gets this very answer."""

    made: Made
    coded: Coded
    kept: Kept | None
    cache_status: str

    def headers(self) -> dict[str, str]:
        """Return the headers that belong to the content and its coding."""
        headers = {**self.made.headers, "ETag": self.coded.etag, "Cache-Status": self.cache_status}
        headers["Vary"] = f"{headers.get('Vary', 'Accept, Accept-Language')}, Accept-Encoding"
        if self.coded.coding != IDENTITY:
            headers["Content-Encoding"] = self.coded.coding
        if self.cache_status == BYPASS:
            headers["Cache-Control"] = PRIVATE
        return headers


class Leaving(NamedTuple):
    """What an answer is that leaves, for those before the application who can give it themselves next time.

    Attributes
    ----------
    asked : Asked or None
        What it is called; None: it cannot be told apart by a short name.
    """

    reply: Reply
    asked: Asked | None
    offer: Offer
    resource_name: str


LEAVING = "geo_service.leaving"  # where in the WSGI environment it stands


def follow(cache: AnswerCache, recipe: Recipe, accept_encoding: str, *, shared: bool) -> Reply:
    """Make an answer, or take the one that is kept; what is not `shared` is neither kept nor taken."""
    coding = choose_coding(accept_encoding)
    if shared and recipe.key is not None:
        kept, hit = cache.get(recipe.key, recipe.make)
        return Reply(kept.made, cache.coded(kept, coding), kept, HIT if hit else MISS)
    made = recipe.make()
    if len(made.data) < MIN_CODED_BYTES:
        coding = IDENTITY
    return Reply(made, make_coded(made.data, coding), None, MISS if shared else BYPASS)
