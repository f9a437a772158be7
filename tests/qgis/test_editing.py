"""QGIS writes right into PostGIS: what is saved is published, what is refused is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from geo_service.db.cluster import Cluster
from tests.qgis.conftest import Run

AREA = "musterstadt-beispielgebiet-hafen"


@pytest.fixture(scope="module")
def own_engine(cluster: Cluster, clone: Callable[[str], str], sample_template: str) -> Iterator[Engine]:
    """A database with the sample data that may be changed."""
    engine = create_engine(cluster.url(clone(sample_template)))
    yield engine
    engine.dispose()


def test_edits_become_versions_and_bad_shapes_are_refused_with_a_sentence(
    qgis: Run, own_engine: Engine
) -> None:
    with own_engine.connect() as connection:
        before = connection.execute(_SHAPE, {"id": AREA}).one()
        versions = connection.execute(_VERSIONS, {"id": AREA}).scalar_one()
    url = own_engine.url

    seen = qgis(
        "editing.py",
        url.query["host"],
        url.query["port"],
        url.database,
        url.username,
        "geo_service_writer",
        AREA,
    )

    assert (seen["valid"], seen["crs"]) == (True, "EPSG:25832")
    assert seen["can"] == ["AddFeatures", "DeleteFeatures", "ChangeGeometries", "ChangeAttributeValues"]
    assert [seen[edit]["saved"] for edit in ("vertex", "status", "drawn")] == [True, True, True], seen
    assert [seen[edit]["saved"] for edit in ("bow_tie", "code")] == [False, False]
    assert "die Linie kreuzt sich selbst bei 390005.00 5710005.00" in seen["bow_tie"]["shown"]
    assert (
        "Im Feld status ist beendet nicht möglich, sondern: planned, ongoing, completed"
        in seen["code"]["shown"]
    )
    with own_engine.connect() as connection:
        after = connection.execute(_SHAPE, {"id": AREA}).one()
        assert connection.execute(_VERSIONS, {"id": AREA}).scalar_one() == versions + 1
        drawn = connection.execute(_SHAPE, {"id": "musterstadt-beispielgebiet-gezeichnet"}).one()
    assert (after.x, after.y) == (pytest.approx(before.x - 25), pytest.approx(before.y - 25))
    assert after.status == "completed"
    assert (drawn.x, drawn.y) == (395_000, 5_713_000)


_SHAPE = text(
    "SELECT ST_X(first) AS x, ST_Y(first) AS y, status FROM ("
    " SELECT status, ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1) AS first"
    " FROM publication.programme_area WHERE area_id = :id) AS area"
)
_VERSIONS = text(
    "SELECT count(*) FROM registry.boundary JOIN registry.programme_area USING (area_no) WHERE area_id = :id"
)
