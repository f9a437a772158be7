"""The chosen areas as a table to keep: XLSX, and CSV as a German Excel opens it by a double click.

Both have the same columns, with labels instead of codes and without geometry. For programs there is the CSV of
the API: commas, points, codes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Response
from sqlalchemy import Engine

from geo_service.db.area_list import stream_rows
from geo_service.db.engine import reading_snapshot
from geo_service.domain.query import ItemsQuery
from geo_service.errors import UnavailableError
from geo_service.ogc.formats.files import FileContent, make_file
from geo_service.web.answers import unkept
from geo_service.web.area_filters import AreaFilters
from geo_service.web.area_table import READ, Rows, Table, make_table, today
from geo_service.web.page import current_page

# A file of 100,000 areas is made in seconds, during which the process does little else.
_TURN = threading.BoundedSemaphore(1)
PATIENCE_S = 10.0


def export(engine: Engine, name: str, filters: AreaFilters, query: ItemsQuery) -> Response:
    """Answer with the areas of `query` as a file; it is finished before it is sent, so that nobody holds a connection.

    Raises
    ------
    UnavailableError
        Others are having tables made.
    """
    page = current_page()
    table = make_table(filters, page)
    with _turn(), reading_snapshot(engine) as connection:  # whoever waits for a turn holds no connection
        rows = stream_rows(connection, query, READ)
        content = _write(name, table, ([column.cell(row) for column in table.columns] for row in rows))
    response = Response(iter(content), mimetype=MEDIA_TYPES[name])
    response.content_length = content.size
    stem = page.text("export.file")
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}-{today():%Y-%m-%d}.{name}"'
    response.vary.add("Accept-Language")
    return unkept(response)  # it says on which day it was made


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURN.acquire(timeout=PATIENCE_S):
        raise UnavailableError("other tables are being made", retry_after=10)
    try:
        yield
    finally:
        _TURN.release()


def _write(name: str, table: Table, rows: Rows) -> FileContent:
    from geo_service.web import area_sheets  # xlsxwriter is loaded by those who need it

    def write(folder: Path) -> Path:
        path = folder / f"table.{name}"
        area_sheets.WRITERS[name](path, table, rows)
        return path

    return make_file(write)


MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
EXPORTS = tuple(MEDIA_TYPES)
