"""Sorting: every field in both directions, nulls last, German order, unique (draft Part 8, 24-030)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.query import ItemsQuery, Place, SortKey
from tests.ogc.plans import plan

CASES = [
    (collection, field.name)
    for collection in COLLECTIONS.values()
    if collection.collection_id != "programme-area-points"
    for field in collection.sortables
]
NAMES = [f"{collection.collection_id}-{name}" for collection, name in CASES]


@pytest.fixture(scope="module")
def many(many_engine: Engine) -> Iterator[Connection]:
    """A connection to thousands of areas, as the web process has it."""
    with many_engine.connect() as connection:
        connection.execute(text("SET search_path = publication, public"))
        connection.execute(text("SET jit = off"))
        yield connection
        connection.rollback()


def sorted_ids(connection: Connection, collection: Collection, *keys: tuple[str, bool]) -> list[str]:
    """Return the identifiers in the order that the database gives, asked in the plainest way."""
    terms = []
    for name, descending in keys:
        field = collection.field(name)
        assert field
        expression = f'"{name}" COLLATE "de-x-icu"' if field.type == "string" else f'"{name}"'
        terms.append(f"{expression} {'DESC' if descending else 'ASC'} NULLS LAST")
    terms.append(f"{collection.key_column} {'DESC' if keys and keys[-1][1] else 'ASC'}")
    statement = f"SELECT {collection.id_column} FROM {collection.table} ORDER BY {', '.join(terms)}"
    return list(connection.execute(text(statement)).scalars())


def ids(features: str) -> list[str]:
    return [one["id"] for one in json.loads(f"[{features}]")]


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("collection, name", CASES, ids=NAMES)
def test_every_field_sorts_in_both_directions(
    many: Connection, collection: Collection, name: str, descending: bool
) -> None:
    field = collection.field(name)
    assert field
    query = ItemsQuery(collection, 10_000, sort=(SortKey(field, descending),))

    page = find_items(many, query, FeatureLinks("p", "i"))

    assert ids(page.features.decode()) == sorted_ids(many, collection, (name, descending))


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("collection, name", CASES, ids=NAMES)
def test_every_page_of_every_field_is_a_step_into_an_index(
    many: Connection, collection: Collection, name: str, descending: bool
) -> None:
    """From the start, behind a value, behind a null, and backwards from both: no table is read or sorted."""
    field = collection.field(name)
    assert field
    key = "05980700" if collection.key_column == "ags" else 2000
    value = many.execute(
        text(f'SELECT to_json("{name}") FROM {collection.table} WHERE "{name}" IS NOT NULL LIMIT 1')
    ).scalar_one()
    values = [value, None] if field.nullable else [value]
    places = [None, *(Place((one,), key, backwards) for one in values for backwards in (False, True))]
    for place in places:
        query = ItemsQuery(collection, 10, sort=(SortKey(field, descending),), place=place)

        found = plan(many, lambda query=query: find_items(many, query, FeatureLinks("p", "i")))

        assert f"using {collection.table}_by_{name} on" in found
        assert "Sort" not in found, found
        assert [line for line in found.splitlines() if "Seq Scan" in line and " on dataset" not in line] == []


@pytest.mark.parametrize(
    "keys",
    [
        (("status", False), ("population", True)),
        (("population", True), ("status", False), ("name", True)),
        (("stage", True), ("start_date", True)),
        (("municipality", False), ("end_year", True), ("area_ha", False)),
    ],
)
def test_several_fields_sort_one_after_the_other(many: Connection, keys: Any) -> None:
    areas = COLLECTIONS["programme-areas"]
    sort = tuple(SortKey(areas.field(name), descending) for name, descending in keys)  # type: ignore[arg-type]

    page = find_items(many, ItemsQuery(areas, 10_000, sort=sort), FeatureLinks("p", "i"))

    assert ids(page.features.decode()) == sorted_ids(many, areas, *keys)


def test_text_is_in_the_order_of_a_german_dictionary(many_api: FlaskClient) -> None:
    url = "/api/collections/municipalities/items?limit=10000&sortby=name&properties=name"

    names = [one["properties"]["name"] for one in many_api.get(url).json["features"]]

    assert [name for name in names if not name.startswith("Ort ")] == [
        "Ahlen",
        "Ähnlich",
        "bergheim",
        "Bergheim",
        "Öding",
        "Œuvre",
        "Zülpich",
    ]


def test_nulls_come_last_in_both_directions(many_api: FlaskClient) -> None:
    for sign in ("", "-"):
        url = f"/api/collections/programme-areas/items?limit=10000&sortby={sign}population&properties=population"
        values = [one["properties"]["population"] for one in many_api.get(url).json["features"]]
        first_null = values.index(None)
        assert set(values[first_null:]) == {None}
        assert values[:first_null] == sorted(values[:first_null], reverse=sign == "-")


def test_a_plus_may_be_written_as_it_is_and_repetitions_change_nothing(api: FlaskClient) -> None:
    url = "/api/collections/programme-areas/items?limit=50&sortby="

    plain = api.get(f"{url}name").json["features"]

    for sort in ("+name", "%2Bname", "name,-name", "name,name"):
        assert api.get(f"{url}{sort}").json["features"] == plain
    assert api.get(f"{url}-name").json["features"] != plain


@pytest.mark.parametrize(
    "sort", ["", "nane", "profile_url", "municipalities", "--name", "name,", "geom", "NAME"]
)
def test_what_cannot_be_sorted_by_is_a_400_that_says_what_can(api: FlaskClient, sort: str) -> None:
    response = api.get(f"/api/collections/programme-areas/items?sortby={sort}&lang=en")

    assert response.status_code == 400
    assert response.json["parameter"] == "sortby"
    assert "population" in response.json["detail"]


def test_a_sort_has_ten_fields_at_most(many_api: FlaskClient) -> None:
    url = "/api/collections/programme-areas/items?limit=1&sortby="
    names = [field.name for field in COLLECTIONS["programme-areas"].sortables]

    assert many_api.get(f"{url}{','.join(names[:10])}").status_code == 200
    assert many_api.get(f"{url}{','.join(names[:11])}").json["parameter"] == "sortby"


def test_a_cursor_of_ten_fields_is_good(many_api: FlaskClient) -> None:
    names = "stage,-status,district,-programme,start_date,-end_date,population,-area_ha,name,-updated_at"
    page = many_api.get(
        f"/api/collections/programme-areas/items?limit=2000&properties=name&sortby={names}"
    ).json

    following = next(one["href"] for one in page["links"] if one["rel"] == "next")

    others = many_api.get(following).json["features"]
    assert len({one["id"] for one in (*page["features"], *others)}) == 4000


def test_what_the_sortables_resource_names_is_what_sortby_takes(api: FlaskClient) -> None:
    for collection_id in COLLECTIONS:
        url = f"/api/collections/{collection_id}"
        for name in api.get(f"{url}/sortables").json["properties"]:
            assert api.get(f"{url}/items?limit=1&sortby=-{name}").status_code == 200, name
        parameters = api.get("/api/openapi").json["paths"][f"/collections/{collection_id}/items"]["get"][
            "parameters"
        ]
        allowed = next(one for one in parameters if one.get("name") == "sortby")["schema"]["items"]["enum"]
        assert {one.lstrip("+-") for one in allowed} == set(api.get(f"{url}/sortables").json["properties"])


def test_the_classes_of_sorting_selection_and_simplification_are_declared(api: FlaskClient) -> None:
    declared = api.get("/api/conformance").json["conformsTo"]

    for name in (
        "5/1.0/conf/sortables",
        "6/1.0/conf/properties-features",
        "7/1.0/conf/zoom-level-features",
        "8/1.0/conf/features-sorting",
    ):
        assert f"http://www.opengis.net/spec/ogcapi-features-{name}" in declared


def test_the_sortables_resource_fits_its_class(api: FlaskClient) -> None:
    """Draft 24-030, /req/sorting/get-sortables-success; 23-058r2, /req/sortables/response."""
    for collection_id in COLLECTIONS:
        url = f"/api/collections/{collection_id}"
        document = api.get(f"{url}/sortables?lang=de").json
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"].endswith(f"{url}/sortables")
        assert document["type"] == "object"
        assert document["additionalProperties"] is False
        assert all(one["type"] in ("string", "integer", "number") for one in document["properties"].values())
        links = {one["rel"]: one for one in api.get(url).json["links"]}
        link = links["http://www.opengis.net/def/rel/ogc/1.0/sortables"]
        assert link["type"] == "application/schema+json"
