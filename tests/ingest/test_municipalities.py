"""Outlines of municipalities: imported over points, used and published."""

from __future__ import annotations

import pytest
import shapely
from sqlalchemy import text

from geo_service.errors import RejectedDataError
from geo_service.ingest import ImportOptions, import_file
from tests.factories import make_area
from tests.ingest.conftest import box

OUTLINES = ImportOptions(
    "municipalities", columns={"ags": "KN", "name": "GN"}, source="DVG2", licence="dl-de"
)


def _town(engine, ags):
    sql = """SELECT m.*, GeometryType(p.geom) AS published, p.outline_3857 IS NOT NULL AS drawn,
                    ST_AsText(m.point) AS place FROM registry.municipality AS m
             JOIN publication.municipality AS p USING (ags) WHERE ags = :ags"""
    with engine.connect() as connection:
        return connection.execute(text(sql), {"ags": ags}).mappings().one()


def test_an_outline_is_added_and_the_point_stays(registry, vector_file):
    path = vector_file("dvg.shp", [box(side=5000)], {"KN": ["05913000"], "GN": ["Dortmund"], "ART": ["G"]})
    report = import_file(registry, path, OUTLINES)
    assert (report.added, report.changed, report.new_boundaries) == (0, 1, 1)
    assert report.ignored_columns == ("ART",)
    town = _town(registry, "05913000")
    assert (town["published"], town["drawn"], town["place"]) == (
        "MULTIPOLYGON",
        True,
        "POINT(390000 5710000)",
    )
    assert (town["district"], town["source"], town["licence"]) == ("Dortmund", "DVG2", "dl-de")
    assert import_file(registry, path, OUTLINES).unchanged == 1


def test_new_municipalities_need_new_and_get_a_point_inside(registry, vector_file):
    path = vector_file("dvg.shp", [box(side=5000)], {"KN": ["05999002"], "GN": ["Musterstadt"]})
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, OUTLINES)
    assert [finding.rule for finding in refused.value.findings] == ["id-unknown"]
    import_file(registry, path, ImportOptions("municipalities", columns=OUTLINES.columns, new=True))
    place = shapely.from_wkt(_town(registry, "05999002")["place"])
    assert box(side=5000).contains(place)


def test_a_new_name_reaches_the_areas(registry, vector_file):
    with registry.begin() as connection:
        make_area(connection, ags="05913000")
    path = vector_file("dvg.gpkg", [box(side=5000)], {"KN": ["05913000"], "GN": ["Groß-Dortmund"]})
    import_file(registry, path, OUTLINES)
    with registry.connect() as connection:
        assert (
            connection.scalar(text("SELECT municipality FROM publication.programme_area")) == "Groß-Dortmund"
        )


def test_points_may_be_imported_but_lines_not(registry, geojson):
    point = ({"ags": "05913000"}, shapely.Point(391_000, 5_711_000))
    import_file(registry, geojson([point]), ImportOptions("municipalities"))
    assert _town(registry, "05913000")["place"] == "POINT(391000 5711000)"
    line = ({"ags": "05913000"}, shapely.LineString([(391_000, 5_711_000), (391_100, 5_711_000)]))
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, geojson([line]), ImportOptions("municipalities"))
    assert [finding.rule for finding in refused.value.findings] == ["geometry-type"]


def test_a_key_without_its_leading_zero_is_put_right_with_a_note(registry, geojson):
    report = import_file(
        registry, geojson([({"ags": 5913000}, box(side=5000))]), ImportOptions("municipalities")
    )
    assert report.changed == 1
    assert "ags: 1 values given back their leading zero" in report.lines("en")
