"""Finished shapes, which tiles only move to their place: they are what cutting the outline itself would give."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
import shapely.affinity
from flask.testing import FlaskClient
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from pyproj import Transformer
from sqlalchemy import Connection, Engine, create_engine, text

from geo_service.db.cluster import Cluster
from geo_service.db.tile_layers import ShapeColumns
from geo_service.db.tile_shapes import (
    COARSE_UNITS,
    GENERALISED_FROM_M,
    KNOWN_LEVELS,
    STORED_BUFFER,
    STORED_EXTENT,
    STORED_LEVELS,
    TileShape,
    Way,
    found_columns,
    tile_values,
    way_of,
    without_knowledge,
)
from geo_service.db.tile_shapes import cut as cut_expression
from geo_service.domain.query import TileId
from geo_service.domain.tiling import GRIDS, HALF_WORLD_M, WEB_MERCATOR_QUAD, TileQuery
from geo_service.settings import Settings
from tests.factories import make_area
from tests.ogc.grid_tiles import UNIT_CELLS, get_tile, items_in, tile_of

Ring = list[tuple[int, int]]
MOVE_TO, CLOSE_PATH = 1, 7

# What a tile was made of before there were finished shapes, with the whole world as one tile.
FORMER = """
SELECT ST_AsBinary(ST_AsMVTGeom(
    ST_SnapToGrid(geom, -:half, :half, :step, :step), ST_MakeEnvelope(-:half, -:half, :half, :half, 3857),
    :units, 0, false
)) FROM (SELECT cast(:outline AS geometry) AS geom) AS given
"""


def outline(random: np.random.Generator) -> shapely.Geometry:
    """Return a MultiPolygon in EPSG:3857 of any size: stars, some with a hole, a spike or a second part."""
    centre = np.array((800_000, 6_700_000)) + random.uniform(-50_000, 50_000, 2)
    radius = 10 ** random.uniform(1.5, 4.5)
    shape = star(random, centre, radius, int(random.integers(4, 250)))
    if random.random() < 0.4:
        shape -= star(random, centre, radius / 4, 15)
    if random.random() < 0.4:
        # A neck so narrow that it closes where cells are large.
        neck = shapely.LineString([centre, centre + radius * random.uniform(1, 3, 2)]).buffer(
            radius / 200, quad_segs=2
        )
        shape |= neck
    if random.random() < 0.4:
        shape |= star(random, np.add(centre, (2.1 * radius, 0)), radius, 30)
    return shapely.MultiPolygon([shape] if shape.geom_type == "Polygon" else shape)


def star(random: np.random.Generator, centre: np.ndarray, radius: float, corners: int) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    distance = radius * random.uniform(0.5, 1, corners)
    return shapely.Polygon(centre + np.column_stack((np.cos(angles), np.sin(angles))) * distance[:, None])


def finished(connection: Connection, geom: str) -> list[shapely.Geometry | None]:
    """Return the finished shape of each level; y counts down from the top of the world."""
    statement = text(
        "SELECT level, ST_AsBinary(ST_GeomFromTWKB(shapes[level + 1])) AS shape"
        " FROM (SELECT registry.tile_shapes(cast(:outline AS geometry)) AS shapes) AS made,"
        " generate_series(0, :last) AS level ORDER BY level"
    )
    rows = connection.execute(statement, {"outline": geom, "last": STORED_LEVELS}).all()
    return [None if one.shape is None else shapely.from_wkb(bytes(one.shape)) for one in rows]


@pytest.mark.parametrize("seed", range(40))
def test_finished_shapes_are_those_that_cutting_the_outline_gives(connection: Connection, seed: int) -> None:
    geom = f"SRID=3857;{outline(np.random.default_rng(seed)).wkt}"
    *shapes, beyond = finished(connection, geom)

    assert beyond is None
    for level, shape in enumerate(shapes):
        units = STORED_EXTENT << level
        lines = COARSE_UNITS if level < 12 else 1
        values = {
            "half": HALF_WORLD_M,
            "units": units,
            "step": lines * 2 * HALF_WORLD_M / units,
            "outline": geom,
        }
        wkb = connection.scalar(text(FORMER), values)
        former = None if wkb is None else shapely.from_wkb(bytes(wkb))
        if shape is None or former is None:
            # Narrower than two lines: the area is drawn as a square.
            assert former is None or max(np.subtract(*np.split(np.array(former.bounds), 2))) <= lines
            continue
        assert shape.is_valid
        assert not shape.is_empty
        assert np.all(shapely.get_coordinates(shape) == np.round(shapely.get_coordinates(shape)))
        # Each is simplified by half a unit, not necessarily at the same corners.
        assert shapely.symmetric_difference(shape, former).buffer(-0.5).is_empty
        assert abs(shape.area - former.area) <= former.length / 4
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw  # with y down: clockwise on a screen
            assert not any(hole.is_ccw for hole in part.interiors)


SHAPE = TileShape(STORED_EXTENT, STORED_BUFFER, 10)
PLACE = ShapeColumns("geom", "ST_PointOnSurface(geom)", "", "", "shapes", "valid")


def cut(
    connection: Connection, geom: str, query: TileQuery, way: Way, valid: str = "-1"
) -> shapely.Geometry | None:
    """Return an outline in a tile, in its units; `valid` is what is known of its cuts, as SQL: by itself everything."""
    found = found_columns(PLACE, query.grid, SHAPE, way)
    values = {**tile_values(query, SHAPE), "outline": geom}
    with connection.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsBinary(cut) FROM (SELECT {cut_expression(SHAPE, way)} AS cut"
            f" FROM (SELECT {', '.join(found)} FROM (SELECT *, {valid} AS valid"
            "  FROM (SELECT geom, registry.tile_shapes(geom) AS shapes"
            "   FROM (SELECT %(outline)s::geometry AS geom OFFSET 0) AS given OFFSET 0) AS finished OFFSET 0)"
            "  AS place OFFSET 0) AS found OFFSET 0) AS made",
            values,
        )
        wkb = cursor.fetchone()[0]
    shape = None if wkb is None else shapely.from_wkb(bytes(wkb))
    return None if shape is None or shape.is_empty else shape


@pytest.mark.parametrize("grid_id", ["WebMercatorQuad", "WorldCRS84Quad"])
@pytest.mark.parametrize("seed", range(30))
def test_a_quick_cut_is_the_one_that_repairs(connection: Connection, seed: int, grid_id: str) -> None:
    random = np.random.default_rng(seed)
    shape = outline(random)
    grid = GRIDS[grid_id]
    to_grid = Transformer.from_crs(3857, grid.srid, always_xy=True)
    edge = shapely.MultiLineString([part.exterior for part in shape.geoms])
    drawn = cut_through = 0
    for level in (12, 13, 14, 16):
        place = edge.interpolate(random.random(), normalized=True)
        tile = tile_of(grid, level, shapely.Point(to_grid.transform(place.x, place.y)))
        query = TileQuery(grid=grid, tile=tile, collections=(), profiles_url="")
        assert without_knowledge(query) is Way.QUICK
        quick, repaired = (
            cut(connection, f"SRID=3857;{shape.wkt}", query, way) for way in (Way.QUICK, Way.REPAIRED)
        )
        if quick is None or repaired is None:
            # Next to nothing of it is there.
            left = quick or repaired
            assert left is None or left.area <= left.length
            continue
        assert quick.is_valid
        assert np.all(shapely.get_coordinates(quick) == np.round(shapely.get_coordinates(quick)))
        # Whether a line is cut or snapped first, its end in the margin differs by up to two units.
        assert shapely.symmetric_difference(quick, repaired).buffer(-1.0).is_empty
        for part in shapely.get_parts(quick):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
        drawn += 1
        cut_through += min(quick.bounds) == -64 or max(quick.bounds) == STORED_EXTENT + 64
    assert drawn
    assert cut_through or shape.area < 1e7


def around(shape: shapely.Geometry, level: int) -> Iterator[TileQuery]:
    """Return the tiles of a level that a shape may touch, with their margins."""
    grid = WEB_MERCATOR_QUAD
    margin = 2 * HALF_WORLD_M / (STORED_EXTENT << level) * (STORED_BUFFER + 2)
    west, south, east, north = shape.bounds
    box = (west - margin, south - margin, east + margin, north + margin)
    first, last, top, bottom = grid.limits(box, level)
    for x in range(first, last + 1):
        for y in range(top, bottom + 1):
            yield TileQuery(grid=grid, tile=TileId(level, x, y), collections=(), profiles_url="")


def small_outline(random: np.random.Generator) -> shapely.Geometry:
    """Return an outline that lies in few tiles, with a fringe that closes where cells are large."""
    shape = shapely.MultiPolygon()
    while shape.length == 0 or max(np.subtract(*np.split(np.array(shape.bounds), 2)[::-1])) > 9_000:
        shape = outline(random)
    centre = np.array(shape.centroid.coords[0])
    ends = centre + random.uniform(-1, 1, (12, 2)) * shape.length / 8
    fringe = shapely.union_all([shapely.LineString([centre, end]).buffer(2, quad_segs=1) for end in ends])
    whole = shape | fringe
    return shapely.MultiPolygon([whole] if whole.geom_type == "Polygon" else whole)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_known_on_which_levels_all_quick_cuts_are_valid(connection: Connection, seed: int) -> None:
    """By the expressions of the tiles themselves: which cuts are valid may depend on the last digit."""
    shape = small_outline(np.random.default_rng(seed))
    geom = f"SRID=3857;{shape.wkt}"
    valid = 0
    for level in range(KNOWN_LEVELS):
        queries = list(around(shape, level))
        assert queries
        way = way_of(queries[0], SHAPE)
        assert way is (Way.FINISHED if level < STORED_LEVELS else Way.KNOWN)
        cuts = [cut(connection, geom, query, way) for query in queries]
        found = [one for one in cuts if one is not None]
        assert all(one.geom_type in ("Polygon", "MultiPolygon") for one in found)
        valid |= all(one.is_valid for one in found) << level

    statement = text(
        "SELECT registry.valid_cuts(cast(:geom AS geometry), registry.tile_shapes(cast(:geom AS geometry)))"
    )
    assert connection.scalar(statement, {"geom": geom}) == valid


def test_of_an_outline_in_very_many_tiles_nothing_is_said(connection: Connection) -> None:
    """It is not tried in all of them while somebody waits for its publication."""
    side = 2 * HALF_WORLD_M / 2**14
    corner = np.array((800_000, 6_700_000))

    def known(tiles: float) -> int:
        box = shapely.box(*corner, *(corner + tiles * side))
        value: int = connection.scalar(
            text(
                "SELECT registry.valid_cuts(cast(:g AS geometry), registry.tile_shapes(cast(:g AS geometry)))"
            ),
            {"g": f"SRID=3857;{shapely.MultiPolygon([box]).wkt}"},
        )
        return value

    everywhere = (1 << KNOWN_LEVELS) - 1
    assert known(15) == everywhere
    assert known(25) == everywhere >> 1
    assert known(2_000) == everywhere >> 7


def test_some_quick_cuts_of_fringed_outlines_are_not_valid(connection: Connection) -> None:
    """Else the test above would show nothing."""
    statement = text(
        "SELECT registry.valid_cuts(cast(:geom AS geometry), registry.tile_shapes(cast(:geom AS geometry)))"
    )
    everywhere = (1 << KNOWN_LEVELS) - 1
    found = [
        connection.scalar(statement, {"geom": f"SRID=3857;{small_outline(np.random.default_rng(seed)).wkt}"})
        for seed in range(20)
    ]
    lacking = [everywhere & ~one for one in found]
    assert any(one >> STORED_LEVELS for one in lacking)
    assert any(one & ((1 << STORED_LEVELS) - 1) for one in lacking)
    assert not all(lacking)


@pytest.mark.parametrize("seed", range(20))
def test_what_quick_cuts_would_spoil_is_repaired(connection: Connection, seed: int) -> None:
    shape = small_outline(np.random.default_rng(seed))
    geom = f"SRID=3857;{shape.wkt}"
    drawn = 0
    for level in (9, 11, 12, 13, 14):
        for query in around(shape, level):
            way = way_of(query, SHAPE)
            known = cut(connection, geom, query, way, "registry.valid_cuts(geom, shapes)")
            repaired = cut(connection, geom, query, way, "0")
            if known is None or repaired is None:
                left = known or repaired
                assert left is None or left.area <= left.length
                continue
            assert known.is_valid
            assert shapely.symmetric_difference(known, repaired).buffer(-1.0).is_empty
            for part in shapely.get_parts(known):
                assert part.exterior.is_ccw
                assert not any(hole.is_ccw for hole in part.interiors)
            drawn += 1
    assert drawn


@pytest.mark.parametrize("level", range(STORED_LEVELS))
@pytest.mark.parametrize("northing", [5_250_000, 5_600_000, 5_700_000, 5_820_000, 6_100_000])
def test_the_database_generalises_the_levels_that_have_large_cells(level: int, northing: float) -> None:
    """The rule looks at the ground, the stored shapes at the level: in Germany that is the same."""
    latitude = northing / 111_320
    y = 6_378_137.0 * np.arcsinh(np.tan(np.radians(latitude)))
    tile = tile_of(WEB_MERCATOR_QUAD, level, shapely.Point(830_000, y))

    assert (WEB_MERCATOR_QUAD.ground_cell_size(tile) >= GENERALISED_FROM_M) is (level < 12)


def test_an_edit_by_plain_sql_publishes_its_shapes(connection: Connection) -> None:
    area_no = make_area(connection)
    current = text(
        "SELECT p.tile_shapes = registry.tile_shapes(p.geom_3857) AS shapes, p.size_m2, p.tile_shapes::text AS value,"
        " p.valid_cuts = registry.valid_cuts(p.geom_3857, p.tile_shapes) AS cuts, p.valid_cuts"
        " FROM publication.programme_area AS p WHERE area_no = :no"
    )
    values = []
    for factor in (1, 2):
        statement = "UPDATE registry.boundary SET geom = ST_Scale(geom, ST_MakePoint(:f, 1), ST_Centroid(geom)) WHERE area_no = :no"
        connection.execute(text(statement), {"no": area_no, "f": factor})
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        row = connection.execute(current, {"no": area_no}).one()
        assert row.shapes
        assert row.cuts
        assert row.valid_cuts
        assert row.size_m2 == pytest.approx(factor * 1_000_000)
        values.append(row.value)
    assert values[0] != values[1]


def rings(geometry: list[int]) -> Iterator[Ring]:
    """Follow the commands of a polygon (MVT 2.1, 4.3)."""
    x = y = 0
    ring: Ring = []
    numbers = iter(geometry)
    for command in numbers:
        kind, count = command & 7, command >> 3
        if kind == CLOSE_PATH:
            yield ring
            continue
        ring = [] if kind == MOVE_TO else ring
        for _ in range(count):
            dx, dy = ((value >> 1) ^ -(value & 1) for value in (next(numbers), next(numbers)))
            x, y = x + dx, y + dy
            ring.append((x, y))


def polygons(data: bytes) -> Iterator[shapely.MultiPolygon]:
    """Return the polygons of a tile, with the rings that run anticlockwise on a screen as holes of the one before."""
    tile = vector_tile_pb2.tile()
    tile.ParseFromString(data)
    for layer in tile.layers:
        for feature in layer.features:
            if feature.type != tile.Polygon:
                continue
            parts: list[tuple[Ring, list[Ring]]] = []
            for ring in rings(list(feature.geometry)):
                if shapely.LinearRing(ring).is_ccw:
                    parts.append((ring, []))
                else:
                    parts[-1][1].append(ring)  # the first ring of a feature is never a hole
            yield shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, holes in parts])


@pytest.mark.parametrize("grid_id", list(GRIDS))
def test_every_polygon_of_a_tile_is_valid_and_runs_the_right_way(api: FlaskClient, grid_id: str) -> None:
    grid = GRIDS[grid_id]
    shapes = [shape for shape, _ in items_in(api, grid).values()][::9]
    seen = 0
    for level in range(0, grid.levels, 2):
        for tile in {tile_of(grid, level, shape.representative_point()) for shape in shapes}:
            url = f"/api/collections/programme-areas/tiles/{grid_id}/{tile.z}/{tile.y}/{tile.x}"
            for shape in polygons(api.get(url).data):
                assert shape.is_valid
                assert shape.area >= 1
                west, north, east, south = shape.bounds
                # A square around a label point in the margin may reach over it by its one unit.
                assert min(west, north) >= -65
                assert max(east, south) <= 4096 + 65
                seen += 1
    assert seen > 500


def test_a_tile_with_other_units_is_cut_from_the_outline(
    api: FlaskClient,
    sample_database: str,
    make_api: Callable[..., object],
    make_settings: Callable[..., Settings],
) -> None:
    coarse = make_api(make_settings(sample_database, mvt_extent=1024)).test_client()  # type: ignore[attr-defined]
    tile = TileId(9, 266, 170)
    grid = WEB_MERCATOR_QUAD
    unit = grid.cell_size_at(tile.z) * UNIT_CELLS * 4
    address = f"/api/collections/programme-areas/tiles/{grid.grid_id}/{tile.z}/{tile.y}/{tile.x}"
    raw = mapbox_vector_tile.decode(coarse.get(address).data)
    assert {layer["extent"] for layer in raw.values()} == {1024}

    fine = get_tile(api, grid, tile)["programme-areas"]
    found = get_tile(coarse, grid, tile)["programme-areas"]

    # The margins of the two differ, not what is inside.
    window = shapely.box(*grid.envelope(tile))
    assert len(fine.keys() & found.keys()) > 5
    for key in fine.keys() & found.keys():
        difference = (fine[key].geometry ^ found[key].geometry) & window
        assert difference.buffer(-1.5 * unit).is_empty


@pytest.mark.parametrize("level", [9, 12, 13])
def test_a_tile_with_another_margin_is_cut_there(
    api: FlaskClient,
    sample_database: str,
    make_api: Callable[..., object],
    make_settings: Callable[..., Settings],
    level: int,
) -> None:
    wide = make_api(make_settings(sample_database, mvt_buffer=200)).test_client()  # type: ignore[attr-defined]
    shapes = [shape for shape, _ in items_in(api, WEB_MERCATOR_QUAD).values()][::5]
    reach = 0.0
    for tile in {tile_of(WEB_MERCATOR_QUAD, level, shape.representative_point()) for shape in shapes}:
        address = f"/api/collections/programme-areas/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
        for shape in polygons(wide.get(address).data):
            assert shape.is_valid
            west, north, east, south = shape.bounds
            reach = max(reach, -west, -north, east - STORED_EXTENT, south - STORED_EXTENT)
    assert reach == 200


def test_a_database_in_use_gets_shapes_for_its_areas(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    from geo_service.db import migrate
    from geo_service.db.publication import rebuild

    cluster.create_database("before_tile_shapes")
    engine: Engine = create_engine(cluster.url("before_tile_shapes"))
    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(migrate.command, "upgrade", lambda config, _head: upgrade(config, "0011"))
        migrate.migrate(engine)
    with engine.begin() as connection:
        make_area(connection)
        make_area(connection, released_at=None)

    assert migrate.migrate(engine).state == "current"

    with engine.connect() as connection:
        statement = (
            "SELECT tile_shapes = registry.tile_shapes(geom_3857), size_m2, array_upper(tile_shapes, 1),"
            " valid_cuts = registry.valid_cuts(geom_3857, tile_shapes), valid_cuts"
            " FROM publication.programme_area"
        )
        everywhere = (1 << KNOWN_LEVELS) - 1
        assert connection.execute(text(statement)).all() == [
            (True, 1_000_000, STORED_LEVELS, True, everywhere)
        ]
    assert rebuild(engine).corrected_rows == 0
    engine.dispose()
    cluster.drop_database("before_tile_shapes")
