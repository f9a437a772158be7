"""Items for people: a table of 50, filters by a form without JavaScript, pages, and each feature in full."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from geo_service.web.api_pages.queries import tidy_query
from tests.web.api_pages import AREA, AREAS, ITEMS, page, texts
from tests.web.html import faults, named


def ids(html):
    return [e.attributes["data-id"] for e in named(html, "tr") if "data-id" in e.attributes]


def link(html, relation):
    found = [e.attributes["href"] for e in named(html, "a") if e.attributes.get("rel") == relation]
    return found[0] if found else None


def chips(html):
    return {
        e.text.partition("×")[0].strip(): e.attributes["href"]
        for e in named(html, "a")
        if e.attributes.get("class") == "chip"
    }


def test_a_page_has_fifty_features_in_the_order_of_the_document(client):
    html = page(client, ITEMS).text
    document = client.get(f"{ITEMS}?limit=50").get_json()
    assert ids(html) == [feature["id"] for feature in document["features"]]
    assert len(client.get(ITEMS).get_json()["features"]) == 100
    assert texts(html, "span", "count") == [f"{document['numberMatched']} Treffer, 50 auf dieser Seite"]
    assert len(ids(page(client, f"{ITEMS}?limit=7").text)) == 7
    json_link = next(
        e.attributes["href"]
        for e in named(html, "link")
        if e.attributes.get("type") == "application/geo+json"
    )
    assert len(client.get(json_link).get_json()["features"]) == 50


@pytest.mark.parametrize("query", ["", "?limit=40&lang=en", "?sortby=-name&limit=30"])
def test_pages_follow_each_other_and_lead_back(client, query):
    path, seen, trail = ITEMS + query, [], []
    while path:
        html = page(client, path).text
        trail.append(ids(html))
        seen += ids(html)
        assert all(value in path for value in query.removeprefix("?").split("&"))
        path, last = link(html, "next"), path
    assert len(seen) == len(set(seen)) == client.get(ITEMS).get_json()["numberMatched"]
    back = link(page(client, last).text, "prev")
    assert ids(page(client, back).text) == trail[-2]
    first = link(page(client, last).text, "first")
    assert ids(page(client, first).text) == trail[0]


def test_the_form_filters_by_fields_with_the_labels_of_their_codes(client):
    html = page(client, ITEMS).text
    names = {
        e.attributes["name"] for e in named(html, "input") + named(html, "select") if "name" in e.attributes
    }
    assert {
        "name",
        "municipality",
        "status",
        "programme",
        "geom_basis",
        "bbox",
        "datetime",
        "start_year",
    } <= names
    assert len([e for e in named(html, "input") if e.attributes.get("name") == "bbox"]) == 4
    assert "laufend" in texts(html, "option")
    types = {
        e.attributes["name"]: e.attributes["type"] for e in named(html, "input") if "name" in e.attributes
    }
    assert (types["start_year"], types["datetime"], types["name"]) == ("number", "date", "text")
    municipalities = page(client, "/api/collections/municipalities/items").text
    names = {e.attributes.get("name") for e in named(municipalities, "input")}
    assert "datetime" not in names, "municipalities have no period"


def test_a_form_with_empty_inputs_leads_to_the_tidy_address(client):
    sent = f"{ITEMS}?lang=en&name=&status=ongoing&datetime=2008-01-01&datetime=&bbox=6.5&bbox=51.2&bbox=7.6&bbox=51.7&population="
    answer = page(client, sent)
    assert answer.status_code == 303
    location = urlsplit(answer.headers["Location"])
    assert location.path == ITEMS
    assert parse_qsl(location.query) == [
        ("lang", "en"), ("status", "ongoing"), ("datetime", "2008-01-01/.."), ("bbox", "6.5,51.2,7.6,51.7"),
    ]  # fmt: skip
    html = page(client, answer.headers["Location"]).text
    assert {"Status: ongoing", "Period: 1 January 2008 – …", "Part of the map: 6.5,51.2,7.6,51.7"} <= set(
        chips(html)
    )
    filled = [
        e.attributes["value"]
        for e in named(html, "input")
        if e.attributes.get("name") in ("bbox", "datetime")
    ]
    assert filled == ["2008-01-01", "", "6.5", "51.2", "7.6", "51.7"]
    chosen = [e.text for e in named(html, "option") if "selected" in e.attributes]
    assert chosen == ["ongoing"]
    assert ids(html) == [f["id"] for f in client.get(answer.headers["Location"]).get_json()["features"]]


def test_machines_are_as_strictly_read_as_before(client):
    assert client.get(f"{ITEMS}?bbox=").status_code == 400
    assert client.get(f"{ITEMS}?datetime=2008-01-01&datetime=").status_code == 400
    assert client.get(f"{ITEMS}?bbox=1&bbox=2&bbox=3&bbox=4").status_code == 400
    assert page(client, f"{ITEMS}?bbox=&f=json").status_code == 400


def test_each_filter_can_be_taken_away(client):
    html = page(client, f"{ITEMS}?status=ongoing&municipality=Dortmund&limit=5").text
    shown = chips(html)
    assert set(shown) == {"Status: laufend", "Gemeinde: Dortmund"}
    assert parse_qsl(urlsplit(shown["Status: laufend"]).query) == [
        ("municipality", "Dortmund"),
        ("limit", "5"),
    ]
    without = page(client, shown["Gemeinde: Dortmund"]).text
    assert set(chips(without)) == {"Status: laufend"}


def test_what_the_form_does_not_show_stays(client):
    html = page(
        client, f"{ITEMS}?limit=5&lang=en&crs=http://www.opengis.net/def/crs/EPSG/0/25832&status=planned"
    ).text
    hidden = {
        e.attributes["name"]: e.attributes["value"]
        for e in named(html, "input")
        if e.attributes["type"] == "hidden"
    }
    assert hidden == {"limit": "5", "lang": "en", "crs": "http://www.opengis.net/def/crs/EPSG/0/25832"}
    following = page(
        client,
        f"{ITEMS}?limit=5&cursor="
        + dict(parse_qsl(urlsplit(link(page(client, f"{ITEMS}?limit=5").text, "next")).query))["cursor"],
    ).text
    hidden = {e.attributes["name"] for e in named(following, "input") if e.attributes["type"] == "hidden"}
    assert hidden == {"limit"}, "a new filter begins with the first page"


def test_a_box_in_another_system_is_kept_and_shown(client):
    html = page(
        client,
        f"{ITEMS}?bbox=280000,5650000,500000,5750000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25832",
    ).text
    assert "Kartenausschnitt: 280000,5650000,500000,5750000" in chips(html)
    assert "bbox" not in urlsplit(chips(html)["Kartenausschnitt: 280000,5650000,500000,5750000"]).query
    inputs = [e.attributes for e in named(html, "input") if e.attributes.get("name") == "bbox"]
    assert [one["type"] for one in inputs] == ["hidden"]


@pytest.mark.parametrize("language, sentence", [("de", "Kein Objekt passt"), ("en", "No feature matches")])
def test_an_empty_result_says_so(client, language, sentence):
    answer = page(client, f"{ITEMS}?name=nowhere&lang={language}")
    assert answer.status_code == 200
    assert sentence in texts(answer.text, "span", "count")[0]
    assert not named(answer.text, "table")
    assert not faults(answer.text)
    hits = page(client, f"{ITEMS}?resultType=hits&lang={language}").text
    assert "129" in texts(hits, "span", "count")[0]


def test_a_column_sorts_by_itself_and_back(client):
    html = page(client, f"{ITEMS}?status=ongoing").text
    header = next(
        e.attributes["href"] for e in named(html, "a") if e.attributes["href"].endswith("sortby=area_ha")
    )
    rising = page(client, header).text
    assert "status=ongoing" in header
    assert [e.attributes["aria-sort"] for e in named(rising, "th") if "aria-sort" in e.attributes] == [
        "ascending"
    ]
    falling = page(
        client,
        next(
            e.attributes["href"]
            for e in named(rising, "a")
            if e.attributes["href"].endswith("sortby=-area_ha")
        ),
    ).text
    sizes = [
        f["properties"]["area_ha"]
        for f in client.get(f"{ITEMS}?status=ongoing&sortby=-area_ha").get_json()["features"]
    ]
    known = [size for size in sizes if size is not None]
    assert known == sorted(known, reverse=True)
    assert ids(falling) != ids(rising)


def test_selected_properties_are_the_columns(client):
    html = page(client, f"{ITEMS}?properties=name,population&limit=3").text
    assert texts(html, "th")[:2] == ["Name", "Einwohner"]
    assert len(ids(html)) == 3


def test_an_item_shows_every_property_with_title_and_label(client):
    html = page(client, AREA).text
    properties = client.get(AREA).get_json()["properties"]
    shown = [e.text for e in named(html, "dt")]
    assert len(shown) == len(properties)
    assert all(any(name in title for title in shown) for name in properties)
    values = texts(html, "dd")
    assert "laufend ongoing" in values
    assert "nicht belegt" in values
    english = texts(page(client, f"{AREA}?lang=en").text, "dd")
    assert "Socially Integrative City SOS" in english
    links = [e.attributes["href"] for e in named(html, "a")]
    assert "/profiles/dortmund-nordstadt" in links
    assert ITEMS in links
    assert AREAS in links


def test_every_kind_of_feature_has_its_page(client):
    for collection in ("programme-area-points", "municipalities"):
        path = f"/api/collections/{collection}/items"
        listed = ids(page(client, f"{path}?limit=3").text)
        assert len(listed) == 3
        for item_id in listed:
            answer = page(client, f"{path}/{item_id}")
            assert answer.status_code == 200
            assert not faults(answer.text)


def test_a_form_becomes_a_query():
    assert tidy_query([("name", ""), ("status", " ongoing ")]) == [("status", "ongoing")]
    assert tidy_query([("datetime", ""), ("datetime", "")]) == []
    assert tidy_query([("datetime", ""), ("datetime", "2012-01-01")]) == [("datetime", "../2012-01-01")]
    assert tidy_query([("datetime", "2012-01-01"), ("datetime", "2012-01-01")]) == [
        ("datetime", "2012-01-01")
    ]
    assert tidy_query([("bbox", "1"), ("bbox", ""), ("bbox", "3"), ("bbox", "4")]) == [("bbox", "1,,3,4")]
    assert tidy_query([("bbox", "1,2,3,4")]) == [("bbox", "1,2,3,4")]
    assert tidy_query([("name", "a"), ("name", "b")]) == [("name", "a"), ("name", "b")], (
        "the API says that it is twice"
    )
