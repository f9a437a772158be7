"""Brings checked rows into the temporary table, and finds out which shapes really changed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from geo_service.domain.crs import STORAGE_SRID
from geo_service.domain.geometry import same_shape
from geo_service.ingest.check import CheckedBatch
from geo_service.ingest.values import Value

_COMPARED_AT_ONCE = 2_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(connection: Connection, batch: CheckedBatch, geometry_types: tuple[int, ...]) -> None:
    """Append the rows of a batch to ``import_row`` by COPY.

    Parameters
    ----------
    geometry_types : tuple of int
        GEOS type numbers that the table takes; rows of another type (which have a finding) go without.
    """
    geometries = batch.geometries.copy()
    geometries[~np.isin(shapely.get_type_id(geometries), geometry_types)] = None
    shapes = shapely.to_wkb(shapely.set_srid(geometries, STORAGE_SRID), hex=True, include_srid=True)
    columns = [[_copied(value) for value in values] for values in batch.columns.values()]
    rows = zip(
        map(str, range(batch.first_row, batch.first_row + len(batch))),
        *columns,
        ["\\N" if shape is None else shape for shape in shapes],
        strict=True,
    )
    data = io.StringIO("".join("\t".join(row) + "\n" for row in rows))
    names = ", ".join(["row_no", *batch.columns, "geom"])
    cursor: Any = connection.connection.cursor()
    cursor.copy_expert(f"COPY import_row ({names}) FROM STDIN", data)
    cursor.close()


def keep_unchanged_shapes(connection: Connection, stored_shape: str, tolerance: float) -> None:
    """Take back ``shape_changed`` where a shape differs from the stored one by rounding alone.

    Parameters
    ----------
    stored_shape : str
        SQL that gives the pairs of shapes that are not equal: ``row_no``, ``given``, ``stored``.
    tolerance : float
        In metres, for each vertex.
    """
    unchanged: list[int] = []
    for rows, given, stored in _pairs(connection, stored_shape):
        unchanged += rows[same_shape(given, stored, tolerance)].tolist()
    if unchanged:
        connection.execute(
            text("UPDATE import_row SET shape_changed = false WHERE row_no = ANY (:rows)"),
            {"rows": unchanged},
        )


def _pairs(connection: Connection, sql: str) -> Iterator[tuple[Any, Any, Any]]:
    streamed = {"stream_results": True, "max_row_buffer": _COMPARED_AT_ONCE}
    result = connection.execute(text(sql), execution_options=streamed)
    for part in result.partitions(_COMPARED_AT_ONCE):
        rows, given, stored = zip(*part, strict=True)
        yield (
            np.array(rows),
            shapely.from_wkb(np.array([bytes(shape) for shape in given], dtype=object)),
            shapely.from_wkb(np.array([bytes(shape) for shape in stored], dtype=object)),
        )


def _copied(value: Value) -> str:
    """Write a value for COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, list):
        items = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value)
        return ("{" + ",".join(items) + "}").translate(_ESCAPES)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
