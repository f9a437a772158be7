"""JSON-FG (OGC Features and Geometries JSON - Part 1: Core, 21-045r1), on all sample data."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from pyproj import Transformer

from geo_service.domain.collections import COLLECTIONS

NAMES = list(COLLECTIONS)
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def fetch(api: FlaskClient, name: str, **parameters: str) -> dict[str, Any]:
    response = api.get(
        f"/api/collections/{name}/items", query_string={"f": "jsonfg", "limit": "1000", **parameters}
    )
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.data)
    return document


@pytest.mark.parametrize("name", NAMES)
def test_metadata_stand_at_the_root_and_nowhere_else(api: FlaskClient, name: str) -> None:
    document = fetch(api, name)
    root = {"conformsTo", "coordRefSys", "featureType", "featureSchema"}

    assert root <= set(document)
    assert not any(root & set(feature) for feature in document["features"])
    assert {"core", "types-schemas"} == {one.rpartition("/")[2] for one in document["conformsTo"]}
    assert json.loads(api.get(document["featureSchema"]).data)["$id"] == document["featureSchema"]


@pytest.mark.parametrize("name", NAMES)
def test_geometries_are_of_the_dimension_that_is_declared(api: FlaskClient, name: str) -> None:
    document = fetch(api, name)
    places = [shapely.geometry.shape(one["place"]) for one in document["features"] if one["place"]]

    assert places
    dimensions = {int(shapely.get_dimensions(place)) for place in places}
    assert "geometryDimension" not in document or dimensions == {document["geometryDimension"]}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("srid", [25832, 4258, 3857])
def test_place_and_geometry_are_the_same_shape_in_two_crs(api: FlaskClient, name: str, srid: int) -> None:
    document = fetch(api, name, crs=f"{EPSG}/{srid}")
    # By the CRS's own order of axes, as JSON-FG wants it.
    back = Transformer.from_crs(srid, "OGC:CRS84")

    assert document["coordRefSys"] == f"{EPSG}/{srid}"
    for feature in document["features"]:
        if feature["place"] is None:
            assert feature["geometry"] is None
            continue
        place, geometry = (shapely.geometry.shape(feature[key]) for key in ("place", "geometry"))
        moved = shapely.transform(
            place, lambda xy: list(zip(*back.transform(xy[:, 0], xy[:, 1]), strict=True))
        )
        assert shapely.hausdorff_distance(moved, geometry) < 1e-6


def test_time_is_the_period_of_the_database_or_null(api: FlaskClient) -> None:
    known = 0
    for feature in fetch(api, "programme-areas")["features"]:
        time, properties = feature["time"], feature["properties"]
        if time is None:
            continue
        known += 1
        start, end = time["interval"]
        assert set(time) == {"interval"}
        for day in (start, end):
            assert day == ".." or dt.date.fromisoformat(day)
        assert ".." in (start, end) or start <= end
        if properties["start_date"]:
            assert start == properties["start_date"]
        if properties["end_date"]:
            assert end == properties["end_date"]
    assert known
    assert {one["time"] for one in fetch(api, "municipalities")["features"]} == {None}
