"""What all maps share: towns glow only where nobody has imported their outlines."""

import pytest
from sqlalchemy import create_engine, text

from tests.factories import square
from tests.web.conftest import served

READY = "#feature-map[data-ready=true]"
PAGE = "/api/collections/programme-areas"
VISIBILITY = (
    "['municipality-glow', 'municipality-dot'].map(id => featureMap.getLayoutProperty(id, 'visibility'))"
)


def seen(page, layer):
    return page.evaluate(f"featureMap.queryRenderedFeatures({{layers: ['{layer}']}}).length")


@pytest.fixture(scope="module")
def site_with_outlines(cluster, clone, sample_template, make_app, make_settings):
    """Address of a service in which one town has an outline, of 40 km by 40 km."""
    name = clone(sample_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE registry.municipality SET outline = :outline WHERE ags = '05913000'"),
            {"outline": square(373_000, 5_690_000, 40_000)},
        )
    engine.dispose()
    app = make_app(make_settings(name))
    with served(app) as address:
        yield address
    app.extensions["geo_service"].engine.dispose()


def test_without_outlines_towns_glow(watched, site):
    watched.goto(f"{site}{PAGE}")
    watched.wait_for_selector(READY)
    watched.wait_for_function(f"() => {VISIBILITY}.every(one => one === 'visible')")
    watched.wait_for_function(
        "() => featureMap.queryRenderedFeatures({layers: ['municipality-dot']}).length > 50"
    )


def test_where_an_outline_was_imported_they_do_not(browser, site_with_outlines):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site_with_outlines}{PAGE}")
    page.wait_for_selector(READY)
    assert seen(page, "municipality-fill") > 0
    assert page.evaluate(VISIBILITY) == ["none", "none"]
    assert seen(page, "municipality-glow") == seen(page, "municipality-dot") == 0
    assert seen(page, "area-point") > 50
    context.close()
