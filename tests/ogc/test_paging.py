"""Paging: forwards and backwards, every feature exactly once, also while features come and go."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from geo_service.db import page_statement
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.settings import Settings
from tests.factories import square
from tests.many_areas import make_areas
from tests.ogc.documents import get, href, ids, walk

AREAS = "/api/collections/programme-areas/items"
SORTS = [
    (collection, f"{sign}{field.name}")
    for collection in COLLECTIONS.values()
    if collection.collection_id in ("programme-areas", "municipalities")  # the sample has one event
    for field in collection.sortables
    for sign in ("", "-")
]


def back(api: FlaskClient, page: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow the prev links and return the pages, the first one of the collection first."""
    pages, before = [page], href(page, "prev")
    while before:
        pages.insert(0, get(api, before))
        before = href(pages[0], "prev")
    return pages


@pytest.mark.parametrize("collection, sort", SORTS, ids=lambda value: getattr(value, "collection_id", value))
def test_pages_of_every_order_hold_every_feature_once_forwards_and_backwards(
    api: FlaskClient, collection: Collection, sort: str
) -> None:
    url = f"/api/collections/{collection.collection_id}/items?skipGeometry=true&properties=name&sortby={sort}"
    everything = ids(get(api, f"{url}&limit=10000"))
    assert len(everything) == len(set(everything)) > 50

    for limit in (1 + len(sort) % 7 * 3, len(everything) // 2, len(everything) - 1, len(everything)):
        pages = walk(api, f"{url}&limit={limit}")
        assert ids(*pages) == everything
        assert all(len(page["features"]) == limit for page in pages[:-1])
        assert ids(*back(api, pages[-1])) == everything


@pytest.mark.parametrize("collection_id", ["programme-areas", "programme-area-points", "municipalities"])
@pytest.mark.parametrize("box", ["5,50,10,53", "6.5,51,7.6,51.8", "7.4,51.4,7.6,51.6", "-30,0,-20,10"])
def test_pages_of_a_box_hold_what_touches_it_in_the_same_order_as_without_it(
    api: FlaskClient, collection_id: str, box: str
) -> None:
    url = f"/api/collections/{collection_id}/items?properties=name"
    whole = ids(get(api, f"{url}&skipGeometry=true&limit=10000"))
    matching = get(api, f"{url}&bbox={box}&limit=10000")
    everything = ids(matching)
    assert [one for one in whole if one in everything] == everything

    for limit in (1 + len(everything) // 7, 1 + len(everything) // 2, len(everything) or 1):
        pages = walk(api, f"{url}&bbox={box}&limit={limit}")
        assert ids(*pages) == everything
        assert {page["numberMatched"] for page in pages} == {len(everything)}
        assert ids(*back(api, pages[-1])) == everything


@pytest.mark.parametrize(
    "sort", ["stage,-start_year", "-population,name", "status,-stage,population", "-district"]
)
def test_pages_of_several_fields_hold_every_feature_once(many_api: FlaskClient, sort: str) -> None:
    url = f"{AREAS}?skipGeometry=true&properties=name&sortby={sort}"
    everything = ids(get(many_api, f"{url}&limit=10000"))

    pages = walk(many_api, f"{url}&limit=370")

    assert ids(*pages) == everything
    assert ids(*back(many_api, pages[-1])) == everything


def test_filters_stay_in_both_links(api: FlaskClient) -> None:
    url = f"{AREAS}?limit=2&sortby=-name&bbox=6,50,8,52&status=ongoing&lang=en&skipGeometry=true"
    pages = walk(api, url)

    assert len(pages) > 2
    assert ids(*back(api, pages[-1])) == ids(*pages)
    assert {page["numberMatched"] for page in pages} == {len(ids(*pages))}
    assert href(pages[0], "prev") is None
    assert href(pages[-1], "next") is None
    header = api.get(href(pages[0], "next")).headers["Link"]
    assert 'rel="prev"' in header
    assert 'rel="next"' in header


@pytest.mark.parametrize("sort", ["", "-population", "name", "stage,-start_year"])
def test_offset_still_pages(many_api: FlaskClient, sort: str) -> None:
    url = f"{AREAS}?skipGeometry=true&properties=name&limit=7" + (f"&sortby={sort}" if sort else "")
    everything = ids(get(many_api, url.replace("limit=7", "limit=10000")))

    for offset in (1, 1500, 3996, 3999, 4000, 9000):
        page = get(many_api, f"{url}&offset={offset}")
        assert ids(page) == everything[offset : offset + 7]
        if 1 < offset < 4000:
            assert ids(get(many_api, href(page, "prev"))) == everything[offset - 7 : offset]
        if offset < 3993:
            assert ids(get(many_api, href(page, "next"))) == everything[offset + 7 : offset + 14]
        assert (href(page, "prev") is None) == (offset >= 4000)


@pytest.fixture
def changing(
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
    clone: Callable[[str], str],
    database_template: str,
    cluster: Any,
) -> Iterator[tuple[FlaskClient, Engine]]:
    """A client of the API on a database of its own, and the engine to change it."""
    from sqlalchemy import create_engine

    name = clone(database_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        make_areas(connection, 120)
    yield make_api(make_settings(name)).test_client(), engine
    engine.dispose()


def change(connection: Connection, seen: list[str], step: int) -> set[str]:
    """Delete an area that was seen and one that perhaps was not, add two; return what was touched."""
    unseen = connection.execute(
        text(
            "SELECT area_id FROM publication.programme_area WHERE area_id <> ALL (:seen) ORDER BY md5(area_id)"
        ),
        {"seen": seen},
    ).scalars()
    gone = [*seen[-1:], *list(unseen)[:1]]
    connection.execute(
        text("DELETE FROM registry.programme_area WHERE area_id = ANY (:gone)"), {"gone": gone}
    )
    new = [f"neu-{step}-{number}" for number in (1, 2)]
    for number, area_id in enumerate(new):
        connection.execute(
            text(
                """
                WITH area AS (
                    INSERT INTO registry.programme_area (area_id, attr_basis, population, released_at)
                    VALUES (:area_id, 'fictional', :population, '2024-01-01') RETURNING area_no
                ), name AS (
                    INSERT INTO registry.area_name (area_no, name) SELECT area_no, :name FROM area
                ), town AS (
                    INSERT INTO registry.area_municipality (area_no, ags, is_leading)
                    SELECT area_no, '05980001', true FROM area
                )
                INSERT INTO registry.boundary (area_no, geom) SELECT area_no, CAST(:geom AS geometry) FROM area
                """
            ),
            {
                "area_id": area_id,
                "population": None if number else step * 61 % 400,
                "name": "Äh" if number else f"Ort {step}",
                "geom": square(),
            },
        )
    return {*gone, *new}


@pytest.mark.parametrize("sort", ["", "population", "-population", "name", "-name", "stage,-population"])
def test_while_features_come_and_go_the_others_come_exactly_once(
    changing: tuple[FlaskClient, Engine], sort: str
) -> None:
    api, engine = changing
    following: str | None = f"{AREAS}?limit=11" + (f"&sortby={sort}" if sort else "")
    before = set(ids(get(api, f"{AREAS}?limit=1000")))
    seen: list[str] = []
    touched: set[str] = set()
    step = 0
    while following:
        page = get(api, following)
        seen += ids(page)
        following = href(page, "next")
        step += 1
        with engine.begin() as connection:
            touched |= change(connection, seen, step)

    assert len(seen) == len(set(seen))
    assert before - touched <= set(seen)
    assert step > 8

    # And back again, while the pages are emptied from behind.
    backwards = ids(page)
    previous = href(page, "prev")
    while previous:
        page = get(api, previous)
        backwards = ids(page) + backwards
        previous = href(page, "prev")
    assert len(backwards) == len(set(backwards))
    assert before - touched <= set(backwards)


def cursor_of(api: FlaskClient, url: str) -> str:
    following = href(get(api, url), "next")
    assert following
    return following.partition("cursor=")[2].partition("&")[0]


def test_a_cursor_belongs_to_its_order_and_its_collection(api: FlaskClient) -> None:
    cursor = cursor_of(api, f"{AREAS}?limit=2&sortby=name")

    assert api.get(f"{AREAS}?sortby=name&cursor={cursor}").status_code == 200
    assert api.get(f"{AREAS}?sortby=name&limit=3&status=ongoing&cursor={cursor}").status_code == 200
    points = AREAS.replace("areas", "area-points")
    for url in (
        f"{AREAS}?",
        f"{AREAS}?sortby=-name&",
        f"{AREAS}?sortby=name,status&",
        f"{points}?sortby=name&",
    ):
        response = api.get(f"{url}cursor={cursor}&lang=en")
        assert response.status_code == 400
        assert response.json["parameter"] == "cursor"
        assert "sortby" in response.json["detail"]


def make(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "sort, values",
    [
        ("population", ["12", 1]),
        ("population", [1.5, 1]),
        ("population", [10**30, 1]),
        ("population", [True, 1]),
        ("population", [1]),
        ("population", [1, None]),
        ("population", [1, "1"]),
        ("population", [1, 2**40]),
        ("population", {"a": 1}),
        ("name", [None, 1]),
        ("name", ["a\0b", 1]),
        ("name", ["\ud800", 1]),
        ("name", [["a"], 1]),
        ("area_ha", [float("nan"), 1]),
        ("area_ha", ["1", 1]),
        ("area_ha", [float("1e300"), 1]),
        ("start_date", ["2020-02-30", 1]),
        ("start_date", [20200101, 1]),
        ("updated_at", ["yesterday", 1]),
    ],
)
def test_a_forged_cursor_is_a_400(api: FlaskClient, sort: str, values: Any) -> None:
    cursor = make(["programme-areas", f"+{sort}", "next", values])

    response = api.get(f"{AREAS}?sortby={sort}&cursor={cursor}")

    assert response.status_code == 400
    assert response.json["parameter"] == "cursor"


def test_the_direction_of_a_forged_cursor_is_checked_too(api: FlaskClient) -> None:
    assert api.get(f"{AREAS}?cursor={make(['programme-areas', '', 'next', [1]])}").status_code == 200
    assert api.get(f"{AREAS}?cursor={make(['programme-areas', '', 'up', [1]])}").status_code == 400
    assert api.get(f"{AREAS}?cursor={make(['programme-areas', '', 'next', [1], 1])}").status_code == 400


def test_number_matched_of_a_choice_is_left_out_beyond_its_limit_unless_it_is_kept(
    many_api: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_statement, "COUNT_LIMIT", 1000)

    for url in (f"{AREAS}?limit=5&skipGeometry=true", f"{AREAS}?resultType=hits"):
        # These numbers are kept by the database: that of all features, and of those with a value.
        assert many_api.get(url).json["numberMatched"] == 4000
        assert many_api.get(f"{url}&attr_basis=partly").json["numberMatched"] == 2000
        for many in (
            "filter=attr_basis='partly' AND sections>=0",
            "filter=sections>=0",
            "bbox=-180,-90,180,90",
        ):
            response = many_api.get(f"{url}&{many}")
            assert "numberMatched" not in response.json
            assert "OGC-NumberMatched" not in response.headers
        few = many_api.get(f"{url}&status=planned&sections=0")
        assert few.json["numberMatched"] == 1000
        assert few.headers["OGC-NumberMatched"] == "1000"


def test_the_limit_of_number_matched_stands_in_the_definition(api: FlaskClient) -> None:
    schema = api.get("/api/openapi?lang=en").json["components"]["schemas"]["items-programme-areas"]

    assert "100000" in schema["properties"]["numberMatched"]["description"]
    assert "numberMatched" not in schema["required"]
