"""The list of changes, and the watch that knows the published version without asking."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from geo_service.db.changes import NOTHING_KNOWN, Change, ChangeLog, Changes, Token, changes_since
from geo_service.db.engine import observe_statements
from geo_service.db.watch import APPLICATION_NAME, LEASE_S, PublicationWatch
from tests.factories import make_area, make_municipality, square

AREAS = frozenset({"programme-areas"})
HERE, THERE = (0.0, 0.0, 10.0, 10.0), (100.0, 0.0, 110.0, 10.0)


def changed(since: int, version: int, *rows: Change, complete: bool = True) -> Changes:
    return Changes(since, version, rows, complete)


@pytest.fixture
def known() -> ChangeLog:
    """A log that begins with version 5 and has one change, here, in version 6."""
    log = ChangeLog()
    log.extend(changed(NOTHING_KNOWN, 5))
    log.extend(changed(5, 6, Change(6, "programme-areas", HERE)))
    return log


def test_only_what_a_change_touches_is_touched(known: ChangeLog) -> None:
    assert known.token == Token(0, 6)
    assert known.touched(Token(0, 5), AREAS, HERE)
    assert known.touched(Token(0, 5), AREAS, None)
    assert not known.touched(Token(0, 5), AREAS, THERE)
    assert not known.touched(Token(0, 5), frozenset({"municipalities"}), HERE)
    assert not known.touched(Token(0, 6), AREAS, HERE)


def test_before_the_log_begins_anything_may_have_changed(known: ChangeLog) -> None:
    assert known.touched(Token(0, 4), AREAS, THERE)


def test_a_change_without_a_box_touches_its_whole_collection(known: ChangeLog) -> None:
    known.extend(changed(6, 7, Change(7, "municipalities", None)))

    assert known.touched(Token(0, 6), frozenset({"municipalities"}), THERE)
    assert not known.touched(Token(0, 6), AREAS, THERE)


def test_a_gap_in_the_list_touches_everything(known: ChangeLog) -> None:
    known.extend(changed(6, 9, Change(9, "programme-areas", HERE), complete=False))

    assert known.token == Token(0, 9)
    assert known.touched(Token(0, 6), AREAS, THERE)
    assert not known.touched(Token(0, 9), AREAS, HERE)


def test_a_version_that_goes_backwards_begins_a_new_epoch(known: ChangeLog) -> None:
    known.extend(changed(6, 2))
    assert known.token == Token(1, 2)
    known.extend(changed(2, 6, *(Change(number, "profiles", None) for number in (3, 4, 5, 6))))

    assert known.touched(Token(0, 6), AREAS, THERE), "the number is the same, the data need not be"


def test_an_answer_that_comes_late_takes_nothing_back(known: ChangeLog) -> None:
    known.extend(changed(5, 5))
    known.extend(changed(NOTHING_KNOWN, 5))
    assert known.token == Token(0, 6)

    known.extend(changed(5, 7, Change(6, "programme-areas", HERE), Change(7, "programme-areas", THERE)))
    assert known.token == Token(0, 7)
    assert known.touched(Token(0, 6), AREAS, THERE)
    assert not known.touched(Token(0, 6), AREAS, HERE)


def test_a_long_log_forgets_its_older_half(known: ChangeLog) -> None:
    for version in range(7, 27):
        rows = (Change(version, "programme-areas", HERE) for _ in range(1_001))
        known.extend(changed(version - 1, version, *rows))

    assert known.touched(Token(0, 7), AREAS, THERE)
    assert not known.touched(Token(0, 25), AREAS, THERE)


def read(connection: Connection, version: int) -> Changes:
    return changes_since(lambda sql, values: connection.exec_driver_sql(sql, dict(values)).all(), version)


def publish(connection: Connection) -> None:
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def boxes_after(connection: Connection, statement: str, **values: object) -> list[Any]:
    """Return the boxes (EPSG:3857) that one more transaction leaves."""
    before = read(connection, NOTHING_KNOWN).version
    connection.execute(text(statement), values)
    publish(connection)
    changes = read(connection, before)
    assert changes.complete
    rows = [row for row in changes.rows if row.collection == "programme-areas"]
    assert {row.version for row in rows} == {changes.version} == {before + 1}
    return [row.box for row in rows]


def test_a_change_has_the_boxes_of_the_old_and_of_the_new_shape(connection: Connection) -> None:
    area_no = make_area(connection, geom=square(390_000, 5_710_000, 100))
    publish(connection)
    moved = boxes_after(
        connection,
        "UPDATE registry.boundary SET geom = :geom WHERE area_no = :area_no",
        geom=square(395_000, 5_710_000, 100),
        area_no=area_no,
    )
    assert [box[2] - box[0] for box in moved] == [pytest.approx(100 / 0.623, rel=0.05)] * 2
    assert moved[1][0] - moved[0][0] == pytest.approx(5_000 / 0.623, rel=0.05)

    renamed = boxes_after(
        connection, "UPDATE registry.area_name SET name = 'Neu' WHERE area_no = :n", n=area_no
    )
    assert renamed == moved[1:]

    withdrawn = boxes_after(
        connection,
        "UPDATE registry.programme_area SET withdrawn_on = '2024-01-01' WHERE area_no = :n",
        n=area_no,
    )
    assert withdrawn == moved[1:]


def test_a_trimmed_list_is_not_complete(connection: Connection) -> None:
    before = read(connection, NOTHING_KNOWN).version
    make_municipality(connection)
    publish(connection)
    assert read(connection, before).complete
    connection.execute(text("DELETE FROM publication.change"))

    assert not read(connection, before).complete
    assert read(connection, before + 1).complete


@pytest.fixture
def asked(reader: Engine) -> list[str]:
    """The statements that went through the engine: those of requests, not those of the listener."""
    statements: list[str] = []

    observe_statements(reader, lambda statement, *_: statements.append(statement))
    return statements


def beats(watch: PublicationWatch, asked: list[str]) -> None:
    """Wait until the heartbeat answers in place of the database."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        watch.current()
        time.sleep(2 * LEASE_S)
        count = len(asked)
        watch.current()
        if len(asked) == count:
            return
    raise AssertionError("the heartbeat does not begin")


