"""The sample data in the database: what is there, what is not, and that real names carry facts only."""

from __future__ import annotations

import csv
import io

import pypdf
import pytest
from sqlalchemy import Connection, Engine, text

from geo_service.domain.code_lists import PROFILE_SECTION, PROGRAMME, STAGE, STATUS
from geo_service.settings import PROJECT_DIR

DATA = PROJECT_DIR / "data"
REAL = "a.attr_basis <> 'fictional'"


@pytest.fixture
def sample(sample_engine: Engine):
    with sample_engine.connect() as connection:
        yield connection


def column(connection: Connection, statement: str, **values: object) -> list:
    return list(connection.scalars(text(statement), values))


def source_rows() -> list[dict[str, str]]:
    with (DATA / "source" / "programme_areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_loaded_and_the_rest_is_published(sample: Connection) -> None:
    counts = sample.execute(
        text(
            "SELECT (SELECT count(*) FROM registry.programme_area), (SELECT count(*) FROM registry.boundary),"
            " (SELECT count(*) FROM registry.municipality), (SELECT count(*) FROM publication.programme_area),"
            " (SELECT count(*) FROM publication.municipality), (SELECT count(*) FROM publication.withdrawal)"
        )
    ).one()
    assert tuple(counts) == (131, 140, 398, 129, 398, 1)


def test_every_status_stage_and_programme_occurs(sample: Connection) -> None:
    assert set(column(sample, "SELECT status FROM publication.programme_area")) == {*STATUS.codes, None}
    assert set(column(sample, "SELECT stage FROM publication.programme_area")) == {*STAGE.codes, None}
    assert set(column(sample, "SELECT unnest(programmes) FROM publication.programme_area")) == set(
        PROGRAMME.codes
    )


def test_real_areas_carry_documented_values_only(sample: Connection) -> None:
    stored = {
        row["area_id"]: row
        for row in sample.execute(text(f"SELECT * FROM registry.programme_area AS a WHERE {REAL}")).mappings()
    }
    facts = source_rows()
    assert len(facts) == 100
    assert stored.keys() == {fact["area_id"] for fact in facts}
    for fact in facts:
        row = stored[fact["area_id"]]
        for key in ("status", "start_year", "end_date", "population", "concept"):
            assert str(row[key] or "") == fact[key], (fact["area_id"], key)
        assert f"{row['documented_area_ha'] or 0:.0f}" == (fact["area_ha"] or "0")
        assert row["attr_basis"] == {"A": "documented", "B": "partly"}[fact["evidence"]]
        for key in ("stage", "start_date", "end_year", "resolution_date", "concept_url"):
            assert row[key] is None, (fact["area_id"], key)


def test_well_known_names_without_a_source_carry_nothing_but_their_name(sample: Connection) -> None:
    known = sample.execute(
        text(
            "SELECT count(*), count(status), count(start_year), count(end_year), count(population), count(area_ha),"
            " count(programme), count(concept), count(period), sum(sections)"
            " FROM publication.programme_area WHERE attr_basis = 'partly'"
        )
    ).one()
    assert tuple(known) == (86, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_nine_real_areas_have_a_documented_status(sample: Connection) -> None:
    assert column(
        sample, f"SELECT count(*) FROM publication.programme_area AS a WHERE {REAL} AND status IS NOT NULL"
    ) == [9]


def test_real_boundaries_are_schematic_and_say_so(sample: Connection) -> None:
    assert column(
        sample,
        f"SELECT DISTINCT b.geom_basis || ': ' || b.source FROM registry.boundary AS b"
        f" JOIN registry.programme_area AS a USING (area_no) WHERE {REAL}",
    ) == ["schematic: Schematische Darstellung um den ungefähren Mittelpunkt; keine amtliche Grenze"]


def test_documented_sizes_are_drawn_and_no_other_is_shown(sample: Connection) -> None:
    shown = sample.execute(
        text(
            "SELECT a.area_id, a.area_ha, ST_Area(a.geom) / 10000 AS drawn FROM publication.programme_area AS a"
            f" WHERE {REAL} AND area_ha IS NOT NULL"
        )
    ).all()
    assert {row.area_id: int(row.area_ha) for row in shown} == {
        "bochum-wattenscheid-mitte": 282,
        "dortmund-nordstadt": 1442,
        "essen-west-altendorf-bochold": 572,
        "gelsenkirchen-schalke": 300,
    }
    for row in shown:
        assert row.drawn == pytest.approx(float(row.area_ha), rel=0.005)


def test_boundaries_are_valid_do_not_overlap_and_neighbours_touch_without_gaps(sample: Connection) -> None:
    assert column(sample, "SELECT count(*) FROM registry.boundary WHERE NOT ST_IsValid(geom)") == [0]
    pairs = sample.execute(
        text(
            "SELECT a.area_id, ST_Relate(a.geom, b.geom, '2********') AS overlap,"
            " ST_Relate(a.geom, b.geom, 'F***1****') AS border, a.attr_basis"
            " FROM publication.programme_area AS a JOIN publication.programme_area AS b"
            " ON a.area_no < b.area_no AND ST_Intersects(a.geom, b.geom)"
        )
    ).all()
    assert not [pair for pair in pairs if pair.overlap]
    assert not [pair for pair in pairs if pair.attr_basis != "fictional"]
    assert len([pair for pair in pairs if pair.border]) >= 10
    town = column(
        sample,
        "SELECT ST_NumInteriorRings(ST_GeometryN(ST_Multi(ST_Union(geom)), 1)) FROM publication.programme_area"
        " WHERE area_id ~ 'altstadt|bahnhofsviertel|nordviertel|westviertel|suedviertel|ostviertel'"
        " AND attr_basis = 'fictional'",
    )
    assert town == [0]


def test_shapes_have_holes_parts_and_a_believable_number_of_vertices(sample: Connection) -> None:
    for condition in (REAL, f"NOT ({REAL})"):
        (most, holes, least, largest) = sample.execute(
            text(
                "SELECT max(ST_NumGeometries(geom)), sum(ST_NRings(geom) - ST_NumGeometries(geom)),"
                f" min(ST_NPoints(geom)), max(ST_NPoints(geom)) FROM publication.programme_area AS a WHERE {condition}"
            )
        ).one()
        assert most == 2
        assert holes >= 2
        assert least >= 10
        assert largest <= 150


def test_label_points_lie_inside(sample: Connection) -> None:
    assert column(
        sample, "SELECT count(*) FROM publication.programme_area WHERE NOT ST_Contains(geom, label_point)"
    ) == [0]


def test_areas_in_two_municipalities(sample: Connection) -> None:
    assert column(
        sample, "SELECT area_id || ' ' || array_to_string(ags_all, ';') FROM publication.programme_area"
        " WHERE cardinality(ags_all) > 1 ORDER BY area_id"
    ) == [
        "gelsenkirchen-hassel-westerholt-bertlich 05513000;05562020",
        "musterstadt-beispielgebiet-grenzweg 05999001;05999002",
    ]  # fmt: skip


def test_periods_follow_the_documented_dates(sample: Connection) -> None:
    found = "SELECT area_id FROM publication.programme_area WHERE period && daterange(:first, :last, '[]')"
    in_2008 = column(sample, found, first="2008-01-01", last="2008-12-31")
    in_2012 = column(sample, found, first="2012-01-01", last="2012-12-31")
    assert "castrop-rauxel-habinghorst" not in in_2008
    assert "castrop-rauxel-habinghorst" in in_2012
    for unknown in (
        "gelsenkirchen-bismarck-schalke-nord",
        "musterstadt-beispielgebiet-burgberg",
        "aachen-ost",
    ):
        assert unknown not in in_2008 + in_2012


def test_fictional_areas_show_versions_names_and_changes_of_programme(sample: Connection) -> None:
    versions = column(
        sample, "SELECT count(*) FROM registry.boundary GROUP BY area_no HAVING count(*) > 1 ORDER BY 1"
    )
    assert versions[-1] == 4
    assert len(versions) >= 5
    assert column(sample, "SELECT count(*) FROM registry.area_name WHERE valid_to IS NOT NULL") == [3]
    programme = "SELECT programme FROM publication.programme_area WHERE area_id = :area_id"
    assert column(sample, programme, area_id="musterstadt-beispielgebiet-altstadt") == ["SZH"]
    assert column(sample, programme, area_id="essen-katernberg") == ["SOS"]


def test_a_withdrawn_area_names_its_successor(sample: Connection) -> None:
    assert column(sample, "SELECT area_id || ' ' || successor_area_id FROM publication.withdrawal") == [
        "musterstadt-beispielgebiet-alte-gaertnerei musterstadt-beispielgebiet-gartenstadt"
    ]


def test_nothing_unreleased_is_published(sample: Connection) -> None:
    assert column(sample, "SELECT count(*) FROM registry.contact WHERE person = 'Erika Mustermann'") == [1]
    tables = column(
        sample, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'publication'"
    )
    assert "profile" in tables
    for table in tables:
        everything = "\n".join(column(sample, f'SELECT t::text FROM publication."{table}" AS t'))
        assert "Mustermann" not in everything, table
        assert "stiller-winkel" not in everything, table


def test_ten_fictional_profiles_are_complete(sample: Connection) -> None:
    complete = column(
        sample,
        "SELECT profile FROM publication.profile WHERE area_no IN"
        " (SELECT area_no FROM publication.programme_area WHERE sections = 7)",
    )
    assert len(complete) == 10
    contacts = sample.execute(text("SELECT area_id, person, email FROM publication.contact")).all()
    assert len(contacts) == len({contact.area_id for contact in contacts}) == 10
    assert all(contact.person is None for contact in contacts)
    assert all(contact.email.endswith(".example.org") for contact in contacts)
    for profile in complete:
        assert set(profile["sections"]["de"]) == set(profile["sections"]["en"]) == set(PROFILE_SECTION.codes)
        assert 3 <= len(profile["milestones"]) <= 6
        assert "contacts" not in profile, "contacts are read where they are kept"
        assert len(profile["documents"]) == 2


def test_documents_come_out_as_they_went_in(sample: Connection) -> None:
    stored = sample.execute(text("SELECT * FROM publication.document_file")).mappings().all()
    assert len(stored) == 20
    for row in stored:
        path = DATA / "profiles" / row["area_id"] / "documents" / row["file_name"]
        assert bytes(row["content"]) == path.read_bytes()
        assert len(pypdf.PdfReader(io.BytesIO(bytes(row["content"]))).pages) == 1


def test_municipalities_have_keys_points_and_a_source(sample: Connection) -> None:
    rows = sample.execute(
        text(
            "SELECT attr_basis, count(*), count(geom), count(source), count(licence), bool_and(ags LIKE '05%')"
            " FROM publication.municipality GROUP BY attr_basis ORDER BY attr_basis"
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        ("documented", 396, 396, 396, 396, True),
        ("fictional", 2, 2, 2, 2, True),
    ]
