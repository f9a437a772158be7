"""The statements behind the API: one per read, and the indexes that they use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event, text

from geo_service.db import tiles
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.db.tiles import TileShape
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.query import BBox, ItemsQuery, Place, TileId

AREAS = COLLECTIONS["programme-areas"]


@pytest.fixture
def planning(sample_engine: Engine) -> Iterator[Connection]:
    """A connection on which the planner takes an index wherever it can, however small the table is."""
    with sample_engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET search_path = publication, public"))
        yield connection
        connection.rollback()


def plan(connection: Connection, read: Any) -> str:
    """Return the plan of the one statement that `read` runs."""
    statements: list[tuple[str, Any]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    read()
    event.remove(connection, "before_cursor_execute", _remember)
    ((statement, parameters),) = statements
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


def test_a_page_with_a_box_walks_the_index_of_the_stored_geometry(planning: Connection) -> None:
    query = ItemsQuery(AREAS, 10, bbox=BBox(7.0, 51.0, 7.5, 51.5))

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    assert found.count("using programme_area_geom on") == 2  # the page and its count
    assert "Index Cond: (geom &&" in found


def test_a_page_behind_a_cursor_starts_at_its_key(planning: Connection) -> None:
    query = ItemsQuery(AREAS, 10, place=Place((), 40))

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    assert "Index Cond: (area_no > 40)" in found
    assert "Sort" not in found


def test_a_tile_walks_the_index_of_the_web_mercator_geometry(planning: Connection) -> None:
    found = plan(
        planning,
        lambda: tiles.get_tile(
            planning, "programme-areas", TileId(z=10, x=533, y=340), TileShape(4096, 64, 100)
        ),
    )

    assert "programme_area_geom_3857" in found


@pytest.mark.parametrize(
    "path",
    [
        "items?limit=3&bbox=6,50,9,53&crs=http://www.opengis.net/def/crs/EPSG/0/25832",
        "items?resultType=hits",
        "items/no-such-area",
        "tiles/WebMercatorQuad/6/21/33",
    ],
)
def test_each_read_is_one_statement(api: FlaskClient, path: str) -> None:
    statements: list[str] = []
    engine = api.application.extensions["geo_service_ogc"].engine

    @event.listens_for(engine, "before_cursor_execute")
    def _remember(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    api.get(f"/api/collections/programme-areas/{path}")
    event.remove(engine, "before_cursor_execute", _remember)

    assert len(statements) == 1
