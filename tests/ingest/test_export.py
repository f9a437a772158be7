"""Export, and what must hold for every format: importing an export again changes nothing."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime

import pyogrio
import pytest
import shapely
from sqlalchemy import Connection, text

from geo_service.db.publication import dataset_version
from geo_service.domain.area_fields import PROGRAMME_AREA_FIELDS
from geo_service.domain.municipality_fields import MUNICIPALITY_FIELDS
from geo_service.errors import ConfigError
from geo_service.ingest import ExportOptions, ImportOptions, export_file, import_file
from tests.factories import make_area, square

HOLED_PARTS = (
    "SRID=25832;MULTIPOLYGON(((390000.1234567 5710000.7654321,391000 5710000,391000 5711000,390000 5711000,"
    "390000.1234567 5710000.7654321),(390400 5710400,390400 5710600,390600 5710600,390600 5710400,390400 5710400)),"
    "((392000 5710000,392100 5710000,392050 5710080.123,392000 5710000)))"
)
LONG = "Integriertes Handlungskonzept „Soziale Stadt“ – " + "Straße, Plätze und Grünflächen; " * 12
FILES = ("areas.geojson", "areas.gpkg", "areas.shp", "areas.zip", "areas.fgb")


@pytest.fixture(scope="module")
def filled(shared_registry):
    """A registry with one area that has everything, one that has next to nothing, and one of each kind between."""
    registry = shared_registry
    with registry.begin() as connection:
        _everything_known(connection)
        _schematic(connection)
        make_area(connection, area_id="bochum-leer", ags="05911000", geom=square(370_000, 5_700_000))
        connection.execute(
            text(
                "UPDATE registry.municipality SET attr_basis = 'fictional', source = ' Quelle mit Rand ',"
                " outline = CAST(:outline AS geometry) WHERE ags = '05999001'"
            ),
            {"outline": HOLED_PARTS},
        )
        connection.execute(
            text("UPDATE registry.municipality SET participation = 'planning' WHERE ags = '05911000'")
        )
    return registry


def _everything_known(connection):
    full = make_area(
        connection,
        area_id="dortmund-nordstadt",
        name="Nordstadt „Mitte“; Süd\tTab",
        ags="05913000",
        geom=HOLED_PARTS,
        status="completed",
        stage="consolidation",
        start_date="2011-03-01",
        end_date="2017-12-15",
        resolution_date="2011-02-28",
        concept=LONG,
        concept_url="https://example.org/konzept?a=1&b=2",
        population=12345,
        attr_basis="partly",
    )
    connection.execute(
        text("INSERT INTO registry.area_municipality (area_no, ags) VALUES (:area, '05911000')"),
        {"area": full},
    )
    connection.execute(
        text(
            "INSERT INTO registry.programme_period (area_no, programme, start_year, end_year)"
            " VALUES (:area, 'SZH', 2015, NULL), (:area, 'SIQ', 2012, 2014), (:area, 'SOS', 2010, 2016)"
        ),
        {"area": full},
    )


def _schematic(connection):
    schematic = make_area(
        connection,
        area_id="bochum-hustadt",
        ags="05911000",
        name=" Hustadt ",
        documented_area_ha="80.55",
        start_year=2008,
        status="ongoing",
    )
    connection.execute(
        text(
            "UPDATE registry.boundary SET geom_basis = 'schematic', source = NULL, licence = NULL"
            " WHERE area_no = :area"
        ),
        {"area": schematic},
    )


def _everything(connection: Connection) -> dict[str, list[tuple]]:
    tables = (
        "municipality",
        "programme_area",
        "area_name",
        "area_municipality",
        "boundary",
        "programme_period",
        "area_revision",
    )
    return {
        table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM registry.{table}"))), key=str)
        for table in tables
    }


def _state(engine):
    with engine.connect() as connection:
        return dataset_version(connection), _everything(connection)


@pytest.mark.parametrize("collection_id", ["programme-areas", "municipalities"])
@pytest.mark.parametrize("file_name", FILES)
def test_importing_an_export_changes_nothing(filled, tmp_path, file_name, collection_id):
    before = _state(filled)
    export_file(filled, tmp_path / file_name, ExportOptions(collection_id))
    report = import_file(filled, tmp_path / file_name, ImportOptions(collection_id))
    assert (report.read, report.added, report.changed, report.unchanged) == (3, 0, 0, 3), report.lines("en")
    assert _state(filled) == before
    assert report.ignored_columns == ()


@pytest.mark.parametrize("file_name", FILES)
def test_that_holds_for_files_written_in_several_batches(filled, tmp_path, file_name, monkeypatch):
    monkeypatch.setattr("geo_service.ingest.exporter.BATCH", 2)
    export_file(filled, tmp_path / file_name, ExportOptions())
    report = import_file(filled, tmp_path / file_name, ImportOptions())
    assert (report.read, report.unchanged) == (3, 3), report.lines("en")


@pytest.mark.parametrize(
    "crs", ["EPSG:4647", "EPSG:31466", "EPSG:31467", "EPSG:25833", "EPSG:4326", "EPSG:3857"]
)
@pytest.mark.parametrize("file_name", ["areas.gpkg", "areas.geojson"])
def test_that_holds_in_every_crs(filled, tmp_path, crs, file_name):
    before = _state(filled)
    export_file(filled, tmp_path / file_name, ExportOptions(crs=crs))
    report = import_file(
        filled, tmp_path / file_name, ImportOptions(crs=crs if crs == "EPSG:31466" else None)
    )
    assert (report.added, report.changed) == (0, 0), report.lines("en")
    assert _state(filled) == before


def test_geojson_is_crs84_with_every_field_and_the_identifier(filled, tmp_path):
    path = tmp_path / "areas.geojson"
    export_file(filled, path, ExportOptions(public_url="https://example.org/gebiete/"))
    document = json.loads(path.read_text("utf-8"))
    assert "crs" not in document
    features = {feature["id"]: feature for feature in document["features"]}
    full = features["dortmund-nordstadt"]
    assert set(full["properties"]) == {field.name for field in PROGRAMME_AREA_FIELDS}
    assert full["properties"]["programmes"] == ["SOS", "SIQ", "SZH"]
    assert full["properties"]["ags_all"] == ["05913000", "05911000"]
    assert full["properties"]["profile_url"] == "https://example.org/gebiete/profiles/dortmund-nordstadt"
    longitude, latitude = full["geometry"]["coordinates"][0][0][0]
    assert (round(longitude, 1), round(latitude, 1)) == (7.4, 51.5)


def test_without_a_public_address_profile_url_is_empty_and_the_report_says_so(filled, tmp_path):
    report = export_file(filled, tmp_path / "areas.geojson", ExportOptions())
    document = json.loads((tmp_path / "areas.geojson").read_text("utf-8"))
    assert {feature["properties"]["profile_url"] for feature in document["features"]} == {None}
    assert "GEO_SERVICE_PUBLIC_URL" in "\n".join(report.lines("en"))


@pytest.mark.parametrize("file_name, date", [("areas.gpkg", "OFTDate"), ("areas.fgb", "OFTDateTime")])
def test_columns_have_their_types_names_and_crs(filled, tmp_path, file_name, date):
    export_file(filled, tmp_path / file_name, ExportOptions())
    info = pyogrio.read_info(tmp_path / file_name)
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert list(types) == [field.name for field in PROGRAMME_AREA_FIELDS]
    assert (types["start_date"], types["start_year"], types["area_ha"], types["updated_at"]) == (
        date,
        "OFTInteger",
        "OFTReal",
        "OFTDateTime",
    )
    assert (info["layer_name"], info["crs"], info["geometry_type"]) == (
        "programme_areas",
        "EPSG:25832",
        "MultiPolygon",
    )


def test_times_are_exported_in_utc(filled, tmp_path):
    with filled.connect() as connection:
        (stored,) = connection.scalars(
            text("SELECT updated_at FROM publication.programme_area WHERE area_id = 'bochum-leer'")
        )
    for file_name in ("areas.gpkg", "areas.fgb", "areas.zip"):
        export_file(filled, tmp_path / file_name, ExportOptions())
        meta, _, _, data = pyogrio.raw.read(tmp_path / file_name, datetime_as_string=True)
        columns = dict(zip(meta["fields"], data, strict=True))
        (value,) = columns["updated_at"][columns["area_id"] == "bochum-leer"]
        assert datetime.fromisoformat(value.replace("/", "-").replace(" ", "T")) == stored


def test_a_shapefile_has_short_names_utf8_and_says_what_it_cut_off(filled, tmp_path):
    report = export_file(filled, tmp_path / "areas.zip", ExportOptions())
    assert "1 texts cut off at 254 bytes" in "\n".join(report.lines("en"))
    with zipfile.ZipFile(tmp_path / "areas.zip") as archive:
        assert sorted(archive.namelist()) == [
            f"programme_areas.{suffix}" for suffix in ("cpg", "dbf", "prj", "shp", "shx")
        ]
        assert archive.read("programme_areas.cpg") == b"UTF-8"
    info = pyogrio.read_info(tmp_path / "areas.zip")
    assert list(info["fields"]) == [field.short_name for field in PROGRAMME_AREA_FIELDS]


def test_municipalities_keep_outlines_and_points_but_a_shapefile_has_points_only(filled, tmp_path):
    export_file(filled, tmp_path / "towns.gpkg", ExportOptions("municipalities"))
    assert pyogrio.read_info(tmp_path / "towns.gpkg")["layer_name"] == "municipalities"
    assert list(pyogrio.read_info(tmp_path / "towns.gpkg")["fields"]) == [f.name for f in MUNICIPALITY_FIELDS]
    report = export_file(filled, tmp_path / "towns.shp", ExportOptions("municipalities"))
    assert pyogrio.read_info(tmp_path / "towns.shp")["geometry_type"] == "Point"
    assert "all written as points" in "\n".join(report.lines("en"))


def test_label_points_can_be_exported(filled, tmp_path):
    export_file(filled, tmp_path / "points.gpkg", ExportOptions("programme-area-points"))
    _, _, wkb, _ = pyogrio.raw.read(tmp_path / "points.gpkg")
    assert {shape.geom_type for shape in shapely.from_wkb(wkb)} == {"Point"}


@pytest.mark.parametrize("file_name", FILES)
def test_an_empty_collection_is_an_empty_file(registry, tmp_path, file_name):
    report = export_file(registry, tmp_path / file_name, ExportOptions())
    assert report.written == 0
    assert pyogrio.read_info(tmp_path / file_name, force_feature_count=True)["features"] == 0
    assert import_file(registry, tmp_path / file_name, ImportOptions()).read == 0


def test_an_export_replaces_the_old_file_and_leaves_nothing_else(filled, tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_text("old")
    export_file(filled, path, ExportOptions())
    assert pyogrio.read_info(path)["features"] == 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["areas.gpkg"]


def test_a_new_shapefile_leaves_no_index_of_the_old_shapes(filled, tmp_path):
    (tmp_path / "areas.qix").write_text("old")
    export_file(filled, tmp_path / "areas.shp", ExportOptions())
    assert sorted(entry.suffix for entry in tmp_path.iterdir()) == [".cpg", ".dbf", ".prj", ".shp", ".shx"]


def test_a_failing_export_leaves_the_old_file(filled, tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_text("old")
    with pytest.raises(ConfigError, match="cannot be written"):
        export_file(filled, path, ExportOptions(crs="EPSG:99999"))
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["areas.gpkg"]


@pytest.mark.parametrize(
    "path, message", [("areas.kml", "follows from the ending"), ("missing/areas.gpkg", "cannot be written")]
)
def test_what_cannot_be_written_is_one_sentence(filled, tmp_path, path, message):
    with pytest.raises(ConfigError, match=message):
        export_file(filled, tmp_path / path, ExportOptions())
