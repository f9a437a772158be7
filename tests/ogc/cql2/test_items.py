"""Every operator, function class and form of a literal on items: as text and JSON, with CRS, order and pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.ogc.cql2.writer import as_text

ITEMS = "/api/collections/programme-areas/items"
UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"
PERIOD = {"interval": [{"property": "start_date"}, {"property": "end_date"}]}
SQUARE = [
    [380_000, 5_690_000],
    [420_000, 5_690_000],
    [420_000, 5_730_000],
    [380_000, 5_730_000],
    [380_000, 5_690_000],
]
HOLE = [[390_000, 5_700_000], [390_000, 5_701_000], [391_000, 5_701_000], [390_000, 5_700_000]]


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


def prop(name: str) -> dict[str, Any]:
    return {"property": name}


def geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


GEOMETRIES = [
    {"bbox": [380_000, 5_690_000, 420_000, 5_730_000]},
    {"bbox": [380_000, 5_690_000, 0, 420_000, 5_730_000, 100]},
    geometry("Point", [392_000.5, 5_708_000.25]),
    geometry("LineString", SQUARE[:3]),
    geometry("Polygon", [SQUARE, HOLE]),
    geometry("MultiPoint", SQUARE[:2]),
    geometry("MultiLineString", [SQUARE[:2], SQUARE[2:4]]),
    geometry("MultiPolygon", [[SQUARE]]),
    {
        "type": "GeometryCollection",
        "geometries": [geometry("Polygon", [SQUARE]), geometry("Polygon", [HOLE])],
    },
]
LIFETIME = {"interval": ["2008-01-01", "2018-12-31"]}
FILTERS: list[Any] = [
    True,
    False,
    *(op(sign, prop("status"), "ongoing") for sign in ("=", "<>", "<", ">", "<=", ">=")),
    *(op(sign, prop("start_year"), 2010) for sign in ("=", "<>", "<", ">", "<=", ">=")),
    op(">", prop("area_ha"), 12.5),
    op(">=", prop("area_ha"), 1.5e2),
    op(">", prop("start_year"), -1),
    op(">=", prop("start_date"), {"date": "2010-01-01"}),
    op("<", prop("updated_at"), {"timestamp": "2090-01-01T00:00:00.5Z"}),
    op("<", prop("start_date"), {"timestamp": "2010-01-01T00:00:00Z"}),
    op("not", op("=", prop("status"), "ongoing")),
    op("and", op("=", prop("status"), "ongoing"), op(">", prop("start_year"), 2009), True),
    op("or", op("=", prop("status"), "planned"), op("isNull", prop("status"))),
    op("isNull", prop("end_date")),
    op("isNull", prop("geom")),
    op("not", op("isNull", prop("programmes"))),
    op("like", prop("name"), "Beispielgebiet %stadt"),
    op("like", prop("name"), "%\\%%"),
    op("like", op("casei", prop("name")), op("casei", "%ALTSTADT%")),
    op("like", op("accenti", prop("name")), op("accenti", "%süd%")),
    op("like", op("casei", op("accenti", prop("name"))), op("casei", op("accenti", "%SUD%"))),
    op("=", op("casei", prop("municipality")), op("casei", "DÜSSELDORF")),
    op("=", op("accenti", prop("municipality")), op("accenti", "Dusseldorf")),
    op("in", op("casei", prop("municipality")), [op("casei", "KÖLN"), op("casei", "dortmund")]),
    op("between", prop("start_year"), 2008, 2012),
    op("not", op("between", prop("area_ha"), 10, 20.5)),
    op("in", prop("status"), ["ongoing", "planned"]),
    op("not", op("in", prop("start_year"), [2008, 2009, 2010])),
    op("in", prop("start_date"), [{"date": "2008-01-01"}, {"date": "2012-05-01"}]),
    op("=", prop("start_year"), op("+", 2000, 8)),
    op("<", op("-", prop("end_year"), prop("start_year")), 10),
    op(">", op("*", prop("area_ha"), 2), 100),
    op(">", op("/", prop("population"), prop("area_ha")), 50),
    op("=", op("%", prop("start_year"), 2), 0),
    op("=", op("^", prop("sections"), 2), 49),
    op("=", op("div", prop("start_year"), 10), 201),
    op("<", prop("start_date"), prop("resolution_date")),
    op("=", prop("municipality"), prop("district")),
    op("=", "Musterstadt", prop("municipality")),
    *(op("s_intersects", prop("geom"), one) for one in GEOMETRIES),
    *(
        op(f"s_{name}", prop("geometry"), GEOMETRIES[4])
        for name in ("equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")
    ),
    op("s_contains", GEOMETRIES[0], prop("geom")),
    op("s_crosses", GEOMETRIES[3], prop("geom")),
    op("s_dwithin", prop("geom"), GEOMETRIES[2], 5_000),
    *(
        op(f"t_{name}", prop("start_date"), {"date": "2010-01-01"})
        for name in ("after", "before", "disjoint", "equals", "intersects")
    ),
    *(
        op(f"t_{name}", PERIOD, LIFETIME)
        for name in (
            "after", "before", "contains", "disjoint", "during", "equals", "finishedBy", "finishes", "intersects",
            "meets", "metBy", "overlappedBy", "overlaps", "startedBy", "starts",
        )
    ),
    op("t_intersects", PERIOD, {"interval": ["2015-01-01", ".."]}),
    op("t_during", PERIOD, {"interval": ["..", "2018-12-31T00:00:00Z"]}),
    op("t_after", prop("updated_at"), {"timestamp": "2000-01-01T00:00:00Z"}),
    op("a_contains", prop("ags_all"), ["05999001", "05999002"]),
    op("a_contains", prop("municipalities"), ["Musterstadt"]),
    op("a_containedBy", prop("municipalities"), ["Musterstadt", "Musterdorf"]),
    op("a_equals", prop("municipalities"), ["Musterdorf", "Musterstadt"]),
    op("a_overlaps", prop("programmes"), ["SOS", "SUW"]),
    op("a_contains", prop("programmes"), []),
]  # fmt: skip


@pytest.mark.parametrize("node", FILTERS, ids=as_text)
def test_a_filter_selects_the_same_in_both_encodings_as_in_python(
    find: Callable[..., set[str]], expected: Callable[[Any, str], set[str]], node: Any
) -> None:
    wanted = expected(node, "EPSG:25832")

    assert find(as_text(node), filter_crs=UTM) == wanted
    assert find(node, filter_crs=UTM) == wanted


def test_these_filters_tell_areas_apart(expected: Callable[[Any, str], set[str]]) -> None:
    total = len(expected(True, "EPSG:25832"))
    telling = [node for node in FILTERS if 0 < len(expected(node, "EPSG:25832")) < total]

    assert len(telling) > 0.6 * len(FILTERS)


@pytest.mark.parametrize("sortby", ["", "-name", "start_year,-area_ha"])
@pytest.mark.parametrize("node", FILTERS[::9], ids=as_text)
def test_a_filtered_collection_comes_in_pages_each_feature_once(
    api: FlaskClient, expected: Callable[[Any, str], set[str]], node: Any, sortby: str
) -> None:
    query = {
        "filter": as_text(node),
        "filter-crs": UTM,
        "limit": "7",
        **({"sortby": sortby} if sortby else {}),
    }
    page = api.get(ITEMS, query_string=query).json
    found = [feature["id"] for feature in page["features"]]
    matched = page["numberMatched"]
    while following := [one["href"] for one in page["links"] if one["rel"] == "next"]:
        page = api.get(following[0]).json
        found += [feature["id"] for feature in page["features"]]

    assert len(found) == len(set(found)) == matched
    assert set(found) == expected(node, "EPSG:25832")


def test_a_filter_joins_the_other_parameters_by_and(find: Callable[..., set[str]], api: FlaskClient) -> None:
    ongoing, box = find("status = 'ongoing'"), find("TRUE", bbox="6.5,51,7.5,51.7")

    assert find("status = 'ongoing'", bbox="6.5,51,7.5,51.7") == ongoing & box
    assert find("S_INTERSECTS(geom, BBOX(6.5,51,7.5,51.7))", status="ongoing") == ongoing & box
    assert ongoing & box
    hits = api.get(ITEMS, query_string={"filter": "status = 'ongoing'", "resultType": "hits"}).json
    assert hits["numberMatched"] == len(ongoing)


def test_the_points_and_the_municipalities_are_filtered_too(find: Callable[..., set[str]]) -> None:
    inside = "S_WITHIN(geom, BBOX(6.5,51,7.5,51.7))"

    assert find(inside, "programme-area-points") >= find(inside)
    assert find(f"{inside} AND name LIKE 'Ess%'", "municipalities") == {"05113000"}
    assert len(find("CASEI(name) LIKE CASEI('%KÖLN%')", "municipalities")) == 1


@pytest.mark.parametrize("query_format", ["csv", "geojsonseq", "fgb"])
def test_a_filter_holds_in_every_format_also_when_it_fails(api: FlaskClient, query_format: str) -> None:
    query = {"f": query_format, "filter": "municipality = 'Musterstadt'"}
    counted = api.get(ITEMS, query_string={**query, "f": "json"}).json["numberMatched"]

    assert api.get(ITEMS, query_string=query).headers["OGC-NumberReturned"] == str(counted)
    assert api.get(ITEMS, query_string={**query, "filter": "start_year / 0 = 1"}).status_code == 400


def test_one_property_in_parentheses_is_a_list_of_one(find: Callable[..., set[str]]) -> None:
    assert find("A_CONTAINS(ags_all, (ags))") == find("TRUE")


def test_gdals_old_language_knows_ilike_and_bare_names(
    api: FlaskClient, find: Callable[..., set[str]]
) -> None:
    query = {"filter": "name ILIKE 'beispielgebiet%'", "filter-lang": "cql-text", "limit": "1000"}

    found = {one["id"] for one in api.get(ITEMS, query_string=query).json["features"]}

    assert found == find("name LIKE 'Beispielgebiet%'") != set()


def test_qgis_filters_are_understood(find: Callable[..., set[str]]) -> None:
    everything = find("TRUE")
    for text in (
        '("status" = \'ongoing\') AND (NOT ("start_year" < 2010))',
        "\"start_date\" >= DATE('2010-01-01') AND \"updated_at\" > TIMESTAMP('2012-04-21T23:00:00Z')",
        '(("area_ha" * 2) - 5) / 3 > 10 AND ("start_year" % 2) = 0 AND ("sections" ^ 2) < 100',
        'S_INTERSECTS(geom,BBOX(6.5,51,7.5,51.7)) AND "name" IS NOT NULL',
        "CASEI(\"name\") LIKE CASEI('%stadt%') AND \"status\" <> 'planned'",
        "\"start_year\" BETWEEN 2000 AND 2015 AND \"status\" IN ('ongoing','completed')",
    ):
        assert set() < find(text) < everything, text


def test_json_is_read_only_where_it_is_announced(api: FlaskClient) -> None:
    node = json.dumps(op("=", prop("status"), "ongoing"))

    assert api.get(ITEMS, query_string={"filter": node}).status_code == 400
    assert api.get(ITEMS, query_string={"filter": node, "filter-lang": "cql2-json"}).status_code == 200


def test_the_functions_are_listed(api: FlaskClient) -> None:
    landing = api.get("/api").json
    (link,) = [one for one in landing["links"] if one["rel"].endswith("/rel/ogc/1.0/functions")]

    (function,) = api.get(link["href"]).json["functions"]

    assert function["name"] == "S_DWITHIN"
    assert [one["type"] for one in function["arguments"]] == [["geometry"], ["geometry"], ["number"]]
    assert function["returns"] == ["boolean"]
    assert api.get(f"{ITEMS}?filter=S_DWITHIN(geom,POINT(7.46 51.51),500) = TRUE").status_code == 200
