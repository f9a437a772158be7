"""What changed since: the list of changes of `publication`, read in one statement and remembered in memory.

Every version leaves rows in ``publication.change``: collection, and the boxes of the old and of the new shape.
A row without a box concerns all of its collection. Of older versions than the last thousand nothing is known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Fetch = Callable[[str, Mapping[str, int]], Sequence[Any]]
"""Runs a statement with values bound to it and returns all rows."""

Box = tuple[float, float, float, float]
"""West, south, east, north in EPSG:3857."""

CHANNEL = "geo_service_publication"
MAX_ROWS = 20_000

# One statement, one snapshot: the version and what led to it belong together.
CHANGES_SQL = f"""
SELECT dataset.version, change.version, change.collection, change.feature_id,
       public.ST_XMin(box.geom), public.ST_YMin(box.geom), public.ST_XMax(box.geom), public.ST_YMax(box.geom)
  FROM publication.dataset
  LEFT JOIN publication.change ON change.version > %(version)s
  LEFT JOIN LATERAL public.ST_Dump(change.bbox_3857) AS box ON true
 ORDER BY change.version
 LIMIT {MAX_ROWS + 1}"""
NOTHING_KNOWN = 2**62


class Change(NamedTuple):
    """One change, of one feature or of all; without a box it may be anywhere in its collection."""

    version: int
    collection: str
    box: Box | None
    feature_id: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The way from version `since` to `version`.

    Attributes
    ----------
    complete : bool
        Whether `rows` are all changes; otherwise anything may have changed.
    """

    since: int
    version: int
    rows: tuple[Change, ...]
    complete: bool


def changes_since(fetch: Fetch, version: int) -> Changes:
    """Read the current version and what changed after `version`, in one statement.

    Parameters
    ----------
    version : int
        `NOTHING_KNOWN` asks for the current version alone.
    """
    found = fetch(CHANGES_SQL, {"version": version})
    current = int(found[0][0])
    rows = tuple(
        Change(row[1], row[2], None if row[4] is None else (row[4], row[5], row[6], row[7]), row[3])
        for row in found
        if row[1] is not None
    )
    # Each version has left a row: where one is missing, the list was trimmed or cut short.
    complete = len(rows) <= MAX_ROWS and len({row.version for row in rows}) == current - version
    return Changes(version, current, rows, complete)


class Token(NamedTuple):
    """A state of the published data.

    Attributes
    ----------
    epoch : int
        Grows when the version went backwards, as after restoring a backup: then numbers mean something else.
    """

    epoch: int
    version: int


class ChangeLog:
    """The changes between the oldest version that is remembered and the current one. Not for several threads."""

    def __init__(self) -> None:
        self.token = Token(0, NOTHING_KNOWN)
        self._oldest = NOTHING_KNOWN
        self._versions: list[int] = []
        self._rows: list[Change] = []

    def extend(self, changes: Changes) -> None:
        """Go on to a later version; what was read before that version was known is ignored."""
        epoch, known = self.token
        if NOTHING_KNOWN in (known, changes.since):
            if changes.version > known or known == NOTHING_KNOWN:
                self._restart(Token(epoch, changes.version))
        elif changes.version < changes.since:
            if changes.since == known:
                self._restart(Token(epoch + 1, changes.version))
        elif changes.version > known:
            if changes.complete and changes.since <= known:
                later = [row for row in changes.rows if row.version > known]
                self._rows += later
                self._versions += [row.version for row in later]
                self.token = Token(epoch, changes.version)
                self._forget()
            else:
                self._restart(Token(epoch, changes.version))

    def touched(
        self,
        since: Token,
        collections: Collection[str],
        box: Box | None = None,
        feature_id: str | None = None,
    ) -> bool:
        """Tell whether something of `collections` may have changed after `since`.

        Parameters
        ----------
        box : Box, optional
            Asks for what lies there; otherwise for anywhere.
        feature_id : str, optional
            Asks for this feature alone.
        """
        epoch, version = self.token
        if since.epoch != epoch:
            return True
        if since.version >= version:
            return False
        if since.version < self._oldest:
            return True
        return any(
            row.collection in collections
            and (box is None or row.box is None or _overlap(row.box, box))
            and (feature_id is None or row.feature_id is None or row.feature_id == feature_id)
            for row in self._rows[bisect_right(self._versions, since.version) :]
        )

    def _restart(self, token: Token) -> None:
        self.token, self._oldest, self._versions, self._rows = token, token.version, [], []

    def _forget(self) -> None:
        """Keep the memory bounded: of a long list only the younger half stays, in whole versions."""
        if len(self._rows) > MAX_ROWS:
            self._oldest = self._versions[len(self._rows) // 2]
            cut = bisect_right(self._versions, self._oldest)
            del self._rows[:cut], self._versions[:cut]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
