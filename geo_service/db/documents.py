"""Documents of profiles: what there is, and their content piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from geo_service.db.engine import reading
from geo_service.db.texts import storable
from geo_service.errors import UnavailableError

CHUNK = 2**20

_DOCUMENT = text("""
    SELECT area_id, file_name, media_type, size_bytes, sha256
    FROM publication.document_file WHERE area_id = :area_id AND file_name = :file_name
""")

# By its checksum too: the pieces of one answer belong to one and the same content.
_PIECE = text("""
    SELECT substring(content FROM :start + 1 FOR :length)
    FROM publication.document_file
    WHERE area_id = :area_id AND file_name = :file_name AND sha256 = :sha256
""")


@dataclass(frozen=True)
class DocumentFile:
    """One released document of a published area, without its bytes; `sha256` is lower-case hex."""

    area_id: str
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str


def find_document(connection: Connection, area_id: str, file_name: str) -> DocumentFile | None:
    """Return a released document of a published area, or None."""
    values = {"area_id": storable(area_id), "file_name": storable(file_name)}
    row = connection.execute(_DOCUMENT, values).one_or_none()
    return None if row is None else DocumentFile(**row._mapping)


class DocumentStream:
    """The bytes of a document from the database, a megabyte at a time; a file as far as an answer needs one."""

    def __init__(self, engine: Engine, document: DocumentFile) -> None:
        self._engine, self._document, self._position = engine, document, 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next piece.

        Raises
        ------
        UnavailableError
            The document was replaced or withdrawn meanwhile: the answer breaks off rather than mixing two.
        """
        found = self._document
        if self._position >= found.size_bytes:
            raise StopIteration
        values = {
            "area_id": found.area_id,
            "file_name": found.file_name,
            "sha256": found.sha256,
            "start": self._position,
            "length": CHUNK,
        }
        with reading(self._engine) as connection:
            piece = connection.scalar(_PIECE, values)
        if not piece:
            raise UnavailableError(f"the document {found.file_name!r} changed while it was being read")
        self._position += len(piece)
        return bytes(piece)

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def seek(self, position: int) -> None:
        """Go on at `position`, counted in bytes from the beginning."""
        self._position = position

    def tell(self) -> int:
        """Return the position of the next piece."""
        return self._position
