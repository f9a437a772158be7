"""The GeoPackage of a whole collection: features with everything that belongs to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyogrio
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.code_lists import PROGRAMME, STATUS
from geo_service.ingest.importer import import_file
from geo_service.ingest.options import ImportOptions

URL = "/api/collections/programme-areas/download/programme_areas.gpkg"


@pytest.fixture(scope="module")
def path(api: FlaskClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file as it is downloaded in German."""
    file = tmp_path_factory.mktemp("package") / "programme_areas.gpkg"
    file.write_bytes(api.get(f"{URL}?lang=de").data)
    return file


@pytest.fixture
def package(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def _rows(package: sqlite3.Connection, sql: str, *values: Any) -> list[Any]:
    return package.execute(sql, values).fetchall()


def _columns(path: Path, layer: str) -> dict[str, list[Any]]:
    meta, _fids, _geometry, columns = pyogrio.raw.read(path, layer=layer)
    return {name: list(column) for name, column in zip(meta["fields"], columns, strict=True)}


def test_gdal_lists_features_and_tables(path: Path) -> None:
    layers = dict(pyogrio.list_layers(path).tolist())

    assert layers["programme_areas"] == "MultiPolygon"
    assert layers["municipalities"] in ("Point", "Unknown")
    tables = {
        "code_status",
        "code_programme",
        "profile_sections",
        "documents",
        "milestones",
        "programme_periods",
    }
    assert {name: layers.get(name, "missing") for name in tables} == dict.fromkeys(tables)


def test_the_file_is_sound(package: sqlite3.Connection) -> None:
    assert _rows(package, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(package, "PRAGMA foreign_key_check") == []
    # GeoPackage: application_id 'GPKG', and each table of the contents exists.
    assert _rows(package, "PRAGMA application_id") == [(0x47504B47,)]
    listed = {name for (name,) in _rows(package, "SELECT table_name FROM gpkg_contents")}
    there = {name for (name,) in _rows(package, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert listed <= there
    identifiers = [name for (name,) in _rows(package, "SELECT identifier FROM gpkg_contents")]
    assert len(set(identifiers)) == len(identifiers)


def test_code_lists_are_those_of_the_service(path: Path) -> None:
    for code_list in (STATUS, PROGRAMME):
        columns = _columns(path, f"code_{code_list.name}")
        assert columns["code"] == list(code_list.codes)
        assert columns["label_de"] == [one.label.de for one in code_list]
        assert columns["legend_en"] == [one.legend_label.en for one in code_list]


def test_sections_are_those_of_the_profiles(path: Path, sample_engine: Engine) -> None:
    columns = _columns(path, "profile_sections")
    found = set(
        zip(columns["area_id"], columns["language"], columns["section"], columns["body"], strict=True)
    )

    with sample_engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT area_id, language, section, body FROM registry.profile_section"
                " JOIN publication.programme_area USING (area_no)"
            )
        )
        assert found == {tuple(row) for row in rows}
    assert len(found) == len(columns["body"])


def test_documents_are_listed_with_their_address(path: Path, sample_engine: Engine) -> None:
    columns = _columns(path, "documents")
    found = set(zip(columns["url"], columns["size_bytes"], columns["sha256"], strict=True))

    with sample_engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM publication.document_file")).all()
    assert rows
    assert found == {
        (f"http://localhost/profiles/{one.area_id}/documents/{one.file_name}", one.size_bytes, one.sha256)
        for one in rows
    }


def test_relations_lead_from_areas_to_their_rows(package: sqlite3.Connection) -> None:
    relations = _rows(
        package,
        "SELECT base_table_name, related_table_name, related_primary_column, relation_name, mapping_table_name"
        " FROM gpkgext_relations",
    )

    assert {related for _base, related, *_rest in relations} == {
        "profile_sections", "documents", "milestones", "programme_periods", "municipalities",
    }  # fmt: skip
    registered = {name for (name,) in _rows(package, "SELECT table_name FROM gpkg_extensions")}
    for base, related, key, relation, mapping in relations:
        assert mapping in registered
        assert relation == ("features" if related == "municipalities" else "attributes")
        rows, matched = _rows(
            package,
            f"SELECT count(*), count(a.fid) FILTER (WHERE r.{key} IS NOT NULL) FROM {mapping} AS m"
            f" LEFT JOIN {base} AS a ON a.fid = m.base_id LEFT JOIN {related} AS r ON r.{key} = m.related_id",
        )[0]
        assert rows == matched > 0
        if key == "id":
            wrong = f"SELECT count(*) FROM {mapping} AS m JOIN {base} AS a ON a.fid = m.base_id"
            wrong += f" JOIN {related} AS r ON r.id = m.related_id WHERE a.area_id <> r.area_id"
            assert _rows(package, wrong) == [(0,)]
            assert _rows(package, f"SELECT count(*) FROM {related}") == [(rows,)]


def test_an_area_in_two_municipalities_is_related_to_both(package: sqlite3.Connection) -> None:
    found = _rows(
        package,
        "SELECT a.ags_all, group_concat(t.ags, ';') FROM programme_areas_municipalities AS m"
        " JOIN programme_areas AS a ON a.fid = m.base_id JOIN municipalities AS t ON t.fid = m.related_id"
        " GROUP BY a.fid HAVING count(*) > 1",
    )

    assert found
    for ags_all, related in found:
        assert sorted(ags_all.split(";")) == sorted(related.split(";"))


def test_no_contact_is_in_the_file(path: Path, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        rows = connection.execute(text("SELECT email, phone, person FROM registry.contact"))
        secrets = {value for row in rows for value in row if value}
    texts = "\n".join(
        str(value)
        for layer, _type in pyogrio.list_layers(path).tolist()
        for column in _columns(path, layer).values()
        for value in column
    )

    assert secrets
    assert [value for value in secrets if value in texts] == []


def test_the_areas_come_back_through_the_import(path: Path, sample_engine: Engine) -> None:
    report = import_file(sample_engine, path, ImportOptions(dry_run=True))

    assert report.unchanged == report.read > 100


def test_titles_are_in_the_language_of_the_request(api: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    file.write_bytes(api.get(f"{URL}?lang=en").data)

    with closing(sqlite3.connect(file)) as package:
        identifiers = [name for (name,) in _rows(package, "SELECT identifier FROM gpkg_contents")]
    assert {"Programme areas", "Area profiles: sections", "Code list: Status"} <= set(identifiers)


def test_municipalities_bring_their_code_lists(api: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "municipalities.gpkg"
    document = json.loads(api.get("/api/collections/municipalities").data)
    link = next(one for one in document["links"] if one["rel"] == "enclosure" and "geopackage" in one["type"])
    file.write_bytes(api.get(link["href"]).data)

    layers = {name for name, _type in pyogrio.list_layers(file).tolist()}
    assert {"municipalities", "code_participation", "code_attr_basis"} <= layers
    assert "profile_sections" not in layers


def test_each_layer_has_a_style_in_both_languages(package: sqlite3.Connection) -> None:
    rows = _rows(
        package, "SELECT f_table_name, styleName, styleQML, useAsDefault FROM layer_styles ORDER BY id"
    )

    assert [(table, name, default) for table, name, _qml, default in rows] == [
        ("programme_areas", "Programmgebiete (de)", 1),
        ("programme_areas", "Programme areas (en)", 0),
        ("municipalities", "Gemeinden (de)", 1),
        ("municipalities", "Municipalities (en)", 0),
    ]
    for table, _name, qml, _default in rows:
        styled = {one.get("name") for one in ElementTree.fromstring(qml).findall("fieldConfiguration/field")}
        columns = {name for (name,) in _rows(package, "SELECT name FROM pragma_table_info(?)", table)}
        assert columns - {"geom"} <= styled
