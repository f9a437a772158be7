"""Imports a file: reads, checks, compares, writes and publishes it in one transaction, or changes nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from geo_service.db.engine import translate
from geo_service.domain.collections import MUNICIPALITIES, PROGRAMME_AREAS, Collection
from geo_service.errors import ConfigError, RejectedDataError
from geo_service.ingest.check import Checker
from geo_service.ingest.columns import ColumnPlan, missing_identifier, plan_columns
from geo_service.ingest.options import ImportOptions
from geo_service.ingest.read import SourceFile, open_source
from geo_service.ingest.report import Findings, ImportReport, Progress
from geo_service.ingest.reproject import Reprojection, make_reprojection
from geo_service.ingest.write_areas import AreaWriter
from geo_service.ingest.write_municipalities import MunicipalityWriter

_COLLECTIONS = {"programme-areas": PROGRAMME_AREAS, "municipalities": MUNICIPALITIES}


def import_file(
    engine: Engine, path: Path, options: ImportOptions, progress: Progress | None = None
) -> ImportReport:
    """Import a file of programme areas or municipalities, all of it or nothing.

    Parameters
    ----------
    engine : Engine
        With the right to write.
    progress : callable, optional
        Called as ``progress(step, done, total)``; steps are ``read``, ``compare``, ``write``, ``publish``.

    Raises
    ------
    RejectedDataError
        With all findings; nothing was changed.
    ConfigError
        The collection cannot be imported.
    UnavailableError
        The database cannot be reached.
    """
    collection = _COLLECTIONS.get(options.collection_id)
    if collection is None:
        raise ConfigError(f"{options.collection_id} cannot be imported, but {' or '.join(_COLLECTIONS)} can.")
    findings = Findings()
    source = open_source(path, options.layer, collection.layer_name)
    plan, reprojection = _understand(source, collection, options, findings)
    report = _begin_report(source, collection, options, plan, reprojection)
    checker = Checker(source, plan, reprojection, collection.id_column, findings, report)
    writer_class = AreaWriter if collection is PROGRAMME_AREAS else MunicipalityWriter
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            writer = writer_class(connection, options, source, plan.present)
            _carry_out(connection, writer, checker, findings, report, progress or _silent)
            if options.dry_run:
                transaction.rollback()
    except DBAPIError as error:
        raise translate(error) from error
    return report


def _understand(
    source: SourceFile, collection: Collection, options: ImportOptions, findings: Findings
) -> tuple[ColumnPlan, Reprojection | None]:
    """Find out what the columns mean and where the coordinates lie; what stands in the way becomes a finding.

    Raises
    ------
    RejectedDataError
        There are no geometries at all.
    """
    plan = plan_columns(source.columns, collection, options.columns, findings)
    if source.count and collection.id_column not in plan.present:
        missing_identifier(source.columns, collection, findings)
    reprojection = make_reprojection(source.crs_text, options.crs, source.bounds, findings)
    if source.geometry_type is None:
        findings.add(
            "geometry-missing",
            f"Die Ebene {source.layer} hat keine Geometrien.",
            f"The layer {source.layer} has no geometries.",
        )
        findings.refuse(source.file_name)
    return plan, reprojection


def _begin_report(
    source: SourceFile,
    collection: Collection,
    options: ImportOptions,
    plan: ColumnPlan,
    reprojection: Reprojection | None,
) -> ImportReport:
    report = ImportReport(
        source.file_name, collection.collection_id, options.dry_run, ignored_columns=plan.ignored
    )
    if reprojection is not None:
        report.crs_name, report.transformation = reprojection.crs_name, reprojection.description
        if options.crs and source.crs_text:
            report.note(
                f"Die Datei nennt {source.crs_text[:40]}; gelesen wurde sie als {options.crs}",
                f"The file says {source.crs_text[:40]}; it was read as {options.crs}",
            )
    return report


def _carry_out(
    connection: Connection,
    writer: AreaWriter | MunicipalityWriter,
    checker: Checker,
    findings: Findings,
    report: ImportReport,
    progress: Progress,
) -> None:
    total = checker.count
    writer.prepare()
    progress("read", 0, total)
    for batch in checker.batches():
        writer.stage(batch)
        progress("read", report.read, total)
    progress("compare", 0, report.read)
    writer.lock()
    writer.compare(checker.tolerance, findings)
    findings.refuse(report.file_name)
    progress("write", 0, report.read)
    _write(connection, writer, findings, report)
    progress("publish", 0, report.added + report.changed)
    # Publishing would happen at COMMIT; now, a dry run finds out about it too.
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    progress("publish", report.added + report.changed, report.added + report.changed)


def _write(
    connection: Connection, writer: AreaWriter | MunicipalityWriter, findings: Findings, report: ImportReport
) -> None:
    """Write, and say in terms of rows what the database refused after all.

    PostGIS may bring another version of GEOS than the one that checked the file.
    """
    try:
        with connection.begin_nested():
            writer.write(report)
    except IntegrityError as error:
        for row_no, feature_id, reason in writer.invalid_shapes():
            findings.add(
                "geometry-invalid", reason, reason, row=row_no, feature_id=feature_id, where="PostGIS"
            )
        findings.refuse(report.file_name)
        detail = str(error.orig).strip().splitlines()[0]
        findings.add("database", f"Die Datenbank lehnt ab: {detail}", f"The database refuses: {detail}")
        raise RejectedDataError(f"{report.file_name}: {detail}", tuple(findings)) from error


def _silent(_step: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""
