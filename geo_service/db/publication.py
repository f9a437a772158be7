"""What can be said and done about the schema ``publication`` as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text


@dataclass(frozen=True)
class RebuildReport:
    """What ``db rebuild`` found: how many published rows were not as the registry says."""

    corrected_rows: int
    areas: int
    municipalities: int
    version: int


def rebuild(engine: Engine) -> RebuildReport:
    """Derive all of ``publication`` afresh from ``registry``, in one transaction.

    Rows that are right already stay untouched, so a rebuild of an intact database changes nothing, not even
    the version.
    """
    with engine.begin() as connection:
        corrected = connection.scalar(text("SELECT registry.rebuild_publication()"))
        counts = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM publication.programme_area),"
                " (SELECT count(*) FROM publication.municipality)"
            )
        ).one()
        return RebuildReport(int(corrected or 0), counts[0], counts[1], dataset_version(connection))


def dataset_version(connection: Connection) -> int:
    """Return the number that grows with every transaction that changes what is published."""
    return int(connection.scalar(text("SELECT version FROM publication.dataset")) or 0)
