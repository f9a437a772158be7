"""OWSLib's client of OGC API - Features: pages, boxes, times, sorting and searching."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features
from sqlalchemy import Engine, text


@pytest.fixture
def client(served: str) -> Features:
    return Features(served)


def stored(engine: Engine, where: str = "true", order: str = "area_no") -> list[str]:
    with engine.connect() as connection:
        statement = f"SELECT area_id FROM publication.programme_area WHERE {where} ORDER BY {order}"
        return list(connection.execute(text(statement)).scalars())


def ids(client: Features, **arguments: object) -> list[str]:
    page = client.collection_items("programme-areas", **{"limit": 1000, **arguments})
    return [feature["id"] for feature in page["features"]]


def test_it_finds_description_conformance_and_feature_collections(client: Features) -> None:
    assert client.api()["openapi"].startswith("3.0")
    assert client.conformance()["conformsTo"]
    assert client.feature_collections() == [
        "programme-areas",
        "programme-area-points",
        "municipalities",
        "events",
    ]
    assert client.collection("programme-areas")["itemType"] == "feature"


def test_it_reads_queryables_and_schema(client: Features) -> None:
    assert "status" in client.collection_queryables("programme-areas")["properties"]
    assert "status" in client.collection_schema("programme-areas")["properties"]


def test_it_limits_and_skips(client: Features, sample_engine: Engine) -> None:
    expected = stored(sample_engine)

    assert ids(client, limit=5) == expected[:5]
    assert ids(client, limit=5, offset=20) == expected[20:25]


def test_it_selects_by_box_and_time(client: Features, sample_engine: Engine) -> None:
    box = "ST_Transform(ST_Segmentize(ST_MakeEnvelope(7, 51.2, 7.5, 51.6, 4326), 0.001), 25832)"

    assert ids(client, bbox=[7, 51.2, 7.5, 51.6]) == stored(sample_engine, f"ST_Intersects(geom, {box})")
    assert ids(client, datetime_="2012-01-01/2012-12-31") == stored(
        sample_engine, "period && '[2012-01-01,2012-12-31]'"
    )


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_it_sorts(client: Features, sample_engine: Engine, order: str) -> None:
    expected = stored(sample_engine, "start_year IS NOT NULL", f"start_year {order}, area_no {order}")

    found = ids(client, sortby=("start_year", order))

    years = {one["id"]: one["properties"]["start_year"] for one in
             client.collection_items("programme-areas", limit=1000)["features"]}  # fmt: skip
    assert [years[one] for one in found[: len(expected)]] == [years[one] for one in expected]
    assert all(years[one] is None for one in found[len(expected) :])
    assert sorted(found) == sorted(stored(sample_engine))


def test_it_filters_by_a_property_and_by_cql2_text(client: Features, sample_engine: Engine) -> None:
    assert ids(client, status="ongoing") == stored(sample_engine, "status = 'ongoing'")
    assert ids(client, filter="start_year > 2010 AND status = 'ongoing'") == stored(
        sample_engine, "start_year > 2010 AND status = 'ongoing'"
    )


@pytest.mark.parametrize(
    "cql, where",
    [
        ({"op": "=", "args": [{"property": "status"}, "ongoing"]}, "status = 'ongoing'"),
        (
            {
                "op": "and",
                "args": [
                    {"op": ">", "args": [{"property": "start_year"}, 2008]},
                    {"op": "not", "args": [{"op": "isNull", "args": [{"property": "area_ha"}]}]},
                ],
            },
            "start_year > 2008 AND area_ha IS NOT NULL",
        ),
        (
            {"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [7, 51.2, 7.5, 51.6]}]},
            "ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(7, 51.2, 7.5, 51.6, 4326), 0.001), 25832))",
        ),
        ({"op": "a_contains", "args": [{"property": "programmes"}, ["SZH"]]}, "programmes @> '{SZH}'"),
    ],
)
def test_it_posts_cql2_json(
    client: Features, sample_engine: Engine, cql: dict[str, object], where: str
) -> None:
    assert ids(client, cql=cql) == stored(sample_engine, where)


def test_it_posts_cql2_json_sorted_and_page_by_page(client: Features, sample_engine: Engine) -> None:
    cql = {"op": ">", "args": [{"property": "start_year"}, 2008]}
    expected = stored(sample_engine, "start_year > 2008", 'name COLLATE "de-x-icu" DESC, area_no DESC')

    first = ids(client, cql=cql, limit=5, **{"sortby": ("name", "desc")})
    second = ids(client, cql=cql, limit=5, offset=5, **{"sortby": ("name", "desc")})

    assert first + second == expected[:10]


def test_it_searches_words(client: Features) -> None:
    found = ids(client, q="Nordstadt")

    assert "dortmund-nordstadt" in found
    assert len(found) < 20


def test_it_reads_one_feature(client: Features, sample_engine: Engine) -> None:
    area_id = stored(sample_engine)[0]

    assert client.collection_item("programme-areas", area_id)["id"] == area_id


def test_what_is_refused_comes_as_an_error_with_the_reason(client: Features) -> None:
    with pytest.raises(RuntimeError, match="statuss"):
        client.collection_items("programme-areas", statuss="ongoing")
