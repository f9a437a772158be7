"""GDAL's MVT driver reads a tile by its address: places, fields and identifiers are those of the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult

import pyogrio
import pyogrio.errors
import pytest
import shapely
from sqlalchemy import Engine, text

Sent = Callable[[], list[SplitResult]]
TILE = (9, 266, 170)  # zoom, column, row: Dortmund and its neighbours
SIDE = 2 * 20037508.342789244 / 2**9


def read(address: str, layer: str, **options: Any) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    meta, _, geometry, columns = pyogrio.raw.read(f"MVT:/vsicurl/{address}", layer=layer, **options)
    return meta, shapely.from_wkb(geometry), dict(zip(meta["fields"], columns, strict=True))


@pytest.fixture
def tile(served: str) -> str:
    """Address of a tile as simple clients write it, with the column before the row."""
    return f"{served}/collections/programme-areas/tiles/" + "/".join(map(str, TILE)) + ".mvt"


@pytest.fixture
def inside(sample_engine: Engine) -> dict[str, shapely.Geometry]:
    """Areas that lie in the tile as a whole, with their shapes in EPSG:3857."""
    _, column, row = TILE
    west, north = column * SIDE - 20037508.342789244, 20037508.342789244 - row * SIDE
    with sample_engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT area_id, ST_AsBinary(geom_3857) AS geom FROM publication.programme_area"
                " WHERE geom_3857 @ ST_MakeEnvelope(:west, :south, :east, :north, 3857)"
            ),
            {"west": west, "south": north - SIDE, "east": west + SIDE, "north": north},
        )
        return {row.area_id: shapely.from_wkb(bytes(row.geom)) for row in rows}


def test_it_puts_the_areas_where_they_are(tile: str, inside: dict[str, shapely.Geometry]) -> None:
    assert {name for name, _ in pyogrio.list_layers(f"MVT:/vsicurl/{tile}")} == {
        "programme-areas",
        "programme-area-points",
    }

    meta, geometry, columns = read(tile, "programme-areas")

    assert meta["crs"] == "EPSG:3857"
    found = dict(zip(columns["area_id"], geometry, strict=True))
    assert len(inside) > 10
    assert set(inside) <= set(found), "what reaches in from a neighbour is there, too"
    unit = SIDE / 4096
    for area_id, shape in inside.items():
        assert found[area_id].centroid.distance(shape.centroid) < 10 * unit, area_id


def test_it_knows_types_and_identifiers(tile: str, sample_engine: Engine) -> None:
    info = pyogrio.read_info(f"MVT:/vsicurl/{tile}", layer="programme-areas")
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["start_year"] in ("int32", "int64")
    assert types["ags"] == "object"

    _, _, columns = read(tile, "programme-area-points")

    with sample_engine.connect() as connection:
        known = dict(
            connection.execute(text("SELECT area_no, area_id FROM publication.programme_area")).all()
        )
    assert {known[number] for number in columns["mvt_id"]} == set(columns["area_id"]) != set()
    assert all(
        url.endswith(f"/profiles/{area_id}")
        for url, area_id in zip(columns["profile_url"], columns["area_id"], strict=True)
    )


def test_it_reads_a_filtered_tile(served: str, requests_sent: Sent, sample_engine: Engine) -> None:
    zoom, column, row = TILE
    address = f"{served}/collections/programme-areas/tiles/{zoom}/{column}/{row}.mvt?status=ongoing&properties=area_id"

    _, _, columns = read(address, "programme-area-points", X=column, Y=row, Z=zoom)

    with sample_engine.connect() as connection:
        ongoing = set(
            connection.scalars(
                text("SELECT area_id FROM publication.programme_area WHERE status = 'ongoing'")
            )
        )
    assert set(columns["area_id"]) <= ongoing
    assert "dortmund-nordstadt" in columns["area_id"]
    assert any("status=ongoing" in one.query for one in requests_sent())


def test_a_tile_outside_of_the_limits_is_an_error(served: str) -> None:
    with pytest.raises(pyogrio.errors.DataSourceError):
        read(f"{served}/collections/programme-areas/tiles/9/0/0.mvt", "programme-areas")
