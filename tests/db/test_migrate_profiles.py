"""The migration of profiles on a database that is in use: nothing is lost, what was a secret stays one."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from geo_service.db import migrate
from geo_service.db.publication import rebuild
from tests.factories import make_area

BEFORE = "0006"


@pytest.fixture
def old(cluster, monkeypatch):
    """A database as the revision before made it, with an area that has contacts and a document."""
    cluster.create_database("before_profiles")
    engine = create_engine(cluster.url("before_profiles"))
    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(migrate.command, "upgrade", lambda config, _head: upgrade(config, BEFORE))
        migrate.migrate(engine)
    with engine.begin() as connection:
        area_no = make_area(connection, area_id="kept", name="Kept", population=12)
        gone = make_area(connection, area_id="gone", name="Gone")
        connection.execute(
            text(
                "UPDATE registry.programme_area SET withdrawn_on = '2020-01-01', successor_area_no = :new"
                " WHERE area_no = :old"
            ),
            {"new": area_no, "old": gone},
        )
        connection.execute(
            text(
                "INSERT INTO registry.contact (area_no, function_de, person, released_at)"
                " VALUES (:area_no, 'Leitung', 'Ada Beispiel', now())"
            ),
            {"area_no": area_no},
        )
        connection.execute(
            text(
                "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, released_at)"
                " VALUES (:area_no, 'a.pdf', 'A', 'application/pdf', 'abc', now())"
            ),
            {"area_no": area_no},
        )
    yield engine
    engine.dispose()
    cluster.drop_database("before_profiles")


def test_a_database_in_use_is_brought_up_to_date(old):
    with old.connect() as connection:
        published = "SELECT profile::text FROM publication.profile WHERE area_id = 'kept'"
        assert "Ada Beispiel" in connection.scalar(text(published))
    assert migrate.migrate(old).state == "current"
    with old.connect() as connection:
        assert "Ada Beispiel" not in connection.scalar(text(published))
        contact = connection.execute(text("SELECT * FROM publication.contact")).one()
        assert (contact.area_id, contact.function_de, contact.person) == ("kept", "Leitung", None)
        assert bytes(connection.scalar(text("SELECT content FROM publication.document_file"))) == b"abc"
        gone = connection.execute(
            text("SELECT area_id, successor_area_id, reason FROM publication.withdrawal")
        ).one()
        assert tuple(gone) == ("gone", "kept", None)
    assert rebuild(old).corrected_rows == 0


def test_years_are_edited_in_a_gis_beside_the_figures(connection):
    area_no = make_area(connection)
    edit = text(
        "UPDATE registry.programme_area_edit SET population = 12, population_year = 2019, documented_area_year = 2018"
        " WHERE area_no = :area_no"
    )
    connection.execute(edit, {"area_no": area_no})
    stored = connection.execute(
        text(
            "SELECT population, population_year, documented_area_year FROM registry.programme_area WHERE area_no = :n"
        ),
        {"n": area_no},
    ).one()
    assert tuple(stored) == (12, 2019, 2018)
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    profile = connection.scalar(
        text("SELECT profile FROM publication.profile WHERE area_no = :n"), {"n": area_no}
    )
    assert (profile["population_year"], profile["documented_area_year"]) == (2019, 2018)


def test_a_new_row_in_a_gis_takes_its_years_too(connection):
    ags = connection.scalar(
        text("SELECT ags FROM registry.area_municipality WHERE area_no = :n"), {"n": make_area(connection)}
    )
    connection.execute(
        text(
            "INSERT INTO registry.programme_area_edit (name, ags, population_year) VALUES ('Neues Gebiet', :ags, 2020)"
        ),
        {"ags": ags},
    )
    year = "SELECT population_year FROM registry.programme_area_edit WHERE name = 'Neues Gebiet'"
    assert connection.scalar(text(year)) == 2020
