"""Search, lookup and overlap in a real Chromium: drawing, keyboard alone, no JavaScript, no WebGL, narrow, dark, axe."""

import json

import pytest

from tests.web.axe import assert_accessible

READY = "#draw[data-ready=true]"
WIDE = "SRID=25832;POLYGON((460300 5657000, 462300 5657000, 462300 5658400, 461000 5658800, 460300 5657000))"


@pytest.fixture
def window(browser, site):
    """Return a function that opens an address in a window of its own kind."""
    contexts = []

    def _open(path, width=1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        context.set_default_timeout(60_000)  # a busy machine draws slowly
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}{path}")
        return page

    yield _open
    for context in contexts:
        context.close()


def check(page, plan):
    page.fill("#plan", plan)
    page.click("#plan-form button[value=html]")
    page.wait_for_selector("#verdict")


def test_a_polygon_is_drawn_by_clicks_and_checked(window):
    page = window("/overlap?lang=de")
    page.wait_for_selector(READY)
    page.evaluate("planMap.jumpTo({center: [8.45, 51.07], zoom: 15})")
    page.wait_for_function("() => planMap.loaded()")
    box = page.locator("#map canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for dx, dy in ((-60, -60), (60, -60), (60, 60), (-60, 60)):
        page.mouse.click(middle[0] + dx, middle[1] + dy)
        page.wait_for_timeout(400)  # two clicks within less are a double click
    assert page.locator("#draw").get_attribute("data-corners") == "4"
    assert page.locator("#draw-state").inner_text() == "Ecken: 4"
    page.get_by_role("button", name="Fläche schließen").click()
    plan = json.loads(page.input_value("#plan"))
    assert plan["type"] == "Polygon"
    assert len(plan["coordinates"][0]) == 5
    page.click("#plan-form button[value=html]")
    assert page.locator("#verdict").inner_text() == "Der Plan berührt ein Programmgebiet."
    assert "Beispielgebiet Altstadt" in page.locator(".numbers").inner_text()
    assert page.locator(".ask-sketch").is_visible()


def test_a_polygon_is_drawn_by_keyboard_alone(window):
    page = window("/overlap?lang=de")
    page.wait_for_selector(READY)
    page.evaluate("planMap.jumpTo({center: [8.45, 51.07], zoom: 16})")
    page.locator("#map canvas").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press("Enter")
        page.keyboard.press(key)
        page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    assert page.locator("#draw").get_attribute("data-corners") == "4"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Fläche schließen":
            break
    page.keyboard.press("Enter")
    assert json.loads(page.input_value("#plan"))["type"] == "Polygon"
    page.locator("#plan-form button[value=html]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    assert "Beispielgebiet Altstadt" in page.locator(".numbers").inner_text()


def test_what_is_pasted_is_shown_on_the_map(window):
    page = window("/overlap?lang=en")
    page.wait_for_selector(READY)
    page.fill(
        "#plan", '{"type":"Polygon","coordinates":[[[8.44,51.06],[8.46,51.06],[8.46,51.08],[8.44,51.06]]]}'
    )
    page.wait_for_function("() => planMap.getZoom() > 10")
    page.wait_for_function(
        "() => planMap.queryRenderedFeatures(undefined, {layers: ['plan-fill']}).length > 0"
    )
    page.fill("#plan", WIDE)
    assert "cannot show" in page.locator("#draw-state").inner_text()
    page.get_by_role("button", name="Clear").click()
    assert page.input_value("#plan") == ""


def test_files_can_be_had_of_an_answer_without_pasting_again(window):
    page = window("/overlap?lang=de", java_script_enabled=False)
    check(page, WIDE)
    with page.expect_download() as download:
        page.click(".downloads button[value=csv]")
    assert download.value.suggested_filename == "overlap.csv"
    assert "Summe ohne Doppelzählung" in download.value.path().read_text(encoding="utf-8-sig")


def test_without_javascript_everything_is_asked_and_answered(window, tmp_path):
    page = window("/overlap?lang=de", java_script_enabled=False)
    assert not page.locator("#draw").is_visible()
    plan = tmp_path / "plan.wkt"
    plan.write_text(WIDE)
    page.set_input_files("#file", plan)
    page.click("#plan-form button[value=html]")
    assert page.locator("#verdict").inner_text() == "Der Plan berührt 6 Programmgebiete."
    page.goto(page.url.replace("/overlap", "/lookup"))
    page.fill("#q", "8,45 51,07")
    page.keyboard.press("Enter")
    assert page.locator("#verdict").inner_text() == "Der Ort liegt in einem Programmgebiet."
    assert page.locator(".ask-sketch").is_visible()
    table = tmp_path / "orte.csv"
    table.write_text("lon;lat\n8,45;51,07\n")
    page.set_input_files("#table #file", table)
    with page.expect_download() as download:
        page.click("#table button[value=csv]")
    assert "Beispielgebiet Altstadt" in download.value.path().read_text(encoding="utf-8-sig")


def test_without_webgl_pasting_remains(launch, site):
    with launch("--disable-3d-apis") as browser:
        page = browser.new_page()
        page.goto(f"{site}/overlap?lang=de")
        assert not page.locator("#draw").is_visible()
        check(page, WIDE)
        assert page.locator(".numbers tbody tr").count() == 6


def test_a_fault_is_announced_beside_the_form_that_keeps_its_words(window):
    page = window("/lookup?q=51.527+7.468+x&lang=de")
    page = window("/lookup?lon=51.527&lat=7.468&lang=de")
    assert "vertauscht" in page.get_by_role("alert").inner_text()
    page = window("/overlap?lang=de")
    page.fill("#plan", "POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657700))")
    page.click("#plan-form button[value=html]")
    assert "EPSG:25832" in page.get_by_role("alert").inner_text()
    assert page.input_value("#plan").startswith("POLYGON")


@pytest.mark.parametrize(
    "options",
    [{"locale": "de-DE"}, {"locale": "en-GB", "width": 320}, {"locale": "de-DE", "color_scheme": "dark"}],
    ids=["wide", "narrow", "dark"],
)  # fmt: skip
@pytest.mark.parametrize(
    "path",
    [
        "/lookup",
        "/lookup?lon=7.468&lat=51.527",
        "/lookup?lon=8.45&lat=51.07",
        "/overlap",
        "/search?q=nordstadt",
        "/search?q=Nordstat",
        "/search?q=Kaiserstr.+5",
        "/api/processes/overlap?f=html",
        "/api/jobs?f=html",
    ],
)
def test_pages_are_accessible_and_fit(window, path, options):
    page = window(path, **options)
    if path == "/overlap":
        page.wait_for_selector(READY)
        assert_accessible(page)
        check(page, WIDE)
        page.wait_for_selector(READY)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_search_leads_to_the_section_by_keyboard_alone(window):
    page = window("/search?lang=de", java_script_enabled=False)
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("Nordstadt Hektar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Nordstadt+Hektar**")
    page.locator("main ol.hits a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/profiles/dortmund-nordstadt?lang=de#character")
