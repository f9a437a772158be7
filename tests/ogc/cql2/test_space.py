"""Geometries of a filter: axis order, true shape, far away, and the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.cql2 import ClientFilter
from geo_service.domain.query import ItemsQuery
from geo_service.ogc.cql2.text import parse_text

ITEMS = "/api/collections/programme-areas/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


@pytest.mark.parametrize(
    "crs, point",
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "{lon} {lat}"),
        (f"{EPSG}/4326", "{lat} {lon}"),
        (f"{EPSG}/4258", "{lat} {lon}"),
        (f"{EPSG}/25832", "{x} {y}"),
        (f"{EPSG}/3857", "{x3857} {y3857}"),
        ("urn:adv:crs:ETRS89_UTM32", "{x} {y}"),
    ],
)
def test_a_point_is_read_in_the_axis_order_of_its_crs(
    find: Callable[..., set[str]], sample_engine: Engine, crs: str, point: str
) -> None:
    with sample_engine.connect() as connection:
        row = (
            connection.execute(
                text(
                    "SELECT area_id, ST_X(label_point) x, ST_Y(label_point) y, ST_X(p) lon, ST_Y(p) lat, "
                    "ST_X(q) x3857, ST_Y(q) y3857 FROM publication.programme_area, ST_Transform(label_point, 4326) p, "
                    "ST_Transform(label_point, 3857) q WHERE area_id = 'dortmund-nordstadt'"
                )
            )
            .mappings()
            .one()
        )
    written = point.format(**row)

    assert "dortmund-nordstadt" in find(f"S_INTERSECTS(geom,POINT({written}))", filter_crs=crs)
    assert "dortmund-nordstadt" in find(f"S_DWITHIN(POINT({written}),geom,1)", filter_crs=crs)
    assert "dortmund-nordstadt" not in find(f"S_DISJOINT(geom,POINT({written}))", filter_crs=crs)


@pytest.mark.parametrize(
    "box",
    ["6.7,51.2,8.2,51.9", "6.0,50.0,9.5,51.35", "7.4655,51.4,7.4655,51.6", "7,51.5,9,51.5", "6,50,9.5,53"],
)
def test_a_box_in_a_filter_is_the_box_of_the_parameter(find: Callable[..., set[str]], box: str) -> None:
    assert find(f"S_INTERSECTS(geom,BBOX({box}))") == find("TRUE", bbox=box)
    parts = box.split(",")
    swapped = ",".join((parts[1], parts[0], parts[3], parts[2]))
    assert find(f"S_INTERSECTS(geom,BBOX({swapped}))", filter_crs=f"{EPSG}/4326") == find("TRUE", bbox=box)


def test_edges_are_straight_in_the_crs_of_the_filter(
    find: Callable[..., set[str]], sample_engine: Engine
) -> None:
    polygon = "POLYGON((5.9 51.45,9.4 51.45,9.4 52.5,5.9 52.5,5.9 51.45))"
    with sample_engine.connect() as connection:
        expected = connection.execute(
            text(
                "SELECT area_id FROM publication.programme_area WHERE ST_Intersects(geom, ST_Transform("
                f"ST_Segmentize('SRID=4326;{polygon}'::geometry, 0.001), 25832))"
            )
        ).scalars()

        assert find(f"S_INTERSECTS(geom,{polygon})") == set(expected)


def test_the_whole_world_holds_every_area(find: Callable[..., set[str]]) -> None:
    everything = find("TRUE")
    world = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"

    for literal in ("BBOX(-180,-90,180,90)", world, f"GEOMETRYCOLLECTION({world},POINT(170 10))"):
        assert find(f"S_INTERSECTS(geom,{literal})") == everything
    assert find(f"S_WITHIN(geom,{world})") == everything
    assert find(f"S_CONTAINS(geom,{world})") == set()
    assert find(f"S_EQUALS(geom,{world})") == set()
    assert find(f"S_DISJOINT(geom,{world})") == set()


@pytest.mark.parametrize(
    "literal",
    ["BBOX(100,-40,150,-10)", "POINT(-120 -45)", "BBOX(170,40,-170,60)", "LINESTRING(-179 -89,-170 89)"],
)
def test_what_is_far_away_touches_nothing(find: Callable[..., set[str]], literal: str) -> None:
    assert find(f"S_INTERSECTS(geom,{literal})") == set()
    assert find(f"S_DISJOINT(geom,{literal})") == find("TRUE")


def test_a_part_far_away_still_counts(find: Callable[..., set[str]]) -> None:
    near = find("S_CONTAINS(geom, POINT(7.46 51.52))") or find("S_DWITHIN(geom, POINT(7.46 51.52), 3000)")
    identifier = sorted(near)[0]
    inside = f"area_id = '{identifier}' AND "

    assert find(inside + "S_CONTAINS(geom, MULTIPOINT((7.46 51.52),(-100 -40)))") == set()


def test_a_box_across_the_antimeridian_is_two(find: Callable[..., set[str]]) -> None:
    assert find("S_INTERSECTS(geom,BBOX(6,50,-170,53))") == find("TRUE")
    assert find("S_INTERSECTS(geom,BBOX(170,50,9.5,53))") == find("TRUE")


def test_literals_are_compared_among_themselves(find: Callable[..., set[str]]) -> None:
    everything = find("TRUE")

    assert find("S_INTERSECTS(POINT(100 0),BBOX(99,-1,101,1))") == everything
    assert find("S_INTERSECTS(POINT(100 0),POINT(120 0))") == set()
    assert find("S_WITHIN(POINT(1 1),POLYGON((0 0,2 0,2 2,0 2,0 0)))") == everything


def test_municipalities_without_a_geometry_are_unknown(find: Callable[..., set[str]]) -> None:
    unknown = find("geom IS NULL", "municipalities")

    for condition in ("S_INTERSECTS(geom,BBOX(6,50,9.5,53))", "S_DISJOINT(geom,BBOX(6,50,9.5,53))"):
        assert not unknown & find(condition, "municipalities")


@pytest.mark.parametrize(
    "condition",
    [
        "S_INTERSECTS(geom,BBOX(7,51,7.2,51.2))",
        "S_WITHIN(geom,POLYGON((7 51,7.2 51,7.2 51.2,7 51)))",
        "S_DWITHIN(geom,POINT(7 51),1000)",
        "S_CONTAINS(geom,POINT(7 51)) AND status = 'ongoing'",
    ],
)
def test_a_spatial_filter_walks_the_index(sample_engine: Engine, condition: str) -> None:
    statements: list[tuple[str, Any]] = []
    query = ItemsQuery(COLLECTIONS["programme-areas"], 10, filter=ClientFilter(parse_text(condition)))
    with sample_engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        connection.execute(text("SET search_path = publication, public"))
        from sqlalchemy import event

        @event.listens_for(connection, "before_cursor_execute")
        def _remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            statements.append((statement, parameters))

        find_items(connection, query, FeatureLinks("p", "i"))
        event.remove(connection, "before_cursor_execute", _remember)
        ((statement, parameters),) = statements
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
        connection.rollback()

    assert "programme_area_geom" in plan
    assert "Index Cond: (geom" in plan


def test_a_parallel_is_no_shorter_than_it_is(api: FlaskClient) -> None:
    query = {"filter": "S_DWITHIN(geom,LINESTRING(5.8 51.5,9.5 51.5),0)", "resultType": "hits"}
    box = {"bbox": "5.8,51.5,9.5,51.5", "resultType": "hits"}

    by_filter, by_box = (api.get(ITEMS, query_string=one).json["numberMatched"] for one in (query, box))
    assert by_filter == by_box
