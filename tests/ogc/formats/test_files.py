"""What the formats that are files have of their own: Shapefile, GeoPackage and FlatGeobuf."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_service.domain.collections import COLLECTIONS
from tests.ogc.formats.asking import fetch, read
from tests.ogc.reading import read_file


def test_a_shapefile_has_short_names_utf_8_and_the_licence_as_a_text(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    response = fetch(awkward, "shp")
    archive = zipfile.ZipFile(io.BytesIO(response.data))

    assert {name.rpartition(".")[2] for name in archive.namelist()} == {
        "shp",
        "shx",
        "dbf",
        "prj",
        "cpg",
        "txt",
    }
    assert archive.read("programme_areas.cpg") == b"UTF-8"
    assert "dl-de/zero-2-0" in archive.read("LICENCE.txt").decode()
    info, _columns, _geometry = read_file(response.data, tmp_path / "a.zip")
    assert list(info["fields"]) == [field.short_name for field in COLLECTIONS["programme-areas"].fields]
    assert response.headers["Content-Disposition"] == 'attachment; filename="programme_areas.zip"'


@pytest.mark.parametrize("name", ["gpkg", "fgb"])
def test_a_file_names_title_licence_and_provider(api: FlaskClient, tmp_path: Path, name: str) -> None:
    info, _columns, _geometry = read(api, name, tmp_path, lang="en")

    assert "dl-de/zero-2-0" in info["layer_metadata"]["LICENCE"]
    assert info["layer_metadata"]["ATTRIBUTION"]


def test_points_and_outlines_of_municipalities_stand_together_but_in_a_shapefile(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    url = "/api/collections/municipalities/items"
    _info, _columns, mixed = read(awkward, "gpkg", tmp_path, url)
    _info, _columns, points = read(awkward, "shp", tmp_path, url)

    assert {shape and shape.geom_type for shape in mixed} == {"MultiPolygon", "Point", None}
    assert {shape and shape.geom_type for shape in points} == {"Point", None}
    archive = zipfile.ZipFile(io.BytesIO(fetch(awkward, "shp", url).data))
    assert "all written as points" in archive.read("NOTES.txt").decode()


def test_a_flatgeobuf_with_a_feature_that_lies_nowhere_has_all_features(
    awkward: FlaskClient, tmp_path: Path
) -> None:
    _info, columns, geometry = read(awkward, "fgb", tmp_path, "/api/collections/municipalities/items")

    assert dict(zip(columns["name"], geometry, strict=True))["Irgendwo"] is None
    assert len(geometry) == 3


def test_no_temporary_file_is_left_behind(
    api: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    for name in ("gpkg", "fgb", "shp"):
        assert fetch(api, name).data
    assert list(tmp_path.iterdir()) == []
