"""What an import writes: new areas, changed fields, boundary versions; all of it or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import date

import pytest
import shapely
from sqlalchemy import text

from geo_service.errors import RejectedDataError
from geo_service.ingest import ImportOptions, finding_lines, import_file
from tests.ingest.conftest import box

NEW = ImportOptions(
    new=True, source="Stadtplanungsamt", licence="dl-de/zero-2-0", valid_from=date(2020, 1, 1)
)
NORDSTADT = {"area_id": "dortmund-nordstadt", "name": "Nordstadt", "ags": "05913000", "status": "ongoing"}


def _row(engine, sql, **values):
    with engine.connect() as connection:
        return connection.execute(text(sql), values).mappings().one()


def test_new_areas_are_stored_and_published_in_one_go(registry, geojson):
    report = import_file(registry, geojson([(NORDSTADT, box())]), NEW)
    assert (report.read, report.added, report.changed, report.unchanged) == (1, 1, 0, 0)
    row = _row(registry, "SELECT * FROM publication.programme_area")
    assert (row["area_id"], row["municipality"], row["status_de"]) == (
        "dortmund-nordstadt",
        "Dortmund",
        "laufend",
    )
    assert (row["geom_basis"], row["geom_source"], row["licence"]) == (
        "official",
        "Stadtplanungsamt",
        "dl-de/zero-2-0",
    )
    assert float(row["area_ha"]) == 1.0


def test_new_areas_need_new(registry, geojson):
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson([(NORDSTADT, box())]), ImportOptions())
    assert [(finding.row, finding.rule) for finding in refused.value.findings] == [(1, "id-unknown")]


@pytest.fixture
def stored(registry, geojson):
    """A registry with one area, every field of which is filled."""
    full = {
        **NORDSTADT,
        "stage": "consolidation",
        "start_date": "2011-03-01",
        "end_year": 2017,
        "resolution_date": "2011-02-28",
        "concept": "IHK",
        "concept_url": "https://example.org/ihk",
        "population": 1000,
        "attr_basis": "partly",
        "programme": "SOS",
    }
    import_file(registry, geojson([(full, box())], "stored.geojson"), NEW)
    return registry


def _published(engine):
    return _row(engine, "SELECT * FROM publication.programme_area")


def _version(engine):
    return _row(engine, "SELECT version FROM publication.dataset")["version"]


def _rules(error):
    return [(finding.row, finding.rule) for finding in error.value.findings]


def test_a_column_that_the_file_lacks_leaves_the_stored_value_alone(stored, geojson):
    before = dict(_published(stored))
    report = import_file(
        stored, geojson([({"area_id": "dortmund-nordstadt", "population": 1200}, box())]), ImportOptions()
    )
    assert (report.added, report.changed, report.new_boundaries) == (0, 1, 0)
    after = dict(_published(stored))
    assert after.pop("population") == 1200
    before.pop("population")
    for changing in ("updated_at", "properties"):
        before.pop(changing)
        after.pop(changing)
    assert after == before


def test_an_empty_value_in_a_column_takes_the_stored_one_away(stored, geojson):
    empty = {
        "area_id": "dortmund-nordstadt",
        "status": None,
        "concept": "",
        "population": None,
        "end_year": None,
    }
    import_file(stored, geojson([(empty, box())]), ImportOptions())
    row = _published(stored)
    assert (row["status"], row["concept"], row["population"], row["end_year"]) == (None,) * 4
    assert row["stage"] == "consolidation"


def test_a_field_that_must_not_be_empty_is_not_emptied(stored, geojson):
    with pytest.raises(RejectedDataError) as refused:
        import_file(
            stored, geojson([({"area_id": "dortmund-nordstadt", "name": " "}, box())]), ImportOptions()
        )
    assert _rules(refused) == [(1, "value")]


def test_the_same_file_again_changes_nothing(registry, geojson):
    path = geojson([(NORDSTADT, box())])
    import_file(registry, path, NEW)
    version = _version(registry)
    report = import_file(registry, path, NEW)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)
    assert _version(registry) == version


def test_a_changed_boundary_closes_the_current_version_and_opens_the_next(stored, geojson):
    options = ImportOptions(
        source="Vermessungsamt", reason="Erweiterung", licence="dl-de/by-2-0", valid_from=date(2022, 7, 1)
    )
    report = import_file(stored, geojson([({"area_id": "dortmund-nordstadt"}, box(side=200))]), options)
    assert report.new_boundaries == 1
    with stored.connect() as connection:
        versions = connection.execute(
            text(
                "SELECT valid_from, valid_to, source, reason, licence, area_ha::float"
                " FROM registry.boundary ORDER BY boundary_no"
            )
        ).all()
    assert [tuple(version) for version in versions] == [
        (date(2020, 1, 1), date(2022, 7, 1), "Stadtplanungsamt", None, "dl-de/zero-2-0", 1.0),
        (date(2022, 7, 1), None, "Vermessungsamt", "Erweiterung", "dl-de/by-2-0", 4.0),
    ]
    assert float(_published(stored)["area_ha"]) == 4.0


def test_a_second_change_on_the_same_day_leaves_the_first_no_day(stored, geojson):
    for side in (200, 300):
        import_file(
            stored, geojson([({"area_id": "dortmund-nordstadt"}, box(side=side))]), ImportOptions(source="x")
        )
    with stored.connect() as connection:
        days = connection.execute(
            text("SELECT valid_from = valid_to FROM registry.boundary ORDER BY boundary_no")
        ).scalars()
        assert list(days) == [False, True, None]


def test_a_new_boundary_cannot_begin_before_the_current_one(stored, geojson):
    path = geojson([({"area_id": "dortmund-nordstadt"}, box(side=200))])
    with pytest.raises(RejectedDataError) as refused:
        import_file(stored, path, ImportOptions(valid_from=date(2019, 12, 31)))
    assert _rules(refused) == [(1, "valid-from")]


def test_a_boundary_changed_by_less_than_rounding_is_no_change(stored, geojson):
    moved = shapely.transform(box(), lambda points: points + 0.001)
    assert (
        import_file(stored, geojson([({"area_id": "dortmund-nordstadt"}, moved)]), ImportOptions()).changed
        == 0
    )
    moved = shapely.transform(box(), lambda points: points + 0.01)
    report = import_file(stored, geojson([({"area_id": "dortmund-nordstadt"}, moved)]), ImportOptions())
    assert report.new_boundaries == 1


def test_a_new_boundary_takes_its_source_from_the_file_or_from_the_files_name(stored, geojson):
    column = {"area_id": "dortmund-nordstadt", "geom_source": "Kataster", "licence": "dl-de/by-2-0"}
    import_file(stored, geojson([(column, box(side=200))]), ImportOptions())
    assert (_published(stored)["geom_source"], _published(stored)["licence"]) == ("Kataster", "dl-de/by-2-0")
    report = import_file(
        stored,
        geojson([({"area_id": "dortmund-nordstadt"}, box(side=300))], "umriss.geojson"),
        ImportOptions(),
    )
    assert (_published(stored)["geom_source"], _published(stored)["licence"]) == ("umriss.geojson", None)
    assert "without a licence" in "\n".join(report.lines("en"))


def test_a_corrected_source_of_an_unchanged_boundary_makes_no_version(stored, geojson):
    column = {"area_id": "dortmund-nordstadt", "geom_source": "Stadtplanungsamt Dortmund"}
    report = import_file(stored, geojson([(column, box())]), ImportOptions())
    assert (report.changed, report.new_boundaries) == (1, 0)
    row = _row(stored, "SELECT source, valid_from, valid_to FROM registry.boundary")
    assert tuple(row.values()) == ("Stadtplanungsamt Dortmund", date(2020, 1, 1), None)


def test_a_schematic_boundary_stays_schematic_until_somebody_says_otherwise(registry, geojson):
    schematic = {**NORDSTADT, "geom_basis": "schematic", "area_ha": 80.5}
    import_file(registry, geojson([(schematic, box())]), NEW)
    assert float(_published(registry)["area_ha"]) == 80.5
    plain = {"area_id": "dortmund-nordstadt"}
    report = import_file(registry, geojson([(plain, box(side=200))]), ImportOptions())
    assert _published(registry)["geom_basis"] == "schematic"
    assert "still count as schematic" in "\n".join(report.lines("en"))
    import_file(registry, geojson([(plain, box(side=300))]), ImportOptions(geom_basis="official"))
    assert (_published(registry)["geom_basis"], float(_published(registry)["area_ha"])) == ("official", 9.0)


def test_a_new_name_closes_the_former_one(stored, geojson):
    renamed = {"area_id": "dortmund-nordstadt", "name": "Innenstadt-Nord"}
    report = import_file(stored, geojson([(renamed, box())]), ImportOptions(valid_from=date(2023, 1, 1)))
    assert (report.changed, report.new_boundaries) == (1, 0)
    with stored.connect() as connection:
        names = connection.execute(
            text("SELECT name, valid_from, valid_to FROM registry.area_name ORDER BY area_name_no")
        ).all()
    assert [tuple(name) for name in names] == [
        ("Nordstadt", None, date(2023, 1, 1)),
        ("Innenstadt-Nord", date(2023, 1, 1), None),
    ]


def test_municipalities_of_an_area_follow_the_list_and_the_leading_one(stored, geojson):
    both = {"area_id": "dortmund-nordstadt", "ags_all": "05913000; 05911000"}
    import_file(stored, geojson([(both, box())]), ImportOptions())
    assert _published(stored)["ags_all"] == ["05913000", "05911000"]
    led_by_bochum = {"area_id": "dortmund-nordstadt", "ags": "05911000"}
    import_file(stored, geojson([(led_by_bochum, box())]), ImportOptions())
    assert (_published(stored)["ags"], _published(stored)["ags_all"]) == ("05911000", ["05911000"])


def test_a_year_follows_a_new_day_and_must_not_contradict_it(stored, geojson):
    later = {"area_id": "dortmund-nordstadt", "start_date": "2012-05-01"}
    import_file(stored, geojson([(later, box())]), ImportOptions())
    assert _published(stored)["start_year"] == 2012
    with pytest.raises(RejectedDataError) as refused:
        import_file(
            stored, geojson([({"area_id": "dortmund-nordstadt", "start_year": 2014}, box())]), ImportOptions()
        )
    assert _rules(refused) == [(1, "period-year")]


def test_a_period_must_not_end_before_it_starts(stored, geojson):
    with pytest.raises(RejectedDataError) as refused:
        import_file(
            stored, geojson([({"area_id": "dortmund-nordstadt", "end_year": 2010}, box())]), ImportOptions()
        )
    assert _rules(refused) == [(1, "period-order")]


def test_programmes_of_a_new_area_become_periods_of_unknown_years(registry, geojson):
    row = {**NORDSTADT, "programme": "SZH", "programmes": ["SOS", "SZH"]}
    import_file(registry, geojson([(row, box())]), NEW)
    assert (_published(registry)["programme"], _published(registry)["programmes"]) == ("SZH", ["SOS", "SZH"])
    with registry.connect() as connection:
        periods = connection.execute(text("SELECT start_year, end_year FROM registry.programme_period")).all()
    assert [tuple(period) for period in periods] == [(None, None)] * 2


def test_an_order_of_programmes_that_needs_years_is_refused(registry, geojson):
    row = {**NORDSTADT, "programme": "SOS", "programmes": "SOS;SZH"}
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson([(row, box())]), NEW)
    assert _rules(refused) == [(1, "programme-years")]


@pytest.mark.parametrize(
    "columns", [{"programme": "SZH"}, {"programme": None}, {"programmes": "SOS;SZH"}, {"programmes": None}]
)
def test_a_change_of_known_programmes_is_refused_because_a_column_has_no_years(stored, geojson, columns):
    with pytest.raises(RejectedDataError) as refused:
        import_file(stored, geojson([({"area_id": "dortmund-nordstadt", **columns}, box())]), ImportOptions())
    assert _rules(refused) == [(1, "programme-years")]


def test_programmes_can_be_added_where_none_are_known(registry, geojson):
    import_file(registry, geojson([(NORDSTADT, box())]), NEW)
    row = {"area_id": "dortmund-nordstadt", "programme": "LZ"}
    report = import_file(registry, geojson([(row, box())]), ImportOptions())
    assert report.changed == 1
    assert _published(registry)["programmes"] == ["LZ"]


def test_new_areas_need_a_name_and_a_known_municipality(registry, geojson):
    rows = [
        ({"area_id": "ohne-namen", "ags": "05913000", "name": None, "ags_all": ["05913000"]}, box()),
        ({"area_id": "ohne-gemeinde", "name": "x", "ags": "05999999", "ags_all": ["05999999"]}, box()),
        ({"area_id": "andere-gemeinde", "name": "x", "ags": "05913000", "ags_all": ["05911000"]}, box()),
    ]
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson(rows), NEW)
    assert _rules(refused) == [(1, "value"), (2, "ags-unknown"), (3, "ags-leading")]
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson([({"area_id": "nur-kennung"}, box())]), NEW)
    assert _rules(refused) == [(1, "required"), (1, "required")]


def test_one_faulty_feature_keeps_the_whole_file_out_and_every_fault_is_named(stored, geojson):
    version = _version(stored)
    bow_tie = shapely.Polygon([(390000, 5710000), (390100, 5710100), (390100, 5710000), (390000, 5710100)])
    rows = [
        ({**NORDSTADT, "name": "Anders"}, box()),
        ({**NORDSTADT, "area_id": "schleife"}, bow_tie),
        ({**NORDSTADT, "area_id": "ohne"}, None),
        ({**NORDSTADT, "area_id": "Groß"}, box()),
        ({**NORDSTADT, "area_id": "zweimal"}, box()),
        ({**NORDSTADT, "area_id": "zweimal"}, shapely.Point(390000, 5710000)),
        ({**NORDSTADT, "area_id": "fern"}, shapely.box(0, 0, 10, 10)),
    ]
    with pytest.raises(RejectedDataError) as refused:
        import_file(stored, geojson(rows), NEW)
    assert _rules(refused) == [
        (2, "geometry-invalid"),
        (3, "geometry-missing"),
        (4, "value"),
        (6, "geometry-type"),
        (6, "id-twice"),
        (7, "geometry-place"),
    ]
    lines = finding_lines(refused.value, "en")
    assert lines[0] == (
        "row 2 (schleife): geometry-invalid [390050.00 5710050.00 EPSG:25832]:"
        " is not a valid polygon: Self-intersection"
    )
    assert finding_lines(refused.value, "de")[1] == "Zeile 3 (ohne): geometry-missing: hat keine Geometrie"
    assert _version(stored) == version
    assert _published(stored)["name"] == "Nordstadt"


def test_what_only_postgis_calls_invalid_is_a_finding_with_its_row_too(registry, geojson, monkeypatch):
    monkeypatch.setattr("geo_service.ingest.check.find_faults", lambda geometries, plausible: [])
    bow_tie = shapely.Polygon([(390000, 5710000), (390100, 5710100), (390100, 5710000), (390000, 5710100)])
    rows = [(NORDSTADT, box()), ({**NORDSTADT, "area_id": "schleife"}, bow_tie)]
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson(rows), NEW)
    assert finding_lines(refused.value, "en") == [
        "row 2 (schleife): geometry-invalid [PostGIS]: Self-intersection[390050 5710050]"
    ]


def test_a_dry_run_does_everything_and_keeps_nothing(registry, geojson):
    version = _version(registry)
    report = import_file(
        registry, geojson([(NORDSTADT, box())]), ImportOptions(new=True, dry_run=True), progress := Steps()
    )
    assert (report.added, progress.steps) == (1, ["read", "compare", "write", "publish"])
    assert report.lines("en")[-1] == "Dry run: nothing was stored"
    assert _row(registry, "SELECT count(*) FROM registry.programme_area")["count"] == 0
    assert _version(registry) == version


class Steps:
    """Remembers which steps were reported."""

    def __init__(self):
        self.steps = []

    def __call__(self, step, done, total):
        if step not in self.steps:
            self.steps.append(step)


def test_areas_that_are_not_released_stay_so_and_withdrawn_ones_are_refused(stored, geojson):
    with stored.begin() as connection:
        connection.execute(text("UPDATE registry.programme_area SET released_at = NULL"))
    row = {"area_id": "dortmund-nordstadt", "population": 5}
    import_file(stored, geojson([(row, box())]), ImportOptions())
    stored_row = _row(stored, "SELECT population, released_at FROM registry.programme_area")
    assert tuple(stored_row.values()) == (5, None)
    with stored.begin() as connection:
        connection.execute(text("UPDATE registry.programme_area SET withdrawn_on = '2024-05-01'"))
    with pytest.raises(RejectedDataError) as refused:
        import_file(stored, geojson([(row, box())]), ImportOptions())
    assert _rules(refused) == [(1, "withdrawn")]
    assert "(2024-05-01)" in finding_lines(refused.value, "en")[0]
    with stored.begin() as connection:
        heir = connection.scalar(
            text("INSERT INTO registry.programme_area (area_id) VALUES ('heir') RETURNING area_no")
        )
        connection.execute(
            text("UPDATE registry.programme_area SET successor_area_no = :n WHERE area_id <> 'heir'"),
            {"n": heir},
        )
    with pytest.raises(RejectedDataError) as refused:
        import_file(stored, geojson([(row, box())]), ImportOptions())
    assert "(2024-05-01 → heir)" in finding_lines(refused.value, "en")[0]


def test_an_import_waits_for_another_writer_and_sees_what_it_wrote(stored, geojson):
    path = geojson([({"area_id": "dortmund-nordstadt", "name": "Umbenannt"}, box())])
    with stored.connect() as other, ThreadPoolExecutor(1) as pool:
        transaction = other.begin()
        other.execute(text("UPDATE registry.area_name SET name = 'Umbenannt'"))
        running = pool.submit(import_file, stored, path, ImportOptions())
        with pytest.raises(FutureTimeoutError):
            running.result(timeout=1.5)
        transaction.commit()
        report = running.result(timeout=30)
    assert (report.changed, report.unchanged) == (0, 1)


def test_text_with_tabs_quotes_and_backslashes_arrives_as_it_is(registry, geojson):
    name = 'A\\B\t"C"; {D},\nE ü €'
    import_file(registry, geojson([({**NORDSTADT, "name": name, "concept": "\\N"}, box())]), NEW)
    assert (_published(registry)["name"], _published(registry)["concept"]) == (name, "\\N")
