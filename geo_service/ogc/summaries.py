"""Number and extent of the collections, remembered under the dataset version."""

from __future__ import annotations

import threading

from sqlalchemy import Connection

from geo_service.db import items as db_items
from geo_service.db.items import CollectionSummary
from geo_service.domain.collections import Collection


class Summaries:
    """Number and extent of each collection, remembered for as long as the dataset version stays the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._known: dict[str, CollectionSummary] = {}

    def get(self, connection: Connection, collection: Collection) -> CollectionSummary:
        """Return the summary under the version that is published now."""
        version = db_items.dataset_version(connection)
        with self._lock:
            if version != self._version:
                self._version, self._known = version, {}
            known = self._known.get(collection.collection_id)
        if known is None:
            # Read after the version: at worst a newer state is remembered under an older version.
            known = db_items.get_summary(connection, collection)
            with self._lock:
                if version == self._version:
                    self._known[collection.collection_id] = known
        return known
