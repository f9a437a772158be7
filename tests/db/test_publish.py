"""What is written to registry, by whatever means, stands in publication when the transaction commits."""

import json
from datetime import date

import pytest
from psycopg2.extras import DateRange
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from geo_service.db.publication import dataset_version, rebuild
from geo_service.domain.collections import COLLECTIONS
from tests.factories import make_area, make_municipality, square
from tests.many_areas import make_areas

pytestmark = pytest.mark.usefixtures("rebuilt")


def published(connection, area_no):
    return connection.execute(
        text("SELECT * FROM publication.programme_area WHERE area_no = :no"), {"no": area_no}
    ).one_or_none()


def publish(connection):
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def run(connection, statement, **values):
    return connection.execute(text(statement), values)


def properties(row):
    return json.loads(row.properties + "}")


def test_a_released_area_is_published_with_every_stored_field(connection):
    area_no = make_area(connection, name="Beispielgebiet Nord", status="ongoing", start_year=2011)
    publish(connection)
    row = published(connection, area_no)
    for collection in COLLECTIONS.values():
        if collection.table == "programme_area":
            stored = [field.name for field in collection.fields if field.stored]
            assert list(properties(row)) == stored
            assert set(stored) < set(row._mapping)
    assert row.name == "Beispielgebiet Nord"
    assert row.status_de == "laufend"
    assert row.area_ha == 100
    assert properties(row)["start_date"] is None


def test_an_area_without_release_is_not_published(connection):
    area_no = make_area(connection, released_at=None)
    publish(connection)
    assert published(connection, area_no) is None


def test_taking_the_release_back_withdraws_the_rows(connection):
    area_no = make_area(connection)
    publish(connection)
    run(connection, "UPDATE registry.programme_area SET released_at = NULL WHERE area_no = :no", no=area_no)
    publish(connection)
    assert published(connection, area_no) is None
    assert (
        connection.scalar(text("SELECT count(*) FROM publication.profile WHERE area_no = :n"), {"n": area_no})
        == 0
    )


@pytest.mark.parametrize("table", ["area_name", "area_municipality", "boundary"])
def test_a_released_area_that_lacks_something_is_refused_at_commit(connection, table):
    area_no = make_area(connection)
    publish(connection)
    run(connection, f"DELETE FROM registry.{table} WHERE area_no = :no", no=area_no)
    with pytest.raises(IntegrityError, match="is incomplete: it has no"):
        publish(connection)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"status": "ongoing", "start_year": 2011}, DateRange(date(2011, 1, 1), None)),
        ({"status": "planned", "start_date": "2027-05-01"}, DateRange(date(2027, 5, 1), None)),
        (
            {"status": "completed", "start_year": 2011, "end_date": "2017-12-15"},
            DateRange(date(2011, 1, 1), date(2017, 12, 16)),
        ),
        ({"start_year": 2008, "end_year": 2009}, DateRange(date(2008, 1, 1), date(2010, 1, 1))),
        ({"status": "completed", "start_year": 1994}, None),
        ({"status": None, "start_year": 2008}, None),
        ({"status": "ongoing"}, None),
        ({"status": "completed", "end_year": 2010}, None),
    ],
)
def test_the_period_is_known_only_where_both_ends_are(connection, facts, expected):
    area_no = make_area(connection, **facts)
    publish(connection)
    period = published(connection, area_no).period
    if expected is None:
        assert period is None
    else:
        assert (period.lower, period.upper) == (expected.lower, expected.upper)


def test_a_year_alone_and_a_date_both_give_the_year(connection):
    area_no = make_area(connection, start_date="2011-06-01", end_year=2015)
    publish(connection)
    row = published(connection, area_no)
    assert (row.start_year, row.end_year, row.end_date) == (2011, 2015, None)


def test_a_renamed_municipality_is_published_in_all_its_areas(connection):
    ags = make_municipality(connection)
    first, second = make_area(connection, ags=ags), make_area(connection, ags=ags)
    publish(connection)
    run(connection, "UPDATE registry.municipality SET name = 'Neustadt' WHERE ags = :ags", ags=ags)
    publish(connection)
    assert {published(connection, first).municipality, published(connection, second).municipality} == {
        "Neustadt"
    }


def test_the_leading_municipality_comes_first(connection):
    last, first = make_municipality(connection, name="A"), make_municipality(connection, name="B")
    area_no = make_area(connection, ags=first)
    run(connection, "INSERT INTO registry.area_municipality VALUES (:no, :ags)", no=area_no, ags=last)
    publish(connection)
    row = published(connection, area_no)
    assert (row.municipality, row.municipalities, row.ags_all) == ("B", ["B", "A"], [first, last])


