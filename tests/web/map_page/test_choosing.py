"""Choosing areas on the map page: by the form, by the year, by the address and by Back, as the list does."""

import pytest

from tests.web.choices import CHOICES, all_areas, expected, filters_of, named, state
from tests.web.map_page.view import READY, TO_2009, WHOLE, go_to, open_filters, query_of, shows

# Everything that the symbols were told to show, in the order in which it was told.
DRAWN = (
    "() => { window.drawn = []; const set = programmeAreaMap.setFilter.bind(programmeAreaMap); programmeAreaMap.setFilter ="
    " (layer, filter) => { if (layer === 'area-point') drawn.push(JSON.stringify(filter ?? null)); return set(layer, filter); }; }"
)


@pytest.fixture
def held(page):
    """Keep the answers to the first choice on their way, until the function that this gives is called."""
    waiting = []

    def _hold(pattern):
        page.route(pattern, lambda route: waiting.append(route), times=1)

    def _let_go():
        for route in waiting:
            route.continue_()
        return len(waiting)

    return _hold, _let_go


@pytest.mark.parametrize("choice", CHOICES, ids=named)
def test_the_map_shows_what_the_list_shows(shared, client, choice):
    filters, wanted = filters_of(choice), expected(client, choice)
    go_to(shared, f"/{filters.query_string()}#{WHOLE}")
    if filters.year:
        areas = {area["area_id"]: area for area in all_areas(client)}
        wanted = {area_id: f"status-{state(areas[area_id], filters.year)}" for area_id in wanted}
    shows(shared, wanted)
    count = shared.locator("[data-part=result] .count").inner_text()
    assert count.split()[0] == str(len(wanted))
    as_list = shared.locator("[data-part=result] a", has_text="Als Liste").get_attribute("href")
    assert as_list == f"/profiles{filters.query_string()}"
    assert shared.locator(".year-note").count() == (1 if filters.year else 0)


def test_filters_are_chosen_in_the_form_and_back_takes_them_back(shared, client):
    go_to(shared, f"/#{WHOLE}")
    everything = {area["area_id"] for area in all_areas(client)}
    shows(shared, everything)
    shared.locator("li[data-status=unknown] input").uncheck()
    documented = {area["area_id"] for area in all_areas(client) if area["status"]}
    shows(shared, documented)
    assert query_of(shared) == {"status": ["planned", "ongoing", "completed"]}
    open_filters(shared)
    shared.locator("#filter-programme").select_option("SOS")
    choice = (("status", "planned"), ("status", "ongoing"), ("status", "completed"), ("programme", "SOS"))
    shows(shared, expected(client, choice))
    assert "Soziale Stadt" in shared.locator(".chips").inner_text()
    shared.go_back()
    shows(shared, documented)
    assert shared.locator("#filter-programme").input_value() == ""
    shared.go_back()
    shows(shared, everything)
    assert shared.locator("li[data-status=unknown] input").is_checked()
    shared.go_forward()
    shows(shared, documented)
    shared.locator(".chips a.chip").first.click()
    shows(shared, everything)
    assert not query_of(shared)


def test_the_year_is_drawn_while_the_slider_moves_and_counted_after(shared, client):
    go_to(shared, f"/#{WHOLE}")
    slider = shared.locator("#year-row input[type=range]")
    slider.focus()
    slider.evaluate(TO_2009)
    areas = {area["area_id"]: state(area, 2009) for area in all_areas(client)}
    shows(shared, {area_id: f"status-{found}" for area_id, found in areas.items() if found})
    shared.wait_for_function("() => document.querySelector('.year-note') !== null")
    assert query_of(shared) == {"year": ["2009"]}
    note = shared.locator(".year-note").inner_text()
    assert "Grenzen: heutiger Stand" in note
    assert not shared.locator("li[data-status=planned]").is_visible()
    shown = [int(text) for text in shared.locator(".state-count:visible").all_inner_texts()]
    states = list(areas.values())
    assert shown == [states.count("ongoing"), states.count("completed")]
    slider.press("ArrowRight")
    shared.wait_for_function("() => location.search === '?year=2010'")
    shared.locator("#year-clear").click()
    shows(shared, set(areas))
    shared.wait_for_function("() => location.search === ''")
    assert shared.locator("li[data-status=planned]").is_visible()


def test_an_answer_that_comes_late_does_not_take_back_the_year_chosen_since(page, site, client, held):
    hold, let_go = held
    page.goto(f"{site}/#{WHOLE}")
    page.wait_for_selector(READY)
    page.evaluate(DRAWN)
    hold("**/?programme=SOS*")
    open_filters(page)
    with page.expect_request("**/?programme=SOS*"):
        page.locator("#filter-programme").select_option("SOS")
    page.locator("#year-row input[type=range]").evaluate(TO_2009)
    assert let_go() == 1
    page.wait_for_function("() => location.search.includes('year=2009')")
    areas = {
        area["area_id"]: state(area, 2009)
        for area in all_areas(client)
        if "SOS" in (area["programmes"] or ())
    }
    shows(page, {area_id: f"status-{found}" for area_id, found in areas.items() if found})
    assert query_of(page) == {"programme": ["SOS"], "year": ["2009"]}
    assert page.locator("#filter-year").input_value() == "2009"
    drawn = page.evaluate("drawn")
    assert drawn
    assert all("2009" in told for told in drawn), "no other year was shown in between"


def test_what_is_chosen_right_after_back_builds_on_the_address_that_back_leads_to(page, site, client, held):
    hold, let_go = held
    page.goto(f"{site}/?q=Beispielgebiet#{WHOLE}")
    page.wait_for_selector(READY)
    open_filters(page)
    page.locator("#filter-programme").select_option("SOS")
    page.wait_for_function("() => location.search.includes('programme')")
    hold("**/?q=Beispielgebiet")
    with page.expect_request("**/?q=Beispielgebiet"):
        page.go_back()
    assert page.locator("#filter-programme").input_value() == "", "the form says what the address says"
    page.locator("#year-row input[type=range]").evaluate(TO_2009)
    assert let_go() == 1
    page.wait_for_function("() => location.search.includes('year=2009')")
    assert query_of(page) == {"q": ["Beispielgebiet"], "year": ["2009"]}
    shows(
        page,
        dict.fromkeys(expected(client, (("q", "Beispielgebiet"), ("year", "2009")))).keys(),
    )


def test_a_choice_that_finds_nothing_is_answered_in_words(shared, client):
    go_to(shared, f"/#{WHOLE}")
    open_filters(shared)
    shared.locator("#filter-q").fill("nirgendwo")
    shows(shared, set())
    assert "Kein Gebiet passt" in shared.locator("[data-part=result]").inner_text()
    assert "Kein Gebiet passt" in shared.locator("#map-message").inner_text()
    shared.locator("[data-part=result] a", has_text="Alle Gebiete").click()
    shows(shared, {area["area_id"] for area in all_areas(client)})
    assert shared.locator("#filter-q").input_value() == ""
