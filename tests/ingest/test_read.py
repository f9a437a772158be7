"""What files look like, and what is made of their geometries and coordinate reference systems."""

from __future__ import annotations

import re
import sqlite3
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import text

from geo_service.errors import RejectedDataError
from geo_service.ingest import ImportOptions, import_file
from tests.ingest.conftest import box

NEW = ImportOptions(new=True)
COLUMNS = {"area_id": ["dortmund-nordstadt"], "name": ["Nordstadt"], "ags": ["05913000"]}


def _moved(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    transformer = Transformer.from_crs("EPSG:25832", crs, always_xy=True)
    return shapely.transform(shape, lambda points: np.column_stack(transformer.transform(*points.T)))


def _stored_shape(engine):
    with engine.connect() as connection:
        return shapely.from_wkb(
            bytes(connection.scalar(text("SELECT ST_AsBinary(geom) FROM publication.programme_area")))
        )


def _report(error: pytest.ExceptionInfo[RejectedDataError]) -> str:
    return "\n".join(finding.line("en") for finding in error.value.findings)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "fgb"])
def test_every_format_is_read(registry, vector_file, suffix):
    path = vector_file(f"areas.{suffix}", [box()], COLUMNS)
    assert import_file(registry, path, NEW).added == 1
    assert _stored_shape(registry).equals(shapely.MultiPolygon([box()]))


@pytest.mark.parametrize("folder", ["", "Daten 2024/Gebiete/"])
def test_a_zipped_shapefile_is_read_wherever_it_lies_in_the_archive(registry, vector_file, tmp_path, folder):
    vector_file("gebiete.shp", [box()], COLUMNS)
    path = tmp_path / "Gebiete (neu).zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in tmp_path.glob("gebiete.*"):
            archive.write(part, f"{folder}{part.name}")
        archive.writestr("liesmich.txt", "nichts")
    assert import_file(registry, path, NEW).added == 1


def test_of_several_layers_ours_is_taken_or_the_one_asked_for(registry, vector_file):
    path = vector_file("areas.gpkg", [box()], COLUMNS, layer="entwurf")
    vector_file("areas.gpkg", [box(500)], COLUMNS, layer="alt")
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert "the layers alt, entwurf; --layer chooses" in _report(refused)
    assert import_file(registry, path, ImportOptions(new=True, layer="alt", dry_run=True)).added == 1
    vector_file("areas.gpkg", [box(900)], COLUMNS, layer="programme_areas")
    import_file(registry, path, NEW)
    assert _stored_shape(registry).bounds[0] == 390_900


@pytest.mark.parametrize(
    "crs", ["EPSG:4647", "EPSG:25833", "EPSG:4326", "EPSG:4258", "EPSG:3857", "EPSG:3044"]
)
def test_coordinates_are_brought_to_25832(registry, vector_file, crs):
    report = import_file(registry, vector_file("areas.gpkg", [_moved(box(), crs)], COLUMNS, crs=crs), NEW)
    assert shapely.hausdorff_distance(_stored_shape(registry), box()) < 0.001
    assert "accuracy" in "\n".join(report.lines("en"))


@pytest.mark.parametrize("crs", ["EPSG:31466", "EPSG:31467"])
def test_gauss_krueger_names_its_operation_and_a_missing_grid(registry, vector_file, crs):
    # PostGIS brings another PROJ, which is the second opinion here.
    with registry.connect() as connection:
        wkb = connection.scalar(
            text("SELECT ST_AsBinary(ST_Transform(ST_GeomFromText(:wkt, 25832), CAST(:srid AS integer)))"),
            {"wkt": box().wkt, "srid": int(crs[5:])},
        )
    report = import_file(
        registry, vector_file("areas.gpkg", [shapely.from_wkb(bytes(wkb))], COLUMNS, crs=crs), NEW
    )
    assert shapely.hausdorff_distance(_stored_shape(registry), box()) < 2
    lines = "\n".join(report.lines("en"))
    assert "DHDN to ETRS89" in lines
    assert "accuracy" in lines
    grid_used = "accuracy 0.9 m" in lines
    assert grid_used or "The grid de_adv_BETA2007.tif (0.9 m) would be better; it is missing" in lines


