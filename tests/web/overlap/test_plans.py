"""``/overlap``: plans that are given as text; what is wrong with them, and how much they may hold."""

import json
import time

import numpy as np
import pytest
import shapely

from geo_service.ogc import plans
from tests.web.conftest import HTML
from tests.web.html import faults, named
from tests.web.overlap.asking import SQUARE, post


@pytest.mark.parametrize(
    "make",
    [
        lambda degrees: shapely.to_geojson(degrees),
        lambda degrees: json.dumps({"type": "Feature", "properties": None, "geometry": shapely.geometry.mapping(degrees)}),
        lambda degrees: json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(degrees)},
            {"type": "Feature", "properties": {}, "geometry": None}]}),
        lambda degrees: json.dumps({**shapely.geometry.mapping(SQUARE), "crs":
            {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}}),
        lambda degrees: f"SRID=25832;{SQUARE.wkt}",
        lambda degrees: f"SRID=25832;GEOMETRYCOLLECTION({SQUARE.wkt})",
        lambda degrees: shapely.transform(SQUARE, lambda p: p + np.array([32e6, 0])).wkt.join(("srid=4647; ", "")),
        lambda degrees: shapely.force_3d(SQUARE, 5).wkt.join(("SRID=25832;", "")),
    ],
    ids=["geometry", "feature", "collection", "old crs", "ewkt", "wkt collection", "4647", "with height"],
)  # fmt: skip
def test_the_same_plan_in_other_words_gets_the_same_answer(client, make):
    from pyproj import Transformer

    to_degrees = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True)
    degrees = shapely.transform(SQUARE, lambda p: np.column_stack(to_degrees.transform(p[:, 0], p[:, 1])))
    document = post(client, make(degrees)).get_json()
    assert document["total"]["overlap_ha"] == pytest.approx(1.0008, abs=2e-4)


