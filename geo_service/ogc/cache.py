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
from typing import Any

from geo_service.db.changes import Token
from geo_service.db.watch import PublicationWatch
from geo_service.domain.codings import IDENTITY, MIN_CODED_BYTES, compress
from geo_service.errors import UnavailableError
from geo_service.ogc.kept import Coded, Head, Headers, Kept, Made, Ready

# What an entry takes besides its content: the objects that it is made of and their places in dictionaries.
OVERHEAD_BYTES = 1_500
NAME_BYTES = 1_000
CODING_BYTES = 400
LEAVING_BYTES = 1_500
HEAD_BYTES = 500
# An answer may take this part of the memory at most, so that a single one does not push out all others.
LARGEST_SHARE = 8
MAX_NAMES = 16
# Programs word a request each in their own way; of an answer that many ask for, the oldest wordings go first.
MAX_HEADS = 16
# How long equal requests wait for the one of them that is being answered.
WAIT_S = 10.0


@dataclass(slots=True)
class _Place:
    """What is known about a path for as long as answers from there are kept."""

    known: Any
    count: int = 0


@dataclass(slots=True)
class _Flight:
    """A computation under way, and those who wait for it."""

    done: threading.Event = field(default_factory=threading.Event)
    kept: Kept | None = None
    error: Exception | None = None
    slow: bool = False


