"""The whole service, with a count of how often the application is entered, and one address of each kept answer."""

from __future__ import annotations

import re
import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_service.ogc.glyphs import FONT_FILES
from geo_service.ogc.resources import RESOURCES
from geo_service.settings import Settings
from geo_service.web.app import create_app

AREAS = "/api/collections/programme-areas"
# What is asked for each variable part of an address.
PARTS = {
    "collection_id": "programme-areas",
    "item_id": "ITEM",
    "tile_matrix_set_id": "WebMercatorQuad",
    "tile_matrix": "8",
    "tile_row": "85",
    "tile_col": "133",
    "z": "8",
    "x": "133",
    "y": "85",
    "code_list_id": "status",
    "style_id": "status",
    "sprite_name": "sprite",
    "font_stack": "Noto Sans Regular",
    "glyph_range_id": "0-255",
    "font_family": "noto-sans",
    "font_face": "400",
    "font_name": FONT_FILES[0].removesuffix(".woff"),
}
TILES = ("tile", "short_tile", "dataset_tile", "dataset_short_tile")
KEPT = {
    one.name: "/api" + re.sub(r"<(\w+)>", lambda part: PARTS[part[1]], one.rule)
    for one in RESOURCES
    if one.kept or one.name in TILES
}


class Service:
    """The whole service and who counts how often it is entered."""

    def __init__(self, settings: Settings) -> None:
        self.app: Flask = create_app(settings)
        self.entered = 0
        front = self.app.extensions["geo_service_front"]
        application = front._application

        def count(environ: Any, start_response: Any) -> Any:
            self.entered += 1
            return application(environ, start_response)

        front._application = count
        self.client: FlaskClient = self.app.test_client(use_cookies=False)

    def warm(self, address: str, **options: Any) -> TestResponse:
        """Ask until the answer is known, or for five seconds."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            before = self.entered
            response = self.client.open(address, **options)
            if self.entered == before:
                return response
            time.sleep(0.02)
        raise AssertionError(f"{address} ({options}) is entered again and again")

    def close(self) -> None:
        self.app.extensions["geo_service"].engine.dispose()
