"""What follows from the published data alone and is asked for with every page: computed once for each version of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection

from geo_service.db.items import dataset_version

T = TypeVar("T")
KEPT = 512


class Memo:
    """Results of one process, by the version of the data that was read in the same transaction.

    A result is never older than the page that it stands on: where `connection` sees one state of the data
    throughout, version and result belong together, and another version has another key.
    """

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, connection: Connection, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` returns, or returned for this key and the version that `connection` sees.

        Parameters
        ----------
        connection : Connection
            As of ``reading_snapshot``.
        """
        versioned = (dataset_version(connection), key)
        with self._lock:
            if versioned in self._kept:
                self._kept.move_to_end(versioned)
                found: T = self._kept[versioned]
                return found
        result = compute()
        with self._lock:
            self._kept[versioned] = result
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return result
