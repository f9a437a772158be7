"""Coordinate reference systems: axis order, digits, exact boxes (OGC API - Features - Part 2, 18-058r1)."""

from __future__ import annotations

import json
import re
from typing import Any

import pyproj
import pytest
import shapely
import shapely.geometry
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.crs import SUPPORTED, ReferenceSystem

AREAS = "/api/collections/programme-areas/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def features(api: FlaskClient, query: str = "") -> dict[str, Any]:
    response = api.get(f"{AREAS}?limit=1000{query}")
    assert response.status_code == 200, response.data
    return {one["id"]: one for one in json.loads(response.data)["features"]}


def pyproj_crs(system: ReferenceSystem) -> pyproj.CRS:
    authority = "OGC:CRS84" if system.crs_uri.endswith("CRS84") else f"EPSG:{system.srid}"
    return pyproj.CRS(authority)


@pytest.mark.parametrize("system", SUPPORTED, ids=lambda system: system.crs_uri.rpartition("/")[2])
def test_coordinates_come_in_the_axis_order_of_the_crs(
    api: FlaskClient, sample_engine: Engine, system: ReferenceSystem
) -> None:
    """pyproj, which follows the authority's axis order, is the independent opinion."""
    with sample_engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT area_id, ST_X(label_point) AS x, ST_Y(label_point) AS y FROM publication.programme_area LIMIT 1"
            )
        ).one()
    transformer = pyproj.Transformer.from_crs("EPSG:25832", pyproj_crs(system))

    response = api.get(f"/api/collections/programme-area-points/items/{row.area_id}?crs={system.crs_uri}")

    assert response.headers["Content-Crs"] == f"<{system.crs_uri}>"
    expected = transformer.transform(row.x, row.y)
    assert response.json["geometry"]["coordinates"] == pytest.approx(expected, abs=1.5 * 10**-system.digits)


@pytest.mark.parametrize("system", SUPPORTED, ids=lambda system: system.crs_uri.rpartition("/")[2])
def test_coordinates_have_the_digits_of_the_crs(api: FlaskClient, system: ReferenceSystem) -> None:
    response = api.get(f"{AREAS}?limit=20&crs={system.crs_uri}").get_data(as_text=True)

    geometry = " ".join(re.findall(r'"coordinates":\[[^a-zA-Z]*\]', response))
    digits = {len(match) for match in re.findall(r"\.(\d+)", geometry)}
    assert max(digits) == system.digits


def test_the_storage_crs_round_trips_to_the_millimetre(api: FlaskClient, sample_engine: Engine) -> None:
    found = features(api, f"&crs={EPSG}/25832")
    with sample_engine.connect() as connection:
        rows = connection.execute(
            text("SELECT area_id, ST_AsBinary(geom) AS geom FROM publication.programme_area")
        )
        stored = {row.area_id: shapely.from_wkb(bytes(row.geom)) for row in rows}

    assert set(found) == set(stored)
    for area_id, geom in stored.items():
        distance = shapely.hausdorff_distance(shapely.geometry.shape(found[area_id]["geometry"]), geom)
        assert distance < 0.001


@pytest.mark.parametrize("crs", [f"{EPSG}/25832", "urn:adv:crs:ETRS89_UTM32"])
def test_the_storage_crs_is_written_as_it_is_stored(
    api: FlaskClient, sample_engine: Engine, crs: str
) -> None:
    """Exactly to the millimetre: what is written is what PostGIS rounds to three decimals."""
    with sample_engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT area_id, ST_AsGeoJSON(ST_ForcePolygonCCW(geom), 3, 0) FROM publication.programme_area"
            )
        )
        expected = {area_id: json.loads(geometry) for area_id, geometry in rows}

    assert {one: feature["geometry"] for one, feature in features(api, f"&crs={crs}").items()} == expected


def test_the_name_of_the_surveying_authorities_means_the_same_as_the_epsg_code(api: FlaskClient) -> None:
    adv = "urn:adv:crs:ETRS89_UTM32"

    response = api.get(f"{AREAS}?limit=3&crs={adv}&bbox=340000,5680000,440000,5750000&bbox-crs={adv}")

    same = api.get(
        f"{AREAS}?limit=3&crs={EPSG}/25832&bbox=340000,5680000,440000,5750000&bbox-crs={EPSG}/25832"
    )
    assert response.json["features"] == same.json["features"]
    assert len(same.json["features"]) == 3
    assert response.headers["Content-Crs"] == f"<{adv}>"


