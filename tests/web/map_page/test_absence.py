"""What the panel says of an area that the map does not draw, in a year or under the filters."""

import pytest

from tests.web.map_page.view import READY, TO_2009, fragment_of, query_of

ABSENCES = {
    "before it began": (
        "?lang=en&year=1995#area=dortmund-nordstadt",
        "In 1995 this area was not in the programme yet; it begins in 2011.",
        ("Show the state in 2011", {"lang": ["en"], "year": ["2011"]}),
    ),
    "without a period": (
        "?lang=de&year=2012#area=dortmund-clarenberg",
        "Der Zeitraum dieses Gebiets ist nicht belegt",
        ("Heutigen Stand zeigen", {"lang": ["de"]}),
    ),
    "another state in the year": (
        "?lang=de&status=completed&year=2012#area=dortmund-nordstadt",
        "Dieses Gebiet passt nicht zu den gewählten Filtern.",
        ("Alle Gebiete zeigen", {"lang": ["de"]}),
    ),
    "other filters": (
        "?lang=de&status=planned#area=dortmund-nordstadt",
        "Dieses Gebiet passt nicht zu den gewählten Filtern.",
        ("Alle Gebiete zeigen", {"lang": ["de"]}),
    ),
}


@pytest.mark.parametrize(("address", "words", "offer"), ABSENCES.values(), ids=ABSENCES)
def test_the_panel_says_why_an_area_is_not_drawn_and_offers_what_would_show_it(
    page, site, address, words, offer
):
    page.goto(f"{site}/{address}")
    page.wait_for_selector(READY)
    absence = page.locator("#selection .absence")
    absence.wait_for()
    assert absence.inner_text().startswith(words)
    area_id = fragment_of(page)["area"][0]
    outline = (
        "programmeAreaMap.queryRenderedFeatures(undefined, {layers: ['area-fill']})"
        f".some(f => f.properties.area_id === '{area_id}')"
    )
    assert not page.evaluate(outline)
    name, query = offer
    button = absence.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")
    absence.wait_for(state="hidden")
    page.wait_for_function(f"() => {outline}")
    assert query_of(page) == query
    assert fragment_of(page)["area"] == [area_id]
    assert page.evaluate("document.activeElement.parentElement.id") == "selection"


def test_an_area_that_is_chosen_goes_from_the_map_with_a_word_when_the_year_leaves_it(page, site):
    page.goto(f"{site}/?lang=de#area=dortmund-nordstadt")
    page.wait_for_selector(READY)
    absence = page.locator("#selection .absence")
    assert not absence.is_visible()
    page.locator("#year-row input[type=range]").evaluate(TO_2009)
    absence.wait_for()
    assert "Im Jahr 2009 war dieses Gebiet noch nicht im Programm; es beginnt 2011." in absence.inner_text()
    page.wait_for_function("() => location.search.includes('year=2009')")
    assert absence.is_visible()
    page.go_back()
    absence.wait_for(state="hidden")
