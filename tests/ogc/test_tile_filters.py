"""Filters and choice of attributes on tiles: the same as on items."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.mvt import decode

TILES = "/api/collections/programme-areas/tiles"
WHOLE_STATE = "WebMercatorQuad/4/5/8"
FILTERS = [
    {"status": "ongoing"},
    {"ags_all": "05913000"},
    {"q": "Dortmund Nord"},
    {"start_year": "2008", "geom_basis": "schematic"},
    {"datetime": "2008-01-01/2008-12-31"},
    {"filter": "status = 'completed' AND start_year >= 2005"},
    {"filter": "name LIKE 'N%' OR programme IS NULL", "datetime": "2012-01-01/.."},
    {"filter": '{"op":"=","args":[{"property":"status"},"planned"]}', "filter-lang": "cql2-json"},
    {"filter": "S_INTERSECTS(geom, BBOX(7.3, 51.4, 7.7, 51.7))"},
    {
        "filter": "S_INTERSECTS(geom, BBOX(390000, 5700000, 400000, 5720000))",
        "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/25832",
    },
]


def features(api: FlaskClient, url: str, query: dict[str, str]) -> dict[str, dict[int, Any]]:
    response = api.get(url, query_string=query)
    assert response.status_code in (200, 204), response.data
    return decode(response.data, z=4, x=8, y=5) if response.data else {}


def ids(layer: dict[int, Any]) -> set[str]:
    return {one.properties["area_id"] for one in layer.values()}


@pytest.mark.parametrize("query", FILTERS, ids=[" ".join(one.values())[:40] for one in FILTERS])
def test_a_filtered_tile_has_the_areas_that_fulfil_the_filter(
    api: FlaskClient, query: dict[str, str], request: pytest.FixtureRequest
) -> None:
    everything = ids(features(api, f"{TILES}/{WHOLE_STATE}", {})["programme-areas"])
    layers = features(api, f"{TILES}/{WHOLE_STATE}", query)
    page = expected(api, query, everything)

    assert 0 < len(page) < len(everything)
    assert ids(layers["programme-areas"]) == ids(layers["programme-area-points"]) == page


def expected(api: FlaskClient, query: dict[str, str], everything: set[str]) -> set[str]:
    """Return the areas that fulfil the filter, as items say or, for CQL2, as their properties do."""
    items = {
        one["id"]: one
        for one in api.get("/api/collections/programme-areas/items?limit=10000").json["features"]
    }
    plain = {name: text for name, text in query.items() if not name.startswith("filter")}
    url = "/api/collections/programme-areas/items"
    page = api.get(url, query_string={**plain, "limit": "10000"}).json["features"]
    wanted = {one["id"] for one in page} & everything
    text = query.get("filter")
    if text is None:
        return wanted
    tests = {
        "status = 'completed'": lambda one: one["status"] == "completed" and (one["start_year"] or 0) >= 2005,
        "name LIKE": lambda one: one["name"].startswith("N") or one["programme"] is None,
        '{"op"': lambda one: one["status"] == "planned",
    }
    for start, test in tests.items():
        if text.startswith(start):
            return {one for one in wanted if test(items[one]["properties"])}
    numbers = text.partition("BBOX(")[2].rstrip(")")
    crs = query.get("filter-crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
    box = {"bbox": numbers.replace(" ", ""), "bbox-crs": crs, "limit": "10000"}
    return {one["id"] for one in api.get(url, query_string=box).json["features"]}


def test_a_filter_that_nothing_fulfils_leaves_an_empty_tile(api: FlaskClient) -> None:
    response = api.get(f"{TILES}/{WHOLE_STATE}?start_year=1815")

    assert (response.status_code, response.data) == (204, b"")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"filter": "status ="}, "filter"),
        ({"filter": "nonsense = 1"}, "filter"),
        ({"filter": "status = 'ongoing'", "filter-lang": "sql"}, "filter-lang"),
        ({"filter-crs": "EPSG:1"}, "filter-crs"),
        ({"datetime": "yesterday"}, "datetime"),
        ({"status": "gone"}, "status"),
        ({"start_year": "x"}, "start_year"),
        ({"properties": "name,concept"}, "properties"),
        ({"properties": ""}, "properties"),
        ({"nonsense": "1"}, "nonsense"),
        ({"bbox": "6,50,7,51"}, "bbox"),
    ],
)
def test_what_makes_no_sense_is_a_400(api: FlaskClient, query: dict[str, str], parameter: str) -> None:
    for address in (WHOLE_STATE, "4/8/5.mvt"):
        response = api.get(f"{TILES}/{address}", query_string=query)
        assert response.status_code == 400
        assert response.json["parameter"] == parameter


def test_properties_chooses_the_attributes(api: FlaskClient) -> None:
    layers = features(api, f"{TILES}/{WHOLE_STATE}", {"properties": "profile_url,name"})

    for layer in ("programme-areas", "programme-area-points"):
        assert layers[layer]
        assert all(set(one.properties) == {"name", "profile_url"} for one in layers[layer].values())


def test_municipalities_are_filtered_too(api: FlaskClient) -> None:
    url = f"/api/collections/municipalities/tiles/{WHOLE_STATE}"
    layers = features(api, url, {"filter": "ags = '05913000'", "properties": "name"})

    ((key, feature),) = layers["municipality-points"].items()
    assert (key, feature.properties) == (5913000, {"name": "Dortmund"})


@pytest.mark.parametrize("grid", ["WorldCRS84Quad/3/1/8", "AdV_25832/0/0/0"])
def test_filters_hold_in_every_grid(api: FlaskClient, grid: str) -> None:
    query = {"filter": "status = 'completed'"}
    here = features(api, f"{TILES}/{grid}", query)
    there = features(api, f"{TILES}/{WHOLE_STATE}", query)

    assert ids(here["programme-areas"]) == ids(there["programme-areas"])
