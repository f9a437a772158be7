"""Every kind of page passes axe-core, in both languages, and in a dark or narrow window as well."""

import pytest

from tests.web.axe import assert_accessible, violations

AREA = "musterstadt-beispielgebiet-altstadt"
ITEMS = "/api/collections/programme-areas/items"
# One page of each kind. A new kind of page belongs here, or into a test of its own that calls axe.assert_accessible.
PAGES = {
    "map": "/",
    "list": "/profiles",
    "list without a match": "/profiles?q=nirgendwo",
    "profile": f"/profiles/{AREA}",
    "profile with gaps": "/profiles/dortmund-nordstadt",
    "unknown area": "/profiles/nowhere",
    "news": "/news",
    "news item": "/news/2020-03-30-staedtebaufoerderung-nrw-2020",
    "events": "/events",
    "event": "/events/2020-05-13-stadterneuerung-im-dialog",
    "network": "/network",
    "municipalities": "/municipalities?areas=1",
    "municipality": "/municipalities/05999001",
    "imprint": "/imprint",
    "data protection": "/privacy",
    "accessibility": "/accessibility",
    "withdrawn area": "/id/programme-area/musterstadt-beispielgebiet-alte-gaertnerei",
    "API": "/api",
    "conformance": "/api/conformance",
    "collections": "/api/collections",
    "collection": "/api/collections/programme-areas",
    "schema": "/api/collections/programme-areas/schema",
    "queryables": "/api/collections/programme-areas/queryables",
    "items": f"{ITEMS}?limit=10",
    "item": f"{ITEMS}/{AREA}",
    "tile sets": "/api/collections/programme-areas/tiles",
    "tile matrix sets": "/api/tileMatrixSets",
    "functions": "/api/functions",
    "definition": "/api/openapi",
    "QGIS": "/qgis",
}


@pytest.fixture(scope="module")
def visitor(browser, site):
    """Return a function that opens an address of the site in a window of its own kind."""
    contexts = {}

    def _visit(path, **window):
        key = tuple(sorted(window.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(
                viewport={"width": window.pop("width", 1280), "height": 900},
                reduced_motion="reduce",
                **window,
            )
        page = contexts[key].new_page()
        page.goto(f"{site}{path}")
        return page

    yield _visit
    for context in contexts.values():
        context.close()


def test_axe_finds_what_is_wrong(visitor):
    page = visitor("/profiles/nowhere?f=html")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=\"x.png\"><h4>Text</h4>'")
    found = violations(page)
    assert any("image-alt (critical)" in text and "img" in text for text in found), found
    assert any(text.startswith("page-has-heading-one") for text in found), found
    page.close()


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page_is_accessible(visitor, kind):
    page = visitor(f"{PAGES[kind]}{'&' if '?' in PAGES[kind] else '?'}lang=de&f=html", locale="de-DE")
    assert_accessible(page)
    page.close()


@pytest.mark.parametrize("kind", ["map", "list", "profile", "items", "QGIS"])
@pytest.mark.parametrize(
    "window", [{"locale": "en-GB", "width": 320}, {"locale": "en-GB", "color_scheme": "dark"}],
    ids=["narrow", "dark"],
)  # fmt: skip
def test_pages_are_accessible_in_english_narrow_and_dark(visitor, kind, window):
    page = visitor(f"{PAGES[kind]}{'&' if '?' in PAGES[kind] else '?'}lang=en&f=html", **window)
    assert_accessible(page)
    page.close()
