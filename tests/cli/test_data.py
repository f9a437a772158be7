"""Files in and out by the command line; what the importer checks is tested with the importer."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Service, run

BOW_TIE = {
    "type": "Feature",
    "properties": {"area_id": "a-bow-tie", "name": "Bow tie"},
    "geometry": {"type": "Polygon", "coordinates": [[[7, 51], [7.1, 51.1], [7.1, 51], [7, 51.1], [7, 51]]]},
}


def test_what_was_exported_imports_without_a_change(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "areas.gpkg"
    written = run("export", str(file), **service.environment)
    assert written.returncode == 0, written.stderr
    read = run("import", str(file), **service.environment)
    assert read.returncode == 0, read.stderr
    assert "0 new, 0 changed" in read.stderr


def test_a_refused_file_prints_each_finding_in_the_language_of_the_terminal(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [BOW_TIE]}))
    refused = run("import", "--new", str(file), **service.environment, LC_ALL="de_DE.UTF-8")
    assert refused.returncode == 1
    assert "Zeile 1 (a-bow-tie): geometry-invalid" in refused.stderr
    assert "nothing was changed" in refused.stderr


def test_a_mapping_without_its_column_is_a_usage_error(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text("{}")
    assert run("import", str(file), "--map", "name", **service.environment).returncode == 2


def test_an_import_may_come_before_the_first_up(make_home: Callable[[], Path], tmp_path: Path) -> None:
    file = tmp_path / "nothing.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [BOW_TIE]}))
    refused = run("import", "--new", str(file), GEO_SERVICE_HOME=str(make_home()))
    assert refused.returncode == 1, refused.stderr
