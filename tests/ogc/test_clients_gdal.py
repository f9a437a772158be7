"""GDAL's OAPIF driver: what it reads is what the database holds, and the server's log shows what it asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qs

import numpy as np
import pyogrio
import pyogrio.errors
import pytest
import shapely
from sqlalchemy import Engine, text

Sent = Callable[[], list[SplitResult]]
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def read(address: str, layer: str = "programme-areas", **options: Any) -> tuple[dict[str, Any], Any, Any]:
    """Read a layer: metadata, geometries, and columns by name."""
    meta, _fids, geometry, columns = pyogrio.raw.read(f"OAPIF:{address}", layer=layer, **options)
    return meta, shapely.from_wkb(geometry), dict(zip(meta["fields"], columns, strict=True))


def stored(engine: Engine, where: str = "true") -> list[str]:
    with engine.connect() as connection:
        statement = f"SELECT area_id FROM publication.programme_area WHERE {where} ORDER BY area_id"
        return list(connection.execute(text(statement)).scalars())


def queries(sent: list[SplitResult], layer: str = "programme-areas") -> list[dict[str, str]]:
    """The queries of the requests for items, without the first one, from which GDAL guesses the geometry type."""
    found = [
        {name: values[0] for name, values in parse_qs(one.query).items()}
        for one in sent
        if one.path == f"/api/collections/{layer}/items"
    ]
    assert list(found[0]) == ["limit"]
    assert int(found[0]["limit"]) <= 20
    return found[1:]


def test_it_takes_the_page_size_from_the_definition_or_from_the_user(
    served: str, sample_engine: Engine, requests_sent: Sent
) -> None:
    _meta, _geometry, columns = read(served, PAGE_SIZE=50)

    pages = queries(requests_sent())
    assert [one["limit"] for one in pages] == ["50"] * 3
    assert "cursor" not in pages[0]
    assert pages[1]["cursor"] != pages[2]["cursor"]
    assert sorted(columns["area_id"]) == stored(sample_engine)

    read(served)
    assert queries(requests_sent()[-2:])[0]["limit"] == "1000"


@pytest.mark.parametrize(
    "box",
    [(380_000.0, 5_700_000.0, 400_000.0, 5_720_000.0), (340_000.0, 5_650_000.0, 440_000.0, 5_750_000.0)],
)
def test_it_pushes_a_box_down_in_the_storage_crs(
    served: str, sample_engine: Engine, requests_sent: Sent, box: tuple[float, float, float, float]
) -> None:
    _meta, _geometry, columns = read(served, bbox=box)

    (query,) = queries(requests_sent())
    assert [float(number) for number in query["bbox"].split(",")] == list(box)
    assert query["bbox-crs"] == query["crs"] == f"{EPSG}/25832"
    envelope = f"ST_MakeEnvelope({','.join(map(str, box))}, 25832)"
    found = sorted(columns["area_id"])
    assert found == stored(sample_engine, f"ST_Intersects(geom, {envelope})")
    assert 0 < len(found) < len(stored(sample_engine))


@pytest.mark.parametrize(
    "option, code",
    [("CRS", 4258), ("CRS", 3857), ("CRS", 25833), ("PREFERRED_CRS", 3857), ("PREFERRED_CRS", 25832)],
)
def test_it_asks_for_a_crs_and_gets_its_coordinates_in_the_order_of_gis(
    served: str, sample_engine: Engine, requests_sent: Sent, option: str, code: int
) -> None:
    """Degrees come as latitude, longitude; GDAL turns them round, since the answer says which CRS it has."""
    with sample_engine.connect() as connection:
        statement = text(
            "SELECT area_id, ST_X(moved) AS x, ST_Y(moved) AS y FROM publication.programme_area, "
            "ST_Transform(label_point, :code) AS moved"
        )
        expected = {row.area_id: (row.x, row.y) for row in connection.execute(statement, {"code": code})}

    meta, geometry, columns = read(served, "programme-area-points", **{option: f"EPSG:{code}"})

    (query,) = queries(requests_sent(), "programme-area-points")
    assert query["crs"] == f"{EPSG}/{code}"
    assert meta["crs"] == f"EPSG:{code}"
    wanted = np.array([expected[name] for name in columns["area_id"]])
    precision = 1e-6 if code in (4258, 4326) else 0.01
    assert np.abs(shapely.get_coordinates(geometry) - wanted).max() < precision


def test_it_takes_crs84_for_wgs_84(served: str, requests_sent: Sent) -> None:
    meta, geometry, _columns = read(served, "programme-area-points", CRS="EPSG:4326")

    (query,) = queries(requests_sent(), "programme-area-points")
    assert query["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert "CRS84" in meta["crs"]
    west, south, east, north = shapely.total_bounds(geometry)
    assert 5 < west < east < 10
    assert 50 < south < north < 53


def test_the_storage_crs_is_what_it_prefers_by_itself(served: str, requests_sent: Sent) -> None:
    meta, _geometry, _columns = read(served)

    assert meta["crs"] == "EPSG:25832"
    assert queries(requests_sent())[0]["crs"] == f"{EPSG}/25832"


@pytest.mark.parametrize(
    "where, sent, condition",
    [
        ("status = 'ongoing'", "status = 'ongoing'", "status = 'ongoing'"),
        ("municipality = 'Köln'", "municipality = 'Köln'", "municipality = 'Köln'"),
        ("name = 'O''Hara'", "name = 'O''Hara'", "false"),
        (
            "start_year > 2010 AND status = 'ongoing'",
            "(start_year > 2010) AND (status = 'ongoing')",
            "start_year > 2010 AND status = 'ongoing'",
        ),
        (
            "area_ha > 50.5 OR start_year < 2000",
            "(area_ha > 50.5) OR (start_year < 2000)",
            "area_ha > 50.5 OR start_year < 2000",
        ),
        ("start_year <> 2010", "start_year <> 2010", "start_year <> 2010"),
        (
            "start_year BETWEEN 2010 AND 2015",
            "(start_year >= 2010) AND (start_year <= 2015)",
            "start_year BETWEEN 2010 AND 2015",
        ),
        ("end_year IS NULL", "(end_year IS NULL)", "end_year IS NULL"),
        ("end_year IS NOT NULL", "NOT ((end_year IS NULL))", "end_year IS NOT NULL"),
        ("NOT (status = 'ongoing')", "NOT (status = 'ongoing')", "NOT status = 'ongoing'"),
        ("name LIKE 'N%'", "name LIKE 'N%'", "name LIKE 'N%'"),
        ("name ILIKE '%nord%'", "name ILIKE '%nord%'", "name ILIKE '%nord%'"),
        (
            "resolution_date >= '2005/06/01'",
            "resolution_date >= '2005-06-01T'",
            "resolution_date >= '2005-06-01'",
        ),
        (
            "updated_at > '2020/01/01 00:00:00'",
            "updated_at > '2020-01-01T00:00:00Z'",
            "updated_at > '2020-01-01T00:00:00Z'",
        ),
    ],
)
def test_it_pushes_conditions_down_as_cql(
    served: str, sample_engine: Engine, requests_sent: Sent, where: str, sent: str, condition: str
) -> None:
    _meta, _geometry, columns = read(served, where=where)

    (query,) = queries(requests_sent())
    assert (query["filter"], query["filter-lang"]) == (sent, "cql-text")
    assert sorted(columns["area_id"]) == stored(sample_engine, condition)


def test_a_condition_and_a_box_are_pushed_down_together(
    served: str, sample_engine: Engine, requests_sent: Sent
) -> None:
    box = (340_000.0, 5_650_000.0, 400_000.0, 5_720_000.0)

    _meta, _geometry, columns = read(served, where="start_year >= 2008", bbox=box, PAGE_SIZE=2)

    pages = queries(requests_sent())
    assert len(pages) > 1
    assert {(one["filter"], one["bbox"]) for one in pages} == {
        ("start_year >= 2008", "340000,5650000,400000,5720000")
    }
    envelope = "ST_MakeEnvelope(340000, 5650000, 400000, 5720000, 25832)"
    assert sorted(columns["area_id"]) == stored(
        sample_engine, f"start_year >= 2008 AND ST_Intersects(geom, {envelope})"
    )


def test_it_evaluates_itself_what_it_cannot_say(
    served: str, sample_engine: Engine, requests_sent: Sent
) -> None:
    _meta, _geometry, columns = read(served, where="area_ha * 2 > 100")

    (query,) = queries(requests_sent())
    assert "filter" not in query
    assert sorted(columns["area_id"]) == stored(sample_engine, "area_ha * 2 > 100")


def test_it_asks_for_one_feature_by_its_address(
    served: str, requests_sent: Sent, sample_engine: Engine
) -> None:
    area_id = stored(sample_engine)[0]

    _meta, geometry, columns = read(served, where=f"id = '{area_id}'")

    assert list(columns["area_id"]) == [area_id]
    assert len(geometry) == 1
    assert requests_sent()[-1].path == f"/api/collections/programme-areas/items/{area_id}"


def test_it_knows_every_field_with_its_type_before_it_reads(served: str, requests_sent: Sent) -> None:
    """From ``describedby``: a column that is empty in the first features would be guessed wrong."""
    info = pyogrio.read_info(f"OAPIF:{served}", layer="programme-areas")

    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["start_year"] == "int32"
    assert types["area_ha"] == "float64"
    assert types["resolution_date"] == "datetime64[D]"
    assert types["population"] == "int32"
    assert types["ags"] == "object"
    assert requests_sent()[1].path == "/api/collections/programme-areas/feature-schema"


def test_it_limits_time_by_datetime(served: str, sample_engine: Engine, requests_sent: Sent) -> None:
    _meta, _geometry, columns = read(served, DATETIME="2012-01-01/2012-12-31")

    assert parse_qs(requests_sent()[-1].query)["datetime"] == ["2012-01-01/2012-12-31"]
    assert sorted(columns["area_id"]) == stored(sample_engine, "period && '[2012-01-01,2012-12-31]'")


def test_umlauts_arrive_whole(served: str, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        statement = text("SELECT area_id, municipality FROM publication.programme_area")
        expected = {row.area_id: row.municipality for row in connection.execute(statement)}

    _meta, _geometry, columns = read(served)

    assert dict(zip(columns["area_id"], columns["municipality"], strict=True)) == expected
    assert any("ü" in name for name in expected.values())


def test_an_address_that_is_none_is_an_error_and_not_an_empty_layer(served: str) -> None:
    with pytest.raises(pyogrio.errors.DataLayerError):
        read(served, "no-such-collection")


def test_it_reads_a_box_of_a_flatgeobuf_in_parts(
    served: str, sample_engine: Engine, requests_sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")
    path = "/collections/municipalities/download/municipalities.fgb"
    box = (380_000.0, 5_700_000.0, 400_000.0, 5_720_000.0)

    info, _fid, _geometry, fields = pyogrio.raw.read(f"/vsicurl/{served}{path}", bbox=box, columns=["name"])

    with sample_engine.connect() as connection:
        inside = connection.scalars(
            text(
                "SELECT name FROM publication.municipality WHERE geom && ST_MakeEnvelope(:a, :b, :c, :d, 25832)"
            ),
            dict(zip("abcd", box, strict=True)),
        ).all()
    assert sorted(fields[0]) == sorted(inside) != []
    assert info["crs"] == "EPSG:25832"
    parts = [one for one in requests_sent() if one.path.endswith(path)]
    assert len(parts) > 1  # and not the whole at once
