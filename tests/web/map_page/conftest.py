"""Windows with the map page: one that is loaded once and goes from address to address, and fresh ones."""

from urllib.parse import urlsplit

import pytest

from tests.web.map_page.view import READY, WHOLE
from tests.web.watching import Watch


@pytest.fixture(scope="module")
def window(browser):
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="de-DE", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared(window, site):
    """One page for all tests that need no fresh one; it goes from address to address as Back does."""
    page = window.new_page()
    watch = Watch(page)
    page.goto(f"{site}/#{WHOLE}")
    page.wait_for_selector(READY)
    yield page
    assert not watch.complaints
    assert watch.hosts() == {urlsplit(site).netloc}


@pytest.fixture
def page(window):
    made = window.new_page()
    yield made
    made.close()
