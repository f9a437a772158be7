"""The map page in a real Chromium: areas are drawn, a click leads to the profile, nothing else is asked."""

from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.web.conftest import served

AREA = "musterstadt-beispielgebiet-altstadt"
READY = "#map-view[data-ready=true]"
# A driver's remark on the speed of software rendering, which only a machine without a GPU hears.
HARMLESS = ("GPU stall due to ReadPixels",)


@pytest.fixture
def watched(browser, site):
    """A page whose requests and complaints are recorded; none may go elsewhere, none may remain."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="de-DE", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on(
        "response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.status} {answer.url}")
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and not any(text in message.text for text in HARMLESS)
            and complaints.append(message.text)
        ),
    )
    yield page
    context.close()
    assert not complaints
    hosts = {urlsplit(url).netloc for url in requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(site).netloc}


def rendered(page, *layers):
    return page.evaluate(
        "layers => programmeAreaMap.queryRenderedFeatures(undefined, {layers})"
        ".map(feature => feature.properties)",
        list(layers),
    )


def test_the_map_shows_all_areas_towns_and_a_legend(watched, site):
    watched.goto(f"{site}/")
    watched.wait_for_selector(READY)
    shown = {properties["area_id"] for properties in rendered(watched, "area-point")}
    listed = watched.evaluate("document.querySelectorAll('#choose option[value]:not([value=\"\"])').length")
    assert len(shown) == listed > 100
    statuses = {properties.get("status") for properties in rendered(watched, "area-point")}
    assert statuses == {"planned", "ongoing", "completed", None}
    assert "Köln" in {properties["name"] for properties in rendered(watched, "city-label")}
    assert watched.locator(".legend li").count() >= 5
    assert not watched.locator("#map-list").is_visible()


def test_a_click_leads_to_the_profile_and_the_profile_back(watched, site):
    watched.goto(f"{site}/#area={AREA}")
    watched.wait_for_selector(READY)
    watched.wait_for_selector("#selection h2")
    watched.keyboard.press("Escape")
    assert not watched.locator("#selection").is_visible()
    position = watched.evaluate(
        "id => { const f = programmeAreaMap.querySourceFeatures('programme-areas',"
        " {sourceLayer: 'programme-area-points'}).find(f => f.properties.area_id === id);"
        " return programmeAreaMap.project(f.geometry.coordinates); }",
        AREA,
    )
    watched.locator("#map canvas").click(position=position)
    assert watched.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"
    assert urlsplit(watched.url).fragment == f"area={AREA}"
    watched.locator("#selection a.button").click()
    watched.wait_for_url(f"**/profiles/{AREA}")
    assert watched.locator("h1").inner_text() == "Beispielgebiet Altstadt"
    watched.locator(".map-card a.button").click()
    watched.wait_for_selector("#selection h2")
    assert watched.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"


def test_an_area_is_chosen_by_keyboard_alone(watched, site):
    watched.goto(f"{site}/?lang=en")
    watched.wait_for_selector(READY)
    watched.locator("#choose").focus()
    # Each letter chooses, so several answers are under way at once; the last choice is the one that counts.
    watched.keyboard.type("Beispielgebiet Altstadt")
    watched.wait_for_selector("#selection h2:text-is('Beispielgebiet Altstadt')")
    watched.wait_for_timeout(500)
    assert watched.locator("#selection .badge").inner_text().strip() == "ongoing"
    watched.locator("#selection a.button").focus()
    watched.keyboard.press("Enter")
    watched.wait_for_url(f"**/profiles/{AREA}?lang=en")


def test_enter_chooses_the_area_at_the_centre_of_the_map(watched, site):
    watched.goto(f"{site}/#area={AREA}")
    watched.wait_for_selector("#selection h2")
    watched.wait_for_selector(READY)
    watched.keyboard.press("Escape")
    place = "programmeAreaMap.jumpTo({center: programmeAreaMap.querySourceFeatures('programme-areas',"
    place += f" {{sourceLayer: 'programme-area-points'}}).find(f => f.properties.area_id === '{AREA}').geometry.coordinates}})"
    watched.evaluate(place)
    watched.wait_for_function("programmeAreaMap.loaded() && !programmeAreaMap.isMoving()")
    watched.locator("#map canvas").focus()
    watched.keyboard.press("Enter")
    assert watched.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"


def test_schematic_boundaries_are_dashed(watched, site):
    watched.goto(f"{site}/#area=dortmund-nordstadt")
    watched.wait_for_selector("#selection h2")
    watched.wait_for_selector(READY)
    schematic = {properties["area_id"] for properties in rendered(watched, "area-outline-schematic")}
    assert "dortmund-nordstadt" in schematic
    assert watched.evaluate("programmeAreaMap.getPaintProperty('area-outline-schematic', 'line-dasharray')")


def test_the_map_works_below_a_prefix_and_under_another_name_than_the_public_one(
    browser, make_app, vendor_settings
):
    app = make_app(vendor_settings.model_copy(update={"public_url": "https://example.org/geo"}))
    with served(DispatcherMiddleware(NotFound(), {"/geo": app})) as address:
        page = browser.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/geo/")
        page.wait_for_selector(READY)
        assert len(rendered(page, "area-point")) > 100
        assert all(url.startswith((f"{address}/geo/", "data:", "blob:")) for url in requests)
        page.close()


def test_an_unknown_area_in_the_address_is_said(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/#area=nowhere")
    page.wait_for_selector("#map-message:not([hidden])")
    page.close()


@pytest.mark.parametrize("language, sentence", [("de", "WebGL fehlt"), ("en", "WebGL is missing")])
def test_without_webgl_the_page_says_so_and_shows_the_list(launch, site, language, sentence):
    with launch("--disable-3d-apis") as browser:
        page = browser.new_page()
        page.goto(f"{site}/?lang={language}")
        page.wait_for_selector("html.no-map")
        assert sentence in page.locator("#fallback-note").inner_text()
        assert page.locator("#map-list a.area-link").count() > 100
        assert page.locator("#map-list a.area-link").first.is_visible()
        assert not page.locator("#map-view").is_visible()


def test_without_javascript_the_list_is_shown(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/?lang=de")
    assert "braucht JavaScript" in page.locator("#fallback-note").inner_text()
    assert page.locator("#map-list a.area-link").first.is_visible()
    context.close()


@pytest.mark.parametrize("path", ["/", "/profiles", f"/profiles/{AREA}", "/profiles/nowhere"])
def test_no_page_is_wider_than_a_telephone(browser, site, path):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_the_map_is_drawn_by_the_published_style_with_our_own_glyphs(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    asked = []
    page.on("response", lambda answer: asked.append((urlsplit(answer.url).path, answer.status)))
    page.goto(f"{site}/")
    page.wait_for_selector(READY)
    style = page.evaluate("programmeAreaMap.getStyle()")
    published = page.evaluate("fetch('/api/styles/status?lang=en').then(answer => answer.json())")
    context.close()
    assert ("/api/styles/status", 200) in asked
    assert ("/api/resources/fonts/Noto%20Sans%20Regular/0-255.pbf", 200) in asked
    assert any(path.startswith("/api/resources/sprite") and status == 200 for path, status in asked)
    assert style["name"] == published["name"] == "Programme areas by status"
    assert style["metadata"] == published["metadata"]
    shown = {layer["id"]: layer.get("paint") for layer in style["layers"]}
    assert {layer["id"]: layer.get("paint") for layer in published["layers"]} == shown
