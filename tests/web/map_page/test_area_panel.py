"""The panel of one area on the map page: opened by mouse, keyboard and address, and what it tells."""

import re
from urllib.parse import urlsplit

import pytest

from tests.web.map_page.view import AREA, READY, TO_2009, fragment_of, query_of
from tests.web.watching import Watch


def test_the_panel_tells_size_and_district_and_that_its_status_is_of_today(page, site):
    page.goto(f"{site}/?lang=en#map=13.20/51.52800/7.46700")
    page.wait_for_selector(READY)
    page.locator("#visible summary").click()
    page.locator("#visible-list button", has_text="Dortmund-Nordstadt").click()
    page.wait_for_selector("#selection dt:text-is('Area')")
    facts = dict(
        zip(
            page.locator("#selection dt").all_inner_texts(),
            page.locator("#selection dd").all_inner_texts(),
            strict=True,
        )
    )
    assert facts == {
        "Municipality": "Dortmund",
        "District": "Dortmund",
        "Area": "1,442\u00a0ha",
        "Period": "since 2011",
        "Programmes": "Socially Integrative City",
    }
    today = page.locator("#selection .today")
    assert not today.is_visible()
    page.locator("#year-row input[type=range]").evaluate(TO_2009)
    today.wait_for()
    assert today.inner_text() == "(today)"
    page.goto(f"{site}/?lang=de#area=musterstadt-beispielgebiet-grenzweg")
    page.wait_for_selector("#selection dt:text-is('Gemeinden')")
    assert "Musterkreis (fiktiv)" in page.locator("#selection dl").inner_text()
    # What nobody has documented is left out rather than guessed.
    page.goto(f"{site}/?lang=de#area=dortmund-clarenberg")
    page.wait_for_selector("#selection h2:text-is('Clarenberg')")
    assert page.locator("#selection dt").all_inner_texts() == ["Gemeinde", "Kreis", "Zeitraum"]


def test_where_the_facts_of_an_area_cannot_be_had_the_panel_keeps_what_the_tiles_know(page, site):
    page.goto(f"{site}/?lang=de#map=13.20/51.52800/7.46700")
    page.wait_for_selector(READY)
    page.route("**/items/dortmund-nordstadt", lambda route: route.fulfill(status=503))
    page.locator("#visible summary").click()
    page.locator("#visible-list button", has_text="Dortmund-Nordstadt").click()
    page.wait_for_selector("#map-message:not([hidden])")
    assert page.locator("#selection dt").all_inner_texts() == ["Gemeinde", "Zeitraum"]
    assert page.locator("#selection a.button").is_visible()


def test_a_click_opens_the_panel_which_leads_to_the_profile_and_back(page, site):
    watch = Watch(page)
    page.goto(f"{site}/#area={AREA}")
    page.wait_for_selector("#selection h2")
    page.wait_for_selector(READY)
    page.keyboard.press("Escape")
    assert not page.locator("#selection").is_visible()
    assert "area" not in fragment_of(page)
    place = (
        "id => { const f = programmeAreaMap.querySourceFeatures('programme-areas', {sourceLayer:"
        " 'programme-area-points'}).find(f => f.properties.area_id === id); return {id: f.id,"
        " ...programmeAreaMap.project(f.geometry.coordinates)}; }"
    )
    spot = page.evaluate(place, AREA)
    position = {"x": spot["x"], "y": spot["y"]}
    page.locator("#map canvas").hover(position=position)
    marked = "id => programmeAreaMap.getFeatureState({source: 'programme-areas', sourceLayer: 'programme-areas', id})"
    assert page.evaluate(marked, spot["id"])["hover"] is True
    page.locator("#map canvas").click(position=position)
    assert page.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"
    assert page.evaluate(marked, spot["id"])["chosen"] is True
    assert fragment_of(page)["area"] == [AREA]
    page.go_back()
    page.wait_for_selector("#selection", state="hidden")
    page.go_forward()
    page.wait_for_selector("#selection h2")
    page.locator("#selection a.button").click()
    page.wait_for_url(f"**/profiles/{AREA}")
    page.go_back()
    page.wait_for_selector("#selection h2")
    assert not watch.complaints


