"""How the contents of an area go on under another identifier, and how an area comes by another name.

An identifier never changes: an area that is renamed becomes a new row, and what belongs to it changes hands.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert, literal, select, text

from geo_service.db.models import ProgrammeArea
from geo_service.ingest.area_records import AreaRecord

# Every table with a column area_no but those that triggers write.
TABLES = (
    "area_name", "area_municipality", "boundary", "programme_period", "profile_section", "milestone", "contact",
    "document",
)  # fmt: skip
_OWN = ("area_no", "area_id", "withdrawn_on", "successor_area_no", "withdrawal_reason")
FACTS = tuple(column.name for column in ProgrammeArea.__table__.c if column.name not in _OWN)


def copy_area(connection: Connection, area_no: int, new_id: str) -> int:
    """Add an area with the facts of another and nothing that belongs to it; return its number."""
    columns = [ProgrammeArea.__table__.c[name] for name in FACTS]
    source = select(literal(new_id), *columns).where(ProgrammeArea.area_no == area_no)
    added = insert(ProgrammeArea).from_select(["area_id", *FACTS], source)
    return int(connection.execute(added.returning(ProgrammeArea.area_no)).scalar_one())


def move_contents(connection: Connection, source_no: int, target_no: int) -> None:
    """Give the facts of an area, and all that belongs to it, to another that has nothing but a name."""
    values = {"source_no": source_no, "target_no": target_no}
    facts = ", ".join(FACTS)
    connection.execute(
        text(f"""
            UPDATE registry.programme_area SET ({facts}) = (
                SELECT {facts} FROM registry.programme_area WHERE area_no = :source_no
            ) WHERE area_no = :target_no"""),
        values,
    )
    connection.execute(text("DELETE FROM registry.area_name WHERE area_no = :target_no"), values)
    for table in TABLES:
        connection.execute(
            text(f"UPDATE registry.{table} SET area_no = :target_no WHERE area_no = :source_no"), values
        )
    # An entry may name both: its file was put in between.
    connection.execute(
        text("""
            INSERT INTO registry.entry_area (entry_no, area_no)
            SELECT entry_no, :target_no FROM registry.entry_area WHERE area_no = :source_no
            ON CONFLICT DO NOTHING"""),
        values,
    )
    connection.execute(text("DELETE FROM registry.entry_area WHERE area_no = :source_no"), values)


def set_name(connection: Connection, area_no: int, name: str, day: date) -> None:
    """Give an area another name from a day on, on which the current one has begun or had begun before."""
    values = {"area_no": area_no, "name": name, "day": day}
    corrected = connection.execute(
        text("""
            DELETE FROM registry.area_name WHERE area_no = :area_no AND valid_to IS NULL AND valid_from = :day"""),
        values,
    ).rowcount  # fmt: skip
    if corrected:
        # A name that held for no day is no history; the one before goes on, if it is that again.
        reopened = connection.execute(
            text("""
                UPDATE registry.area_name SET valid_to = NULL
                 WHERE area_no = :area_no AND valid_to = :day AND name = :name
                   AND valid_from IS DISTINCT FROM :day"""),
            values,
        ).rowcount  # fmt: skip
        if reopened:
            return
    connection.execute(
        text("UPDATE registry.area_name SET valid_to = :day WHERE area_no = :area_no AND valid_to IS NULL"),
        values,
    )
    connection.execute(
        text("INSERT INTO registry.area_name (area_no, name, valid_from) VALUES (:area_no, :name, :day)"),
        values,
    )


def undo_name(connection: Connection, before: AreaRecord, now: AreaRecord) -> bool:
    """Take the names back that an area got when it was renamed, and since: the one of before is in force again.

    Returns whether there were such names.
    """
    values = {"area_no": now.area_no, "name": before.name, "day": before.withdrawn_on}
    named = connection.scalar(
        text("""
            SELECT area_name_no FROM registry.area_name
             WHERE area_no = :area_no AND valid_to = :day AND name = :name
               AND valid_from IS DISTINCT FROM :day"""),
        values,
    )  # fmt: skip
    if named is None:
        return False
    connection.execute(
        text("DELETE FROM registry.area_name WHERE area_no = :area_no AND valid_from >= :day"), values
    )
    connection.execute(
        text("UPDATE registry.area_name SET valid_to = NULL WHERE area_name_no = :named"), {"named": named}
    )
    return True
