"""The numbers of areas with a value are kept exactly, whatever happens to areas."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

from geo_service.db.publication import rebuild
from geo_service.domain.collections import PROGRAMME_AREAS
from tests.factories import make_area, make_municipality

pytestmark = pytest.mark.usefixtures("rebuilt")

ODD_NAMES = (
    "",
    " ",
    "O'Brien",
    'a"b',
    "50 %(x)s",
    "\\",
    "Ä\u0308",
    "ä",
    "Ä",
    "a\nb",
    "😀",
    "NULL",
    "x" * 200,
)


def kept(connection):
    rows = connection.execute(text("SELECT field, value, areas FROM publication.area_count"))
    return {(row.field, row.value): row.areas for row in rows}


def counted(connection):
    """Return the numbers as they should be, asked field by field."""
    found = {}
    for name in PROGRAMME_AREAS.counted:
        field = PROGRAMME_AREAS.field(name)
        source = "SELECT {0} AS value FROM publication.programme_area"
        if field.type == "string-array":
            source = (
                "SELECT unnest({0}) AS value, area_no FROM publication.programme_area GROUP BY area_no, value"
            )
        rows = connection.execute(
            text(f"SELECT value, count(*) FROM ({source.format(name)}) AS one GROUP BY value")
        )
        found.update({(name, value): areas for value, areas in rows if value is None or len(value) <= 200})
    return found


def make_some(connection, count):
    """Insert areas of three municipalities, with every status."""
    towns = [make_municipality(connection, name=f"Ort {n}") for n in range(3)]
    states = "planned", "ongoing", "completed", None
    return [make_area(connection, ags=towns[n % 3], status=states[n % 4]) for n in range(count)]


def run(connection, statement, **values):
    connection.execute(text(statement), values)


def publish(connection):
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    run(connection, "SET CONSTRAINTS ALL DEFERRED")


def test_the_numbers_are_those_of_the_declared_fields(sample_engine):
    with sample_engine.connect() as connection:
        fields = connection.scalar(text("SELECT registry.counted_area_fields()"))
        assert sorted(fields) == sorted(PROGRAMME_AREAS.counted)
        numbers = kept(connection)
        assert {field for field, _ in numbers} == set(PROGRAMME_AREAS.counted)
        assert numbers == counted(connection)
        assert numbers["status", None] > 0


EDITS = (
    "UPDATE registry.programme_area SET status = (ARRAY['planned', 'ongoing', 'completed', NULL])[:k] WHERE {some}",
    "UPDATE registry.programme_area SET stage = (ARRAY['suspended', 'consolidation', NULL, NULL])[:k] WHERE {some}",
    "UPDATE registry.programme_area SET population = :k WHERE {some}",
    "UPDATE registry.programme_area SET released_at = NULLIF(now(), CASE WHEN :k = 1 THEN now() END) WHERE {some}",
    "UPDATE registry.programme_area SET withdrawn_on = CASE WHEN :k > 2 THEN date '2020-01-01' END WHERE {some}",
    "UPDATE registry.boundary SET geom_basis = (ARRAY['official', 'schematic'])[1 + :k % 2] WHERE {some}",
    "UPDATE registry.municipality SET district = (ARRAY['Nord', 'Süd', NULL, '''s'])[:k] WHERE ags LIKE '%' || :k",
    "UPDATE registry.municipality SET name = name || :k WHERE ags LIKE '%' || :k",
    "DELETE FROM registry.programme_period WHERE {some}",
    "INSERT INTO registry.programme_period (area_no, programme, start_year)"
    " SELECT area_no, 'LZ', 1990 + :k FROM registry.programme_area WHERE {some}",
    "DELETE FROM registry.programme_area WHERE {some} AND area_no % 5 = 0",
    "INSERT INTO registry.area_municipality (area_no, ags) SELECT area_no, (SELECT max(ags) FROM registry.municipality)"
    " FROM registry.programme_area WHERE {some} ON CONFLICT DO NOTHING",
    "TRUNCATE registry.programme_period",
    # What nobody should do, since publishing does it.
    "UPDATE publication.programme_area SET status = (ARRAY['planned', 'ongoing'])[1 + :k % 2], district = NULL WHERE {some}",
    "DELETE FROM publication.programme_area WHERE {some}",
)


@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_follow_any_sequence_of_edits(connection, seed):
    chance = random.Random(seed)
    make_some(connection, 25)
    publish(connection)
    for _ in range(30):
        edit = chance.choice(EDITS)
        some = f"area_no % {chance.choice((1, 7, 7, 7, 100))} = {chance.randrange(7)}"
        statement, values = edit.format(some=some), {"k": chance.randint(1, 4)}
        run(
            connection,
            statement,
            **{name: value for name, value in values.items() if f":{name}" in statement},
        )
        if chance.random() < 0.7:
            publish(connection)
        assert kept(connection) == counted(connection), statement
    publish(connection)
    run(connection, "SELECT registry.rebuild_publication()")
    assert kept(connection) == counted(connection)


def test_one_area_writes_only_the_numbers_that_it_changes(connection):
    make_some(connection, 5)
    area_no = make_area(connection, status="planned")
    publish(connection)
    before, places = kept(connection), where_kept(connection)
    run(connection, "UPDATE registry.programme_area SET status = 'completed' WHERE area_no = :n", n=area_no)
    publish(connection)
    assert {row for row, _ in where_kept(connection) ^ places} == {
        ("status", "planned"),
        ("status", "completed"),
    }
    assert kept(connection)["status", "planned"] == before["status", "planned"] - 1


def where_kept(connection):
    """Return each number's field and value, and the place of its row, which changes when it is written."""
    rows = connection.execute(text("SELECT field, value, ctid::text, xmin::text FROM publication.area_count"))
    return {((row.field, row.value), (row.ctid, row.xmin)) for row in rows}


