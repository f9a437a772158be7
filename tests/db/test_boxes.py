"""The condition of a ``bbox`` beside the geometry itself: what lies close to a bowed edge, within and without."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Connection

from geo_service.db.queries import conditions
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.crs import CRS84, STORAGE_CRS, STORAGE_SRID, SUPPORTED, ReferenceSystem
from geo_service.domain.query import BBox, ItemsQuery

AREAS = COLLECTIONS["programme-areas"]
BY_SRID = {system.srid: system for system in SUPPORTED}
# The state, wider than high and astride the central meridian; a town; a lane of 3 m; all in degrees.
DEGREES = {
    "state": (5.8, 50.3, 9.6, 52.6),
    "town": (6.95, 51.4, 7.1, 51.5),
    "lane": (7.0, 51.4, 7.00004, 51.5),
}
HALF_SIDE_M = 0.02
# From the middle of a square to the edge: 3 cm beyond touching, and further; single precision errs by up to 0.5 m.
BESIDE_M = (-30.0, -4.0, -2.3, -1.0, -0.6, -0.3, -0.1, -0.05, 0.0, 0.05, 0.1, 0.3, 0.6, 1.0, 2.3, 4.0, 30.0)


def in_system(system: ReferenceSystem, corners: tuple[float, ...]) -> BBox:
    to_system = Transformer.from_crs(4326, system.srid, always_xy=True)
    return BBox(*to_system.transform_bounds(*corners), system)


def true_shape(box: BBox) -> shapely.Polygon:
    """The box in the storage CRS, as its edges run: by a library of its own, in very small steps."""
    ring = shapely.box(box.min_x, box.min_y, box.max_x, box.max_y)
    ring = shapely.segmentize(ring, max(box.max_x - box.min_x, box.max_y - box.min_y) / 4000)
    to_storage = Transformer.from_crs(box.crs.srid, STORAGE_SRID, always_xy=True)
    return shapely.transform(ring, lambda xy: np.column_stack(to_storage.transform(xy[:, 0], xy[:, 1])))


def squares_beside(shape: shapely.Polygon) -> np.ndarray:
    """Small squares on both sides of the outline, and a few large areas that reach across it."""
    places = shapely.line_interpolate_point(shape.exterior, np.linspace(0, 1, 61)[:-1], normalized=True)
    x, y = shapely.get_x(places), shapely.get_y(places)
    found = [
        shapely.box(x + right - half, y + up - half, x + right + half, y + up + half)
        for half, offsets in ((HALF_SIDE_M, BESIDE_M), (3_000.0, (-2_900.0, 2_900.0)))
        for offset in offsets
        for right, up in ((offset, 0.0), (0.0, offset))
    ]
    return np.concatenate(found)


def matched(connection: Connection, box: BBox, areas: np.ndarray, extra: str = "") -> np.ndarray:
    """Tell for each area whether the service's condition takes it."""
    parts = conditions(ItemsQuery(AREAS, 10, bbox=box))
    texts = ", ".join(f"({n}, '{shapely.to_wkb(one, hex=True)}')" for n, one in enumerate(areas))
    rows = connection.exec_driver_sql(
        f"SELECT n FROM (SELECT n, ST_SetSRID(wkb::geometry, {STORAGE_SRID}) AS geom"
        f" FROM (VALUES {texts}) AS given (n, wkb)) AS area {parts.where()} {extra}",
        parts.values,
    ).scalars()
    result = np.zeros(len(areas), dtype=bool)
    result[list(rows)] = True
    return result


@pytest.mark.parametrize("name", DEGREES)
@pytest.mark.parametrize("srid", sorted(BY_SRID))
def test_what_lies_beside_an_edge_is_told_exactly(connection: Connection, srid: int, name: str) -> None:
    box = in_system(BY_SRID[srid] if srid != 4326 else CRS84, DEGREES[name])
    shape = true_shape(box)
    areas = squares_beside(shape)
    # An edge is followed in steps: within a few millimetres nobody can say.
    clear = shapely.intersects(shape.buffer(0.01), areas) == shapely.intersects(shape.buffer(-0.01), areas)
    expected = shapely.intersects(shape, areas)

    found = matched(connection, box, areas)

    assert clear.mean() > 0.5
    assert 0.2 < expected[clear].mean() < 0.95
    wrong = np.flatnonzero((found != expected) & clear)
    assert not len(wrong), [(areas[one].wkt, bool(found[one])) for one in wrong[:5]]


@pytest.mark.parametrize(
    "box",
    [
        BBox(7.0, 51.4, 7.0, 51.5),
        BBox(7.0, 51.4, 7.1, 51.4),
        BBox(7.0, 51.4, 7.0, 51.4),
        BBox(390_000.0, 5_700_000.0, 390_000.0, 5_710_000.0, STORAGE_CRS),
        BBox(390_000.0, 5_700_000.0, 390_001.5, 5_700_001.5, STORAGE_CRS),
    ],
)
def test_a_box_without_width_or_height_takes_what_it_touches(connection: Connection, box: BBox) -> None:
    to_storage = Transformer.from_crs(box.crs.srid, STORAGE_SRID, always_xy=True)
    x, y = to_storage.transform(box.min_x, box.min_y)
    areas = shapely.box(
        [x - 1, x - 10, x - 10], [y - 1, y - 1, y - 10], [x + 1, x - 5, x + 10], [y + 1, y + 1, y - 5]
    )
    assert matched(connection, box, areas).tolist() == [True, False, False]
