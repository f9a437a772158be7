"""What a filter may not be: a 400 that says in one sentence what is wrong, in time, and nothing worse."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from geo_service.db.engine import reading
from geo_service.domain.cql2 import FILTER_MARK, MAX_VERTICES, Geometry, Operation, Property, check_limits
from geo_service.errors import InvalidParameterError

ITEMS = "/api/collections/programme-areas/items"


def refusal(api: FlaskClient, expression: Any, **parameters: str) -> str:
    """Return the sentence of the 400."""
    text = expression if isinstance(expression, str) else json.dumps(expression)
    language = "cql2-text" if isinstance(expression, str) else "cql2-json"
    query = {"filter": text, "filter-lang": language, "lang": "en", **parameters}
    response = api.get(ITEMS, query_string=query)
    assert response.status_code == 400, response.json
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json["parameter"] in ("filter", "filter-lang", "filter-crs")
    german = api.get(ITEMS, query_string={**query, "lang": "de"}).json["detail"]
    assert german != response.json["detail"]
    return str(response.json["detail"])


@pytest.mark.parametrize(
    "text, said",
    [
        ("statsu = 'ongoing'", "no property 'statsu'. Did you mean status?"),
        ("zzz = 1", "There are: area_id, name,"),
        ("profile_url = 'x'", "no property 'profile_url'"),
        ("S_WITHN(geom, POINT(1 2))", "no function 'S_WITHN'. Did you mean S_WITHIN?"),
        ("buffer(geom, 1) = 1", "no function 'BUFFER'"),
        ("start_year = 'abc'", "start_year (number) and 'abc' (text) cannot be compared by ="),
        ("status = 5", "status (text) and '5' (number) cannot be compared by ="),
        ("start_date > 5", "start_date (date) and '5' (number)"),
        ("programmes = 'stadtumbau'", "for arrays there is A_CONTAINS"),
        ("geom = 'x'", "geom (geometry)"),
        ("status LIKE 5", "LIKE expects text, not '5' (number)"),
        ("start_year LIKE '2%'", "LIKE expects text, not start_year (number)"),
        ("start_year + name > 1", "+ expects number, not name (text)"),
        ("status", "A condition is expected, not status (text)"),
        ("NOT 5", "NOT expects condition, not '5' (number)"),
        ("status = 'x' AND name", "AND expects condition, not name (text)"),
        ("S_INTERSECTS(name, POINT(1 2))", "S_INTERSECTS expects geometry, not name (text)"),
        ("S_INTERSECTS(geom, 'POINT(1 2)')", "S_INTERSECTS expects geometry"),
        ("S_INTERSECTS(geom)", "S_INTERSECTS takes 2 arguments, not 1"),
        ("S_DWITHIN(geom, POINT(1 2), -1)", "a distance from 0 to"),
        ("S_DWITHIN(geom, POINT(1 2), start_year)", "a distance from 0 to"),
        ("T_AFTER(name, DATE('2010-01-01'))", "T_AFTER expects instants or intervals, not name (text)"),
        ("T_DURING(start_date, DATE('2010-01-01'))", "T_DURING compares intervals, and start_date (date) is none"),
        ("A_CONTAINS(name, ('x'))", "A_CONTAINS expects array, not name (text)"),
        ("A_CONTAINS(programmes, (1, 2))", "an array holds texts, not '1' (number)"),
        ("CASEI(start_year) = 'x'", "CASEI expects text"),
        ("INTERVAL(start_date, end_date) IS NULL", "IS NULL asks for values"),
        ("status IN ('a', 3)", "status (text) and '3' (number) cannot be compared by IN"),
        ("start_date = '2010'", "'2010' is not a day"),
        ("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(7 51),LINESTRING(7 51,8 52)))", "does not compare a GEOMETRY"),
        ("S_INTERSECTS(geom, POLYGON((0 0,2 2,2 0,0 2,0 0)))", "A geometry is not valid (Self-intersection)"),
        ("S_INTERSECTS(geom, POLYGON((0 0,2 2,2 0)))", "four positions at least"),
        ("S_INTERSECTS(geom, BBOX(1,2,3))", "four or six numbers"),
        ("S_INTERSECTS(geom, BBOX(1,4,3,2))", "the lower left corner comes first"),
        ("S_INTERSECTS(geom, POINT(1e400 2))", "not a finite number"),
        ("start_date > DATE('2010-02-30')", "'2010-02-30' is not a day"),
        ("updated_at > TIMESTAMP('0000-01-01T00:00:00Z')", "is not an instant"),
        ("T_DURING(INTERVAL('2010-01-01','2009-01-01'),INTERVAL('..','..'))", "lies after its end"),
        ("status = ", "Syntax error in column 10 (at the end); expected is a property or function"),
        ("status == 'x'", "Syntax error in column 9 at"),
        ("(status = 'x'", "expected is )"),
        ("status = 'x", "The quotation mark in column 10 is not closed"),
        ("status = 'x' status", "Syntax error in column 14 at 'status'"),
        ("", "Syntax error in column 1"),
    ],
)  # fmt: skip
def test_a_fault_is_named(api: FlaskClient, text: str, said: str) -> None:
    assert said in refusal(api, text)


@pytest.mark.parametrize(
    "node, said",
    [
        ({"op": "=", "args": [{"property": "statsu"}, "x"]}, "Did you mean status?"),
        ({"op": "s_withn", "args": []}, "Did you mean S_WITHIN?"),
        ({"op": "and", "args": [True]}, "AND takes 2 … arguments, not 1"),
        ({"op": "in", "args": [{"property": "status"}, "x"]}, "IN expects a list"),
        ({"op": "=", "args": 5}, "$: op is a text and args an array"),
        ({"op": "=", "args": [{"prop": "status"}, "x"]}, "$.args[0]: expected is"),
        ({"op": "=", "args": [{"property": "status"}, None]}, "$.args[1]: expected is"),
        (
            {"op": "=", "args": [{"property": "start_date"}, {"date": 5}]},
            "$.args[1].date: expected is a text",
        ),
        (
            {"op": "t_after", "args": [{"interval": ["2010-01-01"]}, 1]},
            "$.args[0].interval: expected are two ends",
        ),
        ({"op": "not", "args": [{"type": "Circle", "coordinates": [1, 2]}]}, "type is one of Point"),
        ({"op": "not", "args": [{"type": "Point", "coordinates": ["7", 51]}]}, "expected is a number"),
        ({"op": "=", "args": [{"property": "name"}, "a\0b"]}, "a character that is not allowed"),
        ({"op": "=", "args": [{"property": "name"}, "\ud800"]}, "a character that is not allowed"),
    ],
)
def test_a_fault_in_json_is_named_with_its_place(api: FlaskClient, node: Any, said: str) -> None:
    assert said in refusal(api, node)


@pytest.mark.parametrize("text", ["{", "[NaN]", "status = 'x'", "Infinity", "{}{}", '"\ud83d"'])
def test_what_is_no_json_is_refused(api: FlaskClient, text: str) -> None:
    query = urllib.parse.urlencode({"filter": text, "filter-lang": "cql2-json"}, errors="surrogatepass")

    assert api.get(f"{ITEMS}?{query}").status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "start_year / 0 = 1",
        "start_year % (start_year - start_year) = 1",
        "start_year div 0 = 1",
        "0 ^ -1 = 1",
        "(-8) ^ 0.5 = 1",
        "10 ^ 400 > 1",
        "(1e99 * 1e99 * 1e99) ^ 5 > start_year",
        "name LIKE 'x\\'",
        "name LIKE CASEI('x\\\\\\')",
    ],
)
def test_what_cannot_be_evaluated_is_the_clients_fault(api: FlaskClient, text: str) -> None:
    assert "filter" in refusal(api, text)


def test_a_fault_of_geos_is_the_clients_only_under_a_clients_filter(sample_engine: Engine) -> None:
    broken = "SELECT ST_GeomFromText('POLYGON((0 0,1 1))')"

    with pytest.raises(InvalidParameterError), reading(sample_engine) as connection:
        connection.exec_driver_sql(f"{broken} {FILTER_MARK}")
    with pytest.raises(DBAPIError), reading(sample_engine) as connection:
        connection.exec_driver_sql(broken)


@pytest.mark.parametrize(
    "parameters, name",
    [
        ({"filter-lang": "cql"}, "filter-lang"),
        ({"filter-lang": "ecql"}, "filter-lang"),
        ({"filter-crs": "EPSG:4326"}, "filter-crs"),
        ({"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/31466"}, "filter-crs"),
    ],
)
def test_a_bad_language_or_crs_is_refused(api: FlaskClient, parameters: dict[str, str], name: str) -> None:
    for expression in ({}, {"filter": "TRUE"}):
        response = api.get(ITEMS, query_string={**expression, **parameters})
        assert (response.status_code, response.json["parameter"]) == (400, name)


@pytest.mark.parametrize(
    "text, said",
    [
        ("status = '" + "x" * 16_400 + "'", "too long"),
        ("NOT (" * 33 + "TRUE" + ")" * 33, "nested too deeply"),
        ("1 + (" * 33 + "1" + ")" * 33 + " = 1", "nested too deeply"),
        ("1" + " + 1" * 40 + " = 1", "nested too deeply"),
        (" OR ".join(["status = 'x'"] * 200), "too extensive"),
        ("start_year IN (" + ",".join(["1"] * 500) + ")", "too extensive"),
    ],
)
def test_every_limit_is_a_400(api: FlaskClient, text: str, said: str) -> None:
    assert said in refusal(api, text)


def test_vertices_are_limited() -> None:
    line = Geometry("LineString", tuple((float(one), 0.0) for one in range(MAX_VERTICES + 1)))

    with pytest.raises(InvalidParameterError, match="too many vertices"):
        check_limits(Operation("s_crosses", (Property("geom"), line)))


def test_what_is_within_the_limits_is_evaluated(api: FlaskClient) -> None:
    for text in (
        "NOT " * 20 + "TRUE",
        "(" * 24 + "start_year = 2010" + ")" * 24,
        "start_year = " + "-" * 24 + "2010",
        " OR ".join(["status = 'x'"] * 160),
        "start_year IN (" + ",".join(["1"] * 490) + ")",
    ):
        assert api.get(ITEMS, query_string={"filter": text, "limit": "1"}).status_code == 200, text


HOSTILE = {
    "parentheses": ("(", ")"),
    "negations": ("NOT ", ""),
    "signs": ("-", ""),
    "conjunctions": ("TRUE AND ", ""),
}


def answered(api: FlaskClient, **request: Any) -> tuple[int, float]:
    """Return status and seconds of an answer, without what a test client does with addresses; best of three."""
    seconds = []
    for _ in range(3):
        environ = EnvironBuilder(ITEMS, **request).get_environ()
        start = time.perf_counter()
        _content, status, _headers = run_wsgi_app(api.application, environ)
        seconds.append(time.perf_counter() - start)
    return int(status.split()[0]), min(seconds)


@pytest.mark.parametrize("count", [24, 400, 100_000])
@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_filter_is_answered_at_once_in_text(
    api: FlaskClient, kind: str, count: int, broken: bool
) -> None:
    opening, closing = HOSTILE[kind]
    inner = "start_year = = 2010" if broken else "start_year" if kind == "signs" else "start_year = 2010"
    text = opening * count + inner + closing * count
    text += " = 1" if kind == "signs" else ""
    query = f"limit=1&filter={urllib.parse.quote(text)}"
    within = count == 24 or (count == 400 and kind == "conjunctions")
    process = os.getpid()

    status, seconds = answered(api, query_string=query)

    assert status == (200 if within and not broken else 400)
    assert seconds < 0.1
    assert os.getpid() == process


@pytest.mark.parametrize("count", [24, 400, 100_000])
@pytest.mark.parametrize("broken", [False, True])
def test_a_hostile_filter_is_answered_at_once_in_json(api: FlaskClient, count: int, broken: bool) -> None:
    for opening, closing in (('{"op":"not","args":[', "]}"), ("[", "]"), ('{"op":"-","args":[', "]}")):
        body = opening * count + ("tru" if broken else "true") + closing * count

        status, seconds = answered(
            api, method="POST", query_string="limit=1", data=body, content_type="application/json"
        )

        assert seconds < 0.1
        assert status == (200 if count == 24 and not broken and "not" in opening else 400)


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 8_000, '"' + '\\"' * 8_000 + "\\", '["' + "a" * 16_000, "1," * 8_000]
)
def test_json_that_never_ends_is_answered_at_once(api: FlaskClient, text: str) -> None:
    status, seconds = answered(api, method="POST", data=text, content_type="application/json")

    assert (status, seconds < 0.1) == (400, True)


def test_the_service_lives_on(served: str) -> None:
    for text in ("(" * 400, "(" * 50_000, "NOT " * 400 + "TRUE", "-" * 400 + "1 = 1", "(" * 24 + "= ="):
        address = f"{served}/collections/programme-areas/items?filter={urllib.parse.quote(text)}"
        with pytest.raises(urllib.error.HTTPError, match=r"HTTP Error 4(00|14)"):
            urllib.request.urlopen(address, timeout=5)
    with urllib.request.urlopen(
        f"{served}/collections/programme-areas/items?filter=TRUE", timeout=5
    ) as answer:
        assert answer.status == 200
