"""What the map page says and does where something is wrong or missing: an area, the service, WebGL, JavaScript."""

import pytest

from tests.web.axe import assert_accessible
from tests.web.map_page.view import READY, WHOLE, open_filters, query_of


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
