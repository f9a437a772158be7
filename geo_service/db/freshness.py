"""The newest version of the published data that this machine knows of; replicas must have got that far.

A streaming replica answers with what it has, however old that is. So whoever reads from one looks first whether it has
reached the version that any worker process of this service has heard of or read. The number lies in memory that the
workers share with the process that started them.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from typing import Any
from weakref import WeakKeyDictionary

_NUMBER = struct.Struct("q")
VERSION_SQL = "SELECT version FROM publication.dataset"


class Newest:
    """A number that only grows, shared by a process and all that are forked from it."""

    def __init__(self) -> None:
        self._file = os.memfd_create("geo-service-newest", os.MFD_CLOEXEC)
        os.ftruncate(self._file, mmap.PAGESIZE)
        self._memory = mmap.mmap(self._file, mmap.PAGESIZE)
        self._lock = threading.Lock()

    @property
    def version(self) -> int:
        """The newest version; 0 when none is known."""
        number: int = _NUMBER.unpack_from(self._memory)[0]
        return number

    def note(self, version: int) -> None:
        """Take note of a version that somebody has seen."""
        if version > self.version:
            with self._lock:
                # The kernel releases it when its holder is killed.
                fcntl.lockf(self._file, fcntl.LOCK_EX)
                try:
                    if version > self.version:
                        _NUMBER.pack_into(self._memory, 0, version)
                finally:
                    fcntl.lockf(self._file, fcntl.LOCK_UN)

    def reset(self, version: int) -> None:
        """Believe the primary that there is nothing newer: its data were restored."""
        _NUMBER.pack_into(self._memory, 0, version)


_shared: Newest | None = None
_of_engines: WeakKeyDictionary[Any, Newest] = WeakKeyDictionary()


def share() -> Newest:
    """Return the number of this process and its children; call it before they are made."""
    global _shared
    if _shared is None:
        _shared = Newest()
    return _shared


def concerns(engine: Any, newest: Newest) -> None:
    """Let what is read through `engine` count for `newest`."""
    _of_engines[engine] = newest


def reads_replicas(engine: Any) -> bool:
    """Tell whether an engine reads from servers that may lag behind."""
    return engine in _of_engines


def seen(engine: Any, version: int) -> None:
    """Note that a version was read through an engine; costs nothing where there are no replicas."""
    newest = _of_engines.get(engine)
    if newest is not None:
        newest.note(version)
