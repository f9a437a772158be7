"""What becomes of an area: in one transaction, published at once, and as it was after any error."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, text

from geo_service.db.models.base import Registry
from geo_service.db.publication import dataset_version
from geo_service.errors import RejectedDataError
from geo_service.ingest import area_moves
from geo_service.ingest.area_life import merge, rename, restore, withdraw
from geo_service.ingest.area_records import addresses, list_records, near_ids
from geo_service.ingest.area_show import show_lines
from geo_service.ingest.report import finding_lines
from tests.factories import EASTING, make_area, make_municipality, square

pytestmark = pytest.mark.usefixtures("rebuilt")
SINCE = "2020-01-01"


@pytest.fixture
def areas(engine):
    """Released areas alt, neu and ost side by side, the first with everything that can belong to one; emptied after."""
    with engine.begin() as connection:
        connection.execute(
            text("TRUNCATE registry.programme_area, registry.municipality, registry.entry RESTART IDENTITY CASCADE")
        )  # fmt: skip
        towns = [make_municipality(connection, ags=f"0599900{n}", name=f"Ort {n}") for n in range(3)]
        numbers = {
            name: make_area(
                connection,
                area_id=f"ort-{name}",
                name=name.title(),
                ags=towns[number],
                start_date=SINCE,
                start_year=2020,
                geom=square(EASTING + 1000 * number),
            )
            for number, name in enumerate(("alt", "neu", "ost"))
        }
        for statement in (
            "INSERT INTO registry.programme_period (area_no, programme, start_year) VALUES (:n, 'SZH', 2020)",
            "INSERT INTO registry.profile_section (area_no, language, section, body)"
            " VALUES (:n, 'de', 'outlook', 'Text')",
            "INSERT INTO registry.milestone (area_no, year, text_de) VALUES (:n, 2021, 'Anfang')",
            "INSERT INTO registry.contact (area_no, function_de, released_at) VALUES (:n, 'Büro', now())",
            "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, released_at)"
            " VALUES (:n, 'a.pdf', 'A', 'application/pdf', 'x', now())",
            "WITH e AS (INSERT INTO registry.entry (kind, slug, begin_date, title_de, released_at)"
            " VALUES ('news', 'n', '2024-01-01', 'N', now()) RETURNING entry_no)"
            " INSERT INTO registry.entry_area (entry_no, area_no) SELECT entry_no, :n FROM e",
            "UPDATE registry.programme_area SET population = 77 WHERE area_no = :n",
        ):
            connection.execute(text(statement), {"n": numbers["alt"]})
    return numbers


def state(engine):
    """Everything in registry and publication, to be compared; without what only counts and times."""
    skipped = {"area_revision", "entry_revision"}
    tables = [table for table in Registry.metadata.sorted_tables if table.name not in skipped]
    found = {}
    with engine.connect() as connection:
        for table in tables:
            rows = connection.execute(text(f"SELECT to_jsonb(t) FROM {table.schema}.{table.name} AS t"))
            found[str(table)] = sorted(str(row[0]) for row in rows)
    return found


def published(engine, area_id):
    with engine.connect() as connection:
        return connection.execute(
            text("SELECT * FROM publication.programme_area WHERE area_id = :id"), {"id": area_id}
        ).one_or_none()


def one(engine, statement, **values):
    with engine.connect() as connection:
        return connection.execute(text(statement), values).scalar()


def leads(engine, *area_ids):
    """What addresses answer: ``page``, the area they lead on to, ``(the one they name)``, or ``gone``."""
    with engine.connect() as connection:
        told = addresses(connection, area_ids)
    return [
        "page" if one.is_published
        else one.leads_to if one.is_moved
        else f"({one.leads_to})" if one.leads_to
        else "gone" if one.is_gone else "unknown"
        for one in told
    ]  # fmt: skip


def refused(engine, command, *arguments, **options):
    """Run a command that is to be refused, look that it changed nothing, and return its findings (English)."""
    before = state(engine)
    with pytest.raises(RejectedDataError, match="nothing was changed") as error:
        command(engine, *arguments, **options)
    assert state(engine) == before
    german = finding_lines(error.value, "de")
    english = finding_lines(error.value, "en")
    assert len(german) == len(english) >= 1
    assert all(de != en for de, en in zip(german, english, strict=True))
    return english


# --- withdraw -----------------------------------------------------------------------------------------------------


def test_a_withdrawn_area_is_gone_and_restored_is_what_it_was(engine, areas):
    before, row = state(engine), published(engine, "ort-alt")
    report = withdraw(engine, "ort-alt")
    assert published(engine, "ort-alt") is None
    assert leads(engine, "ort-alt", "ort-neu") == ["gone", "page"]
    assert one(
        engine, "SELECT withdrawn_on = current_date FROM registry.programme_area WHERE area_id = 'ort-alt'"
    )
    lines = report.lines("en", "https://example.org")
    assert lines[0] == f"ort-alt: withdrawn on {date.today()}"
    assert lines[1] == (
        "ort-alt: no longer shown, but kept: 1 text, 1 milestone, 1 document, 1 contact, 1 news entry or event"
    )
    assert "  https://example.org/id/programme-area/ort-alt: withdrawn (410)" in lines
    with engine.connect() as connection:
        assert lines[-1] == f"Published as version {dataset_version(connection)}"
        changed = connection.scalars(
            text("SELECT collection FROM publication.change JOIN publication.dataset USING (version)")
        ).all()
    assert {"programme-areas", "profiles", "withdrawals", "news"} <= set(changed)
    assert one(engine, "SELECT area_ids FROM publication.news") in (None, [])

    assert restore(engine, "ort-alt").lines("de")[0] == "ort-alt: wiederhergestellt"
    after = published(engine, "ort-alt")
    drop = ("updated_at", "properties", "search")
    assert {k: v for k, v in after._mapping.items() if k not in drop} == {
        k: v for k, v in row._mapping.items() if k not in drop
    }
    unchanged = [name for name in before if name.startswith("registry.")]
    assert {name: state(engine)[name] for name in unchanged} == {name: before[name] for name in unchanged}


def test_a_successor_is_named_and_a_day_kept(engine, areas):
    withdraw(engine, "ort-alt", successor_id="ort-neu", day=date(2024, 5, 1))
    assert leads(engine, "ort-alt") == ["(ort-neu)"]
    withdraw(engine, "ort-neu", successor_id="ort-ost")
    assert leads(engine, "ort-alt", "ort-neu") == ["(ort-ost)", "(ort-ost)"]
    assert one(engine, "SELECT withdrawn_on FROM publication.withdrawal WHERE area_id = 'ort-alt'") == date(
        2024, 5, 1
    )


def test_what_led_to_an_area_is_told_when_it_goes(engine, areas):
    merge(engine, ["ort-alt"], "ort-neu")
    lines = withdraw(engine, "ort-neu", successor_id="ort-ost").lines("en")
    # It lived on in one that ended: that has a successor, but the area itself does not live on there.
    assert "  /id/programme-area/ort-alt: withdrawn (410), names ort-ost" in lines
    lines = restore(engine, "ort-neu").lines("en")
    assert "  /id/programme-area/ort-alt → /id/programme-area/ort-neu" in lines
    assert leads(engine, "ort-alt") == ["ort-neu"]


def test_how_an_area_was_withdrawn_can_be_amended(engine, areas):
    with engine.begin() as connection:  # as by deleting it in QGIS
        connection.execute(text("DELETE FROM registry.programme_area_edit WHERE area_id = 'ort-alt'"))
    (line,) = refused(engine, withdraw, "ort-alt", successor_id="ort-neu")
    assert "--amend" in line
    withdraw(engine, "ort-alt", successor_id="ort-neu", day=date(2024, 5, 1), amend=True)
    assert leads(engine, "ort-alt") == ["(ort-neu)"]
    report = merge(engine, ["ort-alt"], "ort-neu", amend=True)
    assert leads(engine, "ort-alt") == ["ort-neu"]
    assert report.lines("en")[0] == "ort-alt: merged into ort-neu on 2024-05-01"
    withdraw(engine, "ort-alt", amend=True)
    assert leads(engine, "ort-alt") == ["gone"]


@pytest.mark.parametrize(
    ("options", "rule", "told"),
    [
        ({"day": date.today() + timedelta(days=3)}, "date-future", "is in the future"),
        ({"day": date(2019, 12, 31)}, "date-early", "before the area began (2020-01-01)"),
        ({"day": date(1, 1, 1)}, "date-early", "before the area began (2020-01-01)"),
        ({"successor_id": "ort-alt"}, "same-area", "cannot lead on to itself"),
        ({"successor_id": "ort-naeu"}, "area-unknown", "ort-neu"),
        ({"successor_id": "ort-gone"}, "successor-withdrawn", "name an area that is published"),
        ({"successor_id": "ort-back"}, "circle", "in a circle"),
        ({"successor_id": "ort-hidden"}, "successor-unreleased", "release it first"),
    ],
)
def test_what_stands_against_withdrawing_is_said(engine, areas, options, rule, told):
    with engine.begin() as connection:
        make_area(connection, area_id="ort-gone", withdrawn_on="2024-01-01")
        make_area(connection, area_id="ort-hidden", released_at=None)
        make_area(
            connection, area_id="ort-back", withdrawn_on="2024-01-01", successor_area_no=areas["alt"]
        )  # fmt: skip
    (line,) = refused(engine, withdraw, "ort-alt", **options)
    assert f": {rule}: " in line
    assert told in line


def test_every_reason_is_told_at_once(engine, areas):
    withdraw(engine, "ort-ost")
    lines = refused(engine, merge, ["ort-ost", "ort-x", "ort-neu"], "ort-neu", day=date(2001, 1, 1))
    assert [line.split(": ")[:2] for line in lines] == [
        ["ort-neu", "same-area"],
        ["ort-neu", "date-early"],
        ["ort-ost", "withdrawn"],
        ["ort-ost", "date-early"],
        ["ort-x", "area-unknown"],
    ]


def test_today_is_never_too_early(engine, areas):
    with engine.begin() as connection:
        make_area(connection, area_id="ort-plan", start_year=date.today().year + 3, status="planned")
    withdraw(engine, "ort-plan")
    assert leads(engine, "ort-plan") == ["gone"]


def test_nothing_ended_before_there_were_such_areas(engine, areas):
    with engine.begin() as connection:
        make_area(connection, area_id="ort-unknown")  # no day of it is known
    (line,) = refused(engine, withdraw, "ort-unknown", day=date(1899, 12, 31))
    assert "before the area began (1900-01-01)" in line
    withdraw(engine, "ort-unknown", day=date(1900, 1, 1))


def test_an_area_that_was_never_shown_leaves_no_address(engine, areas):
    with engine.begin() as connection:
        make_area(connection, area_id="ort-hidden", released_at=None)
    assert "  /id/programme-area/ort-hidden: does not exist (404)" in withdraw(engine, "ort-hidden").lines(
        "en"
    )
    assert "not released" in restore(engine, "ort-hidden").lines("en")[0]


def test_a_dry_run_tells_the_same_and_stores_nothing(engine, areas):
    before = state(engine)
    for command, arguments, options in (
        (withdraw, ("ort-alt",), {"successor_id": "ort-neu"}),
        (merge, (["ort-alt"], "ort-neu"), {"with_boundaries": True}),
        (rename, ("ort-alt",), {"new_id": "ort-anders", "name": "Anders"}),
    ):
        tried = command(engine, *arguments, dry_run=True, **options).lines("de")
        assert state(engine) == before
        done = command(engine, *arguments, **options).lines("de")
        assert tried[-1] == "Probelauf: nichts wurde gespeichert"
        assert tried[:-1] == done[:-1]
        middle = state(engine)
        restore(engine, "ort-alt", dry_run=True)
        assert state(engine) == middle
        restore(engine, "ort-alt")
        before = state(engine)


# --- merge --------------------------------------------------------------------------------------------------------


def test_merged_areas_lead_on_and_boundaries_become_one(engine, areas):
    before = published(engine, "ort-neu")
    report = merge(
        engine, ["ort-alt", "ort-ost", "ort-alt"], "ort-neu", with_boundaries=True, day=date(2025, 1, 1)
    )
    assert leads(engine, "ort-alt", "ort-ost", "ort-neu") == ["ort-neu", "ort-neu", "page"]
    after = published(engine, "ort-neu")
    assert (before.area_ha, after.area_ha) == (100, 300)
    assert (after.municipalities, after.ags) == (["Ort 1", "Ort 0", "Ort 2"], before.ags)
    assert (
        one(engine, "SELECT ST_NumGeometries(geom) FROM publication.programme_area WHERE area_id = 'ort-neu'")
        == 1
    )
    assert "ort-neu: new boundary from 2025-01-01, 300.00 ha (100.00 ha up to now)" in report.lines("en")
    known = one(
        engine, "SELECT profile->'boundaries' FROM publication.profile WHERE area_id = 'ort-neu'"
    )  # fmt: skip
    assert [(each["reason"], each["valid_to"]) for each in known] == [
        (None, "2025-01-01"),
        ("Zusammenlegung mit Alt, Ost", None),
    ]
    assert (known[1]["source"], known[1]["licence"]) == ("Testquelle", "dl-de/zero-2-0")

    lines = restore(engine, "ort-alt").lines("en")
    assert "ort-neu: stays as it is, its boundary included" in lines
    assert leads(engine, "ort-alt", "ort-ost") == ["page", "ort-neu"]
    assert published(engine, "ort-neu").area_ha == 300


def test_a_boundary_in_parts_is_told(engine, areas):
    lines = merge(engine, ["ort-ost"], "ort-alt", with_boundaries=True).lines("de")
    assert any(line.endswith("200.00 ha (bisher 100.00 ha), in 2 Teilen") for line in lines)


def test_a_boundary_that_holds_the_others_already_stays(engine, areas):
    merge(engine, ["ort-alt"], "ort-neu", with_boundaries=True)
    restore(engine, "ort-alt")
    number = one(engine, "SELECT count(*) FROM registry.boundary")
    lines = merge(engine, ["ort-alt"], "ort-neu", with_boundaries=True).lines("en")
    assert "ort-neu: the boundary stays, it holds the others already" in lines
    assert one(engine, "SELECT count(*) FROM registry.boundary") == number


def test_a_boundary_is_official_only_where_all_are(engine, areas):
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.boundary SET geom_basis = 'schematic' WHERE area_no = :n"),
                           {"n": areas["alt"]})  # fmt: skip
    report = merge(engine, ["ort-alt"], "ort-neu", with_boundaries=True, reason="Beschluss")
    assert published(engine, "ort-neu").geom_basis == "schematic"
    assert one(engine, "SELECT reason FROM registry.boundary WHERE area_no = :n AND valid_to IS NULL",
               n=areas["neu"]) == "Beschluss"  # fmt: skip
    assert any(line.endswith("200.00 ha (100.00 ha up to now), schematic") for line in report.lines("en"))
    with engine.connect() as connection:
        shown = show_lines(connection, "ort-neu", "de")
    assert f"  Abgrenzung    200.00 ha, schematisch, seit {date.today()}" in shown


def test_boundaries_that_cannot_become_one_are_said(engine, areas):
    with engine.begin() as connection:
        for name, change in (
            ("neu", "valid_from = '2025-01-01'"),
            ("alt", "licence = 'cc-by-4.0'"),
            ("ost", "valid_to = '2024-01-01'"),
        ):
            statement = f"UPDATE registry.boundary SET {change} WHERE area_no = :n"
            if name == "ost":
                connection.execute(text("UPDATE registry.programme_area SET released_at = NULL WHERE area_no = :n"),
                                   {"n": areas["ost"]})  # fmt: skip
            connection.execute(text(statement), {"n": areas[name]})
    early, licence = refused(
        engine, merge, ["ort-alt"], "ort-neu", with_boundaries=True, day=date(2024, 1, 1)
    )
    assert "the current boundary begins on 2025-01-01" in early
    assert "cc-by-4.0, dl-de/zero-2-0" in licence
    (none,) = refused(engine, merge, ["ort-ost"], "ort-neu", with_boundaries=True)
    assert ": no-boundary: " in none


# --- rename -------------------------------------------------------------------------------------------------------


def test_a_new_identifier_takes_everything_along(engine, areas):
    before, row = state(engine), published(engine, "ort-alt")
    profile = "SELECT profile FROM publication.profile WHERE area_id = :id"
    contents = one(engine, profile, id="ort-alt")
    report = rename(engine, "ort-alt", new_id="ort-anders")
    assert leads(engine, "ort-alt", "ort-anders") == ["ort-anders", "page"]
    assert "  /id/programme-area/ort-alt → /id/programme-area/ort-anders" in report.lines("en")
    now = published(engine, "ort-anders")
    for name in ("name", "municipality", "population", "programmes", "sections", "geojson", "start_date"):
        assert getattr(now, name) == getattr(row, name), name
    assert one(engine, profile, id="ort-anders") == contents
    assert one(engine, "SELECT area_ids FROM publication.news") == ["ort-anders"]
    assert one(engine, "SELECT count(*) FROM publication.contact WHERE area_id = 'ort-anders'") == 1

    with engine.begin() as connection:  # what is edited meanwhile is not lost
        connection.execute(
            text("UPDATE registry.programme_area SET population = 99 WHERE area_id = 'ort-anders'")
        )
    lines = restore(engine, "ort-alt").lines("en")
    assert lines[0] == "ort-alt: has this identifier again, and no longer ort-anders"
    assert leads(engine, "ort-alt", "ort-anders") == ["page", "ort-alt"]
    assert published(engine, "ort-alt").population == 99
    after = state(engine)
    for name in ("registry.boundary", "registry.document", "registry.contact", "registry.entry_area"):
        assert after[name] == before[name], name


def test_a_rename_is_taken_back_over_several_identifiers(engine, areas):
    rename(engine, "ort-alt", new_id="ort-b", name="B")
    rename(engine, "ort-b", new_id="ort-c", name="C")
    assert leads(engine, "ort-alt", "ort-b", "ort-c") == ["ort-c", "ort-c", "page"]
    assert "ort-alt: name Alt, up to now C" in restore(engine, "ort-alt").lines("en")
    assert leads(engine, "ort-alt", "ort-b", "ort-c") == ["page", "ort-alt", "ort-alt"]
    assert published(engine, "ort-alt").name == "Alt"
    names = "SELECT array_agg(name) FROM registry.area_name WHERE area_no = :n"
    assert one(engine, names, n=areas["alt"]) == ["Alt"]
    # And there again: the identifier was that of the same area.
    restore(engine, "ort-c")
    assert leads(engine, "ort-alt", "ort-b", "ort-c") == ["ort-c", "ort-c", "page"]


def test_a_name_alone_keeps_the_address_and_the_history(engine, areas):
    def names():
        query = text(
            "SELECT name, valid_from, valid_to FROM registry.area_name WHERE area_no = :n ORDER BY valid_to"
        )
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query, {"n": areas["alt"]})]

    first, second = date(2023, 1, 1), date(2024, 1, 1)
    report = rename(engine, "ort-alt", name="  Neue   Mitte ", day=first)
    assert report.lines("de")[0] == "ort-alt: Name Neue Mitte, bisher Alt"
    assert published(engine, "ort-alt").name == "Neue Mitte"
    rename(engine, "ort-alt", name="Mitte", day=second)
    assert names() == [("Alt", None, first), ("Neue Mitte", first, second), ("Mitte", second, None)]
    rename(
        engine, "ort-alt", name="Die Mitte", day=second
    )  # a correction leaves no name that held for no day
    assert names()[1:] == [("Neue Mitte", first, second), ("Die Mitte", second, None)]
    rename(engine, "ort-alt", name="Neue Mitte", day=second)
    assert names() == [("Alt", None, first), ("Neue Mitte", first, None)]
    (line,) = refused(engine, rename, "ort-alt", name="Früher", day=date(2022, 1, 1))
    assert "the current name is valid from 2023-01-01" in line


@pytest.mark.parametrize(
    ("options", "rule", "told"),
    [
        ({"new_id": "ort-alt"}, "same-area", "choose another"),
        ({"new_id": "ort-neu"}, "id-taken", "area merge … --into ort-neu"),
        ({"new_id": "ort-ost"}, "id-taken", "withdrawn on"),
        ({"new_id": "Ort Größe!"}, "id-invalid", "ort-groesse would do"),
        ({"new_id": "ort--neu"}, "id-invalid", "characters at most"),
        ({"new_id": "x" * 61}, "id-invalid", "60 characters"),
        ({"new_id": ""}, "id-invalid", "a–z"),
        ({"name": "Alt"}, "same-name", "has the name Alt already"),
        ({"name": " "}, "name-invalid", "needs a name"),
        ({"name": "A\x1b[31mlt"}, "name-invalid", "visible signs"),
        ({"name": "Neu", "day": date(2001, 1, 1)}, "date-early", "before the area began"),
    ],
)
def test_what_stands_against_renaming_is_said(engine, areas, options, rule, told):
    withdraw(engine, "ort-ost")
    (line,) = refused(engine, rename, "ort-alt", **options)
    assert f": {rule}: " in line
    assert told in line


def test_the_former_identifier_comes_back_by_restoring_it(engine, areas):
    rename(engine, "ort-alt", new_id="ort-b")
    (line,) = refused(engine, rename, "ort-b", new_id="ort-alt")
    assert "`area restore ort-alt`" in line
    (line,) = refused(engine, withdraw, "ort-alt", amend=True)
    assert "lives on there; name that area" in line
    withdraw(engine, "ort-b")
    (line,) = refused(engine, restore, "ort-alt")
    assert "first `area restore ort-b`" in line
    (line,) = refused(engine, rename, "ort-b", name="B")
    assert ": withdrawn: " in line


# --- restore ------------------------------------------------------------------------------------------------------


def test_what_stands_against_restoring_is_said(engine, areas):
    (line,) = refused(engine, restore, "ort-alt")
    assert ": not-withdrawn: " in line
    (line,) = refused(engine, restore, "ort-ald")
    assert "was one of these meant: ort-alt" in line
    withdraw(engine, "ort-alt")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM registry.boundary WHERE area_no = :n"), {"n": areas["alt"]})
    (line,) = refused(engine, restore, "ort-alt")
    assert "lacks: current boundary" in line


def test_one_that_another_way_was_renamed_is_restored_beside_its_successor(engine, areas):
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE registry.programme_area SET withdrawn_on = '2024-01-01', withdrawal_reason = 'renamed',"
                " successor_area_no = :heir WHERE area_no = :n"
            ),
            {"n": areas["alt"], "heir": areas["neu"]},
        )
    lines = restore(engine, "ort-alt").lines("en")
    assert "ort-neu: stays as it is, its boundary included" in lines
    assert leads(engine, "ort-alt", "ort-neu") == ["page", "page"]


# --- around -------------------------------------------------------------------------------------------------------


def test_of_two_at_the_same_time_the_second_sees_what_the_first_did(engine, areas):
    ended = threading.Event()
    outcome = []

    def second():
        try:
            withdraw(engine, "ort-neu", successor_id="ort-alt")
        except RejectedDataError as error:
            outcome.extend(finding_lines(error, "en"))
        ended.set()

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM registry.programme_area_edit WHERE area_id = 'ort-alt'"))
        thread = threading.Thread(target=second)
        thread.start()
        assert not ended.wait(0.5)
    thread.join(30)
    assert [line.split(": ")[1] for line in outcome] == ["successor-withdrawn"]


def test_a_fault_in_the_middle_leaves_everything_as_it_was(engine, areas, monkeypatch):
    monkeypatch.setattr(area_moves, "TABLES", (*area_moves.TABLES, "municipality"))
    before = state(engine)
    with pytest.raises(Exception, match="area_no"):
        rename(engine, "ort-alt", new_id="ort-b")
    assert state(engine) == before


def test_every_table_of_an_area_is_taken_along(engine):
    query = text(
        "SELECT c.table_name FROM information_schema.columns AS c JOIN information_schema.tables AS t"
        " USING (table_schema, table_name) WHERE table_schema = 'registry' AND column_name = 'area_no'"
        " AND table_type = 'BASE TABLE'"
    )
    by_triggers = {"area_revision", "area_mark"}
    with engine.connect() as connection:
        found = set(connection.scalars(query)) - by_triggers - {"programme_area"}
    assert found == {*area_moves.TABLES, "entry_area"}


def test_a_writer_needs_no_more_than_its_role(engine, areas, database_url):
    writer = create_engine(database_url, connect_args={"options": "-c role=geo_service_writer"})
    try:
        rename(writer, "ort-alt", new_id="ort-b", name="B")
        merge(writer, ["ort-b"], "ort-neu", with_boundaries=True)
        restore(writer, "ort-b")
        restore(writer, "ort-alt")
    finally:
        writer.dispose()
    assert leads(engine, "ort-alt", "ort-neu") == ["page", "page"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("ort-allt", "ort-alt"),
        ("Ort Alt", "ort-alt"),
        ("Alt", "ort-alt"),
        ("https://example.org/profiles/ort-alt", "ort-alt"),
        ("ost", "ort-ost"),
        ("!", None),
        ("zzzzzzzz", None),
    ],
)
def test_what_may_have_been_meant(engine, areas, given, meant):
    with engine.connect() as connection:
        assert [*near_ids(connection, given), None][0] == meant


def test_areas_are_listed_and_shown_whatever_became_of_them(engine, areas):
    rename(engine, "ort-alt", new_id="ort-b", name="B")
    withdraw(engine, "ort-ost")
    with engine.connect() as connection:
        assert [area.area_id for area in list_records(connection, None, withdrawn=False)] == [
            "ort-b",
            "ort-neu",
        ]
        assert [area.area_id for area in list_records(connection, None, withdrawn=True)] == [
            "ort-alt",
            "ort-ost",
        ]
        assert [area.area_id for area in list_records(connection, "ORT 1", withdrawn=None)] == ["ort-neu"]
        assert list_records(connection, "%", withdrawn=None) == []
        shown = show_lines(connection, "ort-b", "en")
        assert shown[0] == "ort-b"
        assert f"  Former names  Alt (until {date.today()})" in shown
        assert "  Contents      1 text, 1 milestone, 1 document, 1 contact, 1 news entry or event" in shown
        assert shown[-2:] == [
            "  /id/programme-area/ort-b: published",
            "  /id/programme-area/ort-alt → /id/programme-area/ort-b",
        ]
        assert f"  Zustand       am {date.today()} umbenannt in ort-b" in show_lines(
            connection, "ort-alt", "de"
        )
        with pytest.raises(RejectedDataError, match="nothing to show"):
            show_lines(connection, "nowhere", "en")
