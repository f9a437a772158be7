"""Load the sample data of ``data/`` into an empty registry: all of it in one transaction, or none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.exc import DataError, IntegrityError

from geo_service.db.models import (
    AreaMunicipality,
    AreaName,
    Boundary,
    Contact,
    Document,
    Milestone,
    Municipality,
    ProfileSection,
    ProgrammeArea,
    ProgrammePeriod,
    Registry,
)
from geo_service.errors import RejectedDataError
from geo_service.ingest.content_files import EntryFile
from geo_service.ingest.content_store import ContentReport, put_entries, stored_entries
from geo_service.ingest.profile_folder import ProfileFolder
from geo_service.ingest.sample_files import Rows, Sample, read_sample

_AREA_FACTS = (
    "area_id", "status", "stage", "start_year", "end_year", "concept", "concept_url", "documented_area_ha",
    "population", "attr_basis", "attr_source",
)  # fmt: skip
_AREA_DAYS = ("start_date", "end_date", "resolution_date", "withdrawn_on")


@dataclass(frozen=True)
class SampleCounts:
    """How many rows of each kind were written; all zero when the registry was not empty."""

    areas: int = 0
    boundaries: int = 0
    municipalities: int = 0
    sections: int = 0
    milestones: int = 0
    contacts: int = 0
    documents: int = 0
    entries: int = 0

    @property
    def loaded(self) -> bool:
        """Whether anything was written."""
        return self.areas > 0


def is_empty(engine: Engine) -> bool:
    """Say whether the registry holds no programme area at all, released or not."""
    with engine.connect() as connection:
        return _is_empty(connection)


def load_sample(
    engine: Engine, data_dir: Path, progress: Callable[[str], None] | None = None
) -> SampleCounts:
    """Load the sample data when the registry holds no area; never change what is there.

    Parameters
    ----------
    engine : Engine
        Connection with the right to write ``registry``.
    data_dir : Path
        The project's ``data`` directory.
    progress : callable, optional
        Told in one line each what happens next.

    Returns
    -------
    SampleCounts
        What was written; ``loaded`` is False when there were areas already.

    Raises
    ------
    RejectedDataError
        A file is missing or wrong, or the database refuses a row. Nothing was written.
    """
    say = progress or (lambda _line: None)
    if not is_empty(engine):
        return SampleCounts()
    say("Reading the sample data")
    sample = read_sample(data_dir)
    try:
        with engine.begin() as connection:
            # The first write takes the registry's lock: from here on nobody else can add an area.
            municipalities = _write_municipalities(connection, sample.municipalities)
            if not _is_empty(connection):
                connection.rollback()
                return SampleCounts()
            say(f"Writing {len(sample.areas)} programme areas and {municipalities} municipalities")
            counts = _write(connection, sample, municipalities)
            say("Publishing")
    except (DataError, IntegrityError) as error:
        raise RejectedDataError(f"the sample data in {data_dir} does not fit: {error.orig}") from error
    return counts


def _is_empty(connection: Connection) -> bool:
    return not connection.scalar(select(exists(select(ProgrammeArea.area_no))))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# --- writing: one statement per table -----------------------------------------------------------------------


def _insert(connection: Connection, model: type[Registry], rows: Iterable[dict[str, Any]]) -> int:
    listed = list(rows)
    if listed:
        connection.execute(insert(model), listed)
    return len(listed)


def _write_municipalities(connection: Connection, rows: Rows) -> int:
    """Add the municipalities that are not there; one that was imported before stays as it is."""
    statement = postgresql_insert(Municipality).on_conflict_do_nothing()
    connection.execute(statement, rows)
    return len(rows)


def _write(connection: Connection, sample: Sample, municipalities: int) -> SampleCounts:
    now = datetime.now(UTC)
    # As in an import: what has the fewest gaps gets the first numbers (see sql/area_insert.sql).
    areas = sorted(sample.areas, key=_gaps)
    _insert(connection, ProgrammeArea, (_area_row(area, now) for area in areas))
    numbers = {
        row.area_id: row.area_no
        for row in connection.execute(select(ProgrammeArea.area_id, ProgrammeArea.area_no))
    }
    _write_successors(connection, areas, numbers)
    _insert(connection, AreaName, chain.from_iterable(_name_rows(area, numbers) for area in areas))
    _insert(connection, AreaMunicipality, chain.from_iterable(_town_rows(area, numbers) for area in areas))
    _insert(
        connection,
        ProgrammePeriod,
        ({"area_no": numbers[area["area_id"]], **row} for area in areas for row in area["programme_periods"]),
    )
    boundaries = _insert(
        connection,
        Boundary,
        (_boundary_row(row, numbers) for row in chain(sample.former_boundaries, areas)),
    )
    return SampleCounts(
        areas=len(areas),
        boundaries=boundaries,
        municipalities=municipalities,
        entries=_write_entries(connection, sample.entries),
        **_write_profiles(connection, sample.profiles, numbers, now),
    )


def _gaps(area: dict[str, Any]) -> int:
    """Count the facts other than texts that are missing."""
    facts = (
        area["programme_periods"],
        area["start_date"],
        area["end_date"],
        area["start_year"] or area["start_date"],
        area["end_year"] or area["end_date"],
        area["resolution_date"],
        area["population"],
        area["geom_basis"] == "official" or area["documented_area_ha"],
    )
    return sum(not fact for fact in facts)


def _area_row(area: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        **{key: area[key] for key in _AREA_FACTS},
        **{key: _day(area[key]) for key in _AREA_DAYS},
        "released_at": now if area["released"] else None,
    }


def _name_rows(area: dict[str, Any], numbers: dict[str, int]) -> Rows:
    """The former names, then the current one; it holds from the day the last one ended, if that is known."""
    area_no = numbers[area["area_id"]]
    former = [
        {
            "area_no": area_no,
            "name": name["name"],
            "valid_from": _day(name["valid_from"]),
            "valid_to": _day(name["valid_to"]),
        }
        for name in area["former_names"]
    ]
    since = former[-1]["valid_to"] if former else None
    return [*former, {"area_no": area_no, "name": area["name"], "valid_from": since, "valid_to": None}]


def _town_rows(area: dict[str, Any], numbers: dict[str, int]) -> Rows:
    """The first municipality leads."""
    return [
        {"area_no": numbers[area["area_id"]], "ags": ags, "is_leading": position == 0}
        for position, ags in enumerate(area["ags_all"])
    ]


def _boundary_row(row: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "area_no": numbers[row["area_id"]],
        "geom": row["geom"],
        "geom_basis": row["geom_basis"],
        "source": row["geom_source"],
        "reason": row["reason"],
        "licence": row["licence"],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
    }


def _write_successors(connection: Connection, areas: Rows, numbers: dict[str, int]) -> None:
    for area in areas:
        if area["successor"]:
            connection.execute(
                update(ProgrammeArea)
                .where(ProgrammeArea.area_id == area["area_id"])
                .values(successor_area_no=numbers[area["successor"]])
            )


def _write_entries(connection: Connection, entries: list[EntryFile]) -> int:
    """Write news, events and pages; those that are there stay as they are."""
    stored = stored_entries(connection)
    missing = [entry for entry in entries if (entry.kind, entry.slug) not in stored]
    report = ContentReport()
    put_entries(connection, missing, report)
    report.findings.refuse("the sample's news and events")
    return report.added


def _write_profiles(
    connection: Connection, profiles: list[ProfileFolder], numbers: dict[str, int], now: datetime
) -> dict[str, int]:
    def rows(kind: str) -> Iterable[dict[str, Any]]:
        for profile in profiles:
            for entry in getattr(profile, kind):
                row = {"area_no": numbers[profile.area_id], **entry}
                if "released" in row:
                    row["released_at"] = now if row.pop("released") else None
                if path := row.pop("path", None):
                    row["content"] = path.read_bytes()
                    del row["sha256"], row["size_bytes"]  # the database's own
                yield row

    for profile in profiles:
        if profile.facts:
            facts = {key: value for key, value in profile.facts.items() if value is not None}
            area = ProgrammeArea.area_no == numbers[profile.area_id]
            connection.execute(update(ProgrammeArea).where(area).values(**facts))
    sections = (
        {
            "area_no": numbers[profile.area_id],
            "language": text.language,
            "section": text.section,
            "body": text.body,
            "source": text.source,
        }
        for profile in profiles
        for text in profile.texts
    )
    return {
        "sections": _insert(connection, ProfileSection, sections),
        "milestones": _insert(connection, Milestone, rows("milestones")),
        "contacts": _insert(connection, Contact, rows("contacts")),
        "documents": _insert(connection, Document, rows("documents")),
    }
