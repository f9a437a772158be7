"""The conformance classes of filters: each that is declared has its tests beside this file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

SPEC = "http://www.opengis.net/spec"
# The class, and what shows it: an expression that only a service of this class evaluates.
CLASSES = {
    "cql2/1.0/conf/cql2-text": "status = 'ongoing'",
    "cql2/1.0/conf/cql2-json": {"op": "=", "args": [{"property": "status"}, "ongoing"]},
    "cql2/1.0/conf/basic-cql2": "NOT (status IS NULL OR start_year < 2000) AND start_date > DATE('2001-01-01')",
    "cql2/1.0/conf/advanced-comparison-operators": "name LIKE 'B_i%' AND start_year BETWEEN 1990 AND 2030 "
    "AND status NOT IN ('planned')",
    "cql2/1.0/conf/case-insensitive-comparison": "CASEI(municipality) = casei('MUSTERSTADT')",
    "cql2/1.0/conf/accent-insensitive-comparison": "ACCENTI(CASEI(name)) LIKE accenti(casei('%sud%'))",
    "cql2/1.0/conf/basic-spatial-functions": "S_INTERSECTS(geometry,BBOX(6,50,8,51.5))",
    "cql2/1.0/conf/basic-spatial-operators": "S_DWITHIN(geom,POINT(7.46 51.51),20000)",  # as older clients say
    "cql2/1.0/conf/basic-spatial-functions-plus": "S_INTERSECTS(geom,MULTIPOLYGON Z(((6 50 1,8 50 1,8 52 1,6 50 1))))",
    "cql2/1.0/conf/spatial-functions": "S_WITHIN(geom,BBOX(6,50,8,51.5)) AND S_DISJOINT(geom,POINT(7 51))",
    "cql2/1.0/conf/temporal-functions": "T_INTERSECTS(INTERVAL(start_date,end_date),INTERVAL('2010-01-01','..'))",
    "cql2/1.0/conf/array-functions": "A_OVERLAPS(programmes,('SOS','SU'))",
    "cql2/1.0/conf/property-property": "2010 <= start_year AND start_date < end_date",
    "cql2/1.0/conf/functions": "S_DWITHIN(geom,POINT(7.46 51.51),20000) = TRUE",
    "cql2/1.0/conf/arithmetic": "start_year + 2 * 5 - 10 / 2 > 2004 AND start_year % 2 = 0",
    "ogcapi-features-3/1.0/conf/filter": "TRUE AND status = 'ongoing'",
    "ogcapi-features-3/1.0/conf/features-filter": "status = 'ongoing'",
    "ogcapi-features-3/1.0/conf/queryables-query-parameters": "municipality = 'Musterstadt'",
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_declared_class_is_evaluated(api: FlaskClient, find: Callable[..., set[str]], name: str) -> None:
    assert f"{SPEC}/{name}" in api.get("/api/conformance").json["conformsTo"]
    assert set() < find(CLASSES[name]) < find("TRUE")


def test_no_other_class_of_filters_is_declared(api: FlaskClient) -> None:
    declared = api.get("/api/conformance").json["conformsTo"]

    filters = {one for one in declared if "/cql2/" in one or "/ogcapi-features-3/" in one}
    assert filters == {f"{SPEC}/{name}" for name in CLASSES}


def test_combinations_of_predicates_are_evaluated(
    find: Callable[..., set[str]],
) -> None:
    """As in the abstract tests "logical": ((NOT p1 AND p2) OR (p3 and NOT p4) or not (p1 AND p4))."""
    predicates = [one for one in CLASSES.values() if isinstance(one, str)]
    everything = find("TRUE")
    for number in range(0, len(predicates) - 3, 2):
        one, two, three, four = predicates[number : number + 4]
        found = find(
            f"((NOT ({one}) AND {two}) OR (({three}) and NOT ({four})) or not (({one}) AND ({four})))"
        )
        assert found <= everything


@pytest.mark.parametrize("collection", ["programme-areas", "municipalities"])
def test_every_simple_queryable_is_a_parameter_with_the_meaning_of_its_filter(
    api: FlaskClient, find: Callable[..., set[str]], collection: str
) -> None:
    url = f"/api/collections/{collection}"
    queryables: dict[str, Any] = api.get(f"{url}/queryables").json["properties"]
    features = api.get(f"{url}/items?limit=1000").json["features"]
    compared = 0
    for name, schema in queryables.items():
        if schema.get("type") not in ("string", "number", "integer", "boolean") or "format" in schema:
            continue
        value = next(
            (one["properties"][name] for one in features if one["properties"][name] is not None), None
        )
        if value is None:
            continue
        node = {"op": "=", "args": [{"property": name}, value]}
        assert find(node, collection) == find("TRUE", collection, plain={name: str(value)})
        compared += 1
    assert compared >= 6
