"""What the tests of the map page share: places, going there, and what the map then shows."""

from urllib.parse import parse_qs, urlsplit

AREA = "musterstadt-beispielgebiet-altstadt"
READY = "#map-view[data-ready=true]"
WHOLE = "map=7.00/51.40000/7.60000"
TO_2009 = "slider => { slider.value = 2009; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
SHOWN = (
    "() => [...new Map(programmeAreaMap.queryRenderedFeatures(undefined, {layers: ['area-point']})"
    ".map(f => [f.properties.area_id, String(f.layer.layout['icon-image'])])).entries()].sort()"
)


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
