"""Answers kept in memory for as long as they are true, each with its content codings.

An answer is kept under the version that was read with it. Before it is given again, the changes since are looked
at: where they do not touch it, it is carried over to the current version without SQL; else it is dropped.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from geo_service.db.changes import Box, Token
from geo_service.db.watch import PublicationWatch
from geo_service.domain.codings import IDENTITY, MIN_CODED_BYTES, compress

# What an entry takes besides its content: key, scope and their places in dictionaries.
OVERHEAD_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer depends on: features of some collections, all of them or those in a box (EPSG:3857)."""

    collections: frozenset[str]
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """The bytes of an answer in one content coding, with their strong entity tag."""

    coding: str
    data: bytes
    etag: str


@dataclass(slots=True)
class Kept:
    """An answer and the state of the data for which it is true."""

    key: Hashable
    scope: Scope
    data: bytes
    token: Token
    codings: dict[str, Coded] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of memory, roughly."""
        # In identity the content is the same object.
        coded = sum(len(one.data) for one in self.codings.values() if one.coding != IDENTITY)
        return OVERHEAD_BYTES + len(self.data) + coded


@dataclass(slots=True)
class _Flight:
    """A computation under way, and those who wait for it."""

    done: threading.Event = field(default_factory=threading.Event)
    kept: Kept | None = None
    error: Exception | None = None


class AnswerCache:
    """The answers of one process, at most `max_bytes` of them; what was not asked for longest goes first."""

    def __init__(self, watch: PublicationWatch, max_bytes: int) -> None:
        self._watch = watch
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._flights: dict[Hashable, _Flight] = {}
        self._bytes = 0
        self._hits = self._misses = 0

    @property
    def watch(self) -> PublicationWatch:
        """What says which version is published."""
        return self._watch

    def stats(self) -> dict[str, int]:
        """Return how often an answer was there, how often not, and what is kept."""
        with self._lock:
            return {
                "hits": self._hits,
                "misses": self._misses,
                "entries": len(self._kept),
                "bytes": self._bytes,
            }

    def get(self, key: Hashable, scope: Scope, compute: Callable[[], tuple[bytes, int]]) -> tuple[Kept, bool]:
        """Return the answer for `key`, and whether it was there already.

        Parameters
        ----------
        key : hashable
            Everything that the content depends on, but for the published data.
        compute : callable
            Makes the content and returns it with the dataset version that the same statement read. For one key it
            runs once at a time; its errors go to all who wait.
        """
        while True:
            kept, flight, leads = self._look(key)
            if kept is not None:
                if self._still_true(kept):
                    return kept, True
            elif leads:
                return self._compute(key, scope, compute, flight), False
            else:
                flight.done.wait()
                if flight.error is not None:
                    raise flight.error
                # It may have been read before this request came: it counts only if it is true now.
                if flight.kept is not None and self._still_true(flight.kept):
                    return flight.kept, True

    def coded(self, kept: Kept, coding: str) -> Coded:
        """Return an answer in a content coding, which is made once; as it is where coding does not pay."""
        if len(kept.data) < MIN_CODED_BYTES:
            coding = IDENTITY
        found = kept.codings.get(coding)
        if found is None:
            found = make_coded(kept.data, coding)
            with self._lock:
                if coding not in kept.codings:
                    before = kept.size
                    kept.codings[coding] = found
                    if self._kept.get(kept.key) is kept:
                        self._bytes += kept.size - before
                        self._shrink()
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _look(self, key: Hashable) -> tuple[Kept | None, _Flight, bool]:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._hits += 1
                return kept, _Flight(), False
            self._misses += 1
            flight = self._flights.get(key)
            if flight is not None:
                return None, flight, False
            self._flights[key] = flight = _Flight()
            return None, flight, True

    def _still_true(self, kept: Kept) -> bool:
        token = self._watch.current()
        touched = self._watch.touched(kept.token, kept.scope.collections, kept.scope.box)
        with self._lock:
            inside = self._kept.get(kept.key) is kept
            if touched:
                if inside:
                    del self._kept[kept.key]
                    self._bytes -= kept.size
            else:
                kept.token = max(kept.token, token)
                if inside:
                    self._kept.move_to_end(kept.key)
        return not touched

    def _compute(
        self, key: Hashable, scope: Scope, compute: Callable[[], tuple[bytes, int]], flight: _Flight
    ) -> Kept:
        try:
            epoch = self._watch.epoch()
            data, version = compute()
            flight.kept = kept = Kept(key, scope, data, Token(epoch, version))
            self._keep(kept)
            return kept
        except Exception as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                del self._flights[key]
            flight.done.set()

    def _keep(self, kept: Kept) -> None:
        with self._lock:
            if kept.size > self._max_bytes:
                return
            self._kept[kept.key] = kept
            self._bytes += kept.size
            self._shrink()

    def _shrink(self) -> None:
        while self._bytes > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size


def make_coded(data: bytes, coding: str) -> Coded:
    """Return content in a coding; the entity tag is a hash of exactly these bytes, and therefore strong."""
    coded = compress(data, coding)
    return Coded(coding, coded, f'"{hashlib.blake2b(coded, digest_size=16).hexdigest()}"')
