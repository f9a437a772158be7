"""Words of CQL2 in any order, and JSON of any shape, are evaluated or refused, and never anything else."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ITEMS = "/api/collections/programme-areas/items"
WORDS = (
    "status", "start_year", "start_date", "geom", "programmes", '"name"', "nothing", "'ongoing'", "'%'", "'2010-01-01'",
    "2010", "0", "-", "+", "*", "/", "%", "^", "div", "=", "<>", "<=", "(", ")", ",", "AND", "OR", "NOT", "IS", "NULL",
    "LIKE", "ILIKE", "BETWEEN", "IN", "TRUE", "FALSE", "CASEI(", "ACCENTI(", "S_INTERSECTS(", "S_DWITHIN(", "T_AFTER(",
    "T_DURING(", "A_CONTAINS(", "INTERVAL('..',", "DATE('2010-01-01')", "TIMESTAMP('2010-01-01T00:00:00Z')",
    "POINT(7 51)", "POLYGON((7 51,8 51,8 52,7 51))", "BBOX(6,50,9,52)", "GEOMETRYCOLLECTION(POINT(7 51))", "'", '"', "\\",
    "POINT", "EMPTY", "ü", "\x07", "1e5", ".", "::", "--", ";", "$1", "%(v0)s", "/*", "*/",
)  # fmt: skip
OPERATIONS = (
    "and", "or", "not", "=", "<", "like", "between", "in", "isNull", "+", "/", "^", "casei", "s_intersects", "s_within",
    "s_dwithin", "t_after", "t_during", "a_contains", "nothing",
)  # fmt: skip
LEAVES = (
    {"property": "status"}, {"property": "start_year"}, {"property": "start_date"}, {"property": "geom"},
    {"property": "programmes"}, {"date": "2010-01-01"}, {"timestamp": "2010-01-01T00:00:00Z"}, "ongoing", 0, -3, 2.5,
    True, None, [], {"bbox": [6, 50, 9, 52]}, {"type": "Point", "coordinates": [7, 51]}, {"interval": ["..", ".."]},
    {"interval": [{"property": "start_date"}, {"property": "status"}]}, {"type": "Point"}, {"bbox": 3}, {},
)  # fmt: skip
QUIET = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
nodes: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(OPERATIONS),
            st.lists(inner, max_size=3),
        )
    ),
    max_leaves=6,
)


@QUIET
@given(words=st.lists(st.sampled_from(WORDS), max_size=9))
@example(words=["name", "LIKE", "'%(v0)s'"])
@example(words=["start_year", "%", "2", "=", "0"])
def test_words_in_any_order(api: FlaskClient, words: list[str]) -> None:
    response = api.get(ITEMS, query_string={"filter": " ".join(words), "limit": "1"})

    assert response.status_code in (200, 400)


@QUIET
@given(text=st.text(max_size=40))
def test_any_text(api: FlaskClient, text: str) -> None:
    for language in ("cql2-text", "cql2-json"):
        query = {"filter": text, "filter-lang": language, "limit": "1"}
        assert api.get(ITEMS, query_string=query).status_code in (200, 400)


@QUIET
@given(node=nodes)
def test_json_of_any_shape(api: FlaskClient, node: Any) -> None:
    response = api.post(f"{ITEMS}?limit=1", data=json.dumps(node), content_type="application/json")

    assert response.status_code in (200, 400)
