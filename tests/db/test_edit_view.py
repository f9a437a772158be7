"""Editing one row per area, as a GIS does, makes versions."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo_service.domain.code_lists import ATTR_BASIS, GEOM_BASIS, STAGE, STATUS
from geo_service.domain.slugs import make_area_id
from tests.factories import make_area, make_municipality, square


def run(connection, statement, **values):
    return connection.execute(text(statement), values)


@pytest.fixture
def area_no(connection):
    number = make_area(connection, name="Beispielgebiet Mitte")
    run(connection, "UPDATE registry.boundary SET valid_from = '2012-01-01' WHERE area_no = :n", n=number)
    return number


def versions(connection, area_no):
    return run(
        connection,
        "SELECT ST_XMin(geom)::int AS x, valid_from, valid_to, reason FROM registry.boundary WHERE area_no = :n"
        " ORDER BY valid_to NULLS LAST, boundary_no",
        n=area_no,
    ).all()


def test_a_new_shape_closes_the_boundary_and_opens_the_next(connection, area_no):
    run(
        connection,
        "UPDATE registry.programme_area_edit SET geom = :g, geom_reason = 'Erweiterung' WHERE area_no = :n",
        g=square(395_000),
        n=area_no,
    )
    today = date.today()
    assert versions(connection, area_no) == [
        (390_000, date(2012, 1, 1), today, None),
        (395_000, today, None, "Erweiterung"),
    ]


def test_a_correction_on_the_same_day_keeps_the_history_in_order(connection, area_no):
    for easting in (395_000, 396_000):
        run(
            connection,
            "UPDATE registry.programme_area_edit SET geom = :g WHERE area_no = :n",
            g=square(easting),
            n=area_no,
        )
    assert [row.x for row in versions(connection, area_no)] == [390_000, 395_000, 396_000]


def test_other_facts_change_without_a_new_version(connection, area_no):
    run(
        connection,
        "UPDATE registry.programme_area_edit SET status = 'completed', geom_source = 'Kataster' WHERE area_no = :n",
        n=area_no,
    )
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    row = run(connection, "SELECT * FROM publication.programme_area WHERE area_no = :n", n=area_no).one()
    assert (row.status, row.geom_source, len(versions(connection, area_no))) == ("completed", "Kataster", 1)


def test_a_new_name_keeps_the_former_one(connection, area_no):
    run(
        connection,
        "UPDATE registry.programme_area_edit SET name = 'Neuer Name' WHERE area_no = :n",
        n=area_no,
    )
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    profile = run(
        connection, "SELECT profile FROM publication.profile WHERE area_no = :n", n=area_no
    ).scalar_one()
    assert [former["name"] for former in profile["former_names"]] == ["Beispielgebiet Mitte"]


def test_another_leading_municipality_takes_the_place_of_the_first(connection, area_no):
    ags = make_municipality(connection, name="Musterdorf")
    run(connection, "UPDATE registry.programme_area_edit SET ags = :a WHERE area_no = :n", a=ags, n=area_no)
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    row = run(connection, "SELECT * FROM publication.programme_area WHERE area_no = :n", n=area_no).one()
    assert row.municipalities == ["Musterdorf"]


def test_a_drawn_area_gets_an_identifier_and_waits_for_its_release(connection):
    ags = make_municipality(connection, name="Mülheim an der Ruhr")
    run(
        connection,
        "INSERT INTO registry.programme_area_edit (name, ags, geom) VALUES ('Größe & Maß', :a, :g)",
        a=ags,
        g=square(),
    )
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    row = run(
        connection, "SELECT area_id, released_at FROM registry.programme_area_edit WHERE ags = :a", a=ags
    ).one()
    assert row.area_id == "muelheim-an-der-ruhr-groesse-mass"
    assert run(connection, "SELECT count(*) FROM publication.programme_area").scalar_one() == 0
    run(
        connection,
        "UPDATE registry.programme_area_edit SET released_at = now() WHERE area_id = :i",
        i=row.area_id,
    )
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    assert run(connection, "SELECT area_id FROM publication.programme_area").scalar_one() == row.area_id


def test_deleting_withdraws_and_loses_nothing(connection, area_no):
    run(connection, "DELETE FROM registry.programme_area_edit WHERE area_no = :n", n=area_no)
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    assert run(connection, "SELECT count(*) FROM publication.withdrawal").scalar_one() == 1
    assert len(versions(connection, area_no)) == 1


def test_a_boundary_cannot_be_emptied(connection, area_no):
    with pytest.raises(DBAPIError, match="only replaced"):
        run(connection, "UPDATE registry.programme_area_edit SET geom = NULL WHERE area_no = :n", n=area_no)


@pytest.mark.parametrize(
    ("municipality", "name"),
    [
        ("Dortmund", "Dortmund-Nordstadt"),
        ("Bochum", "WLAB – Werne/Langendreer-Alter Bahnhof"),
        ("Bochum", "Bochum-Laer/Mark 51°7"),
        ("Mülheim an der Ruhr", "Größe & Maß"),
        ("Stolberg (Rhld.)", "Velau/Unterstolberg"),
        ("Köln", "Kölner Straße"),
        ("Musterstadt", "Île Saint-Honoré"),
        ("Musterstadt", "Musterstadt"),
        ("Musterstadt", "Ein sehr langer Name mit vielen Wörtern der über sechzig Zeichen hinausgeht"),
        ("M", "x" * 80),
    ],
)
def test_the_database_makes_the_same_identifiers_as_the_programme(connection, municipality, name):
    made = run(connection, "SELECT registry.make_area_id(:m, :n)", m=municipality, n=name).scalar_one()
    assert made == make_area_id(municipality, name)


BOW_TIE = (
    "SRID=25832;MULTIPOLYGON(((390000 5710000,390010 5710010,390010 5710000,390000 5710010,390000 5710000)))"
)
OUTSIDE_HOLE = (
    "SRID=25832;MULTIPOLYGON(((390000 5710000,390010 5710000,390010 5710010,390000 5710000),"
    "(391000 5711000,391001 5711000,391001 5711001,391000 5711000)))"
)


@pytest.mark.parametrize(
    ("change", "german", "english"),
    [
        (
            f"geom = '{BOW_TIE}'",
            "kreuzt sich selbst bei 390005.00 5710005.00",
            "self-intersection at 390005.00",
        ),
        (f"geom = '{OUTSIDE_HOLE}'", "ein Loch liegt außerhalb der Fläche", "hole lies outside shell"),
        ("geom = 'SRID=25832;MULTIPOLYGON EMPTY'", "ist leer", "is empty"),
        ("geom = ST_Translate(geom, 9000000, 0)", "Koordinatensystem prüfen", "check the CRS"),
        ("status = 'done'", "ist done nicht möglich, sondern: planned, ongoing, completed", "cannot be done"),
        ("stage = 'x'", "Im Feld stage", "The field stage"),
        ("geom_basis = 'guessed'", "official, schematic", "cannot be guessed"),
        ("attr_basis = 'x'", "Im Feld attr_basis", "The field attr_basis"),
        ("ags = '5913000'", "führender Null", "leading zero"),
        ("ags = NULL", "AGS seiner federführenden Gemeinde", "leading municipality"),
        ("name = ' '", "braucht einen Namen", "needs a name"),
        ("start_year = 2020, end_year = 2012", "Ende liegt vor dem Beginn", "end is before the start"),
        ("start_date = '2012-05-01', start_year = 2013", "widersprechen sich", "disagree"),
    ],
)
def test_a_refusal_is_a_sentence_in_both_languages(connection, area_no, change, german, english):
    before = versions(connection, area_no)
    with pytest.raises(DBAPIError) as refused, connection.begin_nested():
        run(connection, f"UPDATE registry.programme_area_edit SET {change} WHERE area_no = :n", n=area_no)

    sentence = str(refused.value.orig).splitlines()[0]
    assert german in sentence
    assert english in sentence
    assert versions(connection, area_no) == before


def test_a_new_area_is_refused_in_the_same_words(connection):
    ags = make_municipality(connection)
    with pytest.raises(DBAPIError, match="kreuzt sich selbst"), connection.begin_nested():
        run(
            connection,
            "INSERT INTO registry.programme_area_edit (name, ags, geom) VALUES ('Neu', :a, :g)",
            a=ags,
            g=BOW_TIE,
        )
    assert run(connection, "SELECT count(*) FROM registry.programme_area").scalar_one() == 0


def test_codes_in_the_refusals_are_those_of_the_code_lists(connection, area_no):
    for field in (STATUS, STAGE, GEOM_BASIS, ATTR_BASIS):
        with pytest.raises(DBAPIError, match=", ".join(field.codes)), connection.begin_nested():
            statement = f"UPDATE registry.programme_area_edit SET {field.name} = 'x' WHERE area_no = :n"
            run(connection, statement, n=area_no)
        for code in field.codes:
            statement = f"UPDATE registry.programme_area_edit SET {field.name} = :code WHERE area_no = :n"
            run(connection, statement, code=code, n=area_no)