def test_a_version_is_known_without_sql_and_at_once(engine: Engine, reader: Engine, asked: list[str]) -> None:
    watch = PublicationWatch(reader)
    beats(watch, asked)

    for _ in range(10):
        before = watch.current()
        with engine.begin() as connection:
            make_municipality(connection)
        committed = time.monotonic()
        while watch.current() == before:
            assert time.monotonic() - committed < 0.1
            time.sleep(0.001)


def test_without_its_listener_the_watch_asks_and_then_listens_again(
    engine: Engine, reader: Engine, asked: list[str]
) -> None:
    watch = PublicationWatch(reader)
    beats(watch, asked)
    kill = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name"
    )
    with engine.begin() as connection:
        assert connection.scalar(kill, {"name": APPLICATION_NAME})
        make_municipality(connection)
        before = watch.current()
    time.sleep(LEASE_S)

    assert watch.current().version == before.version + 1
    beats(watch, asked)


def test_a_listener_that_hangs_makes_nothing_stale(engine: Engine, reader: Engine, asked: list[str]) -> None:
    """Its connection is there and says nothing, as when a network goes away without a word."""
    watch = PublicationWatch(reader)
    beats(watch, asked)
    name = text(
        "SELECT pid FROM pg_stat_activity WHERE application_name = :name AND datname = current_database()"
    )
    with engine.connect() as connection:
        listeners = list(connection.scalars(name, {"name": APPLICATION_NAME}))
    for pid in listeners:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(LEASE_S)
        before = watch.current()
        with engine.begin() as connection:
            make_municipality(connection)
        time.sleep(LEASE_S)
        assert watch.current().version == before.version + 1
    finally:
        for pid in listeners:
            os.kill(pid, signal.SIGCONT)
    beats(watch, asked)


def test_many_threads_see_no_version_twice_in_the_wrong_order(engine: Engine, reader: Engine) -> None:
    watch = PublicationWatch(reader)
    stop, faults = threading.Event(), []

    def look() -> None:
        last = watch.current()
        while not stop.is_set():
            now = watch.current()
            if now < last:
                faults.append((last, now))
            last = now

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        with engine.begin() as connection:
            make_municipality(connection)
    stop.set()
    for thread in threads:
        thread.join()

    assert not faults