@pytest.mark.parametrize(
    ("plan", "crs", "status", "words"),
    [
        ("", "", 400, "kein Plan"),
        ("Hallo", "", 422, "weder GeoJSON noch WKT"),
        ("{", "", 422, "kein gültiges GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[8, 51], [8, 51.1]]]}', "", 422, "kein gültiges GeoJSON"),
        ('{"type": "Polygon", "coordinates": "viele"}', "", 422, "kein gültiges GeoJSON"),
        ('{"type": "Feature", "geometry": 5}', "", 422, "kein gültiges GeoJSON"),
        ('{"type": "Nichts"}', "", 422, "kein gültiges GeoJSON"),
        ("[1, 2]", "", 422, "kein gültiges GeoJSON"),
        ("[" * 5000, "", 422, "kein gültiges GeoJSON"),
        ("POLYGON((1 2, 3", "EPSG:25832", 422, "kein gültiges WKT"),
        ("POINT(461400 5657700)", "EPSG:25832", 422, "keine Fläche"),
        ("POLYGON EMPTY", "EPSG:25832", 422, "keine Fläche"),
        ("POLYGON((461400 5657700, 461500 5657700, 461400 5657700))", "EPSG:25832", 422, "keine Fläche"),
        (
            "POLYGON((461400 5657700, 461500 5657700, 461450 5657700, 461400 5657700))",
            "EPSG:25832",
            422,
            "Fläche",
        ),
        (SQUARE.wkt, "", 400, "EPSG:25832"),
        (SQUARE.wkt, "OGC:CRS84", 400, "passen nicht"),
        (SQUARE.wkt, "EPSG:99999", 400, "unbekannt"),
        (SQUARE.wkt, "EPSG:4647", 400, "außerhalb"),
        ("POLYGON((51 8, 51.1 8, 51.1 8.1, 51 8))", "OGC:CRS84", 400, "vertauscht"),
        (
            "POLYGON((13 52, 13.1 52, 13.1 52.1, 13 52))",
            "OGC:CRS84",
            400,
            "außerhalb von Nordrhein-Westfalen",
        ),
        ("POLYGON((nan 0, 1 1, 2 2, nan 0))", "EPSG:25832", 422, ""),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_in_words(client, plan, crs, status, words):
    problem = post(client, plan, status, crs=crs, f="json").get_json()
    assert words in problem["detail"], problem
    answer = client.post("/overlap?lang=de", data={"plan": plan, "crs": crs, "f": "html"}, headers=HTML)
    assert answer.status_code == status
    assert named(answer.text, "form"), "the form comes back"
    assert not faults(answer.text)


def test_an_outline_that_crosses_itself_is_repaired_and_said_so(client):
    bow_tie = "POLYGON((461400 5657700, 461500 5657800, 461500 5657700, 461400 5657800, 461400 5657700))"
    document = post(client, bow_tie, crs="EPSG:25832").get_json()
    assert document["plan"]["area_ha"] == pytest.approx(0.5, rel=1e-3)
    assert any("bereinigt" in note for note in document["plan"]["notes"])


def test_polygons_of_one_plan_are_united_and_other_objects_named(client):
    shapes = [
        SQUARE,
        shapely.transform(SQUARE, lambda p: p + np.array([50, 0])),
        shapely.Point(461_400, 5_657_700),
    ]
    collection = f"SRID=25832;GEOMETRYCOLLECTION({', '.join(shape.wkt for shape in shapes)})"
    document = post(client, collection).get_json()
    assert document["plan"]["polygons"] == 2
    assert document["plan"]["area_ha"] == pytest.approx(1.5, rel=1e-3)
    assert any(note.startswith("1 Objekte ohne Fläche") for note in document["plan"]["notes"])


def test_limits_on_size_features_and_vertices(client, monkeypatch):
    assert post(client, "x" * 10_100_000, 413).status_code == 413
    many = {"type": "MultiPolygon", "coordinates": [[[[8, 51], [8.1, 51], [8.1, 51.1], [8, 51]]]] * 30_000}
    assert "120000 Stützpunkte" in post(client, json.dumps(many), 400).get_json()["detail"]
    line = ", ".join("461400 5657700" for _ in range(102_000))
    assert "Stützpunkte" in post(client, f"POLYGON(({line}))", 400, crs="EPSG:25832").get_json()["detail"]
    monkeypatch.setattr(plans, "MAX_FEATURES", 2)
    three = f"GEOMETRYCOLLECTION({', '.join([SQUARE.wkt] * 3)})"
    assert "3 Objekte" in post(client, three, 400, crs="EPSG:25832").get_json()["detail"]


def test_lines_that_cross_without_end_are_refused_at_once(client):
    """Repairing 20,000 random vertices, or uniting two combs, would take minutes and gigabytes."""
    random = np.random.default_rng(1)
    star = shapely.Polygon(random.uniform((461_000, 5_657_000), (463_000, 5_659_000), (20_000, 2)))
    teeth = np.array([(n // 2 * 0.5, 0.0 if n % 4 in (0, 3) else 5_000.0) for n in range(10_000)])
    teeth = np.vstack([teeth, [[5_000, -1], [0, -1]]])
    combs = [shapely.Polygon(np.add(one, (461_000, 5_657_000))) for one in (teeth, teeth[:, ::-1])]
    for plan in (star, shapely.GeometryCollection(combs)):
        began = time.monotonic()
        answer = post(client, shapely.to_wkt(plan), status=400, crs="EPSG:25832", f="json")
        assert "überschneiden sich zu oft" in answer.get_json()["detail"]
        assert time.monotonic() - began < 3


def test_many_vertices_few_crossings_and_many_plots_are_no_fault(client):
    circle = shapely.Point(461_450, 5_657_750).buffer(100, quad_segs=20_000)
    assert len(circle.exterior.coords) > 40_000
    twisted = shapely.Polygon([*circle.exterior.coords[:-1], (461_451, 5_657_700)])
    plots = shapely.MultiPolygon(
        [
            shapely.box(x, y, x + 9, y + 9)
            for x in range(461_000, 461_300, 10)
            for y in range(5_657_000, 5_657_300, 10)
        ]
    )
    for plan in (circle, twisted, plots):
        answer = post(client, shapely.to_wkt(plan, rounding_precision=2), crs="EPSG:25832", f="json")
        assert answer.get_json()["plan"]["area_ha"] > 3


@pytest.mark.parametrize(
    ("plan", "status", "words"),
    [
        ("CURVEPOLYGON(CIRCULARSTRING(461400 5657700, 461500 5657800, 461400 5657700))", 422, "Kreisbögen"),
        (
            '{"type":"Polygon","crs":{"properties":null},"coordinates":[[[8,51],[8.1,51],[8.1,51.1],[8,51]]]}',
            200,
            "",
        ),
        (
            '{"type":"Polygon","crs":{"properties":"x"},"coordinates":[[[8,51],[8.1,51],[8.1,51.1],[8,51]]]}',
            200,
            "",
        ),
    ],
)
def test_odd_plans_are_understood_or_refused_in_words(client, plan, status, words):
    assert words in post(client, plan, status=status, f="json").text
