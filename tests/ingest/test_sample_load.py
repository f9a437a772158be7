"""Loading the sample data: all or nothing, once, and never over what is there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Connection, Engine, text

from geo_service.db.publication import rebuild
from geo_service.errors import RejectedDataError
from geo_service.ingest.sample import is_empty, load_sample
from geo_service.settings import PROJECT_DIR

DATA = PROJECT_DIR / "data"


def column(connection: Connection, statement: str) -> list:
    return list(connection.scalars(text(statement)))


def broken_copy(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("source", "maker"))
    return copy


def test_a_load_that_the_database_refuses_leaves_nothing(engine: Engine, tmp_path: Path) -> None:
    data = broken_copy(tmp_path)
    path = data / "programme_areas.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    bow_tie = [
        [[400000, 5700000], [401000, 5701000], [401000, 5700000], [400000, 5701000], [400000, 5700000]]
    ]
    assert not shapely.Polygon(bow_tie[0]).is_valid
    collection["features"][-1]["geometry"]["coordinates"] = [bow_tie]
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(RejectedDataError, match="boundary_geom_valid"):
        load_sample(engine, data)
    assert is_empty(engine)
    with engine.connect() as connection:
        assert column(connection, "SELECT count(*) FROM registry.municipality") == [0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme_areas.geojson", None),
        ("programme_areas.geojson", '{"type":"FeatureCollection","features":[]}'),
        ("municipalities.csv", "ags,name\n05999001,Musterstadt\n"),
        ("profiles/dortmund-nordstadt/profile.toml", "[[milestones]]\nyear = 2011\n"),
        ("profiles/dortmund-nordstadt/de/character.md", "---\nsource: never closed\n"),
        ("profiles/dortmund-nordstadt/de/history.md", "No such section.\n"),
        ("profiles/no-such-area/de/character.md", "No such area.\n"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_sentence(
    engine: Engine, tmp_path: Path, name: str, content: str | None
) -> None:
    path = broken_copy(tmp_path) / name
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    with pytest.raises(RejectedDataError):
        load_sample(engine, tmp_path / "data")
    assert is_empty(engine)


def test_loading_fills_an_empty_registry_once_and_never_changes_it(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO registry.municipality (ags, name) VALUES ('05913000', 'Imported')")
        )
    said: list[str] = []
    first = load_sample(engine, DATA, said.append)
    assert first.loaded
    assert (first.areas, first.documents, first.contacts) == (131, 20, 11)
    assert said
    with engine.connect() as connection:
        kept = column(connection, "SELECT name FROM registry.municipality WHERE ags = '05913000'")
        version = column(connection, "SELECT version FROM publication.dataset")
    assert kept == ["Imported"]
    second = load_sample(engine, DATA, said.append)
    assert not second.loaded
    with engine.connect() as connection:
        assert column(connection, "SELECT version FROM publication.dataset") == version
    assert rebuild(engine).corrected_rows == 0
