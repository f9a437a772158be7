"""Symbols and legend: the colours and words of the code lists, in every place that shows them."""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_service.domain.code_lists import GEOM_BASIS, STATUS
from geo_service.ogc import glyphs
from geo_service.ogc.map_style import PALETTE_KEY, UNKNOWN
from geo_service.settings import Settings
from tests.ogc.documents import get


def test_colours_patterns_and_symbols_of_the_layers_are_those_of_the_palette(
    api: FlaskClient, style: dict[str, Any]
) -> None:
    palette = style["metadata"][PALETTE_KEY]
    assert set(palette) == {*STATUS.codes, UNKNOWN}
    assert len({look["shape"] for look in palette.values()}) == 4, "colour is not the only mark"
    assert len({look["pattern"] for look in palette.values()}) == 4
    matches = [
        paint
        for layer in style["layers"]
        for name, paint in layer.get("paint", {}).items()
        if name in ("fill-color", "line-color") and paint[0] == "match"
    ]
    assert len(matches) == 3
    for match in matches:
        pairs = dict(zip(match[2:-1:2], match[3:-1:2], strict=True))
        assert pairs == {code: palette[code]["colour"] for code in STATUS.codes}
        assert match[-1] == palette[UNKNOWN]["colour"]
    symbols = set(re.findall(r'"((?:status|pattern)-[a-z]+)"', json.dumps(style["layers"])))
    for ratio in ("", "@2x"):
        index = get(api, f"/api/resources/sprite{ratio}.json")
        assert symbols <= set(index)
        picture = api.get(f"/api/resources/sprite{ratio}.png").data
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert all(one["x"] + one["width"] <= width and one["height"] <= height for one in index.values())


def test_grey_is_for_what_is_not_documented(style: dict[str, Any]) -> None:
    colour = style["metadata"][PALETTE_KEY][UNKNOWN]["colour"]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))

    assert max(red, green, blue) - min(red, green, blue) < 32


def test_only_the_outline_of_schematic_boundaries_is_dashed(style: dict[str, Any]) -> None:
    paint = {layer["id"]: layer["paint"] for layer in style["layers"]}

    assert "line-dasharray" in paint["area-outline-schematic"]
    assert "line-dasharray" not in paint["area-outline-official"]


def test_the_legend_says_what_the_code_lists_say(api: FlaskClient) -> None:
    palette = get(api, "/api/styles/status")["metadata"][PALETTE_KEY]
    for language in ("de", "en"):
        document = get(api, f"/api/styles/status/legend?lang={language}")
        status, outline = document["groups"]
        assert (status["field"], outline["field"]) == ("status", "geom_basis")
        labels = {one["code"]: one["title"] for one in status["entries"]}
        assert STATUS.null
        assert labels == {
            **{code.code: code.legend_label.text(language) for code in STATUS},
            None: STATUS.null.legend_label.text(language),
        }
        for one in status["entries"]:
            look = palette[one["code"] or UNKNOWN]
            assert one["symbol"]["colour"] == one["fill"]["colour"] == look["colour"]
            assert (one["symbol"]["shape"], one["fill"]["pattern"]) == (look["shape"], look["pattern"])
        assert {one["code"]: one["title"] for one in outline["entries"]} == {
            code.code: code.legend_label.text(language) for code in GEOM_BASIS
        }
        assert {one["code"]: bool(one["line"]["dashes"]) for one in outline["entries"]} == {
            "official": False,
            "schematic": True,
        }


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_drawn_legend_can_be_read_on_its_own(
    api: FlaskClient, sample_settings: Settings, language: str
) -> None:
    response = api.get(f"/api/styles/status/legend?f=svg&lang={language}")
    document = get(api, f"/api/styles/status/legend?lang={language}")

    svg = ET.fromstring(response.data)
    texts = ["".join(one.itertext()) for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    entries = [one["title"] for group in document["groups"] for one in group["entries"]]
    assert texts == [document["title"], *entries, document["description"]]
    fonts = glyphs.fonts(sample_settings.vendor_dir / glyphs.FONT_DIR)
    note = sum(fonts[0].glyph(one).advance for one in texts[-1] if one in fonts[0]) / fonts[0].units_per_em
    assert float(svg.attrib["width"]) > 16 + note * 12
    assert "http" not in response.text.replace("http://www.w3.org/2000/svg", "")


def test_a_browser_gets_the_drawing_for_an_image(api: FlaskClient) -> None:
    accept = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"

    response = api.get("/api/styles/status/legend", headers={"Accept": accept})

    assert response.headers["Content-Type"].partition(";")[0] == "image/svg+xml"