def test_without_a_crs_a_file_is_refused_unless_one_is_given(registry, vector_file):
    shape = _moved(box(), "EPSG:4647")
    path = vector_file("areas.shp", [shape], COLUMNS, crs=None)
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert "--crs EPSG:25832 (the coordinates look like EPSG:4647)" in _report(refused)
    import_file(registry, path, ImportOptions(new=True, crs="EPSG:4647"))
    assert shapely.hausdorff_distance(_stored_shape(registry), box()) < 0.001


def test_geojson_is_crs84_unless_it_says_otherwise(registry, geojson):
    properties = {key: values[0] for key, values in COLUMNS.items()}
    import_file(registry, geojson([(properties, _moved(box(), "OGC:CRS84"))], crs=None), NEW)
    assert shapely.hausdorff_distance(_stored_shape(registry), box()) < 0.001


@pytest.mark.parametrize(
    "declared, actual, sentence",
    [
        ("EPSG:25833", "OGC:CRS84", "they are degrees, not metres; try --crs OGC:CRS84"),
        ("EPSG:4326", "EPSG:25832", "they are metres, not degrees; try --crs EPSG:25832"),
        ("EPSG:25832", "EPSG:4647", "is outside of Germany"),
    ],
)
def test_coordinates_that_do_not_fit_the_crs_are_a_finding(registry, vector_file, declared, actual, sentence):
    path = vector_file("areas.gpkg", [_moved(box(), actual)], COLUMNS, crs=declared)
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert sentence in _report(refused)
    report = import_file(registry, path, ImportOptions(new=True, crs=actual))
    assert shapely.hausdorff_distance(_stored_shape(registry), box()) < 0.001
    assert f"it was read as {actual}" in "\n".join(report.lines("en"))


def test_a_table_without_geometries_is_refused(registry, tmp_path):
    path = tmp_path / "areas.gpkg"
    columns = [np.array(values, dtype=object) for values in COLUMNS.values()]
    pyogrio.raw.write(path, None, columns, list(COLUMNS), geometry_type=None)
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert "The layer areas has no geometries." in _report(refused)


def test_swapped_axes_are_a_finding(registry, vector_file):
    swapped = shapely.transform(_moved(box(), "EPSG:4326"), lambda points: points[:, ::-1])
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, vector_file("areas.gpkg", [swapped], COLUMNS, crs="EPSG:4326"), NEW)
    assert "swapped" in _report(refused)


def test_an_unknown_crs_is_a_finding(registry, vector_file):
    with pytest.raises(RejectedDataError) as refused:
        import_file(
            registry, vector_file("areas.gpkg", [box()], COLUMNS), ImportOptions(new=True, crs="EPSG:99999")
        )
    assert "unknown: EPSG:99999" in _report(refused)


def test_heights_are_dropped_with_a_note(registry, vector_file):
    path = vector_file("areas.gpkg", [shapely.force_3d(box(), 80)], COLUMNS, geometry_type="Polygon Z")
    report = import_file(registry, path, NEW)
    assert not _stored_shape(registry).has_z
    assert "1 geometries with heights: heights dropped" in report.lines("en")
    assert "1 polygons taken as MultiPolygon" in report.lines("en")


def _rewrite_geopackage(path: Path, wkb: bytes, geometry_type: str, m: int = 0) -> None:
    """Put a geometry into a GeoPackage that its writer here does not know."""
    with sqlite3.connect(path) as database:
        (table,) = database.execute("SELECT table_name FROM gpkg_contents").fetchone()
        blob = b"GP\x00\x01" + struct.pack("<i", 25832) + wkb
        database.execute(f"UPDATE {table} SET geom = ?", (blob,))
        database.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?, m = ?", (geometry_type, m))
    database.close()


