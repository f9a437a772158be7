"""Lookup and overlap held against plain PostGIS statements and against pyproj's geodesic on the ellipsoid."""

from __future__ import annotations

import math
import random

import numpy as np
import pyproj
import pytest
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from geo_service.db.lookup import NEAREST, look_up
from geo_service.db.overlap import SLIVER_WIDTH_M, find_overlap
from tests.factories import make_area, make_municipality

GEOD = pyproj.Geod(ellps="GRS80")
TO_DEGREES = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4258", always_xy=True)
E0, N0 = 380_000, 5_700_000


def blob(rng, x, y, radius, corners):
    """A valid star-shaped polygon without spikes."""
    ring = [
        (x + math.cos(a) * r, y + math.sin(a) * r)
        for a, r in ((2 * math.pi * k / corners, radius * rng.uniform(0.4, 1)) for k in range(corners))
    ]
    return shapely.MultiPolygon([shapely.Polygon(ring)])


def geodesic_m2(shape):
    """Area on the ellipsoid, edges cut so short that straight in the plane is straight on the ellipsoid."""
    fine = shapely.transform(
        shape.segmentize(50), lambda p: np.column_stack(TO_DEGREES.transform(p[:, 0], p[:, 1]))
    )
    return sum(
        abs(GEOD.geometry_area_perimeter(shapely.Polygon(part.exterior))[0])
        - sum(abs(GEOD.geometry_area_perimeter(shapely.Polygon(hole))[0]) for hole in part.interiors)
        for part in shapely.get_parts(fine)
    )


@pytest.fixture(scope="module")
def shapes(engine):
    """Forty areas near and upon each other, every third one schematic: {area_id: (shape, basis)}."""
    rng = random.Random(8)
    made = {}
    with Session(engine) as session, session.begin():
        connection = session.connection()
        ags = make_municipality(connection)
        for number in range(40):
            shape = blob(
                rng, E0 + rng.uniform(0, 20_000), N0 + rng.uniform(0, 20_000), rng.uniform(300, 3_000), 20
            )
            basis = "schematic" if number % 3 == 0 else "official"
            make_area(connection, ags=ags, area_id=f"flaeche-{number}", name=f"Fläche {number}",
                      geom=f"SRID=25832;{shape.wkt}")  # fmt: skip
            connection.execute(
                text("UPDATE registry.boundary SET geom_basis = :basis WHERE area_no ="
                     " (SELECT area_no FROM registry.programme_area WHERE area_id = :area_id)"),
                {"basis": basis, "area_id": f"flaeche-{number}"},
            )  # fmt: skip
            made[f"flaeche-{number}"] = (shape, basis)
    return made


@pytest.fixture
def reader(database_url, shapes):
    engine = create_engine(database_url, connect_args={"options": "-c search_path=publication,public"})
    with engine.connect() as connection:
        yield connection
    engine.dispose()


PLAIN_LOOKUP = text("""
    SELECT area_id, geom_basis,
        ST_Intersects(geom, ST_SetSRID(ST_MakePoint(:x, :y), 25832)) AS holds,
        ST_Distance(ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), 25832), 4258)::geography,
                    ST_Transform(geom, 4258)::geography) AS metres
    FROM publication.programme_area ORDER BY metres, area_no
""")


def test_a_place_gets_the_answers_of_plain_statements(reader):
    rng = random.Random(21)
    places = [(E0 + rng.uniform(-30_000, 50_000), N0 + rng.uniform(-30_000, 50_000)) for _ in range(60)]
    places += [(E0 + rng.uniform(0, 20_000), N0 + rng.uniform(0, 20_000)) for _ in range(90)]
    found = list(look_up(reader, places))

    held = 0
    for (x, y), answer in zip(places, found, strict=True):
        plain = reader.execute(PLAIN_LOOKUP, {"x": x, "y": y}).all()
        holding = {row.area_id for row in plain if row.holds and row.geom_basis == "official"}
        assert {area["area_id"] for area in answer.holding} == holding
        if holding:
            held += 1
            here = [row for row in plain if row.geom_basis == "schematic" and row.metres < 49]
            assert {row.area_id for row in here} <= {area["area_id"] for area in answer.near}
            assert all(area["geom_basis"] == "schematic" for area in answer.near)
            continue
        assert [area["area_id"] for area in answer.near] == [row.area_id for row in plain[:NEAREST]]
        assert [area["distance_m"] for area in answer.near] == pytest.approx(
            [row.metres for row in plain[:NEAREST]]
        )
    assert 10 < held < len(places) - 40


def test_distances_are_geodesics_to_the_boundary(reader, shapes):
    rng = random.Random(34)
    places = [(E0 + rng.uniform(-40_000, 60_000), N0 + rng.uniform(-40_000, 60_000)) for _ in range(40)]
    for (x, y), answer in zip(places, look_up(reader, places), strict=True):
        lon, lat = TO_DEGREES.transform(x, y)
        assert (answer.lon, answer.lat) == pytest.approx((lon, lat), abs=1e-9)
        assert len(answer.near) == NEAREST
        for area in answer.near:
            # The nearest of many places on the outline is never nearer than the nearest of all of them, but for
            # the centimetres by which a line that is straight in the plane bows on the ellipsoid.
            ring = shapely.boundary(shapes[area["area_id"]][0]).segmentize(20)
            lons, lats = TO_DEGREES.transform(*shapely.get_coordinates(ring).T)
            _, _, metres = GEOD.inv([lon] * len(lons), [lat] * len(lats), lons, lats)
            if not shapes[area["area_id"]][0].contains(shapely.Point(x, y)):
                assert min(metres) - 11 <= area["distance_m"] <= min(metres) + 0.1
            else:
                assert area["distance_m"] == 0


