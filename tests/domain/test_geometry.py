import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_service.domain.geometry import PLAUSIBLE_25832, as_multipolygons, find_faults, same_shape


def _array(*wkt):
    return np.array([shapely.from_wkt(text) if text else None for text in wkt], dtype=object)


SQUARE = "POLYGON ((390000 5710000, 390100 5710000, 390100 5710100, 390000 5710100, 390000 5710000))"
BOW_TIE = "POLYGON ((390000 5710000, 390100 5710100, 390100 5710000, 390000 5710100, 390000 5710000))"


def test_each_unusable_geometry_has_one_fault_by_name():
    geometries = _array(
        SQUARE,
        None,
        "POLYGON EMPTY",
        "LINESTRING (390000 5710000, 390100 5710100)",
        SQUARE,
        BOW_TIE,
        "POLYGON ((7 51, 7.1 51, 7.1 51.1, 7 51))",
    )
    geometries[4] = shapely.transform(geometries[4], lambda points: points + np.inf)
    faults = find_faults(geometries, PLAUSIBLE_25832)
    assert [(fault.index, fault.rule) for fault in faults] == [
        (1, "geometry-missing"),
        (2, "geometry-empty"),
        (3, "geometry-type"),
        (4, "geometry-numbers"),
        (5, "geometry-invalid"),
        (6, "geometry-place"),
    ]


def test_an_invalid_polygon_tells_why_and_where():
    (fault,) = find_faults(_array(BOW_TIE), PLAUSIBLE_25832)
    assert fault.detail == "Self-intersection"
    assert fault.place == (390050.0, 5710050.0)


def test_any_place_will_do_when_no_box_is_given():
    assert find_faults(_array("POLYGON ((7 51, 7.1 51, 7.1 51.1, 7 51))"), None) == []


def test_polygons_become_multipolygons_without_a_third_dimension():
    geometries, promoted, with_z = as_multipolygons(
        _array("POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", None)
    )
    assert [geometry.geom_type for geometry in geometries[:2]] == ["MultiPolygon", "MultiPolygon"]
    assert geometries[2] is None
    assert not geometries[0].has_z
    assert (promoted, with_z) == (1, 1)


HOLED = (
    "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0), (10 10, 10 20, 20 20, 20 10, 10 10)),"
    " ((200 0, 300 0, 300 100, 200 0)))"
)


def test_a_boundary_is_the_same_however_its_rings_start_turn_and_follow_each_other():
    turned = (
        "MULTIPOLYGON (((300 100, 200 0, 300 0, 300 100)),"
        " ((100 100, 100 0, 0 0, 0 100, 100 100), (20 20, 20 10, 10 10, 10 20, 20 20)))"
    )
    assert same_shape(_array(HOLED), _array(turned), 0.001).tolist() == [True]


def test_rounding_below_the_tolerance_is_no_change_even_where_it_reorders_vertices():
    rounded = "MULTIPOLYGON (((100.004 0, 100 100, -0.003 100, 0.004 0, 100.004 0)))"
    exact = "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)))"
    assert same_shape(_array(exact), _array(rounded), 0.02).tolist() == [True]
    assert same_shape(_array(exact), _array(rounded), 0.002).tolist() == [False]


def test_a_moved_added_or_missing_vertex_ring_or_part_is_a_change():
    changed = _array(
        HOLED.replace("100 100", "100.5 100"),
        HOLED.replace("100 100,", "100 100, 50 100,"),
        HOLED.replace(", (10 10, 10 20, 20 20, 20 10, 10 10)", ""),
        HOLED.replace(", ((200 0, 300 0, 300 100, 200 0))", ""),
    )
    assert not same_shape(_array(*[HOLED] * 4), changed, 0.02).any()


def test_the_same_vertices_joined_in_another_order_are_a_change():
    arrow = _array("MULTIPOLYGON (((0 0, 100 0, 100 100, 50 40, 0 0)))")
    other = _array("MULTIPOLYGON (((0 0, 100 0, 50 40, 100 100, 0 0)))")
    assert not same_shape(arrow, other, 0.02).any()


@given(
    radii=st.lists(st.floats(100, 1000), min_size=3, max_size=30),
    start=st.integers(0, 100),
    turned=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_ring_is_the_same_after_turning_and_rounding_and_another_after_a_move(radii, start, turned, seed):
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None] + (390_000, 5_710_000)
    other = np.roll(ring, start, axis=0) + np.random.default_rng(seed).uniform(-0.005, 0.005, ring.shape)
    before = np.array([shapely.MultiPolygon([shapely.Polygon(ring)])])
    after = np.array([shapely.MultiPolygon([shapely.Polygon(other[::-1] if turned else other)])])
    assert same_shape(before, after, 0.02).all()
    moved = shapely.transform(after, lambda points: points + np.array([0.05, 0]))
    assert not same_shape(before, moved, 0.02).any()
