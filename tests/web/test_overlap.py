"""``/overlap``: plans as text and as files, answers as page, JSON, CSV and GeoJSON; limits and words."""

import csv
import io
import json
import logging
import sqlite3
import tempfile
import time
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from geo_service.ogc import plan_files, plans
from tests.web.conftest import HTML
from tests.web.html import faults, named

SQUARE = shapely.box(461_400, 5_657_700, 461_500, 5_657_800)  # in the old town of Musterstadt
WIDE = "POLYGON((460300 5657000, 462300 5657000, 462300 5658400, 461000 5658800, 460300 5657000))"


def post(client, plan="", status=200, file=None, **fields):
    data = {"plan": plan, **fields}
    if file is not None:
        data["file"] = FileStorage(io.BytesIO(file[1]), file[0])
    boundary, body = encode_multipart(data)
    answer = client.post(
        "/overlap?lang=de", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def as_file(tmp_path, suffix, driver, shapes, crs="EPSG:25832", layer="plan", geometry_type="Polygon"):
    path = tmp_path / f"{layer}{suffix}"
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes)), [np.arange(len(shapes))], ["n"], driver=driver,
                      geometry_type=geometry_type, crs=crs, layer=layer)  # fmt: skip
    return path


def zipped(paths, folder=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, folder + path.name)
    return buffer.getvalue()


@pytest.fixture
def shapefile(tmp_path):
    as_file(tmp_path, ".shp", "ESRI Shapefile", [SQUARE])
    return sorted(tmp_path.glob("plan.*"))


