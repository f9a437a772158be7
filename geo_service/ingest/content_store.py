"""Entries in the registry: what is stored as files would say it, and the way from files to rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from geoalchemy2.shape import from_shape, to_shape
from shapely import Point
from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from geo_service.db.models import Entry, EntryArea, EntryMunicipality, Municipality, ProgrammeArea
from geo_service.domain.crs import STORAGE_SRID
from geo_service.errors import Message
from geo_service.ingest.content_files import EntryFile
from geo_service.ingest.file_findings import FileFindings

COLUMNS = (
    "begin_date", "begin_time", "end_date", "end_time", "title_de", "title_en", "body_de", "body_en", "place",
    "address", "ags", "organiser", "is_cancelled", "source", "source_url",
)  # fmt: skip
Key = tuple[str, str]


@dataclass
class ContentReport:
    """What putting a folder did, or with `dry_run` would have done; `kept` is stored and not in the folder."""

    dry_run: bool = False
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    findings: FileFindings = field(default_factory=FileFindings)

    def lines(self, language: str) -> list[str]:
        """Return the report as lines of text."""
        lines = [finding.line(language) for finding in self.findings]
        counts = Message(
            f"{self.added} neu, {self.changed} geändert, {self.unchanged} unverändert, {self.removed} entfernt",
            f"{self.added} new, {self.changed} changed, {self.unchanged} unchanged, {self.removed} removed",
        )
        lines.append(counts.text(language))
        if self.kept:
            kept = Message(
                f"{self.kept} gespeicherte Einträge sind nicht im Ordner und bleiben (--prune entfernt sie)",
                f"{self.kept} stored entries are not in the folder and stay (--prune removes them)",
            )
            lines.append(kept.text(language))
        if self.dry_run:
            lines.append(
                Message("Probelauf: nichts wurde gespeichert", "Dry run: nothing was stored").text(language)
            )
        return lines


def lock_registry(connection: Connection) -> None:
    """Wait until nobody else writes, so that what is read now is what is written over."""
    connection.execute(text("SELECT pg_advisory_xact_lock(5905190120261)"))


def stored_entries(connection: Connection) -> dict[Key, tuple[int, EntryFile]]:
    """Return every entry with its number, released or not, as its files would say it."""
    areas = _ties(connection, select(EntryArea.entry_no, ProgrammeArea.area_id).join(ProgrammeArea))
    towns = _ties(connection, select(EntryMunicipality.entry_no, EntryMunicipality.ags))
    rows = connection.execute(select(Entry.__table__).order_by(Entry.kind, Entry.slug))
    return {
        (row.kind, row.slug): (
            row.entry_no,
            _as_file(row, areas.get(row.entry_no, ()), towns.get(row.entry_no, ())),
        )
        for row in rows
    }


def _ties(connection: Connection, statement: Any) -> dict[int, list[str]]:
    ties: dict[int, list[str]] = {}
    for number, name in connection.execute(statement):
        ties.setdefault(number, []).append(name)
    return ties


def _as_file(row: Row[Any], areas: Iterable[str], towns: Iterable[str]) -> EntryFile:
    point = None
    if row.point is not None:
        shape = to_shape(row.point)
        point = (round(shape.x, 3), round(shape.y, 3))
    return EntryFile(
        row.kind,
        row.slug,
        {name: getattr(row, name) for name in COLUMNS},
        point,
        tuple(sorted(areas)),
        tuple(sorted(towns)),
        row.released_at is not None,
    )


def put_entries(
    connection: Connection, entries: Collection[EntryFile], report: ContentReport, *, prune: bool = False
) -> None:
    """Make the stored entries what `entries` say; those that say so already are not touched.

    Areas and municipalities that do not exist are findings, and then nothing is written. Areas that were withdrawn
    are noted: no page names them.
    """
    lock_registry(connection)
    areas = ProgrammeArea
    known = connection.execute(select(areas.area_id, areas.area_no, areas.withdrawn_on)).all()
    area_nos = {row.area_id: row.area_no for row in known}
    withdrawn = {row.area_id for row in known if row.withdrawn_on is not None}
    towns = set(connection.scalars(select(Municipality.ags)))
    for entry in entries:
        _check_ties(entry, area_nos, towns, report.findings)
        _note_withdrawn(entry, withdrawn, report.findings)
    if report.findings:
        return
    stored = stored_entries(connection)
    for entry in entries:
        number, before = stored.pop((entry.kind, entry.slug), (None, None))
        if number is None:
            report.added += 1
            number = _insert(connection, entry)
        elif _complete(entry) == before:
            report.unchanged += 1
            continue
        else:
            report.changed += 1
            _update(connection, number, entry)
        _write_ties(connection, number, entry, area_nos)
    if prune and stored:
        connection.execute(delete(Entry).where(Entry.entry_no.in_([number for number, _ in stored.values()])))
        report.removed = len(stored)
    else:
        report.kept = len(stored)


def _complete(entry: EntryFile) -> EntryFile:
    """Return the entry with every column, as a stored one has them."""
    columns = {name: entry.columns.get(name, False if name == "is_cancelled" else None) for name in COLUMNS}
    return EntryFile(
        entry.kind, entry.slug, columns, entry.point, entry.area_ids, entry.ags_all, entry.is_released
    )


def _check_ties(
    entry: EntryFile, area_nos: Collection[str], towns: Collection[str], findings: FileFindings
) -> None:
    main = entry.files["de"]
    for area_id in entry.area_ids:
        if area_id not in area_nos:
            findings.add(
                main.path, main.lines.get("areas"), "unknown-area",
                f"das Programmgebiet {area_id} gibt es nicht", f"there is no programme area {area_id}",
            )  # fmt: skip
    named = {"municipalities": entry.ags_all, "municipality": (entry.columns.get("ags"),)}
    for key, keys in named.items():
        for ags in keys:
            if ags is not None and ags not in towns:
                findings.add(
                    main.path, main.lines.get(key), "unknown-municipality",
                    f"eine Gemeinde mit dem Schlüssel {ags} gibt es nicht", f"there is no municipality {ags}",
                )  # fmt: skip


def _note_withdrawn(entry: EntryFile, withdrawn: Collection[str], findings: FileFindings) -> None:
    main = entry.files["de"]
    for area_id in entry.area_ids:
        if area_id in withdrawn:
            findings.note(
                main.path, main.lines.get("areas"), "withdrawn-area",
                f"das Programmgebiet {area_id} wurde zurückgezogen oder umbenannt und wird nicht genannt "
                f"(„area show {area_id}“ zeigt, was daraus wurde)",
                f"the programme area {area_id} was withdrawn or renamed, and is not named (`area show {area_id}` "
                "tells what became of it)",
            )  # fmt: skip


def _values(entry: EntryFile) -> dict[str, Any]:
    point = None if entry.point is None else from_shape(Point(entry.point), srid=STORAGE_SRID)
    return {**_complete(entry).columns, "point": point}


def _insert(connection: Connection, entry: EntryFile) -> int:
    released = func.now() if entry.is_released else None
    values = {**_values(entry), "kind": entry.kind, "slug": entry.slug, "released_at": released}
    return int(connection.execute(insert(Entry).values(values).returning(Entry.entry_no)).scalar_one())


def _update(connection: Connection, number: int, entry: EntryFile) -> None:
    released = func.coalesce(Entry.released_at, func.now()) if entry.is_released else None
    values = {**_values(entry), "released_at": released}
    connection.execute(update(Entry).where(Entry.entry_no == number).values(values))


def _write_ties(connection: Connection, number: int, entry: EntryFile, area_nos: dict[str, int]) -> None:
    for model, name, wanted in (
        (EntryArea, "area_no", {area_nos[area_id] for area_id in entry.area_ids}),
        (EntryMunicipality, "ags", set(entry.ags_all)),
    ):
        column = getattr(model, name)
        present = set(connection.scalars(select(column).where(model.entry_no == number)))
        if gone := present - wanted:
            connection.execute(delete(model).where(model.entry_no == number, column.in_(gone)))
        if new := wanted - present:
            connection.execute(insert(model), [{"entry_no": number, name: value} for value in sorted(new)])
