"""Writes staged municipalities into ``registry``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from geo_service.ingest.check import CheckedBatch
from geo_service.ingest.options import ImportOptions
from geo_service.ingest.read import SourceFile
from geo_service.ingest.report import Findings, ImportReport
from geo_service.ingest.stage import copy_rows, keep_unchanged_shapes
from geo_service.ingest.statements import statement
from geo_service.ingest.stored_checks import MUNICIPALITY_CHECKS, run_checks

_POINT, _MULTIPOLYGON = 0, 6

_NOT_EQUAL = """
    SELECT row_no, given, stored FROM (
        SELECT r.row_no, public.ST_AsBinary(r.geom) AS given, public.ST_AsBinary(
            CASE public.GeometryType(r.geom)
                WHEN 'POINT' THEN coalesce(m.point, public.ST_PointOnSurface(m.outline)) ELSE m.outline
            END
        ) AS stored
        FROM import_row AS r
        JOIN registry.municipality AS m ON m.ags = r.ags
        WHERE r.shape_changed
    ) AS pair
    WHERE stored IS NOT NULL
"""


class MunicipalityWriter:
    """The database's side of an import of municipalities."""

    id_column = "ags"

    def __init__(
        self, connection: Connection, options: ImportOptions, source: SourceFile, present: list[str]
    ) -> None:
        self._connection = connection
        self._values: dict[str, Any] = {
            "present": present,
            "new": options.new,
            "source": options.source,
            "licence": options.licence,
            "cut": source.text_limit,
        }

    def prepare(self) -> None:
        """Make the temporary table."""
        self._connection.execute(statement("import_text"))
        self._connection.execute(statement("municipality_staging"))

    def stage(self, batch: CheckedBatch) -> None:
        """Bring a batch into the temporary table."""
        copy_rows(self._connection, batch, (_POINT, _MULTIPOLYGON))

    def lock(self) -> None:
        """Wait until no other transaction writes; from here on what is read stays as it is."""
        # The trigger that takes the lock belongs to every statement, even one that changes no row.
        self._connection.execute(text("UPDATE registry.municipality SET name = name WHERE false"))

    def compare(self, tolerance: float, findings: Findings) -> None:
        """Find out what is new and what changed, and ask what only the database can answer."""
        self._connection.execute(text("ANALYZE import_row"))
        self._connection.execute(statement("municipality_match"), self._values)
        keep_unchanged_shapes(self._connection, _NOT_EQUAL, tolerance)
        run_checks(self._connection, MUNICIPALITY_CHECKS, self.id_column, self._values, findings)

    def write(self, report: ImportReport) -> None:
        """Write what is new and what changed, and count it."""
        counts = """SELECT count(*) FILTER (WHERE is_new),
                           count(*) FILTER (
                               WHERE NOT is_new AND shape_changed AND public.GeometryType(geom) <> 'POINT'
                           )
                    FROM import_row"""
        report.added, report.new_boundaries = self._connection.execute(text(counts)).one()
        written = len(self._connection.execute(statement("municipality_write"), self._values).all())
        report.changed = written - report.added
        report.unchanged = report.read - written

    def invalid_shapes(self) -> list[tuple[int, str, str]]:
        """Return row, key and reason of outlines that PostGIS calls invalid."""
        sql = """SELECT row_no, ags, public.ST_IsValidReason(geom) FROM import_row
                 WHERE shape_changed AND NOT public.ST_IsValid(geom) ORDER BY row_no"""
        return [tuple(row) for row in self._connection.execute(text(sql))]
