"""The navigation in a real browser: a line on a desktop, a sheet behind a button on a telephone; no script."""

import pytest

from geo_service.web.navigation import ENTRIES


@pytest.fixture
def telephone(browser):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def test_on_a_desktop_every_entry_is_seen_in_one_line(browser, site):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="de-DE")
    page.goto(f"{site}/profiles")
    links = page.locator(".site-nav a")
    assert links.count() == len(ENTRIES) - sum(entry.group == "duties" for entry in ENTRIES)
    boxes = [link.bounding_box() for link in links.all()]
    assert all(box and box["width"] > 20 for box in boxes)
    assert len({round(box["y"]) for box in boxes}) == 1
    assert not page.locator(".menu-button").is_visible()
    page.close()


def test_on_a_telephone_the_menu_opens_by_key_and_closes_by_key(telephone, site):
    telephone.goto(f"{site}/profiles")
    nav = telephone.locator(".site-nav")
    assert not nav.is_visible()
    telephone.get_by_role("button", name="Menu", exact=True).focus()
    telephone.keyboard.press("Enter")
    assert nav.is_visible()
    telephone.keyboard.press("Tab")
    telephone.keyboard.press("Enter")
    assert not nav.is_visible(), "the first thing in the sheet closes it"
    telephone.get_by_role("button", name="Menu", exact=True).click()
    assert nav.get_by_role("link", name="Map").is_visible()
    telephone.keyboard.press("Escape")
    assert not nav.is_visible()


def test_on_a_telephone_the_menu_leads_on(telephone, site):
    telephone.goto(f"{site}/profiles/dortmund-nordstadt")
    telephone.get_by_role("button", name="Menu", exact=True).click()
    telephone.locator(".site-nav").get_by_role("link", name="Area profiles").click()
    assert telephone.url == f"{site}/profiles"


def test_the_skip_link_is_first_and_leads_to_the_content(browser, site):
    page = browser.new_page(viewport={"width": 320, "height": 640}, locale="en-GB")
    page.goto(f"{site}/profiles")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()
