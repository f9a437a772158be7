"""The list of areas: every filter and the year as in the API, sorting, pages, and words where nothing is found."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from geo_service.errors import InvalidParameterError
from geo_service.web.area_filters import AreaFilters, parse_filters
from tests.factories import make_area, make_municipality
from tests.web.choices import CHOICES, ITEMS, all_areas, expected, filters_of, named, state
from tests.web.conftest import HTML
from tests.web.html import faults
from tests.web.html import named as elements


def page(client, path="/profiles", **query):
    return client.get(path, query_string=query or None, headers=HTML)


def follow(client, path):
    """Return all pages of the list from `path` on, by their links."""
    pages = []
    while path:
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 200
        pages.append(answer.text)
        path = next(
            (a.attributes["href"] for a in elements(answer.text, "a") if a.attributes.get("rel") == "next"),
            None,
        )
    return pages


def ids(html):
    links = [a for a in elements(html, "a") if a.attributes.get("class") == "area-link"]
    return [urlsplit(link.attributes["href"]).path.rpartition("/")[2] for link in links]


def listed(client, path):
    return [area_id for html in follow(client, path) for area_id in ids(html)]


@pytest.mark.parametrize("choice", CHOICES, ids=named)
def test_list_json_and_api_choose_the_same_areas(client, choice):
    filters, wanted = filters_of(choice), expected(client, choice)
    assert 0 < len(wanted) < len(all_areas(client)), "a choice that proves nothing"
    found = listed(client, f"/profiles{filters.query_string()}")
    assert len(found) == len(set(found))
    assert set(found) == wanted
    api = client.get(ITEMS, query_string={**filters.api_parameters(), "limit": 10000}).get_json()
    assert {feature["id"] for feature in api["features"]} == wanted
    as_json = client.get(f"/profiles{filters.query_string(('f', 'json'))}").get_json()
    assert as_json["numberMatched"] == len(wanted)


@pytest.mark.parametrize("year", [None, 1990, 2008, 2016, 2026])
def test_the_legend_counts_what_the_list_shows(client, year):
    html = page(client, **({"year": year} if year else {})).text
    boxes = [e.text.rsplit(" ", 1) for e in elements(html, "label") if "state-count" in html and e.text]
    shown = {name: int(count) for name, count in (b for b in boxes if len(b) == 2 and b[1].isdigit())}
    areas = all_areas(client)
    states = [state(area, year) if year else area["status"] or "unknown" for area in areas]
    labels = {
        "ongoing": "laufend",
        "completed": "abgeschlossen",
        "planned": "in Planung",
        "unknown": "Status nicht belegt",
    }
    keys = ("ongoing", "completed") if year else tuple(labels)
    assert shown == {labels[key]: states.count(key) for key in keys}
    if year:
        without = sum(state({**area, "start_year": area["start_year"] and 0}, year) is None for area in areas)
        assert "Grenzen: heutiger Stand" in html
        link = next(a for a in elements(html, "a") if "ohne belegten Zeitraum" in a.text)
        assert link.text.split()[0] == str(without)
        assert len(listed(client, link.attributes["href"])) == without


def test_a_year_changes_the_status_that_is_shown(client):
    for year, label in ((1992, None), (1993, "laufend"), (2009, "laufend"), (2010, "abgeschlossen")):
        rows = [
            row
            for row in elements(page(client, year=year, q="Nordviertel").text, "tr")
            if "Beispielgebiet Nordviertel" in row.text
        ]
        assert [label in row.text for row in rows] == ([True] if label else [])


@pytest.mark.parametrize(
    ("column", "name"),
    [("name", "name"), ("begin", "start_year"), ("end", "end_year"), ("ha", "area_ha"), ("status", "status")],
)
def test_each_column_sorts_both_ways_with_the_unknown_last(client, column, name):
    values = {area["area_id"]: area[name] for area in all_areas(client)}
    for sign in ("", "-"):
        found = listed(client, f"/profiles?sort={sign}{column}")
        assert sorted(found) == sorted(values)
        known = [values[area_id] for area_id in found if values[area_id] is not None]
        assert all(values[area_id] is None for area_id in found[len(known) :])
        if column != "name":  # names are in the order of a German dictionary
            assert known == sorted(known, reverse=bool(sign))
    head = elements(page(client, sort=f"-{column}").text, "th")
    assert [th.attributes["aria-sort"] for th in head if "aria-sort" in th.attributes] == ["descending"]


def test_among_equals_the_order_is_that_of_places_and_names(client):
    """Else the many without a status, a begin or a size would stand in the order in which they were imported."""
    by_place = listed(client, "/profiles")
    areas = {area["area_id"]: area for area in all_areas(client)}
    for column, name in (("status", "status"), ("begin", "start_year"), ("ha", "area_ha")):
        unknown = [one for one in listed(client, f"/profiles?sort=-{column}") if areas[one][name] is None]
        assert len(unknown) > 50
        assert unknown == [one for one in by_place if areas[one][name] is None]


@pytest.mark.parametrize("sign", ["", "-"])
def test_with_a_year_the_status_is_sorted_by_as_it_was_then(client, monkeypatch, sign):
    """An area of 2008 that is completed today was ongoing then."""
    monkeypatch.setattr("geo_service.web.area_list.PAGE_SIZE", 3)
    areas = {area["area_id"]: area for area in all_areas(client)}
    by_place = listed(client, "/profiles?year=2014")
    groups = [
        [one for one in by_place if state(areas[one], 2014) == shown] for shown in ("completed", "ongoing")
    ]
    assert min(map(len, groups)) > 3, "several pages of each"
    assert any(areas[one]["status"] == "completed" for one in groups[1])
    if sign:
        groups.reverse()
    assert listed(client, f"/profiles?year=2014&sort={sign}status") == [*groups[0], *groups[1]]


def test_a_place_in_the_order_of_one_year_is_none_in_that_of_another(client, monkeypatch):
    monkeypatch.setattr("geo_service.web.area_list.PAGE_SIZE", 4)
    first = client.get("/profiles?year=2014&sort=status", headers=HTML).text
    onwards = next(a.attributes["href"] for a in elements(first, "a") if a.attributes.get("rel") == "next")
    assert client.get(onwards, headers=HTML).status_code == 200
    assert client.get(onwards.replace("2014", "2009"), headers=HTML).status_code == 400
    assert client.get(onwards.replace("year=2014&", ""), headers=HTML).status_code == 400


def test_the_heads_of_the_columns_turn_the_order_around(client):
    html = page(client, sort="ha", status="ongoing").text
    heads = {th.text.rstrip(" ▲▼"): th for th in elements(html, "th") if th.attributes["scope"] == "col"}
    assert heads["Fläche (ha)"].attributes["aria-sort"] == "ascending"
    links = {a.text: a.attributes["href"] for a in elements(html, "a")}
    assert links["Fläche (ha)"] == "/profiles?status=ongoing&sort=-ha"
    assert links["Name"] == "/profiles?status=ongoing&sort=name"
    assert links["Gemeinde"] == "/profiles?status=ongoing"


def test_pages_lead_on_and_back_and_keep_filters_order_and_language(client):
    first = page(client, sort="name", lang="en").text
    links = {a.attributes.get("rel"): a.attributes["href"] for a in elements(first, "a")}
    assert "prev" not in links
    second = client.get(links["next"], headers=HTML).text
    query = dict(parse_qsl(urlsplit(links["next"]).query))
    assert (query["sort"], query["lang"]) == ("name", "en")
    back = {a.attributes.get("rel"): a.attributes["href"] for a in elements(second, "a")}
    assert "next" not in back
    assert ids(client.get(back["prev"], headers=HTML).text) == ids(first)
    assert not set(ids(first)) & set(ids(second))
    assert ids(page(client, offset=100).text) == ids(follow(client, "/profiles")[1])


def test_forms_lead_to_one_tidy_address(client):
    untidy = "/profiles?q=&year=2008&status=ongoing&programme=&ags=&sort=-name&from=&to=&lang=en"
    answer = client.get(untidy, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/profiles?status=ongoing&year=2008&sort=-name&lang=en"
    assert client.get(answer.headers["Location"], headers=HTML).status_code == 200
    everything = "/profiles?" + "&".join(
        f"status={code}" for code in ("planned", "ongoing", "completed", "unknown")
    )
    assert client.get(everything, headers=HTML).headers["Location"] == "/profiles"


def test_the_canonical_query_is_read_back_as_what_it_was():
    for choice in CHOICES:
        filters = filters_of(choice)
        assert parse_filters(MultiDict(filters.pairs())) == filters
        assert not AreaFilters().query_string()
        for name, _ in choice:
            assert name not in dict(filters.without(name).pairs())


@pytest.mark.parametrize(
    "query",
    [
        "status=open", "programme=XYZ", "ags=5913000", "ags=abcdefgh", "year=08", "year=20O8", "year=3000",
        "from=2012&to=2008", "from=-1", "period=known", "sort=colour", "sort=--name", "offset=-1", "offset=1e3",
        "cursor=abc", "f=pdf", "q=" + "x" * 201, "district=%00", "year=2008&year=2009", "offset=9999999",
    ],
)  # fmt: skip
def test_bad_values_are_answered_in_words(client, query):
    for lang, word in (("de", "Ungültiger Parameter"), ("en", "Invalid parameter")):
        answer = client.get(f"/profiles?{query}&lang={lang}", headers=HTML)
        assert answer.status_code == 400
        assert word in answer.text
        lead = next(e.text for e in elements(answer.text, "p") if e.attributes.get("class") == "lead")
        assert len(lead) > 20
    assert client.get(f"/profiles?{query}").mimetype == "application/problem+json"


def test_years_and_codes_are_checked_before_they_reach_a_filter():
    with pytest.raises(InvalidParameterError):
        parse_filters(MultiDict({"year": "2008' OR 1=1"}))
    assert parse_filters(MultiDict({"q": "' OR 1=1 --"})).api_parameters() == {"q": "' OR 1=1 --"}


@pytest.mark.parametrize(("lang", "nothing"), [("de", "Kein Gebiet passt"), ("en", "No area matches")])
def test_where_nothing_matches_the_page_says_so_and_how_to_go_on(client, lang, nothing):
    html = page(client, q="nirgendwo", status="ongoing", lang=lang).text
    assert nothing in html
    assert not ids(html)
    help_ = [a.attributes["href"] for a in elements(html, "a")]
    assert f"/profiles?status=ongoing&lang={lang}" in help_
    assert f"/profiles?q=nirgendwo&lang={lang}" in help_
    assert f"/profiles?lang={lang}" in help_


def test_an_empty_service_says_so(make_app, make_settings, database):
    client = make_app(make_settings(database)).test_client()
    for path in ("/profiles", "/profiles?year=2008", "/"):
        answer = page(client, path)
        assert answer.status_code == 200
        assert not faults(answer.text)
    assert "Noch sind keine Gebiete veröffentlicht" in page(client).text


def test_an_area_of_two_municipalities_is_found_by_each(make_app, make_settings, database, engine):
    with engine.begin() as connection:
        first = make_municipality(connection, ags="05999001", name="Erststadt", district="Kreis A")
        second = make_municipality(connection, ags="05999002", name="Zweitstadt", district="Kreis B")
        area_no = make_area(connection, area_id="both", name="Beide", ags=first)
        connection.execute(
            text("INSERT INTO registry.area_municipality VALUES (:area_no, :ags, false)"),
            {"area_no": area_no, "ags": second},
        )
    client = make_app(make_settings(database)).test_client()
    for ags in (first, second):
        assert ids(page(client, ags=ags).text) == ["both"]
    options = {o.attributes["value"]: o.text for o in elements(page(client).text, "option")}
    assert options[second] == "Zweitstadt"
    assert "Kreis B" not in options, "nobody leads there, so the filter would find nothing"


def test_the_list_is_sound_html(client):
    for query in ({}, {"year": "2008"}, {"q": "nirgendwo"}, {"lang": "en", "sort": "-ha"}):
        assert not faults(page(client, **query).text)
