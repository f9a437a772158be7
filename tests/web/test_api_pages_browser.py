"""Items in a real Chromium: the form by keyboard, pages, and a map that shows the features of the page."""

from urllib.parse import parse_qs, urlsplit

import pytest

ITEMS = "/api/collections/programme-areas/items"
READY = "#feature-map[data-ready=true]"


def drawn(page):
    """Return the identifiers of the features that the map has on its canvas."""
    return page.evaluate(
        "[...new Set(featureMap.queryRenderedFeatures({layers: ['feature-fill', 'feature-place', 'feature-point']})"
        ".map(feature => feature.properties.item))].sort()"
    )


def listed(page):
    return sorted(page.evaluate("[...document.querySelectorAll('tr[data-id]')].map(row => row.dataset.id)"))


def test_the_map_shows_the_features_of_the_page_and_no_other(watched, site):
    watched.goto(f"{site}{ITEMS}?municipality=Musterstadt&limit=8")
    watched.wait_for_selector(READY)
    assert len(listed(watched)) == 8
    assert drawn(watched) == listed(watched)
    watched.get_by_role("link", name="Nächste Seite").click()
    watched.wait_for_url("**cursor=**")
    watched.wait_for_selector(READY)
    assert len(listed(watched)) > 1
    assert drawn(watched) == listed(watched)


def test_the_form_is_filled_in_by_keyboard_alone(watched, site):
    watched.goto(f"{site}{ITEMS}?lang=en")
    watched.wait_for_selector(READY)
    watched.locator("#filter-municipality").focus()
    watched.keyboard.type("Dortmund")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.name") == "status"
    watched.keyboard.type("ongoing")
    watched.locator("#filter-municipality").focus()
    watched.keyboard.press("Enter")
    watched.wait_for_url("**municipality=Dortmund**")
    assert parse_qs(urlsplit(watched.url).query) == {
        "lang": ["en"],
        "municipality": ["Dortmund"],
        "status": ["ongoing"],
    }
    assert watched.locator(".chip").count() == 2
    assert "dortmund-nordstadt" in listed(watched)
    watched.wait_for_selector(READY)
    watched.locator(".chip").first.focus()
    watched.keyboard.press("Enter")
    watched.wait_for_url(lambda address: "municipality" not in address or "status" not in address)
    assert watched.locator(".chip").count() == 1


def test_the_part_of_the_map_becomes_the_box_of_the_filter(watched, site):
    watched.goto(f"{site}{ITEMS}")
    watched.wait_for_selector(READY)
    watched.evaluate("featureMap.jumpTo({center: [7.46, 51.51], zoom: 10})")
    watched.get_by_role("button", name="Ausschnitt als Filter übernehmen").click()
    values = watched.evaluate(
        "[...document.querySelectorAll('#filter-bbox input')].map(input => Number(input.value))"
    )
    west, south, east, north = values
    assert west < 7.46 < east
    assert south < 51.51 < north
    watched.get_by_role("button", name="Anwenden").click()
    watched.wait_for_url("**bbox=**")
    found = listed(watched)
    assert "dortmund-nordstadt" in found
    assert len(found) < 50


def test_table_and_map_point_at_each_other(watched, site):
    watched.goto(f"{site}{ITEMS}?municipality=Dortmund")
    watched.wait_for_selector(READY)
    row = watched.locator("tr[data-id=dortmund-nordstadt]")
    row.locator("a").focus()
    assert "shown" in row.get_attribute("class")
    assert watched.evaluate("featureMap.getFilter('feature-shown')")[2] == "dortmund-nordstadt"
    position = watched.evaluate("featureMap.project([7.46, 51.525])")
    watched.locator("#map canvas").click(position=position)
    assert watched.evaluate("document.activeElement.closest('tr')?.dataset.id") == "dortmund-nordstadt"


@pytest.mark.parametrize("query", ["", "?crs=http://www.opengis.net/def/crs/EPSG/0/25832"])
def test_an_item_has_its_map_whatever_reference_system_was_asked_for(watched, site, query):
    watched.goto(f"{site}{ITEMS}/dortmund-nordstadt{query}")
    watched.wait_for_selector(READY)
    assert drawn(watched) == ["dortmund-nordstadt"]
    lon, lat = watched.evaluate("featureMap.getCenter().toArray()")
    assert (round(lon, 1), round(lat, 1)) == (7.5, 51.5)


@pytest.mark.parametrize(
    "path", ["/api/collections/programme-areas", "/api/collections/programme-areas/tiles/WebMercatorQuad"]
)
def test_a_collection_has_a_map_of_its_tiles(watched, site, path):
    watched.goto(f"{site}{path}")
    watched.wait_for_selector(READY)
    assert watched.evaluate("featureMap.queryRenderedFeatures({layers: ['area-point']}).length") > 50


def test_without_javascript_everything_but_the_map_works(browser, site):
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    page.goto(f"{site}{ITEMS}")
    assert not page.locator("#feature-map").is_visible()
    page.select_option("#filter-status", "ongoing")
    page.fill("#filter-from", "2012-01-01")
    page.get_by_role("button", name="Anwenden").click()
    page.wait_for_url("**?status=ongoing&datetime=2012-01-01%2F..")
    assert page.locator("tr[data-id]").count() > 0
    page.locator("tr[data-id] a").first.click()
    page.locator("dl.properties").wait_for()
    page.get_by_role("link", name="Zum Stadtteilprofil").click()
    page.wait_for_url("**/profiles/*")
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/api", "/api/conformance", "/api/openapi", "/api/collections", "/api/collections/programme-areas",
        ITEMS, f"{ITEMS}?status=ongoing&datetime=2008-01-01/..&bbox=6.5,51.2,7.6,51.7", f"{ITEMS}/dortmund-nordstadt",
        "/api/collections/programme-areas/queryables", "/api/collections/programme-areas/tiles",
        "/api/collections/programme-areas/tiles/WebMercatorQuad", "/api/tileMatrixSets/WebMercatorQuad",
        "/api/codelists/programme", "/api/functions", "/api/collections?no-such=1",
    ],
)  # fmt: skip
def test_no_page_of_the_api_is_wider_than_a_telephone(browser, site, path):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