class AnswerCache:
    """The answers of one process, at most `max_bytes` of them; what was not asked for longest goes first.

    An answer has a key, which its content follows from; names: what requests that it has answered are called by those
    who cannot tell the key; and heads: those requests, word for word. Names and heads lead to answers and end with them.
    """

    def __init__(self, watch: PublicationWatch, max_bytes: int) -> None:
        self._watch = watch
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._named: dict[Hashable, Kept] = {}
        self._headed: dict[bytes, Kept] = {}
        self._places: dict[str, _Place] = {}
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

    def get(self, key: Hashable, compute: Callable[[], Made]) -> tuple[Kept, bool]:
        """Return the answer for `key`, and whether it was there already.

        Parameters
        ----------
        key : hashable
            Everything that the content depends on, but for the published data.
        compute : callable
            Makes the answer. For one key it runs once at a time; its errors go to all who wait.
        """
        while True:
            kept, flight, leads = self._look(key)
            if kept is not None:
                if self._still_true(kept):
                    return kept, True
            elif leads:
                return self._compute(key, compute, flight), False
            else:
                if flight.slow or not flight.done.wait(WAIT_S):
                    flight.slow = True  # nobody else waits for it: each who does keeps a thread
                    raise UnavailableError("the same answer is being made, and takes long", retry_after=5)
                if flight.error is not None:
                    raise flight.error
                # It may have been read before this request came: it counts only if it is true now.
                if flight.kept is not None and self._still_true(flight.kept):
                    return flight.kept, True

    def find(self, name: Hashable) -> Kept | None:
        """Return the answer of this name if it is kept and, as can be told without asking, true."""
        kept = self._named.get(name)
        return None if kept is None else self._true_now(kept)

    def ready(self, head: bytes) -> Ready | None:
        """Return what answers a request that begins with this very head, under the same condition as `find`."""
        kept = self._headed.get(head)
        return None if kept is None or self._true_now(kept) is None else kept.heads.get(head)

    def _true_now(self, kept: Kept) -> Kept | None:
        if kept.made.scope.collections:
            token = self._watch.known()
            if token is None:
                return None
            if kept.token != token and not self._carry_over(kept, token):
                return None
        with self._lock:
            self._hits += 1
            if self._kept.get(kept.key) is kept:
                self._kept.move_to_end(kept.key)
        return kept

    def place(self, path: str) -> Any:
        """Return what is known about a path from which answers are kept, as given to `name`; else None."""
        place = self._places.get(path)
        return place and place.known

    def name(self, kept: Kept, name: Hashable, size: int, path: str, known: Any) -> None:
        """Let an answer be found by `name` of this size as long as it is kept, and what is `known` about its path."""
        with self._lock:
            if self._kept.get(kept.key) is not kept or name in self._named or len(kept.names) >= MAX_NAMES:
                return
            kept.names.append((name, path))
            self._named[name] = kept
            self._places.setdefault(path, _Place(known)).count += 1
            self._grow(kept, NAME_BYTES + size)

    def recognise(self, kept: Kept, head: bytes, ready: Ready) -> None:
        """Let an answer be found by a whole head of a request, as long as it is kept."""
        with self._lock:
            if self._kept.get(kept.key) is not kept or head in self._headed:
                return
            if len(kept.heads) >= MAX_HEADS:
                oldest = next(iter(kept.heads))
                del self._headed[oldest]
                del kept.heads[oldest]
                self._grow(kept, -(HEAD_BYTES + len(oldest)))
            kept.heads[head] = ready
            self._headed[head] = kept
            self._grow(kept, HEAD_BYTES + len(head))

    def coded(self, kept: Kept, coding: str) -> Coded:
        """Return an answer in a content coding, which is made once; as it is where coding does not pay."""
        if len(kept.data) < MIN_CODED_BYTES:
            coding = IDENTITY
        found = kept.codings.get(coding)
        if found is None:
            found = make_coded(kept.data, coding)
            with self._lock:
                if coding not in kept.codings:
                    kept.codings[coding] = found
                    # In identity the content is the same object.
                    self._grow(kept, CODING_BYTES + (0 if found.coding == IDENTITY else len(found.data)))
        return found

    def leaves(self, kept: Kept, coded: Coded, status: int, line: str, headers: Headers) -> None:
        """Remember status line and headers of an answer, for the next time that it leaves."""
        with self._lock:
            if status not in coded.leaving:
                coded.leaving[status] = head = Head.of(line, headers)
                self._grow(kept, LEAVING_BYTES + 2 * len(head.data))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._named.clear()
            self._headed.clear()
            self._places.clear()
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
        if not kept.made.scope.collections:
            return True
        if not self._carry_over(kept, self._watch.current()):
            return False
        with self._lock:
            if self._kept.get(kept.key) is kept:
                self._kept.move_to_end(kept.key)
        return True

    def _carry_over(self, kept: Kept, token: Token) -> bool:
        """Take an answer over to a later state; drop it where what it depends on has changed."""
        scope = kept.made.scope
        touched = self._watch.touched(kept.token, scope.collections, scope.box, scope.feature_id)
        with self._lock:
            if touched:
                self._drop(kept)
            else:
                kept.token = max(kept.token, token)
        return not touched

    def _compute(self, key: Hashable, compute: Callable[[], Made], flight: _Flight) -> Kept:
        try:
            epoch = self._watch.epoch()
            made = compute()
            size = OVERHEAD_BYTES + len(made.data)
            flight.kept = kept = Kept(key, made, Token(epoch, made.version), size)
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
            if kept.size > self._max_bytes // LARGEST_SHARE:
                return
            if known := self._kept.get(kept.key):
                self._drop(known)
            self._kept[kept.key] = kept
            self._bytes += kept.size
            self._shrink()

    def _grow(self, kept: Kept, count: int) -> None:
        kept.size += count
        if self._kept.get(kept.key) is kept:
            self._bytes += count
            self._shrink()

    def _shrink(self) -> None:
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept.values())))

    def _drop(self, kept: Kept) -> None:
        if self._kept.get(kept.key) is kept:
            del self._kept[kept.key]
            self._bytes -= kept.size
            for head in kept.heads:
                del self._headed[head]
            for name, path in kept.names:
                del self._named[name]
                place = self._places[path]
                place.count -= 1
                if not place.count:
                    del self._places[path]


def make_coded(data: bytes, coding: str) -> Coded:
    """Return content in a coding, or as it is where that is shorter.

    The entity tag is a hash of exactly these bytes, and therefore strong.
    """
    coded = compress(data, coding)
    if len(coded) >= len(data):
        coding, coded = IDENTITY, data
    # Processors compute SHA-256 themselves: it costs a quarter of what others do.
    return Coded(coding, coded, f'"{hashlib.sha256(coded).hexdigest()[:32]}"')
