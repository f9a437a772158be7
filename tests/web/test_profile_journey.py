"""From the map to an area, its profile, a document and back, in a real Chromium: by mouse, by keyboard, on paper."""

import io
from urllib.parse import urlsplit

import pypdf
import pytest

from geo_service.domain.code_lists import PROFILE_SECTION
from tests.web.axe import assert_accessible
from tests.web.map_page.view import AREA, READY

DOCUMENT = "kurzfassung-handlungskonzept.pdf"
# What is on the map in a place where a click can only mean the area.
PLACE = (
    "id => { const f = programmeAreaMap.querySourceFeatures('programme-areas',"
    " {sourceLayer: 'programme-area-points'}).find(f => f.properties.area_id === id);"
    " return programmeAreaMap.project(f.geometry.coordinates); }"
)


def tab_to(page, selector, words="", limit=150):
    """Press the tabulator until `selector` (with `words` in it) has the focus, and see that the focus can be seen."""
    is_there = "([selector, words]) => (e => e.matches(selector) && e.textContent.includes(words))(document.activeElement)"
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(is_there, [selector, words]):
            style = "(({outlineStyle, outlineWidth}) => outlineStyle + outlineWidth)(getComputedStyle(document.activeElement))"
            assert not page.evaluate(style).startswith("none"), f"the focus on {selector} is not seen"
            return
    raise AssertionError(f"the tabulator does not reach {selector}")


@pytest.mark.parametrize("language", ["de", "en"])
def test_by_mouse(watched, site, language):
    watched.goto(f"{site}/?lang={language}#area={AREA}")
    watched.wait_for_selector(READY)
    watched.wait_for_selector("#selection h2")
    watched.keyboard.press("Escape")
    watched.locator("#map canvas").click(position=watched.evaluate(PLACE, AREA))
    watched.locator("#selection a.button").click()
    watched.wait_for_url(f"**/profiles/{AREA}?lang={language}")
    title = next(entry.label.text(language) for entry in PROFILE_SECTION if entry.code == "materials")
    watched.get_by_role("navigation").get_by_role("link", name=title, exact=True).click()
    assert urlsplit(watched.url).fragment == "materials"
    with watched.expect_download() as started:
        watched.locator(".documents a").first.click()
    assert started.value.suggested_filename == DOCUMENT
    content = started.value.path().read_bytes()
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1
    watched.locator(".map-card a.button").click()
    watched.wait_for_selector("#selection h2")
    assert watched.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"
    assert watched.evaluate("document.documentElement.lang") == language


def test_by_keyboard_alone(watched, site):
    watched.goto(f"{site}/?q=Beispielgebiet&lang=en")
    watched.wait_for_selector(READY)
    tab_to(watched, "#visible summary")
    watched.keyboard.press("Enter")
    watched.wait_for_selector("#visible-list button")
    tab_to(watched, "#visible-list button", "Beispielgebiet Altstadt")
    watched.keyboard.press("Enter")
    watched.wait_for_selector("#selection h2:text-is('Beispielgebiet Altstadt')")
    tab_to(watched, "#selection a.button")
    watched.keyboard.press("Enter")
    watched.wait_for_url(f"**/profiles/{AREA}?lang=en")
    tab_to(watched, ".skip")
    watched.keyboard.press("Enter")
    tab_to(watched, ".contents a[href='#materials']")
    watched.keyboard.press("Enter")
    tab_to(watched, ".documents a")
    with watched.expect_download() as started:
        watched.keyboard.press("Enter")
    assert started.value.suggested_filename == DOCUMENT
    watched.keyboard.press("Control+Home")
    watched.evaluate("document.activeElement.blur()")
    tab_to(watched, ".map-card .map-foot a")
    watched.keyboard.press("Enter")
    watched.wait_for_selector("#selection h2")
    assert watched.locator("#selection h2").inner_text() == "Beispielgebiet Altstadt"


def printed(browser, address):
    page = browser.new_page()
    page.goto(address)
    content = page.pdf(format="A4", print_background=False)
    page.close()
    return pypdf.PdfReader(io.BytesIO(content))


@pytest.mark.parametrize(
    ("language", "source", "words"),
    [
        ("de", "Abgrenzung: Fiktives Beispiel", ("Meilensteine", "20.05.2008", "Fassungen der Abgrenzung")),
        ("en", "Boundary: Fiktives Beispiel", ("Milestones", "20 May 2008", "Versions of the boundary")),
    ],
)
def test_on_paper_the_map_and_its_source_are_there(browser, site, language, source, words):
    reader = printed(browser, f"{site}/profiles/{AREA}?lang={language}")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert source in text
    for word in (*words, "Beispielgebiet Altstadt", f"/id/programme-area/{AREA}"):
        assert word in text
    assert "OGC API" not in text, "navigation is not for paper"
    assert 2 <= len(reader.pages) <= 5
    # The map is drawn: its lines and fills are vectors of the first page, hundreds of them.
    drawing = reader.pages[0].get_contents().get_data()
    assert drawing.count(b" l\n") > 100
    assert b"500" in drawing or "500 m" in text, "the scale of the map"


@pytest.mark.parametrize("area_id", [AREA, "dortmund-nordstadt", "gelsenkirchen-hassel-westerholt-bertlich"])
@pytest.mark.parametrize("width", [320, 768])
def test_a_profile_fits_and_is_accessible_in_narrow_windows(browser, site, area_id, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site}/profiles/{area_id}?lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    context.close()