def test_the_programme_is_the_current_else_the_last(connection):
    area_no = make_area(connection)
    for programme, start, end in [("SZH", 2020, None), ("SOS", 2012, 2019), ("SIQ", 2018, 2020)]:
        run(
            connection,
            "INSERT INTO registry.programme_period (area_no, programme, start_year, end_year) VALUES (:n, :p, :s, :e)",
            n=area_no,
            p=programme,
            s=start,
            e=end,
        )
    publish(connection)
    row = published(connection, area_no)
    assert (row.programme, row.programmes) == ("SZH", ["SOS", "SIQ", "SZH"])
    run(
        connection,
        "DELETE FROM registry.programme_period WHERE area_no = :n AND programme = 'SZH'",
        n=area_no,
    )
    publish(connection)
    assert published(connection, area_no).programme == "SIQ"


def test_without_a_known_programme_both_fields_are_null(connection):
    area_no = make_area(connection)
    publish(connection)
    row = published(connection, area_no)
    assert (row.programme, row.programmes) == (None, None)


def test_a_schematic_boundary_has_only_the_documented_size(connection):
    area_no = make_area(connection)
    run(connection, "UPDATE registry.boundary SET geom_basis = 'schematic' WHERE area_no = :n", n=area_no)
    publish(connection)
    assert published(connection, area_no).area_ha is None
    run(
        connection,
        "UPDATE registry.programme_area SET documented_area_ha = 282 WHERE area_no = :n",
        n=area_no,
    )
    publish(connection)
    assert published(connection, area_no).area_ha == 282


def test_sections_count_texts_and_released_rows_once(connection):
    area_no = make_area(connection)
    run(
        connection,
        "INSERT INTO registry.profile_section (area_no, language, section, body) VALUES"
        " (:n, 'de', 'character', 'Text'), (:n, 'en', 'character', 'Text'), (:n, 'de', 'milestones', 'Text')",
        n=area_no,
    )
    run(
        connection,
        "INSERT INTO registry.milestone (area_no, year, text_de) VALUES (:n, 2012, 'Beginn')",
        n=area_no,
    )
    run(connection, "INSERT INTO registry.contact (area_no, function_de) VALUES (:n, 'Amt')", n=area_no)
    publish(connection)
    assert published(connection, area_no).sections == 2
    run(connection, "UPDATE registry.contact SET released_at = now() WHERE area_no = :n", n=area_no)
    publish(connection)
    assert published(connection, area_no).sections == 3


def test_a_contact_appears_when_it_is_released_and_nowhere_before(connection):
    area_no = make_area(connection)
    run(
        connection,
        "INSERT INTO registry.contact (area_no, function_de, person, email)"
        " VALUES (:n, 'Amt', 'Erika Musterfrau', 'erika@example.org')",
        n=area_no,
    )
    publish(connection)
    assert not tables_with(connection, "Musterfrau")
    assert not tables_with(connection, "erika@")
    run(
        connection,
        "UPDATE registry.contact SET released_at = now(), person_released = true WHERE area_no = :n",
        n=area_no,
    )
    publish(connection)
    assert tables_with(connection, "Musterfrau") == tables_with(connection, "erika@") == ["contact"]


def tables_with(connection, words):
    """Return the tables of what is published that hold some words."""
    tables = connection.scalars(
        text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'publication' ORDER BY 1")
    ).all()
    return [
        table
        for table in tables
        if any(
            words in row for row in connection.scalars(text(f"SELECT t::text FROM publication.{table} AS t"))
        )
    ]


def test_a_file_can_be_read_only_when_it_and_its_area_are_released(connection):
    area_no = make_area(connection)
    run(
        connection,
        "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content)"
        " VALUES (:n, 'plan.pdf', 'Plan', 'application/pdf', 'abc')",
        n=area_no,
    )
    publish(connection)
    count = text("SELECT count(*) FROM publication.document_file")
    assert connection.scalar(count) == 0
    run(connection, "UPDATE registry.document SET released_at = now()")
    publish(connection)
    row = connection.execute(text("SELECT * FROM publication.document_file")).one()
    assert (row.size_bytes, bytes(row.content)) == (3, b"abc")
    run(connection, "UPDATE registry.programme_area SET released_at = NULL")
    publish(connection)
    assert connection.scalar(count) == 0


def test_a_withdrawn_area_names_its_successor(connection):
    old, new = (
        make_area(connection, area_id="musterstadt-alt"),
        make_area(connection, area_id="musterstadt-neu"),
    )
    run(
        connection,
        "UPDATE registry.programme_area SET withdrawn_on = '2020-01-01', successor_area_no = :new WHERE area_no = :old",
        old=old,
        new=new,
    )
    publish(connection)
    assert published(connection, old) is None
    found = text("SELECT area_id, successor_area_id FROM publication.withdrawal")
    assert connection.execute(found).one() == ("musterstadt-alt", "musterstadt-neu")
    run(connection, "UPDATE registry.programme_area SET released_at = NULL WHERE area_no = :new", new=new)
    publish(connection)
    assert connection.execute(found).one().successor_area_id is None


def test_an_identifier_is_lasting(connection):
    area_no = make_area(connection)
    with pytest.raises(IntegrityError, match="cannot be changed"):
        run(connection, "UPDATE registry.programme_area SET area_id = 'other' WHERE area_no = :n", n=area_no)


