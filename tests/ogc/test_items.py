"""Items: paging, filters, counts, headers (OGC API - Features - Part 1, clauses 7.15 and 7.16)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.domain.collections import COLLECTIONS
from tests.ogc.documents import get, href, ids, walk

AREAS = "/api/collections/programme-areas/items"


def query_ids(engine: Engine, where: str = "true") -> list[str]:
    with engine.connect() as connection:
        statement = f"SELECT area_id FROM publication.programme_area WHERE {where} ORDER BY area_no"
        return list(connection.execute(text(statement)).scalars())


def test_following_next_gives_every_area_exactly_once_in_the_order_of_the_key(
    api: FlaskClient, sample_engine: Engine
) -> None:
    pages = walk(api, f"{AREAS}?limit=17")

    assert ids(*pages) == query_ids(sample_engine)
    assert {page["numberMatched"] for page in pages} == {len(ids(*pages))}


def test_pages_of_a_collection_with_text_keys_are_complete_too(
    api: FlaskClient, sample_engine: Engine
) -> None:
    with sample_engine.connect() as connection:
        expected = set(connection.execute(text("SELECT ags FROM publication.municipality")).scalars())

    found = ids(*walk(api, "/api/collections/municipalities/items?limit=90"))

    assert len(found) == len(set(found))
    assert set(found) == expected


def test_a_last_page_that_is_exactly_full_has_no_next(api: FlaskClient, sample_engine: Engine) -> None:
    number = len(query_ids(sample_engine))
    page = get(api, f"{AREAS}?limit={number}")

    assert page["numberReturned"] == page["numberMatched"] == number
    assert href(page, "next") is None


def test_next_keeps_the_parameters_of_the_request(api: FlaskClient, sample_engine: Engine) -> None:
    pages = walk(api, f"{AREAS}?attr_basis=fictional&limit=4&lang=en&bbox=5,50,10,53")

    assert len(pages) > 1
    assert "lang=en" in str(href(pages[0], "next"))
    assert ids(*pages) == query_ids(sample_engine, "attr_basis = 'fictional'")


def test_offset_skips_and_its_next_goes_on(api: FlaskClient, sample_engine: Engine) -> None:
    expected = query_ids(sample_engine)

    assert ids(*walk(api, f"{AREAS}?offset=40&limit=50")) == expected[40:]
    assert ids(get(api, f"{AREAS}?offset=1000000")) == []


def test_limit_is_a_hundred_by_default(api: FlaskClient) -> None:
    assert get(api, "/api/collections/municipalities/items")["numberReturned"] == 100


def test_a_limit_above_the_maximum_is_capped(api: FlaskClient) -> None:
    page = get(api, "/api/collections/municipalities/items?limit=99999999")

    assert page["numberReturned"] == page["numberMatched"]


def test_hits_are_counted_without_features(api: FlaskClient, sample_engine: Engine) -> None:
    page = get(api, f"{AREAS}?resultType=hits&status=ongoing")

    assert page["features"] == []
    assert page["numberReturned"] == 0
    assert page["numberMatched"] == len(query_ids(sample_engine, "status = 'ongoing'")) > 0


@pytest.mark.parametrize(
    "query, where",
    [
        ("status=ongoing", "status = 'ongoing'"),
        ("start_year=2015", "start_year = 2015"),
        ("area_ha=97.910", "area_ha = 97.91"),
        ("ags=05999001&status=planned", "ags = '05999001' AND status = 'planned'"),
        ("programmes=SZH", "'SZH' = ANY (programmes)"),
        ("municipalities=Dortmund", "'Dortmund' = ANY (municipalities)"),
        ("name=O'Hara; DROP TABLE x--%25s", "false"),
        ("updated_at=2001-01-01T00:00:00Z", "false"),
        ("resolution_date=2001-01-01", "resolution_date = '2001-01-01'"),
    ],
)
def test_a_property_filters_by_its_type(
    api: FlaskClient, sample_engine: Engine, query: str, where: str
) -> None:
    assert ids(get(api, f"{AREAS}?limit=1000&{query}")) == query_ids(sample_engine, where)


@pytest.mark.parametrize("collection_id", list(COLLECTIONS))
def test_every_feature_has_every_key_and_an_id(api: FlaskClient, collection_id: str) -> None:
    collection = COLLECTIONS[collection_id]
    found = get(api, f"/api/collections/{collection_id}/items?limit=1000")["features"]
    assert found
    for feature in found:
        assert list(feature["properties"]) == [field.name for field in collection.fields]
        assert feature["id"] == feature["properties"][collection.id_column]


def test_features_of_areas_are_described_by_their_profile(api: FlaskClient) -> None:
    found = get(api, AREAS)["features"]
    assert found
    for feature in found:
        links = [(one["rel"], one["type"], one["href"]) for one in feature["links"]]
        address = f"http://localhost/profiles/{feature['id']}"
        assert links == [
            ("describedby", "text/html", address),
            ("describedby", "application/json", f"{address}?f=json"),
        ]
        assert feature["properties"]["profile_url"] == address


def test_accept_language_never_changes_a_value(api: FlaskClient) -> None:
    german, english = get(api, AREAS), get(api, AREAS, headers={"Accept-Language": "en"})

    assert [one["properties"] for one in german["features"]] == [
        one["properties"] for one in english["features"]
    ]
    assert german["features"][0]["links"][0]["title"] != english["features"][0]["links"][0]["title"]


def test_a_page_says_what_it_is_in_its_headers(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}?limit=3")

    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert response.headers["OGC-NumberReturned"] == "3"
    assert response.headers["OGC-NumberMatched"] == str(response.json["numberMatched"])
    assert '; rel="next"; type="application/geo+json"' in response.headers["Link"]
    links = [one for one in response.json["links"] if one["rel"] not in ("alternate", "license", "profile")]
    assert [one["type"] for one in links] == [
        "application/geo+json",
        "application/geo+json",
        "application/json",
    ]


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [
        ("", "application/geo+json"),
        ("?lang=en", "application/geo+json"),
        ("?f=jsonfg&lang=de", "application/vnd.ogc.fg+json"),
        (
            "?crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F25832&properties=name",
            "application/geo+json",
        ),
    ],
)
def test_the_link_of_a_single_feature_to_itself_leads_to_the_same_answer(
    api: FlaskClient, asked: str, media_type: str
) -> None:
    first = get(api, f"{AREAS}?limit=1")["features"][0]["id"]
    response = api.get(f"{AREAS}/{first}{asked}")

    (link,) = [one for one in response.json["links"] if one["rel"] == "self"]

    again = api.get(link["href"])
    assert link["type"] == again.mimetype == media_type
    assert again.data == response.data


def test_the_same_answer_is_not_sent_twice(api: FlaskClient) -> None:
    tag = api.get(AREAS).headers["ETag"]

    response = api.get(AREAS, headers={"If-None-Match": tag})

    assert response.status_code == 304
    assert response.data == b""
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, no-cache"


def test_entity_tags_differ_with_content_and_language(api: FlaskClient) -> None:
    urls = (AREAS, f"{AREAS}?limit=5", f"{AREAS}?lang=en", "/api/collections/programme-area-points/items")

    assert len({api.get(url).headers["ETag"] for url in urls}) == len(urls)


def test_head_answers_like_get_without_content(api: FlaskClient) -> None:
    head, get_response = api.head(f"{AREAS}?limit=2"), api.get(f"{AREAS}?limit=2")

    assert head.status_code == 200
    assert head.data == b""
    for name in ("Content-Type", "ETag", "OGC-NumberMatched", "Content-Length", "Link"):
        assert head.headers[name] == get_response.headers[name]


def test_a_single_feature_is_the_one_of_the_page_with_its_way_back(api: FlaskClient) -> None:
    page = get(api, f"{AREAS}?limit=1")
    feature = page["features"][0]

    response = api.get(f"{AREAS}/{feature['id']}")

    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    single = response.json
    assert {name: single[name] for name in ("type", "id", "geometry", "properties")} == {
        name: feature[name] for name in ("type", "id", "geometry", "properties")
    }
    relations = [one["rel"] for one in single["links"] if one["rel"] != "alternate"]
    assert relations == ["self", "collection", "describedby", "describedby", "profile"]
    assert get(api, str(href(single, "self"))) == single
    assert get(api, str(href(single, "collection")))["id"] == "programme-areas"


def test_points_have_the_fields_of_the_areas_and_lie_in_them(api: FlaskClient, sample_engine: Engine) -> None:
    areas = get(api, f"{AREAS}?limit=1000")["features"]
    points = get(api, "/api/collections/programme-area-points/items?limit=1000")["features"]

    assert [one["properties"] for one in points] == [one["properties"] for one in areas]
    assert {one["geometry"]["type"] for one in points} == {"Point"}
    with sample_engine.connect() as connection:
        statement = text("SELECT bool_and(ST_Covers(geom, label_point)) FROM publication.programme_area")
        assert connection.execute(statement).scalar_one()


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/geo+json, application/json", "text/html,*/*;q=0.8"]
)
def test_geojson_comes_whatever_is_accepted(api: FlaskClient, accept: str | None) -> None:
    response = api.get(AREAS, headers={"Accept": accept} if accept else {})

    assert response.headers["Content-Type"] == "application/geo+json"
    assert api.get(f"{AREAS}?f=json").headers["Content-Type"] == "application/geo+json"
