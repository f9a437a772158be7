"""Values of columns: what is put right, what is refused. No database."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geo_service.domain.collections import MUNICIPALITIES, PROGRAMME_AREAS
from geo_service.ingest.columns import plan_columns
from geo_service.ingest.report import Findings
from geo_service.ingest.values import Reader, ValueFaultError


def _reader(name: str) -> Reader:
    field = PROGRAMME_AREAS.field(name)
    assert field is not None
    return Reader(field)


@pytest.mark.parametrize(
    "field, raw, value",
    [
        ("name", "  Nordstadt ", "Nordstadt"),
        ("name", 7.0, "7"),
        ("name", "Ã und Â", "Ã und Â"),
        ("concept", "", None),
        ("concept", "  ", None),
        ("concept", np.nan, None),
        ("start_year", "2011", 2011),
        ("start_year", 2011.0, 2011),
        ("start_year", np.float64("nan"), None),
        ("start_date", "2016-05-24", date(2016, 5, 24)),
        ("start_date", "24.05.2016", date(2016, 5, 24)),
        ("start_date", "2016/05/24", date(2016, 5, 24)),
        ("start_date", "2016-05-24T00:00:00", date(2016, 5, 24)),
        ("area_ha", "80,5", 80.5),
        ("area_ha", np.float64(80.554), 80.55),
        ("ags", "05913000", "05913000"),
        ("ags", 5913000, "05913000"),
        ("ags", 5913000.0, "05913000"),
        ("ags_all", "05913000; 5911000;", ["05913000", "05911000"]),
        ("ags_all", np.array(["05913000", "05913000"]), ["05913000"]),
        ("ags_all", '["05913000"]', ["05913000"]),
        ("status", "ongoing", "ongoing"),
        ("status", "laufend", "ongoing"),
        ("status", "laufende Programmgebiete", "ongoing"),
        ("status", "Completed", "completed"),
        ("status", "Status nicht belegt", None),
        ("programme", "soziale stadt", "SOS"),
        ("programmes", ["SOS", "Sozialer Zusammenhalt"], ["SOS", "SZH"]),
        ("concept_url", "https://example.org/a?b=c", "https://example.org/a?b=c"),
    ],
)
def test_values_are_read_kindly(field, raw, value):
    assert _reader(field).read(raw) == value


@pytest.mark.parametrize(
    "field, raw",
    [
        ("area_id", "Dortmund Nordstadt"),
        ("area_id", "a" * 61),
        ("area_id", None),
        ("name", ""),
        ("name", "a\x00b"),
        ("name", ["a", "b"]),
        ("name", b"abc"),
        ("name", "Straße".encode().decode("latin-1")),
        ("name", "Straße".encode().decode("cp1252")),
        ("ags", "0591300"[:6]),
        ("ags", "DEA52000"),
        ("status", "vielleicht"),
        ("programmes", "SOS;XYZ"),
        ("start_year", "2011/12"),
        ("start_year", 2011.5),
        ("start_year", 11),
        ("population", "12.345"),
        ("population", -1),
        ("population", 2**31),
        ("area_ha", 0),
        ("area_ha", "viel"),
        ("area_ha", np.inf),
        ("start_date", "30.02.2016"),
        ("start_date", "2016"),
        ("start_date", "0000-01-01"),
        ("concept_url", "www.example.org"),
        ("concept_url", "javascript:alert(1)"),
        ("ags_all", "[kaputt"),
    ],
)
def test_values_that_do_not_fit_are_refused_in_both_languages(field, raw):
    with pytest.raises(ValueFaultError) as fault:
        _reader(field).read(raw)
    assert fault.value.message.de
    assert fault.value.message.en


def test_what_was_put_right_is_counted():
    reader = _reader("start_date")
    for raw in ("24.05.2016", "1.2.2003", "2011-01-01"):
        reader.read(raw)
    assert [note.en for note in reader.notes()] == ["start_date: 2 values read as day.month.year"]


def _plan(columns, mapping=None, collection=PROGRAMME_AREAS):
    findings = Findings()
    plan = plan_columns(columns, collection, mapping or {}, findings)
    return {field.name: column for field, column in plan.sources}, plan.ignored, list(findings)


def test_columns_are_found_by_name_short_name_and_map():
    sources, ignored, findings = _plan(
        ["AREA_ID", "name", "GEN", "resol_date", "geom_src", "farbe"], {"name": "GEN"}
    )
    assert sources == {
        "area_id": "AREA_ID",
        "name": "GEN",
        "resolution_date": "resol_date",
        "geom_source": "geom_src",
    }
    assert ignored == ("name", "farbe")
    assert findings == []


def test_computed_fields_of_our_own_exports_are_neither_taken_nor_unknown():
    for attribute in ("name", "short_name"):
        columns = [getattr(field, attribute) for field in PROGRAMME_AREAS.fields]
        sources, ignored, findings = _plan(["id", *columns])
        assert "municipality" not in sources
        assert "updated_at" not in sources
        assert (ignored, findings) == ((), [])


@pytest.mark.parametrize(
    "mapping", [{"municipality": "GEN"}, {"nonsense": "GEN"}, {"name": "GENERELL"}], ids=str
)
def test_a_map_that_leads_nowhere_is_a_finding(mapping):
    _, _, findings = _plan(["area_id", "GEN"], mapping)
    assert [finding.rule for finding in findings] == ["map"]


def test_two_fields_may_be_mapped_for_municipalities():
    sources, ignored, _ = _plan(["KN", "GN", "STAND"], {"ags": "KN", "name": "GN"}, MUNICIPALITIES)
    assert sources == {"ags": "KN", "name": "GN"}
    assert ignored == ("STAND",)
