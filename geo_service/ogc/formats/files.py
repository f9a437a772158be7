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

    def __iter__(self) -> FileReader:
        return FileReader(self)

    def read(self, offset: int) -> bytes:
        """Return the piece that begins `offset` bytes behind the beginning; nothing behind the end."""
        return os.pread(self._descriptor, CHUNK, offset)


class FileReader:
    """One answer's way through a file; a file itself as far as an answer needs one."""

    def __init__(self, content: FileContent) -> None:
        self._content = content
        self._position = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._content.read(self._position)
        if not piece:
            raise StopIteration
        self._position += len(piece)
        return piece

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def seek(self, position: int) -> None:
        """Go on at `position`, counted in bytes from the beginning."""
        self._position = position

    def tell(self) -> int:
        """Return the position of the next piece."""
        return self._position


def make_file(write: Callable[[Path], Path]) -> FileContent:
    """Let `write` make a file in a temporary directory that is given to it, and return its content.

    Parameters
    ----------
    write : callable
        Takes the directory and returns the path of the file that is meant; others there are discarded.
    """
    with tempfile.TemporaryDirectory(prefix="geo-service-") as folder:
        return FileContent(write(Path(folder)))
