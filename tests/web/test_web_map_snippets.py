"""The pages that README.md gives to authors of web maps, each in a real Chromium on another origin.

The very text between the fences runs; only the address of the service is put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from pyproj import Transformer

from geo_service.settings import Settings
from tests.web.foreign import foreign_site, pixels, pointed_at, snippet, until
from tests.web.watching import watched_page

AREAS = {  # in the view of every page, with what the data says about them
    "dortmund-nordstadt": ("Dortmund-Nordstadt", "ongoing"),
    "dortmund-clarenberg": ("Clarenberg", None),
}
NOWHERE = (7.44, 51.495)  # in the view of every page, and in no area
WEB_MERCATOR_METRES = 40_075_016.685_578_5


@dataclass(frozen=True)
class Map:
    """How a page sees the world: coordinates of its view, metres to a pixel there, and where it writes a popup."""

    heading: str
    srid: int
    center: tuple[float, float]
    resolution: float
    popup: str
    language: str
    tiles: str

    def place(self, page: Page, lon: float, lat: float) -> tuple[float, float]:
        """Return the place on the screen."""
        transform = Transformer.from_crs("OGC:CRS84", f"EPSG:{self.srid}", always_xy=True).transform
        east, north = transform(lon, lat)
        middle_east, middle_north = self.center if self.srid == 25832 else transform(*self.center)
        box = page.locator("#map").bounding_box()
        assert box
        return (
            box["x"] + box["width"] / 2 + (east - middle_east) / self.resolution,
            box["y"] + box["height"] / 2 - (north - middle_north) / self.resolution,
        )


CENTER = (7.4687, 51.5257)
API = "/api/collections/programme-areas"
MAPS = (
    Map(
        "MapLibre GL", 3857, CENTER, WEB_MERCATOR_METRES / 512 / 2**11, ".maplibregl-popup-content p", "en",
        f"{API}/tiles/WebMercatorQuad/",
    ),
    Map("OpenLayers", 3857, CENTER, WEB_MERCATOR_METRES / 256 / 2**12, "#popup", "en", f"{API}/tiles/WebMercatorQuad/"),
    Map("OpenLayers in EPSG:25832", 25832, (393770, 5709400), 20, "#popup", "de", f"{API}/tiles/AdV_25832/"),
    Map("Leaflet", 3857, CENTER, WEB_MERCATOR_METRES / 256 / 2**12, ".leaflet-popup-content p", "en", f"{API}/items"),
)  # fmt: skip
LABELS = {
    "de": {"ongoing": "laufend", None: "Status nicht belegt"},
    "en": {"ongoing": "ongoing", None: "status not documented"},
}


@pytest.fixture(scope="module")
def foreign(site: str, vendor_settings: Settings) -> Iterator[str]:
    """Address of a web site with the pages of the README."""
    assert vendor_settings.vendor_dir
    pages = {f"/{number}.html": pointed_at(snippet(one.heading), site) for number, one in enumerate(MAPS)}
    with foreign_site(pages, vendor_settings.vendor_dir) as address:
        yield address


@pytest.fixture(params=range(len(MAPS)), ids=[one.heading for one in MAPS])
def shown(
    request: pytest.FixtureRequest, browser: Browser, foreign: str, site: str, tmp_path: Path
) -> Iterator[tuple[Map, Page, list[str]]]:
    """A page with its map, and the paths that it has asked the service for."""
    with watched_page(browser, {foreign, site}) as page:
        asked: list[str] = []
        page.on(
            "requestfinished",
            lambda one: asked.append(urlsplit(one.url).path) if one.url.startswith(site) else None,
        )
        page.goto(f"{foreign}/{request.param}.html", wait_until="networkidle")
        yield MAPS[request.param], page, asked


def test_the_page_shows_the_areas_and_leads_to_their_profiles(
    shown: tuple[Map, Page, list[str]], client: FlaskClient, site: str
) -> None:
    view, page, asked = shown
    until(page, lambda: any(path.startswith(view.tiles) for path in asked), "no tile was asked for")
    popup = page.locator(view.popup)

    for area_id, (name, status) in AREAS.items():
        lon, lat = client.get(f"{API.replace('areas', 'area-points')}/items/{area_id}").json["geometry"][
            "coordinates"
        ]
        place = view.place(page, lon, lat)

        def popup_tells(place: tuple[float, float] = place, name: str = name) -> bool:
            page.mouse.click(*place)
            page.wait_for_timeout(300)
            return popup.count() > 0 and name in popup.last.inner_text()

        until(page, popup_tells, f"no popup about {name} at {place}")
        assert f"{name}: {LABELS[view.language][status]}." in popup.last.inner_text()
        address = popup.last.locator("a").get_attribute("href")
        assert address == f"{site}/profiles/{area_id}"
        answer = page.request.get(address, headers={"Accept": "text/html"})
        assert answer.status == 200
        assert name in answer.text()


def test_the_page_draws_an_area_in_the_colour_of_its_status_and_nothing_beside_it(
    shown: tuple[Map, Page, list[str]], client: FlaskClient
) -> None:
    view, page, _ = shown
    inside, beside = (view.place(page, *place) for place in ((7.4625, 51.53), NOWHERE))

    def is_drawn() -> bool:
        (red, green, blue), ground = pixels(page, [inside, beside])
        return blue > red + 40 and blue > green + 10 and max(ground) - min(ground) < 20

    until(page, is_drawn, f"{pixels(page, [inside, beside])} is not blue on a plain ground")
    page.mouse.click(*beside)
    page.wait_for_timeout(500)
    assert not page.locator(view.popup).is_visible()


def test_the_legend_of_the_readme_is_a_picture(
    browser: Browser, site: str, vendor_settings: Settings
) -> None:
    assert vendor_settings.vendor_dir
    text = pointed_at(snippet("Legend, masterportal"), site)
    with (
        foreign_site({"/": f"<!doctype html><title>x</title>{text}"}, vendor_settings.vendor_dir) as foreign,
        watched_page(browser, {foreign, site}) as page,
    ):
        page.goto(foreign)
        width, height = page.evaluate(
            "async () => { const image = document.images[0]; await image.decode();"
            " return [image.naturalWidth, image.naturalHeight]; }"
        )
        assert width > 200
        assert height > 100
