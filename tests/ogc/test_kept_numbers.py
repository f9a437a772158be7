"""Numbers of matches that are kept by the database are those that counting would give."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from geo_service.db.counted import counted_choice
from geo_service.domain.collections import COLLECTIONS, PROGRAMME_AREAS
from geo_service.domain.cql2 import ClientFilter
from geo_service.domain.query import ItemsQuery
from geo_service.ogc.cql2.text import parse_text
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality

AREAS = "/api/collections/programme-areas/items"
POINTS = "/api/collections/programme-area-points/items"
ODD = (
    "O'Brien",
    "50 %",
    "%(v0)s",
    "a,b",
    "a\\z",
    'a"b',
    "Ä",
    "A\u0308",
    "ä",
    " ",
    "x y",
    "NULL",
    "😀",
    "x" * 199,
    "x" * 200,
)
LONG = ("x" * 201, "x" * 3000)


@pytest.fixture(scope="module")
def api(
    engine: Engine,
    database: str,
    make_settings: Callable[..., Settings],
    make_api: Callable[[Settings], Flask],
) -> FlaskClient:
    """The API on areas with every code, in districts with odd names."""
    with engine.begin() as connection:
        _make(connection)
    return make_api(make_settings(database)).test_client()


def _make(connection: Connection) -> None:
    for number, name in enumerate((None, *ODD, *LONG, *ODD[2:7])):
        ags = make_municipality(connection, district=name, name=f"Ort {number % 5}")
        facts: dict[str, Any] = {"status": ("planned", "ongoing", "completed", None)[number % 4]}
        make_area(connection, ags=ags, attr_basis=("partly", "fictional")[number % 2], **facts)
    connection.execute(
        text(
            "INSERT INTO registry.programme_period (area_no, programme, start_year)"
            " SELECT area_no, (ARRAY['SOS', 'SZH'])[1 + area_no % 2], 2000 + y FROM registry.programme_area, "
            " generate_series(1, 2) AS y WHERE area_no % 3 > 0"
        )
    )
    connection.execute(text("UPDATE registry.programme_area SET stage = 'suspended' WHERE area_no % 4 = 1"))


def numbers(api: FlaskClient, url: str, **query: str) -> set[Any]:
    """Return what page, first page and hits say, for areas and for their points."""
    asked = [{"limit": "1"}, {"limit": "10000"}, {"resultType": "hits"}, {"limit": "1", "offset": "1"}]
    pages = [api.get(path, query_string={**query, **more}).json for path in (AREAS, url) for more in asked]
    return {page["numberMatched"] for page in pages}


def literal(value: str) -> str:
    return "'{}'".format(value.replace("'", "''"))


@pytest.mark.parametrize("name", PROGRAMME_AREAS.counted)
def test_each_value_of_a_counted_field_has_the_number_that_counting_gives(
    api: FlaskClient, engine: Engine, name: str
) -> None:
    field = PROGRAMME_AREAS.field(name)
    assert field is not None
    is_array = field.type == "string-array"
    codes = field.code_list.codes if field.code_list else None
    with engine.connect() as connection:
        column = f"unnest({name})" if is_array else name
        values = connection.scalars(text(f"SELECT DISTINCT {column} FROM publication.programme_area")).all()
        test = ":value = ANY ({})" if is_array else "{} IS NOT DISTINCT FROM :value"
        count = text(f"SELECT count(*) FROM publication.programme_area WHERE {test.format(name)}")
        true = {
            value: connection.scalar(count, {"value": value}) for value in (*values, "nirgends", "Ongoing")
        }

    known = codes or [value for value in true if value != " "]
    for value, number in true.items():
        if value is None:
            assert numbers(api, POINTS, filter=f"{name} IS NULL") == {number}
            continue
        if value in known:  # name=value refuses what is no code
            assert numbers(api, POINTS, **{name: value}) == {number}
        if is_array:
            assert numbers(api, POINTS, filter=f"A_CONTAINS({name}, ({literal(value)}))") == {number}
            continue
        number = true[unicodedata.normalize("NFC", value)]  # as texts of filters are read
        assert numbers(api, POINTS, filter=f"{name} = {literal(value)}") == {number}, value
        assert numbers(api, POINTS, filter=f"{literal(value)} = {name}") == {number}
        as_json = json.dumps({"op": "=", "args": [{"property": name}, value]})
        assert numbers(api, POINTS, **{"filter": as_json, "filter-lang": "cql2-json"}) == {number}


CHOICES = (
    "status IN ('planned', 'ongoing', 'planned')",
    "status IN ('planned', 'nowhere') OR status IS NULL",
    "status = 'planned' OR 'ongoing' = status OR status IS NULL",
    "status = 'planned' OR status = 'planned'",
    "district IN ('O''Brien', 'ä', 'Ä', '%(v0)s')",
)
OTHERS = (
    "NOT (status = 'planned')",
    "status <> 'planned'",
    "status NOT IN ('planned')",
    "status IS NOT NULL",
    "status > 'ongoing'",
    "status LIKE 'ongoing'",
    "CASEI(status) = 'ongoing'",
    "status = CASEI('ONGOING')",
    "status = status",
    "status = stage",
    "status = 'planned' AND status = 'ongoing'",
    "status = 'planned' AND attr_basis = 'partly'",
    "status = 'planned' OR attr_basis = 'partly'",
    "status = 'planned' OR population = 3",
    "status IN ('planned', stage)",
    "status IN ('planned', CASEI('ongoing'))",
    "'planned' IN (status, stage)",
    "'planned' = 'planned'",
    "programmes IS NULL",
    "A_EQUALS(programmes, ('SOS'))",
    "name = 'Beispielgebiet'",
    "start_year = 2010",
    f"district = '{'x' * 201}'",
    f"district IN ('ä', '{'x' * 201}')",
)


def _is_kept(filter_text: str) -> bool:
    return (
        counted_choice(ItemsQuery(PROGRAMME_AREAS, 1, filter=ClientFilter(parse_text(filter_text))))
        is not None
    )


@pytest.mark.parametrize("filter_text", [*CHOICES, *OTHERS])
def test_a_filter_that_is_not_certainly_a_choice_of_values_is_counted(
    api: FlaskClient, filter_text: str
) -> None:
    assert _is_kept(filter_text) is (filter_text in CHOICES)

    everything = api.get(AREAS, query_string={"filter": filter_text, "limit": "10000"}).json

    assert numbers(api, POINTS, filter=filter_text) == {len(everything["features"])}


@pytest.mark.parametrize(
    "more",
    [{"q": "Beispielgebiet"}, {"bbox": "6,50,9,53"}, {"datetime": "2001-01-01/.."}, {"stage": "suspended"}],
    ids=str,
)
def test_what_is_asked_besides_counts_too(api: FlaskClient, more: dict[str, str]) -> None:
    query = {"filter": "attr_basis = 'partly'", **more}
    everything = api.get(AREAS, query_string={**query, "limit": "10000"}).json

    assert numbers(api, POINTS, **query) == {len(everything["features"])}


def test_pages_of_a_value_hold_its_features_once_in_the_order_of_their_numbers(api: FlaskClient) -> None:
    url = f"{AREAS}?skipGeometry=true&status=ongoing"
    everything = [one["id"] for one in api.get(f"{url}&limit=10000").json["features"]]
    whole = [one["id"] for one in api.get(f"{AREAS}?limit=10000").json["features"]]
    assert [one for one in whole if one in everything] == everything

    for sort in ("", "&sortby=-name"):
        page, seen = api.get(f"{url}&limit=2{sort}").json, []
        while True:
            assert page["numberMatched"] == len(everything) > 4
            seen += [one["id"] for one in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not following:
                break
            page = api.get(following[0]).json
        assert sorted(seen) == sorted(everything)
        assert sort or seen == everything


def test_other_collections_count(api: FlaskClient) -> None:
    assert all(not one.counted for one in COLLECTIONS.values() if one.table != "programme_area")
    assert api.get("/api/collections/municipalities/items?district=Ä&limit=1").json["numberMatched"] == 2
