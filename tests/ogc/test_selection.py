"""What is written of a feature: properties, geometry, detail (drafts Part 6, 24-019, and Part 7, 24-020)."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
import shapely.geometry
from flask.testing import FlaskClient

from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.crs import SUPPORTED, ReferenceSystem

AREAS = "/api/collections/programme-areas/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
METRES = f"crs={EPSG}/25832"


def features(api: FlaskClient, query: str, url: str = AREAS) -> list[dict[str, Any]]:
    response = api.get(f"{url}?limit=1000&{query}")
    assert response.status_code == 200, response.data
    found: list[dict[str, Any]] = json.loads(response.data)["features"]
    return found


@pytest.mark.parametrize("collection_id", COLLECTIONS)
def test_each_property_alone_is_what_it_is_among_all(api: FlaskClient, collection_id: str) -> None:
    url = f"/api/collections/{collection_id}/items"
    everything = features(api, "", url)

    assert everything
    for field in COLLECTIONS[collection_id].fields:
        chosen = features(api, f"properties={field.name}", url)
        expected = [{**one, "properties": {field.name: one["properties"][field.name]}} for one in everything]
        assert chosen == expected, field.name


def test_properties_come_in_the_order_of_the_definition_with_the_same_text(api: FlaskClient) -> None:
    names = [field.name for field in COLLECTIONS["programme-areas"].fields]
    url = f"{AREAS}?limit=50&lang=de"

    chosen = api.get(f"{url}&properties={','.join(reversed(names))}").get_data(as_text=True)

    whole = api.get(url).get_data(as_text=True)
    assert chosen.partition('],"number')[0] == whole.partition('],"number')[0]


def test_properties_can_be_left_out(api: FlaskClient) -> None:
    (feature,) = (
        features(api, "exclude-properties=name,profile_url&area_id=dortmund-nordstadt")
        or features(api, "exclude-properties=name,profile_url")[:1]
    )
    names = [field.name for field in COLLECTIONS["programme-areas"].fields]

    assert list(feature["properties"]) == [one for one in names if one not in ("name", "profile_url")]
    (feature, *_) = features(api, "properties=name,ags,status&exclude-properties=ags")
    assert list(feature["properties"]) == ["name", "status"]
    (feature, *_) = features(api, "properties=name&exclude-properties=name")
    assert feature["properties"] == {}
    assert feature["links"]


def test_one_feature_is_selected_from_in_the_same_way(api: FlaskClient) -> None:
    feature = features(api, "")[0]
    url = f"{AREAS}/{feature['id']}"

    found = api.get(f"{url}?properties=profile_url,name&skipGeometry=true").json

    assert found["geometry"] is None
    assert found["properties"] == {name: feature["properties"][name] for name in ("name", "profile_url")}
    assert {one["rel"] for one in found["links"]} >= {"self", "collection", "describedby"}
    assert shapely.get_num_coordinates(
        shapely.geometry.shape(api.get(f"{url}?zoom-level=5").json["geometry"])
    ) <= (shapely.get_num_coordinates(shapely.geometry.shape(feature["geometry"])))


@pytest.mark.parametrize("parameter", ["properties", "exclude-properties"])
@pytest.mark.parametrize("names", ["", "name,", "nome", "geom", "search", "area_no", "name;ags"])
def test_unknown_properties_are_a_400_that_names_the_known_ones(
    api: FlaskClient, parameter: str, names: str
) -> None:
    for url in (AREAS, f"{AREAS}/any"):
        response = api.get(f"{url}?{parameter}={names}&lang=en")
        assert response.status_code == 400
        assert response.json["parameter"] == parameter
        assert "profile_url" in response.json["detail"]


def test_geometries_can_be_skipped(api: FlaskClient) -> None:
    everything = features(api, "")

    assert features(api, "skipGeometry=false") == everything
    assert features(api, f"skipGeometry=true&{METRES}") == [{**one, "geometry": None} for one in everything]


@pytest.mark.parametrize("query", ["skipGeometry=yes", "skipGeometry=", "skipGeometry=TRUE"])
def test_skip_geometry_is_true_or_false(api: FlaskClient, query: str) -> None:
    assert api.get(f"{AREAS}?{query}").json["parameter"] == "skipGeometry"


def outlines(api: FlaskClient, query: str) -> dict[str, Any]:
    return {one["id"]: shapely.geometry.shape(one["geometry"]) for one in features(api, query)}


@pytest.mark.parametrize("max_offset", [0, 5, 50, 500, 50_000, 1e300])
def test_a_simplified_outline_is_near_valid_and_never_empty(api: FlaskClient, max_offset: float) -> None:
    true = outlines(api, METRES)
    simple = outlines(api, f"{METRES}&max-allowable-offset={max_offset:.0f}")

    assert list(simple) == list(true)
    for area_id, outline in simple.items():
        assert outline.geom_type == "MultiPolygon"
        assert outline.is_valid
        assert not outline.is_empty
        assert len(outline.geoms) == len(true[area_id].geoms)
        assert shapely.get_num_coordinates(outline) <= shapely.get_num_coordinates(true[area_id])
        assert shapely.hausdorff_distance(outline, true[area_id]) <= max_offset + 0.001
    if max_offset >= 50:
        before, after = (
            shapely.get_num_coordinates([*true.values()]),
            shapely.get_num_coordinates([*simple.values()]),
        )
        assert after.sum() < before.sum()


@pytest.mark.parametrize("system", SUPPORTED, ids=lambda system: system.crs_uri.rpartition("/")[2])
@pytest.mark.parametrize("zoom_level", ["0", "8.5", "12", "16", "22", "1e3"])
def test_a_zoom_level_simplifies_by_a_pixel_at_most_in_every_crs(
    api: FlaskClient, system: ReferenceSystem, zoom_level: str
) -> None:
    true = outlines(api, f"crs={system.crs_uri}")
    simple = outlines(api, f"crs={system.crs_uri}&zoom-level={zoom_level}")

    equator = 360 if system.digits == 7 else 2 * math.pi * 6_378_137
    pixel = equator / 256 * 2.0 ** -float(zoom_level)
    assert list(simple) == list(true) != []
    for area_id, outline in simple.items():
        assert outline.is_valid
        assert not outline.is_empty
        assert shapely.hausdorff_distance(outline, true[area_id]) <= pixel + 2 * 10**-system.digits


def test_of_both_ways_to_simplify_the_stricter_one_counts(api: FlaskClient) -> None:
    strict = features(api, f"{METRES}&max-allowable-offset=30")

    assert features(api, f"{METRES}&max-allowable-offset=30&zoom-level=3") == strict
    assert features(api, f"{METRES}&max-allowable-offset=90000&zoom-level=11") == features(
        api, f"{METRES}&zoom-level=11"
    )


def test_points_stay_where_they_are(api: FlaskClient) -> None:
    url = "/api/collections/programme-area-points/items"

    assert features(api, "zoom-level=2", url) == features(api, "", url)
    url = "/api/collections/municipalities/items"
    assert features(api, "zoom-level=2&properties=ags", url) == features(api, "properties=ags", url)


@pytest.mark.parametrize("name", ["zoom-level", "max-allowable-offset"])
@pytest.mark.parametrize("value", ["", "-1", "far", "nan", "inf", "1e999", "1,5", "0x10", "-0.1"])
def test_a_bad_detail_is_a_400(api: FlaskClient, name: str, value: str) -> None:
    response = api.get(f"{AREAS}?{name}={value}")

    assert response.status_code == 400
    assert response.json["parameter"] == name
