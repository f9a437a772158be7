"""Writes staged programme areas into ``registry``, set by set."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo_service.ingest.check import CheckedBatch
from geo_service.ingest.options import ImportOptions
from geo_service.ingest.read import SourceFile
from geo_service.ingest.report import Findings, ImportReport
from geo_service.ingest.stage import copy_rows, keep_unchanged_shapes
from geo_service.ingest.statements import statement
from geo_service.ingest.stored_checks import AREA_CHECKS, run_checks

_MULTIPOLYGON = 6
_MANY = 1_000

_NOT_EQUAL = """
    SELECT r.row_no, public.ST_AsBinary(r.geom) AS given, public.ST_AsBinary(b.geom) AS stored
    FROM import_row AS r
    JOIN registry.boundary AS b ON b.area_no = r.area_no AND b.valid_to IS NULL
    WHERE r.shape_changed AND r.geom IS NOT NULL
"""

# What new and changed areas get. `:valid_from` is the first day given by the caller; without it a new
# boundary begins today, and a correction on the day on which the current one began leaves that one no day.
_INSERTS = (
    """INSERT INTO registry.area_name (area_no, name, valid_from)
       SELECT area_no, name, CASE WHEN NOT is_new THEN coalesce(CAST(:valid_from AS date), name_day) END
       FROM import_row WHERE is_new OR name_changed ORDER BY row_no""",
    """INSERT INTO registry.area_municipality (area_no, ags, is_leading)
       SELECT r.area_no, k, k = r.ags FROM import_row AS r CROSS JOIN LATERAL unnest(r.ags_all) AS k
       WHERE r.is_new OR r.towns_changed ORDER BY r.row_no""",
    """INSERT INTO registry.programme_period (area_no, programme)
       SELECT r.area_no, code FROM import_row AS r CROSS JOIN LATERAL unnest(r.programmes) AS code
       WHERE r.programmes_missing ORDER BY r.row_no""",
    """INSERT INTO registry.boundary (area_no, geom, geom_basis, source, reason, licence, valid_from)
       SELECT area_no, geom, geom_basis, geom_source, CAST(:reason AS text), licence,
              coalesce(CAST(:valid_from AS date), boundary_day, current_date)
       FROM import_row WHERE shape_changed ORDER BY row_no""",
)
_CLOSINGS = (
    """WITH changed AS (
           UPDATE registry.area_name AS n
           SET valid_to = coalesce(CAST(:valid_from AS date), r.name_day, current_date)
           FROM import_row AS r WHERE n.area_no = r.area_no AND n.valid_to IS NULL AND r.name_changed
           RETURNING n.area_no
       ) INSERT INTO import_change SELECT area_no FROM changed ON CONFLICT DO NOTHING""",
    """WITH changed AS (
           UPDATE registry.boundary AS b
           SET valid_to = coalesce(CAST(:valid_from AS date), r.boundary_day, current_date)
           FROM import_row AS r
           WHERE b.area_no = r.area_no AND b.valid_to IS NULL AND r.shape_changed AND NOT r.is_new
           RETURNING b.area_no
       ) INSERT INTO import_change SELECT area_no FROM changed ON CONFLICT DO NOTHING""",
    """WITH changed AS (
           UPDATE registry.boundary AS b
           SET (geom_basis, source, licence) = ROW(r.geom_basis, r.geom_source, r.licence)
           FROM import_row AS r
           WHERE b.area_no = r.area_no AND b.valid_to IS NULL AND NOT r.shape_changed
             AND (b.geom_basis, b.source, b.licence) IS DISTINCT FROM (r.geom_basis, r.geom_source, r.licence)
           RETURNING b.area_no
       ) INSERT INTO import_change SELECT area_no FROM changed ON CONFLICT DO NOTHING""",
    """WITH changed AS (
           DELETE FROM registry.area_municipality AS m USING import_row AS r
           WHERE m.area_no = r.area_no AND r.towns_changed
           RETURNING m.area_no
       ) INSERT INTO import_change SELECT DISTINCT area_no FROM changed ON CONFLICT DO NOTHING""",
    """INSERT INTO import_change
       SELECT area_no FROM import_row WHERE programmes_missing AND programmes IS NOT NULL AND NOT is_new
       ON CONFLICT DO NOTHING""",
)


class AreaWriter:
    """The database's side of an import of programme areas."""

    id_column = "area_id"

    def __init__(
        self, connection: Connection, options: ImportOptions, source: SourceFile, present: list[str]
    ) -> None:
        self._connection = connection
        self._options = options
        self._values: dict[str, Any] = {
            "present": present,
            "new": options.new,
            "valid_from": options.valid_from,
            "geom_basis": options.geom_basis,
            "source": options.source,
            "reason": options.reason,
            "licence": options.licence,
            "file_name": source.file_name,
            "cut": source.text_limit,
        }

    def prepare(self) -> None:
        """Make the temporary tables."""
        self._connection.execute(statement("import_text"))
        self._connection.execute(statement("area_staging"))
        self._connection.execute(
            text("CREATE TEMPORARY TABLE import_change (area_no integer PRIMARY KEY) ON COMMIT DROP")
        )

    def stage(self, batch: CheckedBatch) -> None:
        """Bring a batch into the temporary table."""
        copy_rows(self._connection, batch, (_MULTIPOLYGON,))

    def lock(self) -> None:
        """Wait until no other transaction writes; from here on what is read stays as it is."""
        # The trigger that takes the lock belongs to every statement, even one that changes no row.
        self._connection.execute(text("UPDATE registry.programme_area SET status = status WHERE false"))

    def compare(self, tolerance: float, findings: Findings) -> None:
        """Find out what is new and what changed, and ask what only the database can answer."""
        self._connection.execute(text("CREATE INDEX ON import_row (area_id)"))
        self._connection.execute(text("ANALYZE import_row"))
        self._connection.execute(statement("area_match"), self._values)
        self._connection.execute(text("CREATE INDEX ON import_row (area_no)"))
        keep_unchanged_shapes(self._connection, _NOT_EQUAL, tolerance)
        self._connection.execute(statement("area_complete"), self._values)
        self._connection.execute(statement("area_towns"))
        run_checks(self._connection, AREA_CHECKS, self.id_column, self._values, findings)

    def write(self, report: ImportReport) -> None:
        """Write what is new and what changed, and count it."""
        connection, values = self._connection, self._values
        self._count(report)
        connection.execute(statement("area_insert"))
        connection.execute(statement("area_update"), values)
        for sql in (*_CLOSINGS, *_INSERTS):
            connection.execute(text(sql), values)
        report.changed = int(connection.scalar(text("SELECT count(*) FROM import_change")) or 0)
        report.unchanged = report.read - report.added - report.changed
        if report.added + report.changed > _MANY:
            # Publishing comes next, in this transaction; without new numbers it is planned for empty tables.
            for table in ("programme_area", "area_name", "area_municipality", "boundary", "programme_period"):
                connection.execute(text(f"ANALYZE registry.{table}"))

    def invalid_shapes(self) -> list[tuple[int, str, str]]:
        """Return row, identifier and reason of shapes that PostGIS calls invalid."""
        sql = """SELECT row_no, area_id, public.ST_IsValidReason(geom) FROM import_row
                 WHERE shape_changed AND NOT public.ST_IsValid(geom) ORDER BY row_no"""
        return [tuple(row) for row in self._connection.execute(text(sql))]

    def _count(self, report: ImportReport) -> None:
        sql = """SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE shape_changed AND NOT is_new),
                        count(*) FILTER (WHERE shape_changed AND licence IS NULL),
                        count(*) FILTER (WHERE shape_changed AND NOT is_new AND geom_basis = 'schematic'),
                        count(*) FILTER (WHERE shape_changed AND is_new AND geom_basis = 'official')
                 FROM import_row"""
        report.added, report.new_boundaries, unlicensed, schematic, official = self._connection.execute(
            text(sql)
        ).one()
        first_day = self._options.valid_from
        if first_day is not None and first_day > date.today():
            report.note(
                f"--valid-from {first_day} liegt in der Zukunft; veröffentlicht wird trotzdem sofort",
                f"--valid-from {first_day} is in the future; it is published at once all the same",
            )
        if unlicensed:
            report.note(
                f"{unlicensed} neue Abgrenzungen ohne Lizenz (--licence)",
                f"{unlicensed} new boundaries without a licence (--licence)",
            )
        told = self._options.geom_basis is not None or "geom_basis" in self._values["present"]
        if schematic and not told:
            report.note(
                f"{schematic} neue Abgrenzungen gelten weiter als schematisch "
                "(--geom-basis official ändert das)",
                f"{schematic} new boundaries still count as schematic (--geom-basis official changes that)",
            )
        if official and not told:
            report.note(
                f"{official} Abgrenzungen neuer Gebiete als amtlich übernommen "
                "(sonst --geom-basis schematic)",
                f"{official} boundaries of new areas taken as official (otherwise --geom-basis schematic)",
            )
