"""Pages other than the usual window: none is wider than a telephone, and the list on paper says what it is."""

import pytest

from tests.web.map_page.view import AREA


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


@pytest.mark.parametrize("language", ["de", "en"])
def test_neither_the_navigation_nor_the_list_is_cut_off_at_any_width(browser, site, language):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/profiles?lang={language}")
    for width in (700, 910, 1039, 1041, 1100, 1180, 1200, 1230, 1250, 1280, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        table = page.locator(".scroll")
        assert table.evaluate("box => box.scrollWidth - box.clientWidth") <= 0, width
    context.close()


@pytest.mark.parametrize(("language", "source"), [("de", "Quelle: "), ("en", "Source: ")])
def test_the_printed_list_says_what_was_chosen_and_where_it_comes_from(watched, site, language, source):
    watched.goto(f"{site}/profiles?status=ongoing&sort=-ha&lang={language}")
    paper = watched.locator(".on-paper")
    assert not paper.is_visible()
    watched.emulate_media(media="print")
    words = paper.inner_text()
    assert words.startswith(source)
    assert words.endswith(f"{site}/profiles?status=ongoing&sort=-ha")
    assert watched.locator(".chips").is_visible()
    assert not watched.locator("form.filter").is_visible()
