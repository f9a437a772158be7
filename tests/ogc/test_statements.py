"""The statements behind the API: one per read, and the indexes that they use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from geo_service.db import tiles
from geo_service.db.engine import observe_statements
from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.db.tile_shapes import TileShape
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.query import BBox, DateInterval, ItemsQuery, Place, PropertyFilter, TileId
from geo_service.domain.tiling import ADV_25832, WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD, Grid, TileQuery
from geo_service.settings import Settings
from tests.ogc.plans import plan

AREAS = COLLECTIONS["programme-areas"]


@pytest.fixture
def planning(sample_engine: Engine) -> Iterator[Connection]:
    """A connection on which the planner takes an index wherever it can, however small the table is."""
    with sample_engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET search_path = publication, public"))
        yield connection
        connection.rollback()


def test_a_page_with_a_box_walks_the_index_of_the_stored_geometry(planning: Connection) -> None:
    query = ItemsQuery(AREAS, 10, bbox=BBox(7.0, 51.0, 7.5, 51.5))

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    assert found.count("programme_area_geom ") == 1  # the page is of what was counted
    assert "Index Cond: (geom &&" in found


@pytest.mark.parametrize(
    ("box", "is_walked"),
    [
        pytest.param(BBox(5.0, 50.0, 10.0, 53.0), True, id="of nearly everything"),
        pytest.param(BBox(7.4, 51.4, 7.6, 51.6), False, id="of a town"),
    ],
)
def test_a_page_with_a_box_walks_along_all_keys_only_where_many_are_in_it(
    planning: Connection, box: BBox, is_walked: bool
) -> None:
    query = ItemsQuery(AREAS, 10, bbox=box)

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")), "ANALYZE, TIMING off")

    lines = found.splitlines()
    (walk,) = [line for line, below in pairwise(lines) if "Filter: CASE" in below]
    (keys,) = [line for line in lines if "CTE Scan on matching  (" in line]
    assert "programme_area_pkey on" in walk
    assert ("never executed" not in walk) is is_walked
    assert ("never executed" in keys) is is_walked


def test_a_page_behind_a_cursor_starts_at_its_key(planning: Connection) -> None:
    query = ItemsQuery(AREAS, 10, place=Place((), 40))

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    assert "Index Cond: (area_no > 40)" in found
    assert "Sort" not in found


def test_the_areas_of_a_municipality_are_counted_by_their_index(planning: Connection) -> None:
    field = AREAS.field("ags_all")
    assert field is not None
    year = DateInterval(dt.date(2010, 1, 1), None)
    query = ItemsQuery(
        AREAS, 10, datetime=year, filters=(PropertyFilter(field, "05913000"),), result_type="hits"
    )

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    assert "on programme_area_ags_all" in found


def test_the_areas_with_a_value_are_not_counted_and_found_by_the_index_for_sorting(
    planning: Connection,
) -> None:
    field = AREAS.field("status")
    assert field is not None
    query = ItemsQuery(AREAS, 1, filters=(PropertyFilter(field, "ongoing"),), place=Place((), 40))
    planning.execute(text("SET enable_sort = off"))

    found = plan(planning, lambda: find_items(planning, query, FeatureLinks("p", "i")))

    (walk,) = [line for line in found.splitlines() if " on programme_area" in line]
    assert "programme_area_by_status" in walk
    assert "AND (area_no > 40)" in found
    assert "on area_count" in found


@pytest.mark.parametrize(
    ("grid", "tile", "index"),
    [
        (WEB_MERCATOR_QUAD, TileId(z=10, x=533, y=340), "programme_area_geom_3857"),
        (WORLD_CRS84_QUAD, TileId(z=9, x=533, y=109), "programme_area_geom_3857"),
        (ADV_25832, TileId(z=5, x=10, y=14), "programme_area_geom"),
    ],
)
def test_a_tile_walks_the_index_of_the_geometry_in_its_grid(
    planning: Connection, grid: Grid, tile: TileId, index: str
) -> None:
    query = TileQuery(grid, tile, (AREAS,), "p")

    found = plan(planning, lambda: tiles.get_tile(planning, query, TileShape(4096, 64, 100)))

    assert f"{index} " in found
    assert "Index Cond: (geom" in found


def test_the_largest_areas_of_a_whole_country_are_read_in_the_order_of_their_size(
    planning: Connection,
) -> None:
    planning.execute(text("SET enable_sort = off"))
    query = TileQuery(WEB_MERCATOR_QUAD, TileId(z=0, x=0, y=0), (AREAS,), "p")

    found = plan(planning, lambda: tiles.get_tile(planning, query, TileShape(4096, 64, 5)))

    assert "programme_area_by_size" in found


@pytest.mark.parametrize(
    "path",
    [
        "collections/programme-areas/items?limit=3&bbox=6,50,9,53&crs=http://www.opengis.net/def/crs/EPSG/0/25832",
        "collections/programme-areas/items?resultType=hits",
        "collections/programme-areas/items/no-such-area",
        "collections/programme-areas/tiles/WebMercatorQuad/6/21/33",
        "collections/programme-areas/tiles/WorldCRS84Quad/5/6/33",
        "collections/programme-areas/tiles/AdV_25832/3/3/2",
        "collections/programme-areas/tiles/6/33/21.mvt?filter=status='ongoing'&properties=name",
        "tiles/WebMercatorQuad/6/21/33",
        "tiles/AdV_25832/3/3/2?collections=municipalities,programme-areas&datetime=2010-01-01",
    ],
)
def test_each_read_is_one_statement(
    make_api: Callable[[Settings], Flask], sample_settings: Settings, path: str
) -> None:
    application = make_api(sample_settings)  # which has nothing in its cache, and no connection yet
    statements: list[str] = []
    engine = application.extensions["geo_service_ogc"].engine

    observe_statements(engine, lambda statement, *_: statements.append(statement))

    assert application.test_client().get(f"/api/{path}").status_code in (200, 404)

    assert len(statements) == 1
