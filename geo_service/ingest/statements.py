"""The longer SQL statements of the importer, each in a file of its own."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sqlalchemy import TextClause, text


@cache
def statement(name: str) -> TextClause:
    """Return the statement of ``sql/<name>.sql``; its head says what it does and which values it takes."""
    return text(resources.files("geo_service.ingest").joinpath("sql", f"{name}.sql").read_text("utf-8"))
