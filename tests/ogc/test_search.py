"""Full text: stems, umlauts, several words, beginnings, and whatever else people type (draft Part 9, 24-031)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo_service.db.feature_json import FeatureLinks
from geo_service.db.items import find_items
from geo_service.db.watch import LEASE_S
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.query import ItemsQuery
from geo_service.settings import Settings
from tests.factories import make_area, make_municipality
from tests.ogc.plans import plan

TOWNS = ("Düsseldorf", "Moers", "Soest", "Coesfeld", "Köln", "Neuss", "Mönchengladbach")


@pytest.fixture(scope="module")
def search(
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
    database: str,
    engine: Engine,
) -> Callable[..., list[str]]:
    """Return a function that searches the names of a few areas, one for each town and some more."""
    with engine.begin() as connection:
        keys = {name: make_municipality(connection, name=name, district=f"Kreis {name}") for name in TOWNS}
        for name, ags in keys.items():
            make_area(connection, name=f"{name} Mitte", ags=ags)
        area = make_area(connection, name="Südliche Innenstadt", ags=keys["Köln"], concept="Handlungskonzept")
        text_de = (
            "Die **Mühlen** an der Königsstraße wurden 2012 erneuert; siehe [Plan](https://example.org/a_b)."
        )
        for statement, values in (
            (
                "INSERT INTO registry.area_name (area_no, name, valid_to) VALUES (:area, 'Übach/Ost', '2001-01-01')",
                {},
            ),
            (
                "INSERT INTO registry.profile_section (area_no, language, section, body)"
                " VALUES (:area, 'de', 'character', :body), (:area, 'en', 'character', 'Windmills and bakeries')",
                {"body": text_de},
            ),
            (
                "INSERT INTO registry.milestone (area_no, year, text_de) VALUES (:area, 2014, 'Spielplätze eröffnet')",
                {},
            ),
        ):
            connection.execute(text(statement), {"area": area, **values})
    api = make_api(make_settings(database)).test_client()

    def _search(words: str, collection_id: str = "programme-areas") -> list[str]:
        response = api.get(
            f"/api/collections/{collection_id}/items", query_string={"q": words, "sortby": "name"}
        )
        assert response.status_code == 200, response.data
        document: Any = response.json
        assert document["numberMatched"] == len(document["features"])
        return [one["properties"]["name"] for one in document["features"]]

    return _search


@pytest.mark.parametrize(
    "words", ["Düsseldorf", "düsseldorf", "duesseldorf", "dusseldorf", "DÜSSELDORF", "Du\u0308sseldorf"]
)
def test_umlauts_are_found_in_every_spelling(search: Callable[..., list[str]], words: str) -> None:
    assert search(words) == ["Düsseldorf Mitte"]
    assert search(words, "municipalities") == ["Düsseldorf"]


@pytest.mark.parametrize("name", ["Moers", "Soest", "Coesfeld", "Neuss"])
def test_an_e_that_is_no_umlaut_stays(search: Callable[..., list[str]], name: str) -> None:
    assert search(name) == [f"{name} Mitte"]
    if name != "Neuss":
        assert search(name.replace("oe", "o")) == []
        assert search(name.replace("oe", "ö")) == [f"{name} Mitte"]


@pytest.mark.parametrize(
    "words",
    [
        "königsstrasse",
        "Königsstraße",
        "konigsstrasse",
        "koenigsstraße",
        "mühle",
        "Muehlen",
        "muhle",
        "übach",
        "uebach",
        "ubach ost",
        "Spielplatz",
        "spielplätzen",
        "windmills",
        "2012",
        "handlungskonzept",
        "suedlich innenstadt",
        "erneuert köln 2012 innen",
    ],
)
def test_names_former_names_towns_and_texts_are_searched(
    search: Callable[..., list[str]], words: str
) -> None:
    assert search(words) == ["Südliche Innenstadt"]


def test_strasse_finds_a_street(search: Callable[..., list[str]], engine: Engine) -> None:
    with engine.connect() as connection:
        for words in ("strasse", "straße", "Straßen", "stras"):
            assert connection.scalar(
                text("SELECT publication.search_vector('Die Straße') @@ publication.search_query(:words)"),
                {"words": words},
            )


def test_every_word_has_to_match_and_the_last_one_may_be_cut_short(search: Callable[..., list[str]]) -> None:
    assert search("köln") == ["Köln Mitte", "Südliche Innenstadt"]
    assert search("köln mitte") == ["Köln Mitte"]
    assert search("mitte köln düsseldorf") == []
    assert search("mit") == [
        f"{name} Mitte" for name in sorted(TOWNS, key=lambda name: name.replace("ö", "o"))
    ]
    assert search("köl mitte") == []
    assert search("mitte köl") == ["Köln Mitte"]
    assert search("mönchengladba") == search("moencheng") == search("monch") == ["Mönchengladbach Mitte"]


def test_a_stop_word_narrows_nothing_down(search: Callable[..., list[str]]) -> None:
    assert search("die mühlen an der königsstraße") == ["Südliche Innenstadt"]
    assert search("an") == ["Südliche Innenstadt"] or search("an") == []


@pytest.mark.parametrize(
    "words",
    [
        "köln & mitte",
        "köln:* | mitte",
        "'köln' <-> !mitte",
        '"köln" (mitte)',
        "köln\\mitte:A",
        "köln+mitte",
        "köln/mitte,",
    ],
)
def test_operators_are_plain_text(search: Callable[..., list[str]], words: str) -> None:
    assert search(words) in (["Köln Mitte"], [])
    assert search(words) == search("köln a mitte" if ":A" in words else "köln mitte")


@pytest.mark.parametrize("words", ["&", "!!!", " ", "''", "():*", "\\", "%", "🙂", "-"])
def test_no_words_at_all_find_nothing(search: Callable[..., list[str]], words: str) -> None:
    assert search(words) == []


def test_a_search_has_a_length(api: FlaskClient) -> None:
    url = "/api/collections/programme-areas/items"
    for words in ("", "x" * 201):
        response = api.get(url, query_string={"q": words})
        assert response.status_code == 400
        assert response.json["parameter"] == "q"
    assert api.get(url, query_string={"q": "ü" * 200}).status_code == 200
    assert api.get(f"{url}?q=a%00b").status_code == 400


@given(words=st.text(min_size=1, max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(api: FlaskClient, words: str) -> None:
    if "\0" in words or any("\ud800" <= one <= "\udfff" for one in words):
        return

    response = api.get("/api/collections/programme-areas/items", query_string={"q": words, "limit": 1})

    assert response.status_code == 200


def test_a_search_goes_with_filters_sorting_and_paging(api: FlaskClient) -> None:
    url = "/api/collections/programme-areas/items?q=nord&limit=1&sortby=-name&properties=name"
    found = []
    while url:
        page = api.get(url).json
        found += [one["properties"]["name"] for one in page["features"]]
        url = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")

    assert len(found) == page["numberMatched"] > 1


@pytest.mark.parametrize("collection_id", ["programme-areas", "municipalities"])
def test_a_search_walks_the_index_of_the_words(many_engine: Engine, collection_id: str) -> None:
    collection = COLLECTIONS[collection_id]
    with many_engine.connect() as connection:
        connection.execute(text("SET search_path = publication, public"))
        query = ItemsQuery(collection, 10, q="zülpich")

        found = plan(connection, lambda: find_items(connection, query, FeatureLinks("p", "i")))

    assert f"{collection.table}_search" in found


def test_a_change_of_a_text_is_found_at_once(search: Callable[..., list[str]], engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE registry.municipality SET name = 'Neustadt an der Ruhr' WHERE name = 'Soest'")
        )
    time.sleep(LEASE_S)
    assert search("neustadt ruhr") == ["Soest Mitte"]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE registry.municipality SET name = 'Soest' WHERE name LIKE 'Neustadt %'")
        )
    time.sleep(LEASE_S)
    assert search("neustadt ruhr") == []