def test_the_line_of_a_boundary_belongs_to_its_area(reader, shapes):
    official = {name: shape for name, (shape, basis) in shapes.items() if basis == "official"}
    corners = [(name, shape.geoms[0].exterior.coords[0]) for name, shape in official.items()]
    assert corners
    for (name, _), answer in zip(corners, look_up(reader, [place for _, place in corners]), strict=True):
        assert name in {area["area_id"] for area in answer.holding}


def test_more_places_than_one_statement_takes_keep_their_order(reader):
    places = [(E0 + step * 20, N0 + step * 10) for step in range(1_200)]
    together = list(look_up(reader, places))
    assert len(together) == len(places)
    assert together[1_111] == next(look_up(reader, places[1_111:1_112]))
    assert list(look_up(reader, [])) == []


def test_an_overlap_gets_the_answers_of_plain_statements_and_of_the_geodesic(reader, shapes):
    rng = random.Random(55)
    for _ in range(25):
        plan = blob(rng, E0 + rng.uniform(0, 20_000), N0 + rng.uniform(0, 20_000), rng.uniform(50, 6_000), 12)
        found = find_overlap(reader, shapely.to_wkb(plan), with_pieces=True)

        assert found.plan_m2 == pytest.approx(geodesic_m2(plan), rel=1e-5)
        expected = {
            name: shape.intersection(plan) for name, (shape, _) in shapes.items() if shape.intersects(plan)
        }
        assert {area["area_id"] for area in found.areas} == set(expected)
        for area in found.areas:
            shape, basis = shapes[area["area_id"]]
            assert area["geom_basis"] == basis
            assert area["area_m2"] == pytest.approx(geodesic_m2(shape), rel=1e-5)
            shared = area["shared_m2"] + area["sliver_m2"]
            assert shared == pytest.approx(geodesic_m2(expected[area["area_id"]]), rel=1e-5, abs=0.01)
            plain = reader.execute(
                text("SELECT ST_Area(ST_Transform(ST_Intersection(geom, ST_GeomFromText(:plan, 25832)), 4258)::geography)"
                     " FROM publication.programme_area WHERE area_id = :area_id"),
                {"plan": plan.wkt, "area_id": area["area_id"]},
            ).scalar_one()  # fmt: skip
            assert shared == pytest.approx(plain, rel=1e-6, abs=0.01)

        wide = [part for shape in expected.values() for part in shapely.get_parts(shape) if is_wide(part)]
        once = shapely.union_all(wide)
        assert found.shared_m2 == pytest.approx(geodesic_m2(once) if wide else 0, rel=1e-5, abs=0.01)
        assert found.official_m2 <= found.shared_m2 <= sum(area["shared_m2"] for area in found.areas) + 0.01
        assert found.shared_m2 <= found.plan_m2 * (1 + 1e-9)
        assert [piece["sliver"] for piece in found.pieces] == sorted(
            piece["sliver"] for piece in found.pieces
        )
        assert sum(piece["m2"] for piece in found.pieces) == pytest.approx(
            sum(area["shared_m2"] + area["sliver_m2"] for area in found.areas)
        )


def is_wide(part):
    return part.geom_type == "Polygon" and part.area > 0 and 2 * part.area >= SLIVER_WIDTH_M * part.length


def test_areas_that_lie_upon_each_other_count_once_in_the_sum(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        for name in ("eins", "zwei"):
            make_area(connection, area_id=f"doppelt-{name}", geom=square_wkt(600_000, 5_600_000, 200))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        found = find_overlap(connection, square_wkb(600_000, 5_600_000, 100))
        transaction.rollback()
    assert len(found.areas) == 2
    assert found.shared_m2 == pytest.approx(found.plan_m2)
    assert sum(area["shared_m2"] for area in found.areas) == pytest.approx(2 * found.plan_m2)


def square_wkt(x, y, side):
    return f"SRID=25832;{shapely.MultiPolygon([shapely.box(x, y, x + side, y + side)]).wkt}"


def square_wkb(x, y, side, height=None):
    return shapely.to_wkb(shapely.MultiPolygon([shapely.box(x, y, x + side, y + (height or side))]))


@pytest.mark.parametrize("easting", [300_000, 393_000, 461_400, 500_000])
def test_a_square_of_100_m_has_one_hectare_within_a_thousandth(engine, easting):
    with engine.connect() as connection:
        transaction = connection.begin()
        make_area(connection, area_id="quadrat", geom=square_wkt(easting - 500, 5_650_000 - 500, 1_000))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        found = find_overlap(connection, square_wkb(easting, 5_650_000, 100))
        transaction.rollback()
    assert found.shared_m2 / 10_000 == pytest.approx(1.0, rel=1e-3)
    assert found.areas[0]["shared_m2"] == pytest.approx(found.plan_m2)


def test_a_strip_along_the_boundary_is_a_sliver_and_a_shared_line_is_nothing(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        make_area(connection, area_id="rand", geom=square_wkt(600_000, 5_600_000, 1_000))
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        strip = find_overlap(connection, square_wkb(600_998.5, 5_600_000, 500, 1_000))
        line = find_overlap(connection, square_wkb(601_000, 5_600_000, 500))
        apart = find_overlap(connection, square_wkb(601_001, 5_600_000, 500))
        transaction.rollback()
    (area,) = strip.areas
    assert (area["shared_m2"], area["pieces"], area["slivers"]) == (0, 0, 1)
    assert area["sliver_m2"] == strip.sliver_m2 == pytest.approx(1_500, rel=2e-3)
    assert strip.shared_m2 == 0
    (area,) = line.areas
    assert (area["shared_m2"], area["pieces"], area["slivers"]) == (0, 0, 0)
    assert apart.areas == ()
