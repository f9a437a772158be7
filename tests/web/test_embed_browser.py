"""The snippet for an iframe from README.md, and what people do in the frame: a real Chromium, from another origin."""

import pytest

from tests.web.axe import assert_accessible
from tests.web.choices import all_areas, state
from tests.web.foreign import foreign_site, pointed_at, snippet, until
from tests.web.watching import watched_page

READY = "html[data-ready=true]"
PAGE = '<!doctype html><html lang="en"><title>Somebody</title><style>body {{ margin: 0 }}</style><body>{}</body></html>'


def frame_page(source, width=640, height=420):
    return PAGE.format(
        f'<iframe src="{source}" title="Map" style="width:{width}px;height:{height}px;border:0"></iframe>'
    )


@pytest.fixture
def framed(browser, site, vendor_settings):
    """Return a function that shows an address of the service in a frame of another site."""
    opened = []

    def _framed(query, width=640, height=420, **context):
        pages = foreign_site(
            {"/": frame_page(f"{site}/embed{query}", width, height)}, vendor_settings.vendor_dir
        )
        foreign = pages.__enter__()
        opened.append(pages)
        watching = watched_page(browser, {foreign, site}, **context)
        page = watching.__enter__()
        opened.append(watching)
        page.goto(foreign)
        return page, page.frames[1]

    yield _framed
    while opened:
        opened.pop().__exit__(None, None, None)


def drawn(frame):
    return frame.evaluate(
        "[...new Set(embeddedMap.queryRenderedFeatures({layers: ['area-fill', 'area-point']})"
        ".map(one => one.properties.area_id))].sort()"
    )


def test_the_snippet_of_the_readme_shows_the_areas_of_the_town(browser, site, vendor_settings):
    text = pointed_at(snippet("In an iframe"), site)
    with (
        foreign_site({"/": PAGE.format(text)}, vendor_settings.vendor_dir) as foreign,
        watched_page(browser, {foreign, site}) as page,
    ):
        page.goto(foreign)
        frame = page.frames[1]
        frame.wait_for_selector(READY)
        assert frame.inner_text("h1") == "Programme areas in Dortmund"
        assert drawn(frame) == ["dortmund-clarenberg", "dortmund-nordstadt", "dortmund-scharnhorst-ost"]
        assert page.locator("iframe").get_attribute("title")


def test_another_page_of_the_service_is_refused_in_a_frame(browser, site, vendor_settings):
    pages = {"/": frame_page(f"{site}/profiles")}
    with foreign_site(pages, vendor_settings.vendor_dir) as foreign:
        page = browser.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(foreign)
        until(page, lambda: any("frame-ancestors" in text for text in said), "nothing refused the frame")
        assert "Stadtteilprofil" not in page.frames[1].content()
        page.close()


def test_only_the_chosen_areas_are_drawn(framed):
    _, frame = framed("?status=ongoing&lang=de")
    frame.wait_for_selector(READY)
    assert set(
        frame.evaluate(
            "embeddedMap.queryRenderedFeatures({layers: ['area-point']}).map(one => one.properties.status)"
        )
    ) == {"ongoing"}
    assert frame.locator(".embed-legend li[data-status]").count() == 1


def test_a_year_is_drawn_as_the_state_in_that_year(framed, client):
    page, frame = framed("?year=2008&lang=en")
    frame.wait_for_selector(READY)
    areas = {area["area_id"]: state(area, 2008) for area in all_areas(client)}
    wanted = {area_id: f"status-{found}" for area_id, found in areas.items() if found}
    symbols = (
        "Object.fromEntries(embeddedMap.queryRenderedFeatures({layers: ['area-point']})"
        ".map(one => [one.properties.area_id, String(one.layer.layout['icon-image'])]))"
    )
    until(page, lambda: frame.evaluate(symbols) == wanted, "another state is drawn")
    # Ongoing today as well as then, or completed since: the panel says what was.
    since = next(
        area
        for area in all_areas(client)
        if area["status"] == "completed" and areas[area["area_id"]] == "ongoing"
    )
    lon, lat = client.get(f"/api/collections/programme-area-points/items/{since['area_id']}").get_json()[
        "geometry"
    ]["coordinates"]
    frame.evaluate("place => embeddedMap.jumpTo({center: place, zoom: 13})", [lon, lat])
    until(page, lambda: since["area_id"] in drawn(frame), "the area is not drawn")
    frame.locator("#map canvas").press("Enter")
    frame.wait_for_selector("#selection h2")
    assert frame.inner_text("#selection h2") == since["name"]
    assert "ongoing (2008)" in frame.inner_text("#selection")