def test_measures_are_dropped_with_a_note(registry, vector_file):
    path = vector_file("areas.gpkg", [box()], COLUMNS, layer_options={"SPATIAL_INDEX": "NO"})
    ring = [(*point, 7.0) for point in box().exterior.coords]
    wkb = struct.pack("<BIII", 1, 2003, 1, len(ring)) + b"".join(struct.pack("<3d", *point) for point in ring)
    _rewrite_geopackage(path, wkb, "POLYGON", m=1)
    report = import_file(registry, path, NEW)
    assert _stored_shape(registry).equals(box())
    assert "Measures (M) of geometries dropped" in report.lines("en")


def test_arcs_become_short_straight_lines(registry, vector_file):
    path = vector_file(
        "areas.gpkg", [box()], COLUMNS, geometry_type="Unknown", layer_options={"SPATIAL_INDEX": "NO"}
    )
    east, north = 390_000.0, 5_710_000.0
    circle = [(east, north), (east + 200, north), (east, north)]
    arc = struct.pack("<BII", 1, 8, 3) + b"".join(struct.pack("<2d", *point) for point in circle)
    _rewrite_geopackage(path, struct.pack("<BII", 1, 10, 1) + arc, "GEOMETRY")
    import_file(registry, path, NEW)
    assert _stored_shape(registry).area == pytest.approx(np.pi * 100**2, rel=0.002)


@pytest.mark.parametrize(
    "page, encoding", [("UTF-8", "utf-8"), ("1252", "cp1252"), ("ISO-8859-1", "ISO-8859-1")]
)
def test_the_encoding_of_a_shapefile_is_what_its_cpg_says(registry, vector_file, page, encoding):
    path = vector_file("areas.shp", [box()], COLUMNS | {"name": ["Straße"]}, encoding=encoding)
    path.with_suffix(".cpg").write_text(page)
    import_file(registry, path, NEW)
    with registry.connect() as connection:
        assert connection.scalar(text("SELECT name FROM publication.programme_area")) == "Straße"


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("missing.geojson", None, "no such file"),
        ("areas.geojson", b'{"type": "FeatureCollection", "features": [', "cannot be read"),
        ("areas.geojson", b"no geodata at all", "cannot be read"),
        ("areas.csv", b"area_id,name\na,b\n", "The format CSV is not read"),
        ("areas.gpkg", bytes(2000), "none of the formats GeoJSON, GeoPackage, Shapefile, FlatGeobuf"),
        ("areas.zip", b"PK\5\6" + b"\1\0" * 9, "cannot be read"),
        ("areas.zip", None, "no readable file"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(registry, tmp_path, name, content, sentence):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("liesmich.txt", "nichts")
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert sentence in _report(refused)
    assert len(refused.value.findings) == 1
    assert not re.search("sqlite3_|vsizip|<DRIVER>", _report(refused))


def test_a_geopackage_that_was_cut_off_is_refused_in_words(registry, vector_file):
    path = vector_file("areas.gpkg", [box()] * 200, {name: values * 200 for name, values in COLUMNS.items()})
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, path, NEW)
    assert "disk image is malformed" in _report(refused)
    assert "SELECT" not in _report(refused)


def test_a_folder_is_no_file(registry, tmp_path):
    with pytest.raises(RejectedDataError) as refused:
        import_file(registry, tmp_path, NEW)
    assert "This is a folder, not a file." in _report(refused)


def test_a_file_larger_than_a_batch_is_read_completely(registry, tmp_path, monkeypatch):
    monkeypatch.setattr("geo_service.ingest.read.BATCH", 7)
    numbers = range(20)
    path = tmp_path / "areas.gpkg"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([box(200 * number) for number in numbers])),
        [
            np.array([f"gebiet-{number}" for number in numbers], dtype=object),
            np.array(["Gebiet"] * 20, dtype=object),
            np.array(["05913000"] * 20, dtype=object),
        ],
        ["area_id", "name", "ags"],
        geometry_type="Polygon",
        crs="EPSG:25832",
    )
    assert import_file(registry, path, NEW).added == 20
