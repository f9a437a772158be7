"""Real clients over real HTTP: GDAL's OAPIF driver and OWSLib read what the database holds."""

from __future__ import annotations

import math
from typing import Any

import pyogrio
import shapely
from owslib.ogcapi.features import Features
from sqlalchemy import Engine, text

AREAS = "SELECT area_id, ST_Area(geom) AS area FROM publication.programme_area ORDER BY area_id"


def read_layer(address: str, layer: str, **options: Any) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Read a layer with GDAL: metadata, columns by name, geometries."""
    meta, _fids, geometry, columns = pyogrio.raw.read(f"OAPIF:{address}", layer=layer, **options)
    return meta, dict(zip(meta["fields"], columns, strict=True)), shapely.from_wkb(geometry)


def test_gdal_sees_all_collections(served: str) -> None:
    names = {name for name, _geometry_type in pyogrio.list_layers(f"OAPIF:{served}")}

    assert names == {"programme-areas", "programme-area-points", "municipalities", "events"}


def test_gdal_reads_every_area_once_with_the_area_of_the_database(served: str, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        expected = connection.execute(text(AREAS)).all()

    meta, columns, geometry = read_layer(served, "programme-areas", PAGE_SIZE=50)

    assert sorted(columns["area_id"]) == [row.area_id for row in expected]
    assert meta["crs"] == "EPSG:25832"
    total = sum(row.area for row in expected)
    assert math.isclose(shapely.area(geometry).sum(), total, rel_tol=0.0001)


def test_gdal_reads_hectares_with_their_decimals(served: str, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        statement = text("SELECT area_id, area_ha FROM publication.programme_area WHERE area_ha IS NOT NULL")
        expected = {row.area_id: float(row.area_ha) for row in connection.execute(statement)}

    meta, columns, _geometry = read_layer(served, "programme-areas")

    types = dict(zip(meta["fields"], meta["dtypes"], strict=True))
    read = dict(zip(columns["area_id"], columns["area_ha"], strict=True))
    assert types["area_ha"] == "float64"
    assert {name: read[name] for name in expected} == expected


def test_gdal_pushes_a_bbox_in_the_storage_crs(served: str, sample_engine: Engine) -> None:
    box = (380_000.0, 5_700_000.0, 400_000.0, 5_720_000.0)
    with sample_engine.connect() as connection:
        expected = connection.execute(
            text(
                "SELECT count(*) FROM publication.programme_area "
                "WHERE ST_Intersects(geom, ST_MakeEnvelope(380000, 5700000, 400000, 5720000, 25832))"
            )
        ).scalar_one()

    _meta, columns, _geometry = read_layer(served, "programme-areas", bbox=box)

    assert len(columns["area_id"]) == expected > 0


def test_gdal_reads_points_and_municipalities(served: str, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        towns = connection.execute(text("SELECT count(*) FROM publication.municipality")).scalar_one()
        areas = connection.execute(text("SELECT count(*) FROM publication.programme_area")).scalar_one()

    _meta, columns, _geometry = read_layer(served, "municipalities")
    _meta, _columns, points = read_layer(served, "programme-area-points")

    assert len(columns["ags"]) == towns
    assert len(points) == areas
    assert set(shapely.get_type_id(points)) == {0}


def test_owslib_reads_collections_and_items(served: str) -> None:
    client = Features(served)

    assert "programme-areas" in client.feature_collections()
    assert client.api()["openapi"].startswith("3.0")
    page = client.collection_items("programme-areas", limit=7)
    assert page["numberReturned"] == len(page["features"]) == 7
    first = page["features"][0]["id"]
    assert client.collection_item("programme-areas", first)["id"] == first
