"""QGIS: the requests of its OAPIF provider, version by version, and what it reads from the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.processes.resources import EXECUTE
from geo_service.settings import Settings

AREAS = "/api/collections/programme-areas"
ITEMS_ACCEPT = {"Accept": "application/geo+json, application/json"}
SCHEMA_ACCEPT = {"Accept": "application/schema+json"}
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def get(api: FlaskClient, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    response = api.get(url, headers=headers or {"Accept": "application/json"})
    assert response.status_code == 200, response.data
    document: dict[str, Any] = json.loads(response.data)
    return document


def by_relation(document: dict[str, Any], relation: str, media_type: str) -> list[str]:
    return [
        one["href"] for one in document["links"] if (one["rel"], one.get("type")) == (relation, media_type)
    ]


def test_connecting_finds_the_three_links_with_exactly_their_types(api: FlaskClient) -> None:
    landing = get(api, "/api")

    (description,) = by_relation(landing, "service-desc", OPENAPI)
    assert by_relation(landing, "data", "application/json")
    assert by_relation(landing, "conformance", "application/json")
    response = api.get(description, headers={"Accept": OPENAPI})
    assert response.headers["Content-Type"] == OPENAPI


@pytest.mark.parametrize("accept", [None, "*/*", "application/json"])
def test_json_comes_unless_a_page_is_asked_for(api: FlaskClient, accept: str | None) -> None:
    for path in ("/api", "/api/collections", AREAS, "/api/conformance"):
        response = api.get(path, headers={"Accept": accept} if accept else {})
        assert response.headers["Content-Type"] == "application/json", path


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_the_paths_that_it_builds_itself_exist_without_parameters(
    api: FlaskClient, collection_id: str
) -> None:
    base = f"/api/collections/{collection_id}"

    assert get(api, base)["id"] == collection_id
    assert get(api, f"{base}/items?limit=10", ITEMS_ACCEPT)["features"]
    assert get(api, f"{base}/queryables", SCHEMA_ACCEPT)["properties"]
    assert (
        api.get(f"{base}/queryables", headers=SCHEMA_ACCEPT).headers["Content-Type"]
        == "application/schema+json"
    )


def test_it_reads_a_page_size_of_a_thousand(api: FlaskClient) -> None:
    schema = get(api, "/api/openapi", {"Accept": OPENAPI})["components"]["parameters"]["limit"]["schema"]

    assert min(max(1000, schema["default"]), schema["maximum"]) == 1000


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_it_finds_simple_queryables_in_the_definition(api: FlaskClient, collection_id: str) -> None:
    definition = get(api, "/api/openapi", {"Accept": OPENAPI})
    path = definition["paths"][f"/collections/{collection_id}/items"]["get"]
    names = set()
    for one in path["parameters"]:
        if "$ref" in one:
            one = definition["components"]["parameters"][one["$ref"].rpartition("/")[2]]
        if (one["in"], one["style"], one["explode"]) == ("query", "form", False) and one["schema"].get(
            "type"
        ):
            names.add(one["name"])

    stored = {field.name for field in COLLECTIONS[collection_id].fields if field.stored}
    assert stored <= names


def test_it_reads_contact_licence_and_extent(api: FlaskClient) -> None:
    contact = get(api, "/api/openapi", {"Accept": OPENAPI})["info"]["contact"]
    collection = get(api, AREAS)

    assert set(contact) == {"name", "email", "url"}
    assert collection["title"]
    assert collection["description"]
    assert [one["title"] for one in collection["links"] if one["rel"] == "license"]
    assert len(collection["extent"]["spatial"]["bbox"][0]) == 4
    assert collection["extent"]["temporal"]["interval"]
    assert isinstance(collection["itemCount"], int)


def test_every_feature_of_the_first_ten_has_every_key(api: FlaskClient) -> None:
    features = get(api, f"{AREAS}/items?limit=10", ITEMS_ACCEPT)["features"]

    assert len({tuple(one["properties"]) for one in features}) == 1


def test_it_pages_by_next_links_of_its_type_until_there_is_none(api: FlaskClient) -> None:
    url, seen, pages = f"{AREAS}/items?limit=40&bbox=5,50,10,53", [], 0
    while url:
        response = api.get(url, headers=ITEMS_ACCEPT)
        page = json.loads(response.data)
        seen += [one["id"] for one in page["features"]]
        assert page["features"]
        assert isinstance(page["numberMatched"], int)
        assert response.headers["OGC-NumberMatched"] == str(page["numberMatched"])
        following = by_relation(page, "next", "application/geo+json")
        url, pages = (following[0] if following else ""), pages + 1
    assert pages > 2
    assert len(seen) == len(set(seen)) == page["numberMatched"]


def test_3_22_without_crs_gets_what_the_first_crs_says(api: FlaskClient) -> None:
    assert get(api, AREAS)["crs"][0].endswith("OGC/1.3/CRS84")
    response = api.get(f"{AREAS}/items?limit=1", headers=ITEMS_ACCEPT)
    assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


def test_3_32_asks_in_the_storage_crs(api: FlaskClient) -> None:
    storage = get(api, AREAS)["storageCrs"]
    assert storage == f"{EPSG}/25832"
    assert (
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"
        in get(api, "/api/conformance")["conformsTo"]
    )

    url = f"{AREAS}/items?limit=1000&crs={storage}&bbox-crs={storage}&bbox=380000,5700000,400000,5720000"
    response = api.get(url, headers=ITEMS_ACCEPT)

    assert response.headers["Content-Crs"] == f"<{storage}>"
    assert 0 < len(response.json["features"]) < 129


@pytest.mark.parametrize("code", [4258, 4326])
def test_it_flips_inverted_axes_back(api: FlaskClient, code: int) -> None:
    page = get(api, f"/api/collections/programme-area-points/items?limit=5&crs={EPSG}/{code}", ITEMS_ACCEPT)

    assert len(page["features"]) == 5
    for feature in page["features"]:
        latitude, longitude = feature["geometry"]["coordinates"]
        assert 50 < latitude < 53
        assert 5 < longitude < 10


@pytest.mark.parametrize("datetime, open_start, open_end", [
    ("0000-01-01T00%3A00%3A00Z%2F2010-12-31T00%3A00%3A00Z", True, False),
    ("2015-01-01T00%3A00%3A00Z%2F9999-12-31T00%3A00%3A00Z", False, True),
])  # fmt: skip
def test_its_dummy_years_are_open_ends(
    api: FlaskClient, datetime: str, open_start: bool, open_end: bool
) -> None:
    dummy = get(api, f"{AREAS}/items?limit=1000&datetime={datetime}", ITEMS_ACCEPT)
    start, _, end = datetime.partition("%2F")
    plain = get(
        api, f"{AREAS}/items?limit=1000&datetime={'..' if open_start else start}/{'..' if open_end else end}"
    )

    assert dummy["numberMatched"] == plain["numberMatched"] > 0


def test_3_44_finds_the_schema_under_its_relation(api: FlaskClient) -> None:
    declared = get(api, "/api/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas" in declared
    assert "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas" in declared
    relation = "http://www.opengis.net/def/rel/ogc/1.0/schema"

    (href,) = by_relation(get(api, AREAS), relation, "application/schema+json")

    schema = get(api, href, SCHEMA_ACCEPT)
    for name, one in schema["properties"].items():
        if one.get("x-ogc-role") == "primary-geometry":
            assert one["format"].startswith("geometry-")
            continue
        assert one["type"] in ("string", "integer", "number", "boolean", "array"), name
        assert one["title"], name
        assert one["description"], name
    orders = [one["x-ogc-propertySeq"] for one in schema["properties"].values()]
    assert len(orders) == len(set(orders))


@pytest.mark.parametrize(
    "sent, where",
    [
        ("\"status\" = 'ongoing'", "status = 'ongoing'"),
        ('("status" = \'ongoing\') AND ("start_year" > 2010)', "status = 'ongoing' AND start_year > 2010"),
        ("(NOT (\"status\" = 'ongoing'))", "NOT status = 'ongoing'"),
        ('"end_year" IS NULL', "end_year IS NULL"),
        ('(NOT ("end_year" IS NULL))', "end_year IS NOT NULL"),
        ("\"status\" <> 'planned'", "status <> 'planned'"),
        ("\"resolution_date\" >= DATE('2005-06-01')", "resolution_date >= '2005-06-01'"),
        ("\"updated_at\" > TIMESTAMP('2020-01-01T00:00:00Z')", "updated_at > '2020-01-01T00:00:00Z'"),
        ('"start_year" IN (2009,2010,2011)', "start_year IN (2009, 2010, 2011)"),
        ('"start_year" BETWEEN 2009 AND 2011', "start_year BETWEEN 2009 AND 2011"),
        ("\"name\" LIKE 'N%'", "name LIKE 'N%'"),
        ("CASEI(\"name\") LIKE CASEI('%NORD%')", "name ILIKE '%nord%'"),
        ('"area_ha" * 2 + 1 > 100', "area_ha * 2 + 1 > 100"),
        ('"start_year" % 2 = 0', "start_year % 2 = 0"),
        ('"start_year" / 2 > 1005', "start_year / 2.0 > 1005"),
        ('"area_ha" ^ 2 > 2500', "area_ha ^ 2 > 2500"),
        (
            "S_INTERSECTS(geom,BBOX(7,51,7.5,51.6))",
            "ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(7, 51, 7.5, 51.6, 4326), 0.001), 25832))",
        ),
        (
            "S_INTERSECTS(geom,POINT(7.4653 51.5289))",
            "ST_Intersects(geom, ST_Transform('SRID=4326;POINT(7.4653 51.5289)'::geometry, 25832))",
        ),
    ],
)
def test_3_32_pushes_its_filters_down_in_cql2(
    api: FlaskClient, sample_engine: Engine, sent: str, where: str
) -> None:
    with sample_engine.connect() as connection:
        statement = f"SELECT area_id FROM publication.programme_area WHERE {where}"
        expected = set(connection.execute(text(statement)).scalars())
    query = {"limit": "1000", "filter": sent, "filter-lang": "cql2-text"}

    response = api.get(f"{AREAS}/items", query_string=query, headers=ITEMS_ACCEPT)

    assert response.status_code == 200, response.data
    assert {one["id"] for one in response.json["features"]} == expected


def test_3_32_says_in_which_crs_its_geometries_are(api: FlaskClient, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        envelope = "ST_MakeEnvelope(380000, 5700000, 400000, 5720000, 25832)"
        statement = f"SELECT count(*) FROM publication.programme_area WHERE ST_Intersects(geom, {envelope})"
        expected = connection.execute(text(statement)).scalar_one()
    query = {
        "filter": "S_INTERSECTS(geom,BBOX(380000,5700000,400000,5720000))",
        "filter-lang": "cql2-text",
        "filter-crs": f"{EPSG}/25832",
        "crs": f"{EPSG}/25832",
    }

    response = api.get(f"{AREAS}/items", query_string=query, headers=ITEMS_ACCEPT)

    assert response.json["numberMatched"] == expected > 0


def test_options_tells_it_that_nothing_can_be_edited(api: FlaskClient) -> None:
    feature = get(api, f"{AREAS}/items?limit=1")["features"][0]["id"]

    assert not {"PUT", "PATCH", "DELETE"} & allowed(api, f"{AREAS}/items")
    assert not {"POST", "PUT", "PATCH", "DELETE"} & allowed(api, f"{AREAS}/items/{feature}")


def allowed(api: FlaskClient, path: str) -> set[str]:
    return {one.strip() for one in api.options(path).headers["Allow"].split(",")}


def test_a_key_in_the_address_stays_in_every_link_that_the_service_makes(
    make_api: Callable[[Settings], Flask], make_settings: Callable[..., Settings], sample_database: str
) -> None:
    settings = make_settings(sample_database, let_through_parameters=("api_key", "token"))
    client = make_api(settings).test_client()
    key = {"api_key": ["geheim & mehr"], "token": ["ü"]}
    query = "api_key=geheim%20%26%20mehr&token=%C3%BC"

    seen, waiting = set(), [f"http://localhost/api?{query}"]
    while waiting:
        url = waiting.pop()
        seen.add(urlsplit(url).path)
        response = client.get(url)
        assert response.status_code == 200, url
        if not response.headers["Content-Type"].endswith("json"):
            continue
        for href in hrefs(json.loads(response.data)):
            if href.startswith("http://localhost/"):
                found = parse_qs(urlsplit(href).query)
                assert {name: found.get(name) for name in key} == key, (url, href)
                api_path = urlsplit(href).path.startswith("/api")
                if api_path and "{" not in href and urlsplit(href).path not in seen:
                    waiting.append(href)
    assert len(seen) > 25


def hrefs(value: Any) -> list[str]:
    if isinstance(value, dict):
        links = value.get("links")
        # An execution is posted.
        own = [one["href"] for one in links if one["rel"] != EXECUTE] if isinstance(links, list) else []
        return own + [href for name, inner in value.items() if name != "links" for href in hrefs(inner)]
    if isinstance(value, list):
        return [href for inner in value[:3] for href in hrefs(inner)]
    return []
