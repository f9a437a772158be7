"""The map in other people's pages: what may be framed, what the address chooses, and faults in words."""

import json
import re

import pytest
from sqlalchemy import text

from tests.web.choices import all_areas, state
from tests.web.conftest import HTML
from tests.web.html import faults


def get(client, query="", status=200, **headers):
    answer = client.get(f"/embed{query}", headers={**HTML, **headers})
    assert answer.status_code == status, answer.text
    return answer


def settings_of(answer):
    found = re.search(
        r'<script id="map-settings" type="application/json">(.*?)</script>', answer.text, re.DOTALL
    )
    return json.loads(found[1])


def listed(answer):
    return re.findall(r'<li><a href="/profiles/([a-z0-9-]+)', answer.text)


def stored(engine, where):
    with engine.connect() as connection:
        rows = connection.scalars(text(f"SELECT area_id FROM publication.programme_area WHERE {where}"))
        return set(rows)


@pytest.mark.parametrize(
    "query, status", [("", 200), ("?lang=en", 200), ("?status=none", 400), ("?area=x", 404)]
)
def test_it_may_be_framed_by_everybody_whether_it_has_a_map_or_a_fault(client, query, status):
    answer = get(client, query, status)

    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in answer.headers
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/profiles",
        "/profiles/dortmund-nordstadt",
        "/api",
        "/embedded",
        "/no-such-page",
        "/static/js/x.js",
    ],
)
def test_nothing_else_may_be_framed(client, path):
    headers = client.get(path, headers=HTML).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "query, condition",
    [
        ("?status=ongoing", "status = 'ongoing'"),
        ("?status=planned,unknown", "status = 'planned' OR status IS NULL"),
        ("?ags=05913000", "'05913000' = ANY(ags_all)"),
        ("?ags=05913000&status=ongoing", "'05913000' = ANY(ags_all) AND status = 'ongoing'"),
        ("?from=2008&to=2010", "period && '[2008-01-01,2010-12-31]'"),
        ("", "true"),
    ],
)
def test_the_address_chooses_areas_of_list_count_legend_and_tiles(client, sample_engine, query, condition):
    expected = stored(sample_engine, condition)

    answer = get(client, f"{query}{'&' if query else '?'}lang=en")

    assert set(listed(answer)) == expected
    assert f"{len(expected)} area{'s' if len(expected) > 1 else ''}" in answer.text
    counts = re.findall(r"<span>[^<]* \((\d+)\)</span></li>", answer.text)
    assert sum(map(int, counts)) == len(expected)
    api = client.get(f"/api/collections/programme-areas/items?limit=1000&{settings_of(answer)['tiles']}")
    assert {one["id"] for one in api.json["features"]} == expected


def test_it_names_the_town_in_the_language_of_the_address(client):
    german, english = get(client, "?ags=05913000&lang=de"), get(client, "?ags=05913000&lang=en")

    assert "<h1>Programmgebiete in Dortmund</h1>" in german.text
    assert "<h1>Programme areas in Dortmund</h1>" in english.text
    assert 'lang="en"' in english.text
    assert english.headers["Content-Language"] == "en"
    assert get(client, **{"Accept-Language": "en"}).headers["Content-Language"] == "en"


def test_every_link_opens_a_window_of_its_own_and_keeps_the_choice(client):
    answer = get(client, "?ags=05913000&status=ongoing&lang=en&area=dortmund-nordstadt")

    links = re.findall(r'<a href="([^"]*)"([^>]*)>', answer.text)
    assert len(links) >= 4
    for href, attributes in links:
        assert 'target="_blank" rel="noopener"' in attributes
        assert client.get(href.replace("&amp;", "&").partition("#")[0], headers=HTML).status_code == 200
        assert "lang=en" in href
    assert any(
        href.startswith("/?status=ongoing&amp;ags=05913000") and "#area=dortmund-nordstadt" in href
        for href, _ in links
    )
    assert any(href.startswith("/profiles?status=ongoing&amp;ags=05913000") for href, _ in links)


def test_an_area_of_the_address_is_told_without_a_script(client):
    answer = get(client, "?area=dortmund-nordstadt&lang=de")

    panel = re.search(r'<section class="embed-selection"[^>]*>(.*?)</section>', answer.text, re.DOTALL)
    assert "hidden" not in panel[0].partition(">")[0]
    assert "<h2>Dortmund-Nordstadt</h2>" in panel[1]
    assert "laufend" in panel[1]
    assert settings_of(answer)["area"] == "dortmund-nordstadt"


def test_a_place_and_a_zoom_are_handed_to_the_map(client):
    assert settings_of(get(client, "?center=7.468,51.527&zoom=13.5"))["view"] == {
        "center": [7.468, 51.527],
        "zoom": 13.5,
    }
    assert settings_of(get(client, "?center=7.468,51.527"))["view"] == {"center": [7.468, 51.527], "zoom": 12}
    assert settings_of(get(client, "?zoom=9"))["view"] == {"zoom": 9}
    assert settings_of(get(client))["view"] is None