def test_the_address_holds_view_filters_area_and_language(page, site):
    page.goto(f"{site}/?status=ongoing&lang=en#map=13.20/51.52800/7.46700&area=dortmund-nordstadt")
    page.wait_for_selector("#selection h2")
    page.wait_for_selector(READY)
    center = page.evaluate("({zoom: programmeAreaMap.getZoom(), ...programmeAreaMap.getCenter()})")
    assert center == pytest.approx({"zoom": 13.2, "lat": 51.528, "lng": 7.467}, abs=1e-4)
    page.locator("#map canvas").press("ArrowRight")
    page.wait_for_function("() => !location.hash.includes('7.46700')")
    assert fragment_of(page)["area"] == ["dortmund-nordstadt"]
    moved = urlsplit(page.url).fragment
    page.locator(".languages a[hreflang=de]").click()
    page.wait_for_selector("html[lang=de] #selection h2")
    assert urlsplit(page.url).fragment == moved
    assert query_of(page) == {"status": ["ongoing"], "lang": ["de"]}
    shown = page.evaluate("({zoom: programmeAreaMap.getZoom(), ...programmeAreaMap.getCenter()})")
    assert shown["zoom"] == pytest.approx(13.2, abs=0.01)
    assert shown["lng"] > 7.467


def test_areas_are_chosen_by_keyboard_alone(page, site):
    page.goto(f"{site}/?q=Beispielgebiet&lang=en")
    page.wait_for_selector(READY)
    page.locator("#visible summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#visible-list button")
    names = page.locator("#visible-list button span:nth-of-type(1)").all_inner_texts()
    assert names == sorted(names)
    assert len(names) > 5
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#selection h2").inner_text() == names[0]
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Escape")
    assert names[0] in page.evaluate("document.activeElement.textContent")
    # On the map itself Enter means what lies at its centre.
    page.evaluate(
        "id => programmeAreaMap.jumpTo({zoom: 13, center: programmeAreaMap.querySourceFeatures('programme-areas',"
        " {sourceLayer: 'programme-area-points'}).find(f => f.properties.area_id === id).geometry.coordinates})",
        AREA,
    )
    page.wait_for_function("() => programmeAreaMap.loaded() && !programmeAreaMap.isMoving()")
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#selection h2:text-is('Beispielgebiet Altstadt')")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.matches('#selection a.button')") is False:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/profiles/{AREA}?lang=en")


def test_several_areas_at_one_place_are_offered(page, site):
    page.goto(f"{site}/#map=6.00/51.2/8.3")
    page.wait_for_selector(READY)
    crowded = page.evaluate(
        "() => { const p = programmeAreaMap.project(programmeAreaMap.querySourceFeatures('programme-areas',"
        " {sourceLayer: 'programme-area-points'}).find(f => f.properties.area_id.startsWith('musterstadt'))"
        ".geometry.coordinates); return {x: p.x, y: p.y}; }"
    )
    page.locator("#map canvas").click(position=crowded)
    heading = page.locator("#selection h2").inner_text()
    number = int(re.match(r"(\d+) Gebiete an dieser Stelle", heading)[1])
    choices = page.locator("#selection .several button")
    assert choices.count() == number > 1
    name = choices.nth(1).inner_text().strip()
    choices.nth(1).click()
    assert page.locator("#selection h2").inner_text() == name
    assert "area" in fragment_of(page)


def test_an_area_may_be_named_in_the_query_as_in_frames(page, site):
    page.goto(f"{site}/?lang=en&area={AREA}&status=ongoing")
    page.wait_for_selector("#selection h2:text-is('Beispielgebiet Altstadt')")
    assert fragment_of(page) == {"area": [AREA]}
    assert query_of(page) == {"lang": ["en"], "status": ["ongoing"]}
    page.keyboard.press("Escape")
    assert not page.locator("#selection").is_visible()
    assert fragment_of(page) == {}
