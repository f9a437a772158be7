"""The map page in a real Chromium: filters and year, choosing, addresses, keyboard, and what stands in for a map."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.web.axe import assert_accessible
from tests.web.choices import CHOICES, all_areas, expected, filters_of, named, state
from tests.web.conftest import served

AREA = "musterstadt-beispielgebiet-altstadt"
READY = "#map-view[data-ready=true]"
WHOLE = "map=7.00/51.40000/7.60000"
# A driver's remark on the speed of software rendering, which only a machine without a GPU hears.
HARMLESS = ("GPU stall due to ReadPixels",)
SHOWN = (
    "() => [...new Map(programmeAreaMap.queryRenderedFeatures(undefined, {layers: ['area-point']})"
    ".map(f => [f.properties.area_id, String(f.layer.layout['icon-image'])])).entries()].sort()"
)
TO_2009 = "slider => { slider.value = 2009; slider.dispatchEvent(new Event('input', {bubbles: true})); }"


class Watch:
    """What a page has asked for and complained about."""

    def __init__(self, page):
        self.requests, self.complaints = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda answer: answer.status >= 400 and self.complaints.append(answer.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and not any(text in message.text for text in HARMLESS)
                and self.complaints.append(message.text)
            ),
        )

    def hosts(self):
        return {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}


@pytest.fixture(scope="module")
def window(browser):
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="de-DE", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared(window, site):
    """One page for all tests that need no fresh one; it goes from address to address as Back does."""
    page = window.new_page()
    watch = Watch(page)
    page.goto(f"{site}/#{WHOLE}")
    page.wait_for_selector(READY)
    yield page
    assert not watch.complaints
    assert watch.hosts() == {urlsplit(site).netloc}


@pytest.fixture
def page(window):
    made = window.new_page()
    yield made
    made.close()


def go_to(page, address):
    page.evaluate(
        "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }",
        address,
    )


def shows(page, wanted):
    """Wait until the map draws exactly these areas; with states as its symbols have them, if given."""
    script = f"wanted => JSON.stringify(({SHOWN})()) === JSON.stringify(wanted)"
    if not isinstance(wanted, dict):
        wanted = dict.fromkeys(wanted)
        script = f"wanted => JSON.stringify(({SHOWN})().map(([id]) => [id, null])) === JSON.stringify(wanted)"
    try:
        page.wait_for_function(script, arg=sorted(map(list, wanted.items())))
    except Exception as error:
        shown = dict(page.evaluate(SHOWN))
        raise AssertionError(
            f"missing {set(wanted) - set(shown)}, too many {set(shown) - set(wanted)}"
        ) from error


def open_filters(page):
    if not page.locator(".more-filters[open]").count():
        page.locator(".more-filters > summary").click()


def query_of(page):
    return parse_qs(urlsplit(page.url).query)


def fragment_of(page):
    return parse_qs(urlsplit(page.url).fragment)


def test_the_first_view_says_what_this_is_where_one_is_and_what_can_be_done(shared, client):
    shows(shared, {area["area_id"] for area in all_areas(client)})
    assert shared.locator("h1").inner_text() == "Karte der Programmgebiete"
    assert shared.locator("#search-q").is_visible()
    names = shared.evaluate(
        "programmeAreaMap.queryRenderedFeatures(undefined, {layers: ['city-label']}).map(f => f.properties.name)"
    )
    assert {"Köln", "Münster"} <= set(names)
    counts = [int(text) for text in shared.locator(".state-count").all_inner_texts()]
    assert sum(counts) == len(all_areas(client))
    assert not shared.locator("#map-list").is_visible()


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


# Everything that the symbols were told to show, in the order in which it was told.
DRAWN = (
    "() => { window.drawn = []; const set = programmeAreaMap.setFilter.bind(programmeAreaMap); programmeAreaMap.setFilter ="
    " (layer, filter) => { if (layer === 'area-point') drawn.push(JSON.stringify(filter ?? null)); return set(layer, filter); }; }"
)


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


def test_where_the_facts_of_an_area_cannot_be_had_the_panel_keeps_what_the_tiles_know(page, site):
    page.goto(f"{site}/?lang=de#map=13.20/51.52800/7.46700")
    page.wait_for_selector(READY)
    page.route("**/items/dortmund-nordstadt", lambda route: route.fulfill(status=503))
    page.locator("#visible summary").click()
    page.locator("#visible-list button", has_text="Dortmund-Nordstadt").click()
    page.wait_for_selector("#map-message:not([hidden])")
    assert page.locator("#selection dt").all_inner_texts() == ["Gemeinde", "Zeitraum"]
    assert page.locator("#selection a.button").is_visible()


@pytest.mark.parametrize(
    ("language", "control"), [("de", "Quellen ein- und ausblenden"), ("en", "Show or hide sources")]
)
def test_the_map_says_whose_data_it_shows_under_which_licence(page, site, client, language, control):
    page.goto(f"{site}/?lang={language}")
    page.wait_for_selector(READY)
    said = page.locator(".maplibregl-ctrl-attrib")
    metadata = client.get("/api/styles/status/metadata?f=json").get_json()
    assert metadata["license"] in said.inner_text()
    assert page.locator(".maplibregl-ctrl-attrib-button").get_attribute("aria-label") == control
    href = said.locator("a", has_text=metadata["license"]).get_attribute("href")
    licences = [
        one["href"] for one in client.get("/api?f=json").get_json()["links"] if one["rel"] == "license"
    ]
    assert licences == [href]


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


def test_an_unknown_area_in_the_address_and_a_mistake_in_the_form_are_said(page, site):
    page.goto(f"{site}/?lang=en#area=nowhere")
    page.wait_for_selector("#map-message:not([hidden])")
    assert page.locator("#map-message").inner_text() == "There is no such area."
    page.wait_for_selector(READY)
    page.locator("#filter-year").fill("3000")
    page.locator("#filter-year").press("Tab")
    page.wait_for_function(
        "() => document.getElementById('map-message').textContent.includes('1900 to 2100')"
    )
    assert "year" not in query_of(page)


def test_a_service_that_restarts_is_said_and_asked_again(page, site):
    page.goto(f"{site}/#{WHOLE}")
    page.wait_for_selector(READY)
    page.route("**/?*", lambda route: route.fulfill(status=503, body="<p>restarting</p>"))
    page.route("**/tiles/**", lambda route: route.fulfill(status=503))
    page.locator("li[data-status=unknown] input").uncheck()
    page.wait_for_function(
        "() => document.getElementById('map-message').textContent.includes('startet er neu')"
    )
    page.unroute("**/?*")
    page.evaluate("document.getElementById('filter').requestSubmit()")
    page.wait_for_function("() => location.search.includes('status')")
    page.unroute("**/tiles/**")
    page.wait_for_function(
        "() => programmeAreaMap.queryRenderedFeatures(undefined, {layers: ['area-point']}).length > 10"
    )


@pytest.mark.parametrize("granted", [True, False])
def test_the_own_place_is_shown_or_why_not(browser, site, granted):
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="de-DE",
        reduced_motion="reduce",
        geolocation={"longitude": 7.468, "latitude": 51.527, "accuracy": 20},
        permissions=["geolocation"] if granted else [],
    )
    page = context.new_page()
    page.goto(f"{site}/")
    page.wait_for_selector(READY)
    page.locator(".locate-button").click()
    words = "auf etwa 20 m" if granted else "gibt Ihren Standort nicht frei"
    page.wait_for_function(
        "words => document.getElementById('map-message').textContent.includes(words)", arg=words
    )
    if granted:
        page.wait_for_function("() => Math.abs(programmeAreaMap.getCenter().lat - 51.527) < 0.01")
    context.close()


def test_the_map_can_be_printed_with_legend_and_source(page, site):
    page.goto(f"{site}/?year=2008#area={AREA}")
    page.wait_for_selector("#selection h2")
    page.wait_for_selector(READY)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    canvas, sheet = (page.locator(one).bounding_box() for one in ("#map canvas", "body"))
    assert 0 < canvas["width"] <= sheet["width"]
    for shown in (
        ".legend li[data-status=ongoing]",
        ".year-note",
        ".map-source",
        "#print-address",
        "#selection",
    ):
        assert page.locator(shown).is_visible(), shown
    for hidden in (".site-nav", ".year-row", ".more-filters", ".maplibregl-ctrl-group", ".result-links"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.url in page.locator("#print-address").inner_text()
    drawn = page.evaluate(
        "() => { const c = document.createElement('canvas'); c.width = c.height = 64;"
        " const p = c.getContext('2d'); p.drawImage(programmeAreaMap.getCanvas(), 0, 0, 64, 64);"
        " return new Set(new Uint32Array(p.getImageData(0, 0, 64, 64).data.buffer)).size; }"
    )
    assert drawn > 5, "the picture is there after it was drawn"


@pytest.mark.parametrize(("language", "source"), [("de", "Quelle: "), ("en", "Source: ")])
def test_the_printed_list_says_what_was_chosen_and_where_it_comes_from(page, site, language, source):
    page.goto(f"{site}/profiles?status=ongoing&sort=-ha&lang={language}")
    paper = page.locator(".on-paper")
    assert not paper.is_visible()
    page.emulate_media(media="print")
    words = paper.inner_text()
    assert words.startswith(source)
    assert words.endswith(f"{site}/profiles?status=ongoing&sort=-ha")
    assert page.locator(".chips").is_visible()
    assert not page.locator("form.filter").is_visible()


def test_the_map_is_drawn_by_the_published_style_with_our_own_glyphs(shared, site):
    go_to(shared, f"/#{WHOLE}")
    shared.wait_for_function("() => programmeAreaMap.loaded()")
    style = shared.evaluate("programmeAreaMap.getStyle()")
    published = shared.evaluate("fetch('/api/styles/status?lang=de').then(answer => answer.json())")
    assert style["name"] == published["name"] == "Programmgebiete nach Status"
    assert style["metadata"] == published["metadata"]
    shown = {layer["id"]: layer.get("paint") for layer in style["layers"]}
    assert {layer["id"]: layer.get("paint") for layer in published["layers"]}.items() <= shown.items()
    schematic = shared.evaluate(
        "programmeAreaMap.getPaintProperty('area-outline-schematic', 'line-dasharray')"
    )
    assert schematic, "schematic boundaries are dashed"


def test_the_map_works_below_a_prefix_and_under_another_name_than_the_public_one(
    window, make_app, vendor_settings
):
    app = make_app(vendor_settings.model_copy(update={"public_url": "https://example.org/geo"}))
    with served(DispatcherMiddleware(NotFound(), {"/geo": app})) as address:
        page = window.new_page()
        watch = Watch(page)
        page.goto(f"{address}/geo/")
        page.wait_for_selector(READY)
        page.locator("li[data-status=unknown] input").uncheck()
        page.wait_for_function("() => location.search.includes('status')")
        assert urlsplit(page.url).path == "/geo/"
        assert all(url.startswith((f"{address}/geo/", "data:", "blob:")) for url in watch.requests)
        page.close()


@pytest.mark.parametrize(("language", "sentence"), [("de", "WebGL fehlt"), ("en", "WebGL is missing")])
def test_without_webgl_the_page_says_so_and_list_and_filters_work(launch, site, language, sentence):
    with launch("--disable-3d-apis") as browser:
        page = browser.new_page()
        page.goto(f"{site}/?lang={language}")
        page.wait_for_selector("html.no-map")
        assert sentence in page.locator("#fallback-note").inner_text()
        assert not page.locator("#map").is_visible()
        assert page.locator("#map-list a.area-link").first.is_visible()
        open_filters(page)
        page.locator("#filter-q").fill("Nordviertel")
        page.locator("#filter button[type=submit]").click()
        page.wait_for_url("**/?q=Nordviertel*")
        assert page.locator("#map-list a.area-link").count() == 2
        assert_accessible(page)


def test_without_javascript_list_and_filters_work(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}/?lang=de")
    assert "braucht JavaScript" in page.locator("#fallback-note").inner_text()
    page.locator("#filter-year").fill("2008")
    page.locator("#filter button[type=submit]").click()
    assert query_of(page) == {"year": ["2008"], "lang": ["de"]}
    assert page.locator("#map-list a.area-link").count() == 7
    assert "7 Gebiete" in page.locator("[data-part=result]").inner_text()
    page.goto(f"{site}/profiles?lang=de")
    page.locator("#filter-district").select_option(label="Dortmund")
    page.locator("#filter button[type=submit]").click()
    assert query_of(page) == {"district": ["Dortmund"], "lang": ["de"]}
    assert all("Dortmund" in text for text in page.locator("td.col-municipality").all_inner_texts())
    page.locator("th a", has_text="Fläche").click()
    assert query_of(page)["sort"] == ["ha"]
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/?year=2008",
            "/profiles",
            "/profiles?sort=-ha",
            f"/profiles/{AREA}",
            "/qgis?lang=de",
            "/qgis?lang=en",
        ),
        *("/municipalities", "/municipalities/05999001", "/news", "/network", "/privacy", "/accessibility"),
    ],
)
def test_no_page_is_wider_than_a_telephone(browser, site, path):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_page_with_everything_open_is_accessible(browser, site, scheme):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale="de-DE"
    )
    page = context.new_page()
    page.goto(f"{site}/?year=2008&q=Beispielgebiet#area={AREA}")
    page.wait_for_selector("#selection h2")
    page.wait_for_selector(READY)
    page.locator("#visible summary").click()
    page.wait_for_selector("#visible-list button")
    page.evaluate("document.querySelector('.more-filters').open = true")
    assert_accessible(page)
    context.close()
