"""What becomes of the tiny, awkward files in ``tests/data``."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from geo_service.errors import RejectedDataError
from geo_service.ingest import ImportOptions, import_file

DATA = Path(__file__).parent.parent / "data"
NEW = ImportOptions(new=True)


REFUSED = {
    "bow_tie.geojson": [(2, "geometry-invalid")],
    "hole_outside.geojson": [(1, "geometry-invalid")],
    "unclosed_ring.geojson": [(1, "geometry-invalid")],
    "spike.geojson": [(1, "geometry-invalid")],
    "empty_and_null.geojson": [(1, "geometry-empty"), (2, "geometry-missing"), (3, "geometry-missing")],
    "line_and_point.geojson": [(1, "geometry-type"), (2, "geometry-type"), (3, "geometry-type")],
    "degrees_called_metres.geojson": [(None, "crs-coordinates")],
    "metres_called_degrees.geojson": [(None, "crs-coordinates")],
    "swapped_axes.geojson": [(None, "crs-axes")],
    "antimeridian.geojson": [(1, "geometry-place")],
    "far_away.geojson": [(2, "geometry-place")],
    "bad_values.geojson": [(1, "value")] * 6,
    "no_cpg.zip": [(1, "value")],
}
TAKEN = ("hole_and_parts.geojson", "german_values.geojson", "odd_projection.zip")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_these_findings(shared_registry, name):
    with pytest.raises(RejectedDataError) as refused:
        import_file(shared_registry, DATA / name, NEW)
    assert [(finding.row, finding.rule) for finding in refused.value.findings] == REFUSED[name]
    with shared_registry.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM registry.programme_area")) == 0


def test_every_file_has_its_line_here_and_in_the_readme():
    files = {path.name for path in DATA.iterdir()} - {"README.md"}
    assert files == {*REFUSED, *TAKEN, "gebref.txt"}  # the last one is for tests/ingest/test_addresses.py
    assert all(f"`{name}`" in (DATA / "README.md").read_text("utf-8") for name in files)


def _published(engine):
    with engine.connect() as connection:
        return connection.execute(
            text(
                "SELECT *, ST_NumGeometries(geom) AS parts, ST_NRings(geom) AS rings, ST_X(label_point) AS east"
                " FROM publication.programme_area ORDER BY area_id"
            )
        ).mappings().all()  # fmt: skip


def test_holes_and_parts_arrive_whichever_way_their_rings_turn(registry):
    import_file(registry, DATA / "hole_and_parts.geojson", NEW)
    (area,) = _published(registry)
    assert (area["parts"], area["rings"], float(area["area_ha"])) == (2, 3, 1.96)


def test_german_ways_of_writing_are_understood_and_noted(registry):
    report = import_file(registry, DATA / "german_values.geojson", NEW)
    first, second = _published(registry)
    assert (first["ags"], first["status"], first["stage"], first["programme"]) == (
        "05999001",
        "ongoing",
        "consolidation",
        "SOS",
    )
    assert (str(first["start_date"]), float(first["area_ha"]), first["population"]) == (
        "2016-05-24",
        80.5,
        1200,
    )
    assert (first["geom_basis"], second["geom_basis"]) == ("schematic", "official")
    assert (second["status"], second["start_date"]) == (None, None)
    assert "start_date: 1 Werte als Tag.Monat.Jahr gelesen" in report.lines("de")


def test_a_projection_without_a_code_is_used_as_it_is_described(registry):
    import_file(registry, DATA / "odd_projection.zip", NEW)
    (area,) = _published(registry)
    assert area["name"] == "Straße"
    assert area["east"] == pytest.approx(360_050, abs=1)