@pytest.mark.parametrize("language, words", [("de", "laufend"), ("en", "ongoing")])
def test_a_click_tells_about_the_area_and_leads_out_to_its_profile(framed, site, language, words):
    page, frame = framed(f"?ags=05913000&lang={language}")
    frame.wait_for_selector(READY)
    x, y = frame.evaluate(
        "() => { const place = embeddedMap.project([7.4625, 51.53]); const box = embeddedMap.getCanvas().getBoundingClientRect();"
        " return [place.x + box.x, place.y + box.y]; }"
    )
    page.mouse.click(x, y)
    frame.wait_for_selector("#selection h2")
    assert frame.inner_text("#selection h2") == "Dortmund-Nordstadt"
    assert words in frame.inner_text("#selection")
    with page.context.expect_page() as opened:
        frame.click("#selection a")
    profile = opened.value
    profile.wait_for_load_state("domcontentloaded")
    assert profile.url == f"{site}/profiles/dortmund-nordstadt?lang={language}"
    assert profile.evaluate("window.opener") is None
    assert profile.evaluate("window.top === window")


def test_everything_works_by_keyboard(framed):
    page, frame = framed("?area=dortmund-nordstadt&lang=en")
    frame.wait_for_selector(READY)
    assert frame.evaluate("embeddedMap.getFilter('area-selected')")[2] == "dortmund-nordstadt"
    frame.locator("#list-toggle").focus()
    page.keyboard.press("Enter")
    assert frame.locator("#list li a").first.is_visible()
    assert frame.get_attribute("#list-toggle", "aria-expanded") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not frame.locator("#list li a").first.is_visible()
    assert frame.evaluate("document.activeElement.id") == "list-toggle"
    page.keyboard.press("Escape")
    assert not frame.locator("#selection").is_visible()
    frame.locator("#map canvas").focus()
    until(page, lambda: drawn(frame), "nothing is drawn")
    page.keyboard.press("Enter")
    frame.wait_for_selector("#selection h2")
    assert frame.inner_text("#selection h2") == "Dortmund-Nordstadt"


def test_the_wheel_scrolls_the_page_around_it_and_not_the_map(browser, site, vendor_settings):
    text = frame_page(f"{site}/embed?lang=de").replace("</body>", '<p style="height: 3000px"></p></body>')
    with (
        foreign_site({"/": text}, vendor_settings.vendor_dir) as foreign,
        watched_page(browser, {foreign, site}) as page,
    ):
        page.goto(foreign)
        frame = page.frames[1]
        frame.wait_for_selector(READY)
        zoom = frame.evaluate("embeddedMap.getZoom()")
        page.mouse.move(300, 200)
        page.mouse.wheel(0, 400)
        until(page, lambda: page.evaluate("scrollY") > 100, "the page does not scroll")
        assert frame.evaluate("embeddedMap.getZoom()") == zoom
        assert "Strg" in frame.inner_text(
            ".maplibregl-cooperative-gesture-screen .maplibregl-desktop-message"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["?ags=05913000&lang=de&area=dortmund-nordstadt", "?lang=en&year=2008"])
def test_no_rule_of_accessibility_is_broken(browser, site, query, scheme):
    with watched_page(browser, {site}, color_scheme=scheme) as page:
        page.goto(f"{site}/embed{query}")
        page.wait_for_selector(READY)
        assert_accessible(page)
        page.click("#list-toggle")
        assert_accessible(page)


def test_a_fault_is_accessible_too(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/embed?zoom=99&lang=de")
    assert_accessible(page)
    page.close()


@pytest.mark.parametrize(
    "query",
    [
        "?ags=05913000",
        "?lang=en",
        "?lang=de&year=2008",
        "?area=musterstadt-beispielgebiet-altstadt",
        "?zoom=99",
    ],
)
def test_it_fits_a_telephone(browser, site, query):
    context = browser.new_context(viewport={"width": 320, "height": 400})
    page = context.new_page()
    page.goto(f"{site}/embed{query}")
    if "zoom" not in query:
        page.wait_for_selector(READY)
        assert page.locator("#map").bounding_box()["height"] > 120
        assert page.evaluate("document.documentElement.scrollHeight") <= 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_without_javascript_there_is_the_list(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/embed?ags=05913000&lang=de")
    assert page.locator("#list li a").count() == 3
    assert page.locator("#list li a").first.is_visible()
    assert not page.locator("#list-toggle").is_visible()
    assert not page.locator("#map").is_visible()
    context.close()


def test_without_webgl_there_is_the_list_and_the_reason(launch, site):
    with launch("--disable-3d-apis") as blind:
        page = blind.new_page(locale="en-GB")
        page.goto(f"{site}/embed?ags=05913000")
        page.wait_for_selector("html.no-map")
        assert "WebGL" in page.inner_text("#note")
        assert page.locator("#list li a").first.is_visible()
        assert not page.locator("#map").is_visible()
        assert_accessible(page)
