"""Two sessions that write at once leave what a rebuild would make, in either order of commit."""

import select
import threading

import pytest
from sqlalchemy import text

from geo_service.db.publication import rebuild
from tests.factories import make_area, make_municipality


@pytest.fixture
def town(engine):
    with engine.begin() as connection:
        ags = make_municipality(connection, name="Altstadt")
        make_area(connection, ags=ags)
    yield ags
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM registry.programme_area"))
        connection.execute(text("DELETE FROM registry.municipality"))


def rename(connection, ags):
    connection.execute(text("UPDATE registry.municipality SET name = 'Neustadt' WHERE ags = :a"), {"a": ags})


def add_area(connection, ags):
    make_area(connection, ags=ags)


@pytest.mark.parametrize("order", [(rename, add_area), (add_area, rename)])
def test_a_renamed_town_and_a_new_area_never_mix(engine, town, order):
    first, second = order
    finished = threading.Event()
    faults = []

    def write_second():
        try:
            with engine.begin() as connection:
                # A first read fixes nothing: at READ COMMITTED every statement sees what is committed by then.
                connection.execute(text("SELECT count(*) FROM registry.municipality"))
                second(connection, town)
        except Exception as fault:
            faults.append(fault)
        finished.set()

    with engine.connect() as connection:
        transaction = connection.begin()
        first(connection, town)
        other = threading.Thread(target=write_second)
        other.start()
        assert not finished.wait(0.5), "the second writer must wait for the first"
        transaction.commit()
    other.join(timeout=20)
    assert not faults
    assert rebuild(engine).corrected_rows == 0
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT DISTINCT municipality FROM publication.programme_area")).all()
        assert names == ["Neustadt"]
        assert connection.scalar(text("SELECT count(*) FROM publication.programme_area")) == 2


def test_listeners_hear_the_new_version(engine, town):
    with engine.connect() as listening:
        raw = listening.connection.dbapi_connection
        raw.autocommit = True
        raw.cursor().execute("LISTEN geo_service_publication")
        with engine.begin() as connection:
            rename(connection, town)
        # What was notified is on its way when the commit returns, not yet here.
        while not raw.notifies and select.select([raw], [], [], 10)[0]:
            raw.poll()
        heard = [notice.payload for notice in raw.notifies]
        raw.autocommit = False
    with engine.connect() as connection:
        assert heard == [str(connection.scalar(text("SELECT version FROM publication.dataset")))]
