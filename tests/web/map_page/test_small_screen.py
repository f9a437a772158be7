"""The map page on a telephone: what is drawn can be seen, and what can be done with an area is at hand."""

import base64

import pytest

from tests.web.map_page.view import AREA, READY


@pytest.fixture(scope="module")
def telephone(browser, site):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="de-DE", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{site}/#area={AREA}")
    page.wait_for_selector(READY)
    page.wait_for_selector("#selection h2")
    # The view has gone to the area when the address no longer waits for anything to be drawn.
    page.wait_for_function("() => !programmeAreaMap.isMoving() && programmeAreaMap.areTilesLoaded()")
    yield page
    context.close()


def seen(page, *places):
    """Return the colours of pixels as they are on the screen; another page reads them from its picture."""
    picture = base64.b64encode(page.screenshot()).decode()
    script = """async ([picture, places]) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const copy = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
        const context = copy.getContext('2d');
        context.drawImage(image, 0, 0);
        return places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
    }"""
    reader = page.context.new_page()
    try:
        return reader.evaluate(script, [picture, places])
    finally:
        reader.close()


def drawn(page, x, y):
    """Return the colour of a pixel as the map has drawn it."""
    script = """([x, y]) => {
        const canvas = programmeAreaMap.getCanvas(), box = canvas.getBoundingClientRect();
        const copy = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
        copy.drawImage(canvas, x - box.x, y - box.y, 1, 1, 0, 0, 1, 1);
        return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }"""
    return page.evaluate(script, [x, y])


def test_the_chosen_area_is_seen_between_the_cards(telephone):
    middle = telephone.evaluate(
        """id => {
            const box = document.getElementById('map').getBoundingClientRect();
            const [found] = programmeAreaMap.querySourceFeatures('programme-areas', {
              sourceLayer: 'programme-area-points', filter: ['==', ['get', 'area_id'], id] });
            const { x, y } = programmeAreaMap.project(found.geometry.coordinates);
            return [Math.round(x + box.x), Math.round(y + box.y)];
        }""",
        AREA,
    )
    info = telephone.locator("#map-info").bounding_box()
    panel = telephone.locator("#selection").bounding_box()
    assert info["y"] + info["height"] < middle[1] < panel["y"]
    # Beside its name, which lies in the middle.
    places = [[middle[0] - 50, middle[1] + 30], [middle[0] - 40, middle[1] + 45]]
    for (x, y), colour in zip(places, seen(telephone, *places), strict=True):
        differences = [abs(one - other) for one, other in zip(colour, drawn(telephone, x, y), strict=True)]
        assert max(differences) < 10


def test_the_whole_area_lies_between_the_cards(telephone):
    top, bottom = telephone.evaluate(
        """async id => {
            const feature = await (await fetch(`/api/collections/programme-areas/items/${id}?f=json`)).json();
            const edge = document.getElementById('map').getBoundingClientRect().y;
            const heights = feature.geometry.coordinates.flat(2).map(place => programmeAreaMap.project(place).y + edge);
            return [Math.min(...heights), Math.max(...heights)];
        }""",
        AREA,
    )
    info = telephone.locator("#map-info").bounding_box()
    panel = telephone.locator("#selection").bounding_box()
    assert info["y"] + info["height"] <= top < bottom <= panel["y"]


def test_the_way_to_the_profile_is_at_hand_without_scrolling(telephone):
    panel = telephone.locator("#selection").bounding_box()
    button = telephone.locator("#selection .actions a.button").bounding_box()
    assert panel["y"] < button["y"]
    assert button["y"] + button["height"] <= panel["y"] + panel["height"]
    assert telephone.locator("#selection").evaluate("panel => panel.scrollTop") == 0


def test_while_the_map_is_on_its_way_the_page_says_so(browser, site):
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="de-DE")
    page = context.new_page()
    held = []
    page.route("**/api/styles/status**", lambda route: held.append(route))
    page.goto(f"{site}/")
    loading = page.locator(".map-loading")
    loading.wait_for()
    assert loading.inner_text() == "Die Karte wird geladen …"
    while not held:
        page.wait_for_timeout(50)
    held.pop().continue_()
    page.wait_for_selector(READY)
    assert not loading.is_visible()
    context.close()
