"""Checks a file row by row, before the database is asked, and hands on rows that are ready to be stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo_service.domain.geometry import (
    PLAUSIBLE_25832,
    GeometryFault,
    as_multipolygons,
    find_faults,
)
from geo_service.ingest.columns import ColumnPlan
from geo_service.ingest.read import Batch, SourceFile
from geo_service.ingest.report import Findings, ImportReport
from geo_service.ingest.reproject import METRE_TOLERANCE, Reprojection
from geo_service.ingest.values import Reader, Value, ValueFaultError

_POINT, _MULTIPOINT = 0, 4
_PRINTED_WARNINGS = 5
_GEOMETRY_TEXTS = {
    "geometry-missing": ("hat keine Geometrie", "has no geometry"),
    "geometry-empty": ("hat eine leere Geometrie", "has an empty geometry"),
    "geometry-type": ("ist keine Fläche, sondern {}", "is not a polygon but {}"),
    "geometry-numbers": (
        "hat Koordinaten, die keine endlichen Zahlen sind oder sich nicht transformieren lassen",
        "has coordinates that are not finite numbers or cannot be transformed",
    ),
    "geometry-invalid": ("ist keine gültige Fläche: {}", "is not a valid polygon: {}"),
    "geometry-place": (
        "liegt außerhalb von Deutschland; stimmt das Koordinatenreferenzsystem?",
        "is outside of Germany; is the coordinate reference system right?",
    ),
}


@dataclass(frozen=True)
class CheckedBatch:
    """Rows of a file, converted. Rows with findings are in it as well; the file is refused later.

    Attributes
    ----------
    columns : dict of str to list
        Values by field name, for the fields that the file brings.
    geometries : array
        In EPSG:25832.
    """

    first_row: int
    columns: dict[str, list[Value]]
    geometries: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.geometries)


class Checker:
    """Checks the batches of one file one after the other."""

    def __init__(
        self,
        source: SourceFile,
        plan: ColumnPlan,
        reprojection: Reprojection | None,
        id_field: str,
        findings: Findings,
        report: ImportReport,
    ) -> None:
        self._source = source
        self._plan = plan
        self._reprojection = reprojection
        self._id_field = id_field
        self._findings = findings
        self._report = report
        self._readers = {field.name: Reader(field) for field, _ in plan.sources}
        self._first_rows: dict[str, int] = {}
        self._promoted = self._with_z = 0
        # Municipalities without an outline are published, exported and hence imported as points.
        self._points_allowed = id_field == "ags"

    @property
    def count(self) -> int:
        """How many features the file says it has."""
        return self._source.count

    @property
    def tolerance(self) -> float:
        """Metres by which rounding in such a file may move a vertex."""
        return self._reprojection.tolerance if self._reprojection else METRE_TOLERANCE

    def batches(self) -> Iterator[CheckedBatch]:
        """Yield the rows of the file; notes are added to the report at its end."""
        for batch in self._source.batches():
            ids, columns = self._values(batch)
            geometries = self._geometries(batch, ids)
            self._duplicates(batch.first_row, ids)
            self._report.read += len(batch)
            yield CheckedBatch(batch.first_row, columns, geometries)
        self._add_notes()

    def _values(self, batch: Batch) -> tuple[list[str | None], dict[str, list[Value]]]:
        """Read a batch's values; return the identifiers and the columns by field name."""
        columns: dict[str, list[Value]] = {}
        faults: list[tuple[int, str, ValueFaultError]] = []
        for field, column in self._plan.sources:
            read = self._readers[field.name].read
            values: list[Value] = []
            for index, raw in enumerate(batch.columns[column]):
                try:
                    values.append(read(raw))
                except ValueFaultError as error:
                    values.append(None)
                    faults.append((index, column, error))
            columns[field.name] = values
        ids = [str(value) if value is not None else None for value in columns.get(self._id_field, [])]
        ids = ids or [None] * len(batch)
        for index, column, fault in faults:
            self._findings.add(
                "value",
                fault.message.de,
                fault.message.en,
                row=batch.first_row + index,
                feature_id=ids[index],
                where=column,
            )
        return ids, columns

    def _geometries(self, batch: Batch, ids: list[str | None]) -> npt.NDArray[Any]:
        with np.errstate(invalid="ignore"):
            geometries = np.asarray(shapely.from_wkb(batch.wkb, on_invalid="ignore"), dtype=object)
        broken = [
            GeometryFault(index, "geometry-invalid", "ring not closed or too short")
            for index in np.flatnonzero(shapely.is_missing(geometries)).tolist()
            if batch.wkb[index] is not None
        ]
        geometries, promoted, with_z = as_multipolygons(geometries)
        self._promoted += promoted
        self._with_z += with_z
        plausible = None
        if self._reprojection is not None:
            with np.errstate(invalid="ignore"):
                geometries = self._reprojection.apply(geometries)
            plausible = PLAUSIBLE_25832
        known = {fault.index for fault in broken}
        found = [fault for fault in find_faults(geometries, plausible) if fault.index not in known]
        for fault in broken + found:
            if not (self._points_allowed and self._is_point(fault, geometries[fault.index])):
                self._add_fault(fault, batch.first_row, ids)
        return geometries

    def _is_point(self, fault: GeometryFault, geometry: Any) -> bool:
        if fault.rule == "geometry-missing":
            return True
        return fault.rule == "geometry-type" and shapely.get_type_id(geometry) in (_POINT, _MULTIPOINT)

    def _add_fault(self, fault: GeometryFault, first_row: int, ids: list[str | None]) -> None:
        de, en = _GEOMETRY_TEXTS[fault.rule]
        where = "{:.2f} {:.2f}".format(*fault.place) if fault.place else ""
        if where and self._reprojection is not None:
            where += " EPSG:25832"
        self._findings.add(
            fault.rule,
            de.format(fault.detail),
            en.format(fault.detail),
            row=first_row + fault.index,
            feature_id=ids[fault.index],
            where=where,
        )

    def _duplicates(self, first_row: int, ids: list[str | None]) -> None:
        for row, feature_id in enumerate(ids, start=first_row):
            if feature_id is None:
                continue
            first = self._first_rows.setdefault(feature_id, row)
            if first != row:
                self._findings.add(
                    "id-twice",
                    f"{self._id_field} steht schon in Zeile {first}",
                    f"{self._id_field} is in row {first} already",
                    row=row,
                    feature_id=feature_id,
                    where=self._id_field,
                )

    def _add_notes(self) -> None:
        if self._promoted:
            self._report.note(
                f"{self._promoted} einfache Flächen als MultiPolygon übernommen",
                f"{self._promoted} polygons taken as MultiPolygon",
            )
        if self._with_z:
            self._report.note(
                f"{self._with_z} Geometrien mit Höhen: Höhen weggelassen",
                f"{self._with_z} geometries with heights: heights dropped",
            )
        measured = {warning for warning in self._source.warnings if "Measured (M)" in warning}
        if measured:
            self._report.note(
                "Messwerte (M) der Geometrien weggelassen", "Measures (M) of geometries dropped"
            )
        for reader in self._readers.values():
            self._report.notes.extend(reader.notes())
        for warning in sorted(self._source.warnings - measured)[:_PRINTED_WARNINGS]:
            self._report.note(f"GDAL: {warning}", f"GDAL: {warning}")
