"""Writes rows of ``publication`` with GDAL: GeoPackage, Shapefile, FlatGeobuf."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from geo_service.domain.collections import Collection
from geo_service.domain.fields import Field
from geo_service.ingest.formats import Format
from geo_service.ingest.report import ExportReport

DBF_TEXT_BYTES = 254
_UTC = 100  # GDAL's way of writing time zones: quarters of an hour, 100 is UTC


def select_list(collection: Collection) -> str:
    """Return the columns to select, lists joined by ``;``."""
    columns = []
    for field in collection.fields:
        if not field.stored:
            continue
        if field.type == "string-array":
            columns.append(f"array_to_string({field.name}, ';') AS {field.name}")
        elif field.type == "date-time":
            columns.append(f"{field.name} AT TIME ZONE 'UTC' AS {field.name}")
        else:
            columns.append(field.name)
    return ", ".join(columns)


class TableWriter:
    """Writes batches of rows to one layer of one file."""

    def __init__(
        self,
        path: Path,
        collection: Collection,
        format_: Format,
        geometry_type: str,
        crs: str,
        public_url: str | None,
    ) -> None:
        self._path = path
        self._collection = collection
        self._format = format_
        self._geometry_type = geometry_type
        self._crs = crs
        self._public_url = public_url
        self._begun = False
        self._kept: list[tuple[npt.NDArray[Any], list[npt.NDArray[Any]], list[npt.NDArray[np.bool_]]]] = []
        self._cut = 0

    def add(self, geometries: npt.NDArray[Any], rows: Sequence[Any]) -> None:
        """Write a batch, or keep it where the format is written in one go."""
        values = [self._values(field, rows) for field in self._collection.fields]
        masks = [np.array([value is None for value in column]) for column in values]
        arrays = [
            self._array(field, column) for field, column in zip(self._collection.fields, values, strict=True)
        ]
        wkb = np.asarray(shapely.to_wkb(geometries), dtype=object)
        if self._format.in_parts:
            self._write(wkb, arrays, masks)
        else:
            self._kept.append((wkb, arrays, masks))

    def close(self, report: ExportReport) -> None:
        """Finish the file, also an empty one, and say what the format could not hold."""
        if not self._format.in_parts and self._kept:
            shapes, columns, masks = zip(*self._kept, strict=True)
            self._write(
                np.concatenate(shapes),
                [np.concatenate(parts) for parts in zip(*columns, strict=True)],
                [np.concatenate(parts) for parts in zip(*masks, strict=True)],
            )
        elif not self._begun:
            nothing = np.array([], dtype=object)
            empty = [self._array(field, []) for field in self._collection.fields]
            self._write(nothing, empty, [np.array([], dtype=bool) for _ in empty])
        if self._cut:
            report.note(
                f"{self._cut} Texte auf {DBF_TEXT_BYTES} Byte gekürzt; mehr fasst ein Shapefile nicht",
                f"{self._cut} texts cut off at {DBF_TEXT_BYTES} bytes, the most that a Shapefile holds",
            )

    def _write(
        self, wkb: npt.NDArray[Any], arrays: list[npt.NDArray[Any]], masks: list[npt.NDArray[np.bool_]]
    ) -> None:
        short = self._format.short_names
        names = [field.short_name if short else field.name for field in self._collection.fields]
        zones = {
            name: np.full(len(wkb), _UTC)
            for name, field in zip(names, self._collection.fields, strict=True)
            if field.type == "date-time" and not short
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of texts cut off; the report counts them
            pyogrio.raw.write(
                str(self._path),
                wkb,
                arrays,
                names,
                field_mask=masks,
                layer=self._path.stem if short else self._collection.layer_name,
                driver=self._format.driver,
                geometry_type=self._geometry_type,
                crs=self._crs,
                encoding="UTF-8" if short else None,
                append=self._begun,
                gdal_tz_offsets=zones,
            )
        self._begun = True

    def _values(self, field: Field, rows: Sequence[Any]) -> list[Any]:
        if field.stored:
            return [getattr(row, field.name) for row in rows]
        if self._public_url is None:
            return [None] * len(rows)
        base = self._public_url.rstrip("/")
        return [f"{base}/profiles/{row.area_id}" for row in rows]

    def _array(self, field: Field, values: list[Any]) -> npt.NDArray[Any]:
        if field.type == "integer":
            return np.array([0 if value is None else value for value in values], dtype=np.int32)
        if field.type == "number":
            return np.array([np.nan if value is None else float(value) for value in values], dtype=float)
        if field.type == "date":
            return np.array(values, dtype="datetime64[D]")
        if field.type == "date-time" and not self._format.short_names:
            return np.array(values, dtype="datetime64[s]")
        if field.type == "date-time":
            values = [
                None if value is None else f"{value.isoformat(timespec='seconds')}Z" for value in values
            ]
        if self._format.short_names:
            self._cut += sum(len(value.encode()) > DBF_TEXT_BYTES for value in values if value)
        return np.array(values, dtype=object)
