"""Files that are made for an answer: nameless from the start, so that nothing is ever left behind."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

CHUNK = 256 * 1024


class FileContent:
    """A finished file without a name, which several answers may send at the same time.

    It disappears from the disk with the last reference to it, also when the process is killed.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        self.size = os.fstat(self._descriptor).st_size

    def __iter__(self) -> Iterator[bytes]:
        offset = 0
        while chunk := os.pread(self._descriptor, CHUNK, offset):
            yield chunk
            offset += len(chunk)


def make_file(write: Callable[[Path], Path]) -> FileContent:
    """Let `write` make a file in a temporary directory that is given to it, and return its content.

    Parameters
    ----------
    write : callable
        Takes the directory and returns the path of the file that is meant; others there are discarded.
    """
    with tempfile.TemporaryDirectory(prefix="geo-service-") as folder:
        return FileContent(write(Path(folder)))
