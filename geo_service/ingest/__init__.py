"""Files in and files out: read, check, report, write."""

from geo_service.ingest.exporter import export_file
from geo_service.ingest.importer import import_file
from geo_service.ingest.options import ExportOptions, ImportOptions
from geo_service.ingest.report import ExportReport, Finding, ImportReport, finding_lines

__all__ = [
    "ExportOptions",
    "ExportReport",
    "Finding",
    "ImportOptions",
    "ImportReport",
    "export_file",
    "finding_lines",
    "import_file",
]
