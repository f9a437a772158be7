"""The map page as a whole: what it shows at first, its style, sources, print, place and address."""

from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.web.axe import assert_accessible
from tests.web.choices import all_areas
from tests.web.conftest import served
from tests.web.map_page.view import AREA, READY, WHOLE, go_to, shows
from tests.web.watching import Watch


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
