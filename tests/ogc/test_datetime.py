"""The parameter datetime: an area's period intersects it (OGC API - Features - Part 1, clause 7.15.4)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

AREAS = "/api/collections/programme-areas/items?limit=1000"


def names(api: FlaskClient, value: str) -> set[str]:
    response = api.get(f"{AREAS}&datetime={quote(value, safe='')}")
    assert response.status_code == 200, response.data
    return {feature["properties"]["name"] for feature in response.json["features"]}


def expected(engine: Engine, interval: str) -> set[str]:
    with engine.connect() as connection:
        statement = text(
            "SELECT name FROM publication.programme_area WHERE period && cast(:interval AS daterange)"
        )
        return set(connection.execute(statement, {"interval": interval}).scalars())


def test_habinghorst_is_absent_before_2011_and_present_in_2012(api: FlaskClient) -> None:
    assert not [name for name in names(api, "2008-01-01/2008-12-31") if "Habinghorst" in name]
    assert [name for name in names(api, "2012-01-01/2012-12-31") if "Habinghorst" in name]


def test_habinghorst_ends_on_15_december_2017(api: FlaskClient) -> None:
    assert [name for name in names(api, "2017-12-15") if "Habinghorst" in name]
    assert not [name for name in names(api, "2017-12-16") if "Habinghorst" in name]


@pytest.mark.parametrize(
    "value, interval",
    [
        ("2012-05-01", "[2012-05-01,2012-05-01]"),
        ("2012-05-01T10:00:00Z", "[2012-05-01,2012-05-01]"),
        ("2012-05-01t10:00:00.123z", "[2012-05-01,2012-05-01]"),
        ("2012-05-01T23:30:00-05:00", "[2012-05-01,2012-05-01]"),
        ("2008-01-01/2010-12-31", "[2008-01-01,2010-12-31]"),
        ("2008-01-01T00:00:00Z/2010-12-31T23:59:59Z", "[2008-01-01,2010-12-31]"),
        ("2018-01-01/..", "[2018-01-01,]"),
        ("2018-01-01/", "[2018-01-01,]"),
        ("../2005-12-31", "[,2005-12-31]"),
        ("/2005-12-31", "[,2005-12-31]"),
        ("0000-01-01T00:00:00Z/2005-12-31T00:00:00Z", "[,2005-12-31]"),
        ("2018-01-01T00:00:00Z/9999-12-31T00:00:00Z", "[2018-01-01,]"),
        ("2016-02-29", "[2016-02-29,2016-02-29]"),
    ],
)
def test_days_instants_and_intervals_intersect_the_period(
    api: FlaskClient, sample_engine: Engine, value: str, interval: str
) -> None:
    assert names(api, value) == expected(sample_engine, interval)


@pytest.mark.parametrize("value", ["../..", "/", "0000-01-01T00:00:00Z/9999-12-31T23:59:59Z"])
def test_an_area_without_a_known_period_never_appears(
    api: FlaskClient, sample_engine: Engine, value: str
) -> None:
    with sample_engine.connect() as connection:
        unknown = set(
            connection.execute(
                text("SELECT name FROM publication.programme_area WHERE period IS NULL")
            ).scalars()
        )

    found = names(api, value)

    assert unknown
    assert found == expected(sample_engine, "(,)")
    assert not found & unknown


def test_a_collection_without_time_matches_every_time(api: FlaskClient) -> None:
    everything = api.get("/api/collections/municipalities/items?resultType=hits").json["numberMatched"]

    response = api.get("/api/collections/municipalities/items?resultType=hits&datetime=1900-01-01")

    assert response.json["numberMatched"] == everything


def test_a_year_alone_is_refused_and_the_right_spelling_shown(api: FlaskClient) -> None:
    response = api.get(f"{AREAS}&datetime=2008")

    assert response.status_code == 400
    assert "datetime=2008-01-01/2008-12-31" in response.json["detail"]


@pytest.mark.parametrize(
    "value",
    [
        "..", "", "yesterday", "2008-13-01", "2008-02-30", "2012-01-01/2011-01-01", "2012-01-01/2013-01-01/2014-01-01",
        "0000-01-01", "2012-01-01T00:00:00", "2012-01-01T25:00:00Z", "12012-01-01", "2012-1-1", "9999-01-01/0000-01-01",
        "\u0662\u0660\u0661\u0662-01-01",
    ],
)  # fmt: skip
def test_anything_else_is_refused(api: FlaskClient, value: str) -> None:
    response = api.get(f"{AREAS}&datetime={quote(value, safe='')}")

    assert response.status_code == 400
    assert response.json["parameter"] == "datetime"


@pytest.mark.parametrize("value", ["2012-05-01T10:00:00+02:00", "2011-12-31T23:00:00+01:00/.."])
def test_a_plus_that_is_not_percent_encoded_is_read_all_the_same(api: FlaskClient, value: str) -> None:
    response = api.get(f"{AREAS}&datetime={value}")

    assert response.status_code == 200
    assert response.json
    assert {feature["properties"]["name"] for feature in response.json["features"]} == names(api, value)


def test_a_field_that_is_an_instant_takes_such_a_plus_too(api: FlaskClient, sample_engine: Engine) -> None:
    with sample_engine.connect() as connection:
        instant, count = connection.execute(
            text(
                "SELECT to_char(updated_at AT TIME ZONE 'UTC' + interval '2 h', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+02:00',"
                " count(*) FROM publication.programme_area GROUP BY updated_at LIMIT 1"
            )
        ).one()
    response = api.get(f"{AREAS}&updated_at={instant}")

    assert response.json
    assert response.json["numberMatched"] == count > 0
