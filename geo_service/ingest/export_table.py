"""Writes rows of ``publication`` with GDAL: GeoPackage, Shapefile, FlatGeobuf."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from geo_service.domain.collections import Collection
from geo_service.domain.fields import Field
from geo_service.ingest.formats import GEOPACKAGE, Format
from geo_service.ingest.options import Credits
from geo_service.ingest.report import ExportReport

DBF_TEXT_BYTES = 254
# A newer one makes the QGIS of Debian 12 warn, and has nothing that is used here.
GEOPACKAGE_VERSION = "1.3"
_ARROW_BATCH = 2_000
_UTC = 100  # GDAL's way of writing time zones: quarters of an hour, 100 is UTC


@dataclass(frozen=True)
class TableSource:
    """What is written to a table: some or all features of a collection.

    Attributes
    ----------
    fields : tuple of Field
        Columns of the table, in their order.
    geometry_type : str or None
        Of the layer; None: a table without geometries.
    shape : str
        SQL of the geometry, x before y.
    rows : str
        SQL from ``FROM`` on, with the order.
    values : mapping
        What `rows` binds.
    """

    collection: Collection
    fields: tuple[Field, ...]
    geometry_type: str | None
    shape: str
    rows: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """The statement: ``feature_id``, ``shape`` and the stored fields."""
        shape = f"ST_AsBinary({self.shape})" if self.geometry_type else "NULL::bytea"
        columns = [f"{self.collection.id_column} AS feature_id", f"{shape} AS shape"]
        columns += [_column(one) for one in self.fields if one.stored]
        return f"SELECT {', '.join(columns)} {self.rows}"


def whole_collection(collection: Collection, geometry_type: str, shape: str) -> TableSource:
    """Return the source of all features with all fields, in the order of the key."""
    rows = f"FROM publication.{collection.table} ORDER BY {collection.key_column}"
    return TableSource(collection, collection.fields, geometry_type, shape, rows)


def _column(field: Field) -> str:
    if field.type == "string-array":
        return f"array_to_string({field.name}, ';') AS {field.name}"
    if field.type == "date-time":
        return f"{field.name} AT TIME ZONE 'UTC' AS {field.name}"
    return field.name


class TableWriter:
    """Writes batches of rows to one layer of one file."""

    def __init__(
        self,
        path: Path,
        source: TableSource,
        format_: Format,
        crs: str,
        public_url: str | None,
        credits_: Credits | None = None,
    ) -> None:
        self._path = path
        self._parts_path = path if format_.in_parts else path.with_suffix(".parts.gpkg")
        self._fields = source.fields
        self._collection = source.collection
        self._layer = path.stem if format_.short_names else source.collection.layer_name
        self._format = format_
        self._geometry_type = source.geometry_type
        self._crs = crs if source.geometry_type else None
        self._public_url = public_url
        self._credits = credits_
        self._begun = False
        self._incomplete = source.geometry_type is None
        self._cut = 0

    def add(self, geometries: npt.NDArray[Any] | None, rows: Sequence[Any]) -> None:
        """Write a batch; `geometries` is None in a table without any."""
        values = [self._values(field, rows) for field in self._fields]
        masks = [np.array([value is None for value in column], dtype=bool) for column in values]
        arrays = [self._array(field, column) for field, column in zip(self._fields, values, strict=True)]
        wkb = None if geometries is None else np.asarray(shapely.to_wkb(geometries), dtype=object)
        self._incomplete |= bool(np.any(shapely.is_missing(geometries)))
        self._write(wkb, arrays, masks, len(rows))

    def close(self, report: ExportReport) -> None:
        """Finish the file, also an empty one, and say what the format could not hold."""
        if not self._begun:
            self.add(np.array([], dtype=object) if self._geometry_type else None, [])
        if not self._format.in_parts:
            self._convert()
        if self._cut:
            report.note(
                f"{self._cut} Texte auf {DBF_TEXT_BYTES} Byte gekürzt; mehr fasst ein Shapefile nicht",
                f"{self._cut} texts cut off at {DBF_TEXT_BYTES} bytes, the most that a Shapefile holds",
            )

    def _write(
        self,
        wkb: npt.NDArray[Any] | None,
        arrays: list[npt.NDArray[Any]],
        masks: list[npt.NDArray[np.bool_]],
        count: int,
    ) -> None:
        short = self._format.short_names
        names = [field.short_name if short else field.name for field in self._fields]
        zones = {
            name: np.full(count, _UTC)
            for name, field in zip(names, self._fields, strict=True)
            if field.type == "date-time" and not short
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of texts cut off; the report counts them
            pyogrio.raw.write(
                str(self._parts_path),
                wkb,
                arrays,
                names,
                field_mask=masks,
                layer=self._layer,
                driver=self._format.driver if self._format.in_parts else GEOPACKAGE.driver,
                geometry_type=self._geometry_type,
                crs=self._crs,
                encoding="UTF-8" if short else None,
                append=self._begun,
                gdal_tz_offsets=zones,
                dataset_options={} if short else {"VERSION": GEOPACKAGE_VERSION},
                **self._about(first=not self._begun),
            )
        self._begun = True

    def _about(self, *, first: bool) -> dict[str, Any]:
        """Return what the file says about itself; a Shapefile has no place for it."""
        if self._credits is None or self._format.short_names or not first:
            return {}
        about: dict[str, Any] = {"layer_metadata": self._credits.items()}
        if self._format.in_parts:
            about["dataset_metadata"] = self._credits.items()
            about["layer_options"] = {
                "IDENTIFIER": self._credits.title,
                "DESCRIPTION": self._credits.description,
            }
        return about

    def _convert(self) -> None:
        """Copy the GeoPackage that was written in parts, batch by batch, and remove it."""
        path = str(self._parts_path)
        with pyogrio.raw.open_arrow(path, layer=self._layer, batch_size=_ARROW_BATCH) as (meta, stream):
            pyogrio.raw.write_arrow(
                stream,
                str(self._path),
                layer=self._layer,
                driver=self._format.driver,
                geometry_name=meta["geometry_name"] or None,
                geometry_type=self._geometry_type,
                crs=self._crs,
                # The index of FlatGeobuf cannot hold a feature that lies nowhere.
                layer_options={"SPATIAL_INDEX": "NO" if self._incomplete else "YES"},
                **self._about(first=True),
            )
        self._parts_path.unlink()

    def _values(self, field: Field, rows: Sequence[Any]) -> list[Any]:
        if field.stored:
            return [getattr(row, field.name) for row in rows]
        if self._public_url is None:
            return [None] * len(rows)
        base = f"{self._public_url.rstrip('/')}{self._collection.page_path}"
        return [f"{base}/{row.feature_id}" for row in rows]

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
