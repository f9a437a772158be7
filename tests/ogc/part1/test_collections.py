"""Feature collections: clauses 7.13 and 7.14 (17-069r4, requirements 10 to 18)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def collections(api: FlaskClient) -> dict[str, dict[str, Any]]:
    document = api.get("/api/collections").json
    assert document
    assert document["collections"]
    return {one["id"]: one for one in document["collections"]}


def formats(api: FlaskClient, path: str) -> set[str]:
    """The media types that the definition offers for a path."""
    definition = api.get("/api/openapi").json
    assert definition
    reference = definition["paths"][path]["get"]["responses"]["200"]["$ref"]
    return set(definition["components"]["responses"][reference.rpartition("/")[2]]["content"])


def test_all_collections_are_listed(api: FlaskClient) -> None:
    """/req/core/fc-md-op, /req/core/fc-md-success, /req/core/fc-md-items"""
    assert list(collections(api)) == list(COLLECTIONS)


def test_collections_link_themselves_in_every_format(api: FlaskClient) -> None:
    """/req/core/fc-md-links"""
    document = api.get("/api/collections").json
    found = [one for one in document["links"] if one["rel"] in ("self", "alternate")]

    assert {one["type"] for one in found} == formats(api, "/collections")


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_items_are_linked_in_every_format(api: FlaskClient, collection_id: str) -> None:
    """/req/core/fc-md-items-links"""
    found = [one for one in collections(api)[collection_id]["links"] if one["rel"] == "items"]

    assert {one["type"] for one in found} == formats(api, f"/collections/{collection_id}/items")
    for one in found:
        assert api.get(one["href"]).status_code == 200, one


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_every_geometry_lies_within_the_extent(
    api: FlaskClient, sample_engine: Engine, collection_id: str
) -> None:
    """/req/core/fc-md-extent, /req/core/fc-md-extent-multi, /req/core/crs84"""
    collection = COLLECTIONS[collection_id]
    spatial = collections(api)[collection_id]["extent"]["spatial"]
    ((west, south, east, north),) = spatial["bbox"]
    assert spatial["crs"] == CRS84
    with sample_engine.connect() as connection:
        statement = text(
            f"SELECT count(*) FROM publication.{collection.table} WHERE NOT ST_CoveredBy("
            f"ST_Transform({collection.geom_column}, 4326), ST_MakeEnvelope(:west, :south, :east, :north, 4326))"
        )
        outside = connection.execute(
            statement, {"west": west, "south": south, "east": east, "north": north}
        ).scalar_one()

    assert outside == 0


def test_every_period_lies_within_the_temporal_extent(api: FlaskClient, sample_engine: Engine) -> None:
    """/req/core/fc-md-extent: a null end is an open one"""
    ((start, end),) = collections(api)["programme-areas"]["extent"]["temporal"]["interval"]
    with sample_engine.connect() as connection:
        statement = "SELECT min(lower(period))::text AS first, bool_or(upper_inf(period)) AS open FROM publication.programme_area"
        row = connection.execute(text(statement)).one()

    assert start[:10] == row.first
    assert (end is None) == row.open


def test_a_collection_without_time_has_no_temporal_extent(api: FlaskClient) -> None:
    assert "temporal" not in collections(api)["municipalities"]["extent"]


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_a_collection_is_described_as_in_the_list(api: FlaskClient, collection_id: str) -> None:
    """/req/core/sfc-md-op, /req/core/sfc-md-success"""
    listed = collections(api)[collection_id]

    single = api.get(f"/api/collections/{collection_id}").json

    for name in ("id", "title", "description", "extent", "itemType"):
        assert single[name] == listed[name]
    assert [one for one in listed["links"] if one not in single["links"]] == []


def test_collections_name_their_licence(api: FlaskClient) -> None:
    """/rec/core/fc-md-license"""
    for collection in collections(api).values():
        licences = [one for one in collection["links"] if one["rel"] == "license"]
        assert licences
        assert all(one["type"] and one["title"] for one in licences)


def test_links_within_one_description_are_not_repeated(api: FlaskClient) -> None:
    for collection in collections(api).values():
        seen = [(one["rel"], one["type"], one["href"]) for one in collection["links"]]
        assert len(seen) == len(set(seen))
