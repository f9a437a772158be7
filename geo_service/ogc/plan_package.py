"""What a GeoPackage from a stranger may not contain before GDAL opens it.

A database is also a program: reading a view can take for ever, and a generated column can be larger than the memory.
Nobody can stop SQLite inside of GDAL, so that only tables of stored values are let through, and the spatial indexes
of the standard.
"""

from __future__ import annotations

import re
import sqlite3

from geo_service.errors import InvalidParameterError, Message

_SPATIAL_INDEX = re.compile(
    r'CREATE VIRTUAL TABLE\s+(?:"(?:[^"]|"")+"|\w+)\s+USING\s+"?rtree"?\s*\([^()]*\)', re.IGNORECASE
)
# By `hidden` of SQLite's table_xinfo: 1 is a column of a virtual table, 2 and 3 are worked out.
_GENERATED = (2, 3)


def check_package(content: bytes) -> None:
    """Look at the schema of a SQLite file, without reading any of its tables.

    Raises
    ------
    InvalidParameterError
        Something in it is worked out rather than stored.
    ValueError
        The file is broken.
    """
    try:
        connection = sqlite3.connect(":memory:")
        try:
            # Whoever has the file open in QGIS uploads one in WAL mode, which a database in memory cannot have.
            connection.deserialize(content[:18] + b"\1\1" + content[20:])
            found = _odd_one(connection)
        finally:
            connection.close()
    except (sqlite3.Error, OverflowError) as error:
        raise ValueError(f"no readable database: {error}") from error
    if found is not None:
        name = found[:60]
        raise InvalidParameterError(
            "file",
            Message(
                f"Das GeoPackage enthält mit {name!r} eine Sicht, eine berechnete Spalte oder eine virtuelle Tabelle; "
                "gelesen werden nur gewöhnliche Tabellen.",
                f"The GeoPackage contains with {name!r} a view, a generated column or a virtual table; only ordinary "
                "tables are read.",
            ),
        )


def _odd_one(connection: sqlite3.Connection) -> str | None:
    """Return the name of the first table that is not only stored values."""
    # As SQLite itself has understood the schema; what the file says of its entries may be wrong.
    tables = connection.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").fetchall()
    for name, kind in tables:
        if kind == "virtual":
            row = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            if row is None or not _SPATIAL_INDEX.fullmatch(str(row[0])):
                return str(name)
        elif kind == "view":
            return str(name)
        else:
            hidden = connection.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
            if any(value in _GENERATED for (value,) in hidden):
                return str(name)
    return None
