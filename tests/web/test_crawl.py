"""From the first page over every link of the site, in both languages: none is broken, nothing is loaded from elsewhere."""

from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from geo_service.domain.code_lists import PROFILE_SECTION
from geo_service.web.navigation import ENTRIES
from tests.web.conftest import HTML
from tests.web.html import loaded, named

# Filters, orders and pages of a list are endless: so many of its addresses stand for the others.
VARIANTS = 12
# The API has a walk of its own (test_api_pages); of its features, so many stand for the others.
FEATURES = 40


def family(address):
    """Return what an address is one of many of, and how many of it are asked for; None: each is."""
    parts = urlsplit(address)
    if "/items/" in parts.path:
        return parts.path.rpartition("/")[0], FEATURES
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("lang="))
    if query or parts.path.startswith("/api"):
        return (parts.path if parts.path.startswith("/api") else f"{parts.path}?"), VARIANTS
    return None


def headings(html):
    return [e.text for e in named(html, "h2")]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(client, language):
    start = f"/?lang={language}"
    waiting, seen, counts, profiles = [start], {start}, Counter(), set()
    sections = [code.label.text(language) for code in PROFILE_SECTION]
    while waiting:
        path = waiting.pop()
        with client.get(path, headers={**HTML, "Accept-Language": language}) as answer:
            assert answer.status_code in (200, 303), path
            if answer.mimetype != "text/html" or answer.status_code != 200 or path.startswith("/api"):
                continue
            html = answer.text
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded(html)), path
        if path.startswith("/profiles/"):
            profiles.add(urlsplit(path).path)
            assert [text for text in headings(html) if text in sections] == sections, path
        for element in named(html, "a") + named(html, "link"):
            if element.attributes.get("hreflang") == "x-default":
                continue  # the same page in the language of the browser
            target = urldefrag(urljoin(path, element.attributes["href"]))[0]
            parts = urlsplit(target)
            if parts.scheme or parts.netloc or target in seen:
                continue  # a link out is no resource: a person follows it, not the browser
            if "lang=" in parts.query and f"lang={language}" not in parts.query:
                continue
            if (kind := family(target)) is not None:
                counts[kind[0]] += 1
                if counts[kind[0]] > kind[1]:
                    continue
            seen.add(target)
            waiting.append(target)
    paths = {urlsplit(each).path for each in seen}
    assert {entry.path for entry in ENTRIES} <= paths
    areas = client.get("/api/collections/programme-areas/items?limit=10000").get_json()["features"]
    addresses = {urlsplit(area["properties"]["profile_url"]).path for area in areas}
    assert addresses <= paths, "every area's profile is reached by links"
    assert profiles == addresses
    assert len(profiles) > 100
    assert sum(path.startswith("/municipalities/") for path in paths) == 398
    assert {"/news/2020-03-30-dritte-orte-zweite-phase", "/news/atom.xml"} <= paths
    assert "/events/2020-05-13-stadterneuerung-im-dialog.ics" in paths
