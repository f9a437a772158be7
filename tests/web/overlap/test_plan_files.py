"""``/overlap``: plans that are given as files; what they may be, and what is not opened."""

import io
import sqlite3
import zipfile
from contextlib import closing

import pytest
import shapely

from geo_service.ogc import plan_files
from tests.web.overlap.asking import SQUARE, as_file, post, zipped

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


def _two():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("eins.geojson", "zwei.geojson"):
            archive.writestr(name, shapely.to_geojson(shapely.box(8.4, 51, 8.5, 51.1)))
    return buffer.getvalue()


def shapefile_part(paths, suffix):
    return next(path for path in paths if path.suffix == suffix).read_bytes()


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


def test_a_geopackage_that_is_open_elsewhere_is_read(client, tmp_path):
    """QGIS keeps what it has open in WAL mode."""
    path = as_file(tmp_path, ".gpkg", "GPKG", [SQUARE])
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = wal")
    assert path.read_bytes()[18:20] == b"\2\2"
    assert post(client, file=("plan.gpkg", path.read_bytes()), f="json").get_json()["plan"]
