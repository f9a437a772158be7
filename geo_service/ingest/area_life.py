"""What becomes of an area: withdrawn, merged, renamed, restored. One transaction each, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, text, update
from sqlalchemy.exc import DataError, IntegrityError

from geo_service.db.models import ProgrammeArea
from geo_service.db.publication import dataset_version
from geo_service.errors import Message, RejectedDataError
from geo_service.ingest.area_checks import LifeChecks
from geo_service.ingest.area_moves import copy_area, move_contents, set_name, undo_name
from geo_service.ingest.area_records import (
    Address,
    AreaRecord,
    addresses,
    contents,
    find_record,
    leading_to,
)
from geo_service.ingest.area_union import unite
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.profile_put import lock


@dataclass
class LifeReport:
    """What a command did, or with `dry_run` would have done.

    Attributes
    ----------
    changes : list of Message
        What changed, and what to know about it.
    addresses : tuple of Address
        What the lasting addresses that are concerned answer from now on.
    """

    dry_run: bool
    changes: list[Message] = field(default_factory=list)
    addresses: tuple[Address, ...] = ()
    version: int = 0

    def add(self, de: str, en: str) -> None:
        """Tell one thing more."""
        self.changes.append(Message(de, en))

    def lines(self, language: str, base: str = "") -> list[str]:
        """Return the report as lines of text; `base` is the public address, if there is one."""
        lines = [change.text(language) for change in self.changes]
        lines += [f"  {address.line(language, base)}" for address in self.addresses]
        end = (
            Message("Probelauf: nichts wurde gespeichert", "Dry run: nothing was stored")
            if self.dry_run
            else Message(f"Veröffentlicht als Stand {self.version}", f"Published as version {self.version}")
        )
        return [*lines, end.text(language)]


@dataclass
class _Change:
    """A change of areas under way: nobody else writes meanwhile."""

    connection: Connection
    checks: LifeChecks
    report: LifeReport
    touched: list[str] = field(default_factory=list)

    def set(self, area: AreaRecord, **values: Any) -> None:
        """Change the facts of an area."""
        self.connection.execute(
            update(ProgrammeArea).where(ProgrammeArea.area_no == area.area_no).values(**values)
        )


def withdraw(
    engine: Engine,
    area_id: str,
    *,
    successor_id: str | None = None,
    day: date | None = None,
    amend: bool = False,
    dry_run: bool = False,
) -> LifeReport:
    """End an area: its addresses say so from now on, and name its successor, if there is one.

    Parameters
    ----------
    amend : bool
        It is withdrawn already; give it this successor, or none, and the day, where one is given.

    Raises
    ------
    RejectedDataError
        With every reason; nothing was changed.
    """
    with _changing(engine, "area withdraw", dry_run) as change:
        area = change.checks.living(area_id, amend=amend)
        successor = change.checks.successor(successor_id, (area_id,)) if successor_id is not None else None
        last = change.checks.day(area, day, amend=amend)
        change.checks.refuse()
        assert area is not None
        _withdraw(change, area, successor, last, None)
    return change.report


def merge(
    engine: Engine,
    area_ids: Collection[str],
    into: str,
    *,
    day: date | None = None,
    with_boundaries: bool = False,
    reason: str | None = None,
    amend: bool = False,
    dry_run: bool = False,
) -> LifeReport:
    """Let areas live on in one that exists: their addresses lead on to it.

    Parameters
    ----------
    with_boundaries : bool
        Extend the boundary of that area by theirs, as a new version with `reason`.

    Raises
    ------
    RejectedDataError
        With every reason; nothing was changed.
    """
    with _changing(engine, "area merge", dry_run) as change:
        wanted = tuple(dict.fromkeys(area_ids))
        areas = [change.checks.living(area_id, amend=amend) for area_id in wanted]
        heir = change.checks.successor(into, wanted)
        days = [change.checks.day(area, day, amend=amend) for area in areas]
        if with_boundaries:
            change.checks.unitable(heir, areas, day)
        change.checks.refuse()
        for area, last in zip(areas, days, strict=True):
            assert area is not None
            _withdraw(change, area, heir, last, "merged")
        if with_boundaries:
            assert heir is not None
            found = [area for area in areas if area is not None]
            change.report.changes += unite(
                change.connection, heir, found, day or change.checks.today, reason
            )  # fmt: skip
        elif heir is not None:
            change.report.add(
                f"{heir.area_id}: die Abgrenzung bleibt, wie sie ist (--unite erweitert sie)",
                f"{heir.area_id}: the boundary stays as it is (--unite extends it)",
            )
    return change.report


def rename(
    engine: Engine,
    area_id: str,
    *,
    new_id: str | None = None,
    name: str | None = None,
    day: date | None = None,
    dry_run: bool = False,
) -> LifeReport:
    """Give an area another name, or another identifier, to which the address of the old one leads on; or both.

    Everything that belongs to the area goes on under the new identifier; the old one is not used again.

    Raises
    ------
    RejectedDataError
        With every reason; nothing was changed.
    """
    with _changing(engine, "area rename", dry_run) as change:
        area = change.checks.living(area_id)
        first = change.checks.day(area, day)
        if new_id is not None:
            change.checks.new_id(area, new_id)
        if name is not None:
            name = " ".join(name.split())
            change.checks.new_name(area, name, first)
        change.checks.refuse()
        assert area is not None
        if new_id is not None:
            _give_identifier(change, area, new_id, first)
        if name is not None:
            heir = find_record(change.connection, new_id or area_id)
            assert heir is not None
            set_name(change.connection, heir.area_no, name, first)
            change.touched.append(heir.area_id)
            change.report.add(
                f"{heir.area_id}: Name {name}, bisher {area.name}",
                f"{heir.area_id}: name {name}, up to now {area.name}",
            )
    return change.report


def restore(engine: Engine, area_id: str, *, dry_run: bool = False) -> LifeReport:
    """Take back that an area was withdrawn, merged or renamed: it is as if that had not been.

    An area that was renamed gets back what went on under the new identifier, which leads to it from now on.

    Raises
    ------
    RejectedDataError
        With every reason; nothing was changed.
    """
    with _changing(engine, "area restore", dry_run) as change:
        area, heir = change.checks.restorable(area_id)
        change.checks.refuse()
        assert area is not None
        change.set(area, withdrawn_on=None, withdrawal_reason=None, successor_area_no=None)
        change.touched.append(area_id)
        if heir is None:
            _tell_restored(change, area)
        else:
            is_named = undo_name(change.connection, area, heir)
            move_contents(change.connection, heir.area_no, area.area_no)
            _leave_to(change, heir, area.area_no, change.checks.today)
            change.report.add(
                f"{area_id}: heißt wieder so und nicht mehr {heir.area_id}",
                f"{area_id}: has this identifier again, and no longer {heir.area_id}",
            )
            if is_named:
                change.report.add(
                    f"{area_id}: Name {area.name}, bisher {heir.name}",
                    f"{area_id}: name {area.name}, up to now {heir.name}",
                )
    return change.report


def _tell_restored(change: _Change, area: AreaRecord) -> None:
    if area.released_at is None:
        change.report.add(
            f"{area.area_id}: wiederhergestellt, aber nicht freigegeben",
            f"{area.area_id}: restored, but not released",
        )
        return
    change.report.add(f"{area.area_id}: wiederhergestellt", f"{area.area_id}: restored")
    if area.successor_id is not None:
        change.report.add(
            f"{area.successor_id}: bleibt, wie es ist, auch in seiner Abgrenzung",
            f"{area.successor_id}: stays as it is, its boundary included",
        )


def _withdraw(
    change: _Change, area: AreaRecord, heir: AreaRecord | None, day: date, reason: str | None
) -> None:
    told = contents(change.connection, area.area_no)
    change.set(
        area,
        withdrawn_on=day,
        successor_area_no=heir.area_no if heir is not None else None,
        withdrawal_reason=reason,
    )
    change.touched.append(area.area_id)
    now = find_record(change.connection, area.area_id)
    assert now is not None
    change.report.add(f"{area.area_id}: {now.state('de')}", f"{area.area_id}: {now.state('en')}")
    if told and area.withdrawn_on is None:
        change.report.add(
            f"{area.area_id}: nicht mehr gezeigt, aber aufbewahrt: {', '.join(one.de for one in told)}",
            f"{area.area_id}: no longer shown, but kept: {', '.join(one.en for one in told)}",
        )


def _give_identifier(change: _Change, area: AreaRecord, new_id: str, day: date) -> None:
    new_no = copy_area(change.connection, area.area_no, new_id)
    move_contents(change.connection, area.area_no, new_no)
    change.touched.append(new_id)
    _leave_to(change, area, new_no, day)
    change.report.add(
        f"{area.area_id}: heißt jetzt {new_id}; was dazugehört, ist mitgekommen",
        f"{area.area_id}: is {new_id} now; all that belongs to it has come along",
    )
    change.report.add(
        f"Dateien und Ordner, die {area.area_id} nennen (export, profile get, content get), neu holen",
        f"Get files and folders anew that name {area.area_id} (export, profile get, content get)",
    )


def _leave_to(change: _Change, area: AreaRecord, heir_no: int, day: date) -> None:
    """Leave the name of an area whose contents have moved, and let its address lead after them."""
    change.connection.execute(
        text("INSERT INTO registry.area_name (area_no, name) VALUES (:area_no, :name)"),
        {"area_no": area.area_no, "name": area.name},
    )
    change.set(area, withdrawn_on=day, withdrawal_reason="renamed", successor_area_no=heir_no)
    change.touched.append(area.area_id)


@contextmanager
def _changing(engine: Engine, command: str, dry_run: bool) -> Iterator[_Change]:
    """Lend a transaction that nobody else writes beside; publish in it, and tell where the addresses lead."""
    report = LifeReport(dry_run)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            lock(connection)
            change = _Change(connection, LifeChecks(connection, FileFindings(), command), report)
            yield change
            # What would refuse the change at its end does so now, in a dry run as well.
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            touched = tuple(dict.fromkeys(change.touched))
            report.addresses = addresses(connection, (*touched, *leading_to(connection, touched)))
            report.version = dataset_version(connection)
            if dry_run:
                transaction.rollback()
    except (DataError, IntegrityError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise RejectedDataError(f"{command}: {reason}; nothing was changed") from error