def test_a_square_of_100_m_is_one_hectare_of_the_area_it_lies_in(client):
    document = post(client, SQUARE.wkt, crs="EPSG:25832").get_json()
    assert document["plan"]["area_ha"] == pytest.approx(1, rel=1e-3)
    (area,) = document["areas"]
    assert area["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert area["overlap_ha"] == document["plan"]["area_ha"]
    assert area["share_of_plan"] == 1
    assert area["share_of_area"] == pytest.approx(area["overlap_ha"] / area["area_ha"], rel=1e-4)
    assert (document["authoritative"], area["authoritative"]) == (True, True)
    assert client.get(area["profile_url"]).status_code == 200


def test_a_plan_over_several_areas_sums_each_spot_once(client):
    document = post(client, f"SRID=25832;{WIDE}").get_json()
    areas = document["areas"]
    assert len(areas) == document["number_of_areas"] == 6
    assert [area["overlap_ha"] for area in areas] == sorted(
        (area["overlap_ha"] for area in areas), reverse=True
    )
    schematic = [area for area in areas if area["geom_basis"] == "schematic"]
    assert schematic
    assert document["authoritative"] is False
    assert all(
        not area["authoritative"] and area["note"].startswith("Grenze nur schematisch") for area in schematic
    )
    total = document["total"]
    assert total["official_overlap_ha"] < total["overlap_ha"] < document["plan"]["area_ha"]
    assert total["overlap_ha"] <= sum(area["overlap_ha"] for area in areas) + 0.001


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


def test_files_of_all_formats_are_read(client, tmp_path, shapefile):
    package = as_file(tmp_path, ".gpkg", "GPKG", [SQUARE]).read_bytes()
    geojson = as_file(tmp_path, ".geojson", "GeoJSON", [SQUARE]).read_bytes()
    files = {
        "plan.gpkg": package,
        "plan.geojson": geojson,
        "plan.zip": zipped(shapefile),
        "folder.zip": zipped(shapefile, "a/b/"),
        "package.zip": zipped([tmp_path / "plan.gpkg"]),
        "plan.wkt": f"SRID=25832;{SQUARE.wkt}".encode(),
    }
    for name, content in files.items():
        document = post(client, file=(name, content)).get_json()
        assert document["total"]["overlap_ha"] == pytest.approx(1.0008, abs=2e-4), name
        answer = client.post("/overlap", data=content, content_type="application/octet-stream")
        assert answer.get_json()["total"] == document["total"], name


def test_a_file_says_its_crs_or_is_asked_for_it(client, tmp_path):
    as_file(tmp_path, ".shp", "ESRI Shapefile", [SQUARE], crs="EPSG:25832")
    bare = zipped([path for path in sorted(tmp_path.glob("plan.*")) if path.suffix != ".prj"])
    problem = post(client, status=400, file=("plan.zip", bare)).get_json()
    assert "EPSG:25832" in problem["detail"]
    assert problem["parameter"] == "crs"
    assert post(client, file=("plan.zip", bare), crs="EPSG:25832").get_json()["number_of_areas"] == 1


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


def test_archives_are_unpacked_within_limits(client, shapefile, monkeypatch):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.geojson", b"[" * 120_000_000)
    assert len(bomb.getvalue()) < 200_000
    assert (
        "größer als 100 MB" in post(client, status=400, file=("b.zip", bomb.getvalue())).get_json()["detail"]
    )

    good = zipped(shapefile)
    for broken in (good[:-60], good[:60] + b"\0" * 40 + good[100:], b"PK\x03\x04" + b"x" * 100):
        answer = client.post("/overlap", data={"file": (io.BytesIO(broken), "plan.zip")})
        assert answer.status_code in (400, 422), answer.text
    assert "mehrere Pläne" in post(client, status=400, file=("two.zip", _two())).get_json()["detail"]
    monkeypatch.setattr(plan_files, "MAX_MEMBERS", 3)
    assert "Dateien; erlaubt sind 3" in post(client, status=400, file=("plan.zip", good)).get_json()["detail"]


def _two():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("eins.geojson", "zwei.geojson"):
            archive.writestr(name, shapely.to_geojson(shapely.box(8.4, 51, 8.5, 51.1)))
    return buffer.getvalue()


def test_files_that_are_no_plan_say_what_is_read(client, shapefile, tmp_path):
    assert (
        "ZIP-Archiv"
        in post(client, status=400, file=("plan.shp", shapefile_part(shapefile, ".shp"))).get_json()["detail"]
    )
    assert (
        "GeoPackage"
        in post(client, status=400, file=("bild.png", b"\x89PNG\r\n\x1a\n\0\0\0")).get_json()["detail"]
    )
    assert "leer" in post(client, status=400, file=("leer.geojson", b"")).get_json()["detail"]
    broken = b"SQLite format 3\0" + b"x" * 5000
    assert "nicht lesen" in post(client, status=422, file=("plan.gpkg", broken)).get_json()["detail"]
    points = as_file(tmp_path, ".gpkg", "GPKG", [shapely.Point(8, 51)], layer="punkte", geometry_type="Point")
    assert "punkte" in post(client, status=400, file=("p.gpkg", points.read_bytes())).get_json()["detail"]


ENDLESS = (
    "ALTER TABLE plan RENAME TO stored",
    "CREATE VIEW plan AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
    "SELECT n AS fid, (SELECT geom FROM stored) AS geom, n FROM c",
)
HUGE = (
    "ALTER TABLE plan RENAME TO stored",
    "CREATE TABLE plan (fid INTEGER PRIMARY KEY, n, geom BLOB GENERATED ALWAYS AS (zeroblob(500000000)) VIRTUAL)",
    "INSERT INTO plan (n) SELECT n FROM stored",
)
DISGUISED = (
    *ENDLESS,
    "PRAGMA writable_schema = on",
    "UPDATE sqlite_schema SET type = 'table' WHERE type = 'view'",
)
FOREIGN = ("CREATE VIRTUAL TABLE elsewhere USING fts5(text)",)
ALTERED = ("DROP TABLE gpkg_contents", "CREATE VIEW gpkg_contents AS SELECT 1 AS table_name")


@pytest.mark.parametrize(
    ("statements", "status", "words"),
    [
        (ENDLESS, 400, "nur gewöhnliche Tabellen"),
        (HUGE, 400, "nur gewöhnliche Tabellen"),
        (DISGUISED, 422, "nicht lesen"),
        (FOREIGN, 400, "nur gewöhnliche Tabellen"),
        (ALTERED, 400, "nur gewöhnliche Tabellen"),
    ],
    ids=["endless", "huge", "disguised", "foreign", "of the standard itself"],
)
def test_a_geopackage_that_works_something_out_is_not_opened(
    client, tmp_path, monkeypatch, statements, status, words
):
    """One request with an endless view would keep a thread and a processor for ever."""
    path = as_file(tmp_path, ".gpkg", "GPKG", [SQUARE])
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        triggers = database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            database.execute(f'DROP TRIGGER "{trigger}"')
        for statement in statements:
            database.execute(statement)
    monkeypatch.setattr(plan_files.pyogrio, "list_layers", lambda _: pytest.fail("it was opened"))
    for file in (("plan.gpkg", path.read_bytes()), ("plan.zip", zipped([path]))):
        assert words in post(client, status=status, file=file).get_json()["detail"]


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


def test_a_geopackage_that_is_open_elsewhere_is_read(client, tmp_path):
    """QGIS keeps what it has open in WAL mode."""
    path = as_file(tmp_path, ".gpkg", "GPKG", [SQUARE])
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = wal")
    assert path.read_bytes()[18:20] == b"\2\2"
    assert post(client, file=("plan.gpkg", path.read_bytes()), f="json").get_json()["plan"]


def shapefile_part(paths, suffix):
    return next(path for path in paths if path.suffix == suffix).read_bytes()


def test_the_answer_comes_in_all_formats(client):
    fields = {"crs": "EPSG:25832"}
    table = post(client, WIDE, f="csv", **fields)
    assert table.mimetype == "text/csv"
    assert table.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    document = post(client, WIDE, f="json", **fields).get_json()
    assert [row["gebiet_id"] for row in rows] == [area["area_id"] for area in document["areas"]] + [""]
    assert rows[0]["ueberschneidung_ha"].replace(",", ".") == f"{document['areas'][0]['overlap_ha']:.4f}"
    assert rows[-1]["ueberschneidung_ha"].replace(",", ".") == f"{document['total']['overlap_ha']:.4f}"
    assert {row["grenze"] for row in rows[:-1]} == {"amtlich", "schematisch"}

    pieces = post(client, WIDE, f="geojson", **fields)
    assert pieces.mimetype == "application/geo+json"
    features = json.loads(pieces.data)["features"]
    assert {feature["properties"]["area_id"] for feature in features} == {
        area["area_id"] for area in document["areas"]
    }
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    assert all(shape.is_valid and shapely.is_ccw(shape.exterior) for shape in shapes)
    assert sum(feature["properties"]["overlap_ha"] for feature in features) == pytest.approx(
        sum(area["overlap_ha"] for area in document["areas"]), abs=0.01
    )
    page = client.post("/overlap?lang=de", data={"plan": WIDE, **fields}, headers=HTML)
    assert page.mimetype == "text/html"
    assert not faults(page.text), faults(page.text)
    assert "ca. 4" in page.text
    assert "Summe ohne Doppelzählung" in page.text
    assert post(client, WIDE, 400, f="pdf", **fields).get_json()["parameter"] == "f"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [("application/geo+json", "application/geo+json"), ("text/csv", "text/csv"), ("*/*", "application/json")],
)
def test_programs_choose_the_format_by_accept(client, accept, mimetype):
    answer = client.post(
        "/overlap?crs=EPSG:25832", data=WIDE, content_type="text/plain", headers={"Accept": accept}
    )
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


def test_a_plan_that_touches_nothing_is_an_answer(client):
    far = "POLYGON((300000 5600000, 300100 5600000, 300100 5600100, 300000 5600000))"
    document = post(client, far, crs="EPSG:25832").get_json()
    assert document["areas"] == []
    assert document["total"]["overlap_ha"] == 0
    page = client.post("/overlap?lang=en", data={"plan": far, "crs": "EPSG:25832"}, headers=HTML).text
    assert "touches no programme area" in page


def test_nothing_of_a_plan_is_stored_or_logged(client, tmp_path, monkeypatch, caplog, capfd, shapefile):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "empty"))
    Path(tmp_path / "empty").mkdir()
    caplog.set_level(logging.DEBUG)
    secret = "461432.1234"
    plan = SQUARE.wkt.replace("461400", secret)
    big = plan + " " * 2_000_000
    for fields in ({"plan": plan, "crs": "EPSG:25832"}, {"plan": plan}, {"plan": plan.replace("(", "[")}):
        client.post("/overlap", data=fields)
    post(client, file=("plan.wkt", big.encode()), crs="EPSG:25832")
    post(client, file=("geheim.zip", zipped(shapefile)))
    written = capfd.readouterr()
    for place in (caplog.text, written.out, written.err):
        assert secret not in place
        assert "geheim" not in place
    assert list((tmp_path / "empty").rglob("*")) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_form_is_a_sound_page_and_takes_no_plan_in_its_address(client, language):
    answer = client.get(f"/overlap?lang={language}", headers=HTML)
    assert answer.status_code == 200
    assert not faults(answer.text), faults(answer.text)
    assert all(form.attributes["method"] == "post" for form in named(answer.text, "form"))
    assert "style=" not in answer.text
