"""The nearest areas: nearest first by their boundaries, the same ones each time, and by the index."""

import pytest
from sqlalchemy import text

from geo_service.db.neighbours import _NEAREST, find_nearest
from tests.factories import make_area, square
from tests.many_areas import make_areas


@pytest.fixture
def many(connection):
    make_areas(connection, 3000)
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("ANALYZE publication.programme_area"))
    return connection


def test_the_index_is_asked_and_nothing_is_sorted(many):
    values = {"area_id": "viele-500", "count": 3, "taken": 23}
    plan = "\n".join(many.scalars(text(f"EXPLAIN {_NEAREST.text}"), values))
    assert "Index Scan using programme_area_geom" in plan
    assert "Seq Scan" not in plan
    found = find_nearest(many, "viele-500")
    slow = text(
        "SELECT ST_Distance(a.geom, b.geom) AS distance FROM publication.programme_area AS a"
        " JOIN publication.programme_area AS b ON a.area_no <> b.area_no WHERE a.area_id = 'viele-500'"
        " ORDER BY distance LIMIT 3"
    )
    assert [each.distance for each in found] == pytest.approx(list(many.scalars(slow)))


def test_of_areas_at_the_same_distance_the_same_ones_are_told_each_time(connection):
    make_area(connection, area_id="middle", geom=square(390_000, 5_710_000))
    around = [(389_000, 5_710_000), (391_000, 5_710_000), (390_000, 5_709_000), (390_000, 5_711_000)]
    for number, place in enumerate(around):
        make_area(connection, area_id=f"side-{number}", geom=square(*place))
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    found = find_nearest(connection, "middle")
    assert [(each.area_id, each.distance) for each in found] == [("side-0", 0), ("side-1", 0), ("side-2", 0)]
    assert [round(each.azimuth) for each in found] == [270, 90, 180]


def test_an_area_that_is_not_there_has_no_neighbours(connection):
    assert find_nearest(connection, "nowhere\0") == ()
