"""Number and extent of the collections, remembered under the dataset version."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Engine

from geo_service.db import items as db_items
from geo_service.db.engine import reading, reading_snapshot
from geo_service.db.items import CollectionSummary
from geo_service.domain.collections import Collection


class Summarised(NamedTuple):
    """Summaries by collection, and the version of the data that all of them belong to."""

    of: Mapping[str, CollectionSummary]
    version: int


class Summaries:
    """Number and extent of each collection, remembered for as long as the dataset version stays the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._known: dict[str, CollectionSummary] = {}

    def get(self, engine: Engine, collections: Iterable[Collection]) -> Summarised:
        """Return the summaries under the version that is published now, all from one state of the data."""
        wanted = {one.collection_id: one for one in collections}
        with reading(engine) as connection:
            version = db_items.dataset_version(connection)
        known = self._under(version)
        if not wanted.keys() <= known.keys():
            with reading_snapshot(engine) as connection:
                version = db_items.dataset_version(connection)
                known = self._under(version)
                for name in wanted.keys() - known.keys():
                    known[name] = db_items.get_summary(connection, wanted[name])
            with self._lock:
                if version == self._version:
                    self._known = known
        return Summarised({name: known[name] for name in wanted}, version)

    def _under(self, version: int) -> dict[str, CollectionSummary]:
        with self._lock:
            if version != self._version:
                self._version, self._known = version, {}
            return dict(self._known)