def test_a_value_that_no_area_has_any_more_has_no_row(connection):
    ags = make_municipality(connection, district="Kreis Einmal")
    area_no = make_area(connection, ags=ags)
    publish(connection)
    assert kept(connection)["district", "Kreis Einmal"] == 1
    run(connection, "DELETE FROM registry.programme_area WHERE area_no = :n", n=area_no)
    publish(connection)
    assert ("district", "Kreis Einmal") not in kept(connection)


def test_any_text_is_a_value_of_its_own_and_a_very_long_one_has_no_number(connection):
    long = "x" * 5000
    for name in (*ODD_NAMES, *ODD_NAMES[3:], long):
        make_area(connection, ags=make_municipality(connection, district=name))
    publish(connection)
    numbers = {value: areas for (field, value), areas in kept(connection).items() if field == "district"}
    assert numbers == {name: 1 + (name in ODD_NAMES[3:]) for name in ODD_NAMES}


def test_truncating_what_is_published_leaves_no_number(connection):
    make_area(connection)
    publish(connection)
    run(connection, "TRUNCATE publication.programme_area")
    assert kept(connection) == {}
    run(connection, "SELECT registry.rebuild_publication()")
    assert kept(connection) == counted(connection) != {}


def test_a_rebuild_corrects_wrong_numbers_and_touches_no_right_one(engine):
    with engine.begin() as connection:
        make_some(connection, 20)
    with engine.connect() as connection:
        places, numbers = where_kept(connection), kept(connection)
    rebuild(engine)
    with engine.begin() as connection:
        assert where_kept(connection) == places
        run(connection, "UPDATE publication.area_count SET areas = areas + 7 WHERE field = 'status'")
        run(connection, "DELETE FROM publication.area_count WHERE field = 'stage'")
        run(
            connection,
            "INSERT INTO publication.area_count VALUES ('district', 'Nirgendwo', 3), ('colour', NULL, 1)",
        )
    rebuild(engine)
    with engine.begin() as connection:
        assert kept(connection) == numbers
        run(connection, "DELETE FROM registry.programme_area")