def test_a_deleted_area_leaves_nothing(connection):
    area_no = make_area(connection)
    publish(connection)
    run(connection, "DELETE FROM registry.programme_area WHERE area_no = :n", n=area_no)
    publish(connection)
    assert published(connection, area_no) is None
    assert (
        connection.scalar(
            text("SELECT count(*) FROM registry.area_revision WHERE area_no = :n"), {"n": area_no}
        )
        == 0
    )


def test_truncating_a_table_is_published_too(connection):
    area_no = make_area(connection)
    run(
        connection,
        "INSERT INTO registry.milestone (area_no, year, text_de) VALUES (:n, 2012, 'Beginn')",
        n=area_no,
    )
    publish(connection)
    assert published(connection, area_no).sections == 1
    run(connection, "TRUNCATE registry.milestone")
    publish(connection)
    assert published(connection, area_no).sections == 0


def test_a_change_counts_one_version_and_leaves_the_box_of_old_and_new(connection):
    area_no = make_area(connection, geom=square(390_000, 5_710_000))
    publish(connection)
    before = dataset_version(connection)
    run(
        connection,
        "UPDATE registry.boundary SET geom = :geom WHERE area_no = :n",
        geom=square(392_000, 5_710_000),
        n=area_no,
    )
    publish(connection)
    assert dataset_version(connection) == before + 1
    width = connection.scalar(
        text(
            "SELECT ST_XMax(b) - ST_XMin(b) FROM (SELECT ST_Transform(bbox_3857, 25832) AS b FROM publication.change"
            " WHERE version = :v AND collection = 'programme-areas') AS c"
        ),
        {"v": before + 1},
    )
    assert width == pytest.approx(3000, rel=0.02)


def test_an_update_that_changes_nothing_is_no_new_version(connection):
    area_no = make_area(connection, status="ongoing")
    publish(connection)
    before, stamp = dataset_version(connection), published(connection, area_no).updated_at
    run(connection, "UPDATE registry.programme_area SET status = 'ongoing'")
    run(connection, "UPDATE registry.boundary SET geom = geom")
    publish(connection)
    assert (dataset_version(connection), published(connection, area_no).updated_at) == (before, stamp)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry.programme_area SET status = 'running'",
        "UPDATE registry.programme_area SET start_year = 2015, end_year = 2014",
        "UPDATE registry.programme_area SET start_year = 2015, start_date = '2014-01-01'",
        "UPDATE registry.programme_area SET end_date = 'infinity'",
        "UPDATE registry.programme_area SET concept_url = 'javascript:alert(1)'",
        "UPDATE registry.municipality SET ags = '5913000'",
        "UPDATE registry.boundary SET geom = 'SRID=25832;MULTIPOLYGON EMPTY'",
        "UPDATE registry.boundary SET geom = 'SRID=25832;MULTIPOLYGON(((390000 5710000,390010 5710010,"
        "390010 5710000,390000 5710010,390000 5710000)))'",
        "UPDATE registry.boundary SET geom = ST_Translate(geom, 9000000, 0)",
        "INSERT INTO registry.area_name (area_no, name) SELECT area_no, 'second' FROM registry.programme_area",
    ],
)
def test_the_tables_keep_their_promises(connection, statement):
    make_area(connection)
    with pytest.raises(DBAPIError):
        connection.execute(text(statement))


def test_a_rebuild_mends_what_was_damaged(engine):
    with engine.begin() as connection:
        area_no = make_area(connection, area_id="musterstadt-beschaedigt")
    with engine.begin() as connection:
        run(connection, "UPDATE publication.programme_area SET name = 'wrong' WHERE area_no = :n", n=area_no)
        run(connection, "DELETE FROM publication.profile WHERE area_no = :n", n=area_no)
    assert rebuild(engine).corrected_rows == 2
    assert rebuild(engine).corrected_rows == 0
    with engine.begin() as connection:
        run(connection, "DELETE FROM registry.programme_area")


def test_writing_above_read_committed_is_refused(engine):
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin(), pytest.raises(DBAPIError, match="READ COMMITTED"):
            run(connection, "DELETE FROM registry.milestone")


def test_publishing_one_area_reads_that_area_alone(engine):
    """Counted by the database itself, after statistics that would let a join read everything."""
    with engine.begin() as connection:
        make_areas(connection, 2_000)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    with engine.begin() as connection:
        run(connection, "UPDATE registry.programme_area SET population = 4711 WHERE area_id = 'viele-7'")
        run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        read = run(
            connection,
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
            " WHERE schemaname IN ('registry', 'publication') AND relname IN ('boundary', 'area_name', 'profile')",
        ).scalar_one()
        version = run(connection, "SELECT max(version) FROM publication.change").scalar_one()
        changed = run(connection, "SELECT feature_id FROM publication.change WHERE version = :v", v=version)
        assert changed.scalars().all() == ["viele-7"]
    assert 0 < read < 20
    with engine.begin() as connection:
        run(connection, "DELETE FROM registry.programme_area")