def test_collections_list_every_crs_and_the_storage_crs_is_one_of_them(api: FlaskClient) -> None:
    uris = [system.crs_uri for system in SUPPORTED]
    assert uris[0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert {f"{EPSG}/{srid}" for srid in (25832, 4258, 4326, 3857, 25833)} < set(uris)

    for collection in api.get("/api/collections").json["collections"]:
        assert collection["crs"] == uris
        assert collection["storageCrs"] == f"{EPSG}/25832"


def test_brackets_around_a_crs_are_tolerated(api: FlaskClient) -> None:
    assert api.get(f"{AREAS}?limit=1&crs=<{EPSG}/4258>").headers["Content-Crs"] == f"<{EPSG}/4258>"


# South-west and north-east corner of a box about 100 km wide, in each CRS's own axis order.
WIDE_BOXES = [
    ("", "6.7,51.2,8.2,51.9", "ST_MakeEnvelope(6.7, 51.2, 8.2, 51.9, 4326)"),
    (f"{EPSG}/4326", "51.2,6.7,51.9,8.2", "ST_MakeEnvelope(6.7, 51.2, 8.2, 51.9, 4326)"),
    (f"{EPSG}/4258", "51.2,6.7,51.9,8.2", "ST_MakeEnvelope(6.7, 51.2, 8.2, 51.9, 4258)"),
    (
        f"{EPSG}/25832",
        "340000,5680000,440000,5750000",
        "ST_MakeEnvelope(340000, 5680000, 440000, 5750000, 25832)",
    ),
    (
        f"{EPSG}/3857",
        "746000,6660000,912000,6780000",
        "ST_MakeEnvelope(746000, 6660000, 912000, 6780000, 3857)",
    ),
    (
        f"{EPSG}/25833",
        "-80000,5690000,20000,5790000",
        "ST_MakeEnvelope(-80000, 5690000, 20000, 5790000, 25833)",
    ),
    (
        "urn:adv:crs:ETRS89_UTM32",
        "340000,5680000,440000,5750000",
        "ST_MakeEnvelope(340000, 5680000, 440000, 5750000, 25832)",
    ),
]


@pytest.mark.parametrize("crs, bbox, envelope", WIDE_BOXES)
def test_a_box_selects_what_its_true_shape_touches(
    api: FlaskClient, sample_engine: Engine, crs: str, bbox: str, envelope: str
) -> None:
    with sample_engine.connect() as connection:
        expected = set(
            connection.execute(
                text(
                    f"SELECT area_id FROM publication.programme_area "
                    f"WHERE ST_Intersects(geom, ST_Transform(ST_Segmentize({envelope}, 0.001 * "
                    f"greatest(1, ST_XMax({envelope}) - ST_XMin({envelope}))), 25832))"
                )
            ).scalars()
        )

    found = set(features(api, f"&bbox={bbox}" + (f"&bbox-crs={crs}" if crs else "")))

    assert found == expected
    assert 0 < len(found) < len(features(api))


def test_the_edge_of_a_wide_box_is_the_parallel_and_not_the_chord(
    api: FlaskClient, sample_engine: Engine
) -> None:
    """Between 6° and 8° E the parallel bows some 400 m away from the chord of its ends in EPSG:25832."""
    with sample_engine.connect() as connection:
        latitude = connection.execute(
            text(
                "SELECT max(ST_YMax(ST_Transform(geom, 4326))) FROM publication.programme_area "
                "WHERE ST_X(ST_Transform(label_point, 4326)) BETWEEN 6.9 AND 7.1"
            )
        ).scalar_one()
    northernmost = features(api, f"&bbox=6,{latitude - 0.00001:.7f},8,{latitude + 1:.7f}")
    beyond = features(api, f"&bbox=6,{latitude + 0.00001:.7f},8,{latitude + 1:.7f}")

    in_range = {name for name in northernmost if name not in beyond}
    assert len(in_range) == 1


def test_six_numbers_are_a_box_with_heights(api: FlaskClient) -> None:
    assert features(api, "&bbox=6.7,51.2,-100,8.2,51.9,3000") == features(api, "&bbox=6.7,51.2,8.2,51.9")


def test_a_box_across_the_antimeridian_goes_the_other_way_round(api: FlaskClient) -> None:
    everything = features(api)

    assert features(api, "&bbox=5,40,-170,60") == everything
    assert features(api, "&bbox=170,40,5,60") == {}
    assert features(api, "&bbox=170,40,9.4,60") == everything


def test_the_whole_world_holds_everything(api: FlaskClient) -> None:
    everything = features(api)

    assert features(api, "&bbox=-180,-90,180,90") == everything
    assert features(api, f"&bbox=-90,-180,90,180&bbox-crs={EPSG}/4326") == everything
    assert features(api, f"&bbox=-2e7,-2e7,2e7,2e7&bbox-crs={EPSG}/3857") == everything
    assert features(api, f"&bbox=-1e300,-1e300,1e300,1e300&bbox-crs={EPSG}/25832") == everything
    assert features(api, f"&bbox=-1e300,-1e300,1e300,1e300&bbox-crs={EPSG}/25833") == everything


def test_a_box_may_be_a_point_or_a_line(api: FlaskClient) -> None:
    feature = next(iter(features(api).values()))
    point = api.get(f"/api/collections/programme-area-points/items/{feature['id']}").json
    x, y = point["geometry"]["coordinates"]

    assert feature["id"] in features(api, f"&bbox={x},{y},{x},{y}")
    assert feature["id"] in features(api, f"&bbox={x},50,{x},53")


def test_a_box_elsewhere_holds_nothing(api: FlaskClient) -> None:
    assert features(api, "&bbox=-120,-40,-100,-30") == {}
    assert features(api, "&bbox=51.2,6.7,51.9,8.2") == {}