@pytest.mark.parametrize(
    "query, status, german, english",
    [
        ("?status=none", 400, "status ist ein Schlüssel aus: planned, ongoing", "status must be one of these codes"),
        ("?ags=5913", 400, "acht Ziffern", "eight digits"),
        ("?ags=05913000&ags=05911000", 400, "mehrfach", "more than once"),
        ("?center=51.5", 400, "Länge und Breite", "longitude and latitude"),
        ("?center=nan,1", 400, "Länge und Breite", "longitude and latitude"),
        ("?center=200,1", 400, "Länge und Breite", "longitude and latitude"),
        ("?center=1,2,3", 400, "Länge und Breite", "longitude and latitude"),
        ("?zoom=nan", 400, "zoom ist eine Zahl von 5 bis 18", "zoom is a number from 5 to 18"),
        ("?zoom=99", 400, "zoom ist eine Zahl von 5 bis 18", "zoom is a number from 5 to 18"),
        ("?municipality=Dortmund", 400, "Den Parameter municipality gibt es hier nicht", "There is no parameter municipality"),
        ("?statu=ongoing", 400, "Gemeint ist vielleicht status", "Maybe status is meant"),
        ("?year=12", 400, "year ist ein Jahr von 1900 bis 2100", "year is a year from 1900 to 2100"),
        ("?yaer=2012", 400, "Gemeint ist vielleicht year", "Maybe year is meant"),
        ("?<script>=1", 400, "&lt;script&gt;", "&lt;script&gt;"),
        ("?area=no-such-area", 404, "mit dieser Kennung", "with this id"),
        ("?area=%00", 404, "mit dieser Kennung", "with this id"),
    ],
)  # fmt: skip
def test_a_fault_is_said_in_words_in_the_frame(client, query, status, german, english):
    for language, words in (("de", german), ("en", english)):
        answer = get(client, f"{query}&lang={language}", status)
        assert words in answer.text
        assert "<script>" not in answer.text
        assert "site-header" not in answer.text, "what stands in a frame has no way into the other pages"
        assert not faults(answer.text)
        assert re.findall(r'<a href="[^"]*" target="_blank" rel="noopener"', answer.text)
        assert answer.headers["Cache-Control"] == "no-store"


def test_programs_read_faults_as_json(client):
    answer = client.get("/embed?zoom=99", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert "zoom" in answer.json["detail"]


def test_a_year_shows_the_state_in_that_year(client):
    areas = {area["area_id"]: state(area, 2008) for area in all_areas(client)}
    answer = get(client, "?year=2008&lang=en")

    assert set(listed(answer)) == {area_id for area_id, found in areas.items() if found}
    assert "<h1>Programme areas of urban development funding in the year 2008</h1>" in answer.text.replace(
        "\n", ""
    )
    for word in ("completed", "ongoing"):
        count = list(areas.values()).count(word)
        assert re.search(rf'<li data-status="{word}">.*?\({count}\)</span></li>', answer.text), word
    assert 'data-status="planned"' not in answer.text
    assert "State in 2008. Boundaries: as of today." in " ".join(answer.text.split())
    unknown = re.search(r'<a href="([^"]*)"[^>]*>\d+ areas without a documented period', answer.text)[1]
    assert client.get(unknown.replace("&amp;", "&"), headers=HTML).status_code == 200
    assert "period=unknown" in unknown
    assert "/?year=2008" in answer.text, "the full map shows the same year"
    given = settings_of(answer)
    assert given["year"] == 2008
    assert set(given["states"]) == {"ongoing", "completed"}
    assert "status" not in given["tiles"]


def test_with_a_year_the_area_of_the_address_says_of_when_its_status_is(client):
    known = get(client, "?year=2008&area=musterstadt-beispielgebiet-altstadt&lang=de").text
    assert "laufend (2008)" in known
    # Begun after the year: nothing of it is drawn, and its status is that of today.
    later = get(client, "?year=1995&area=musterstadt-beispielgebiet-altstadt&lang=en").text
    assert "ongoing (today)" in later
    assert "Not in the programme yet in 1995; it begins in 2008." in later
    assert "Not in the programme" not in known
    unknown = get(client, "?year=2012&area=dortmund-clarenberg&lang=de").text
    assert "Der Zeitraum ist nicht belegt." in unknown
    assert "(today)" not in get(client, "?area=musterstadt-beispielgebiet-altstadt&lang=en").text


def test_a_year_before_everything_says_that_there_is_nothing(client):
    answer = get(client, "?year=1901&lang=de")
    assert "gibt es keine Programmgebiete" in answer.text
    assert listed(answer) == []


def test_a_choice_of_nothing_says_so(client):
    for language, words in (("de", "gibt es keine Programmgebiete"), ("en", "There are no programme areas")):
        answer = get(client, f"?ags=05999999&lang={language}")
        assert words in answer.text
        assert listed(answer) == []
        assert settings_of(answer)["bbox"], "the map still shows where one is"


@pytest.mark.parametrize("query", ["", "?lang=en", "?area=dortmund-nordstadt", "?ags=05999999", "?year=2008"])
def test_the_page_is_well_formed(client, query):
    assert not faults(get(client, query).text)


def test_it_is_asked_again_and_answered_by_304(client):
    first = get(client, "?ags=05913000&lang=de")
    assert first.headers["Cache-Control"] == "no-cache"
    assert get(client, "?ags=05913000&lang=de", 304, **{"If-None-Match": first.headers["ETag"]})


def test_notes_speak_of_what_is_shown(client):
    assert "erfunden" not in get(client, "?ags=05913000&lang=de").text
    assert "erfunden" in get(client, "?ags=05999001&lang=de").text


def test_without_the_database_it_says_so_and_can_be_tried_again(make_app, make_settings, sample_database):
    away = "postgresql://nobody@127.0.0.1:1/nowhere"
    settings = make_settings(sample_database, database_url=away, database_read_url=away)
    client = make_app(settings).test_client()

    answer = get(client, "?ags=05913000&lang=en", 503)

    assert answer.headers["Retry-After"]
    assert '<a href="/embed?ags=05913000&amp;lang=en">Try again</a>' in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
