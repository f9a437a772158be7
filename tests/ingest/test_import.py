"""What an import writes: new areas, changed fields, boundary versions; all of it or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from geo_service.errors import RejectedDataError
from geo_service.ingest import ImportOptions, import_file
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
