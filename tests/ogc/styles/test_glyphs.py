"""Glyphs and web fonts: made from a font of our own, in ranges as MapLibre asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from geo_service.ogc import glyphs
from geo_service.settings import Settings


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Read a protocol buffer: field numbers with integers or bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 2:
            length = varint()
            yield key >> 3, data[at : at + length]
            at += length
        else:
            yield key >> 3, varint()


def glyphs_of(api: FlaskClient, glyph_range: str) -> dict[str, dict[int, Any]]:
    data = api.get(f"/api/resources/fonts/Noto Sans Regular/{glyph_range}.pbf").data
    ((_, stack),) = fields(data)
    assert isinstance(stack, bytes)
    parts = list(fields(stack))
    assert parts[:2] == [(1, b"Noto Sans Regular"), (2, glyph_range.encode())]
    found = [dict(fields(part)) for number, part in parts if number == 3 and isinstance(part, bytes)]
    return {chr(one[1]): one for one in found if isinstance(one[1], int)}


def signed(value: int) -> int:
    return value >> 1 ^ -(value & 1)


def test_glyphs_of_german_and_english_are_there(api: FlaskClient) -> None:
    found = glyphs_of(api, "0-255") | glyphs_of(api, "256-511") | glyphs_of(api, "8192-8447")

    assert set("ABCXYZabcxyz0189 -/().,ÄÖÜäöüß§°éœŒłŠ–—„“”‚‘’…€") <= set(found)
    for glyph in found.values():
        if 2 in glyph:
            assert len(glyph[2]) == (glyph[3] + 6) * (glyph[4] + 6), "the picture has a margin of 3 pixels"


def test_a_glyph_is_a_distance_field_with_its_edge_at_three_quarters(api: FlaskClient) -> None:
    found = glyphs_of(api, "0-255")
    bar, letter, space = found["|"], found["H"], found[" "]

    assert 2 not in space
    assert space[7] > 0
    assert signed(letter[6]) == letter[4] - 26, "an H stands on the line, which lies an ascent of 26 below"
    rows = [bar[2][at : at + bar[3] + 6] for at in range(0, len(bar[2]), bar[3] + 6)]
    middle = rows[len(rows) // 2]
    brightest = max(middle)
    assert brightest >= 192, "inside"
    assert middle[0] < 192
    assert middle[-1] < 192
    assert list(middle[: middle.index(brightest) + 1]) == sorted(middle[: middle.index(brightest) + 1])
    steps = [middle[at + 1] - middle[at] for at in range(3)]
    assert all(abs(step - 255 / 8) <= 1 for step in steps), "8 pixels reach from the edge to nothing"


def test_holes_are_empty_and_composite_glyphs_complete(api: FlaskClient) -> None:
    found = glyphs_of(api, "0-255")

    ring = found["O"]
    width, height = ring[3] + 6, ring[4] + 6
    assert ring[2][height // 2 * width + width // 2] < 192
    assert found["Ä"][4] > found["A"][4] + 3, "the dots are above the letter"
    assert found["Ä"][7] == found["A"][7]


def test_a_range_without_glyphs_is_empty_rather_than_missing(api: FlaskClient) -> None:
    assert glyphs_of(api, "19968-20223") == {}


def test_the_font_is_known_in_a_list_of_wishes(api: FlaskClient) -> None:
    response = api.get("/api/resources/fonts/Other Font,Noto Sans Regular/0-255.pbf")

    assert response.status_code == 200


def test_web_fonts_lead_to_our_own_files(api: FlaskClient, style: dict[str, Any]) -> None:
    """Else ol-mapbox-style would ask a host of its own choice."""
    template = style["metadata"]["ol:webfonts"]
    url = template.replace("{font-family}", "noto-sans").replace("{fontweight}", "400")
    response = api.get(url.replace("{-fontstyle}", ""))

    assert response.headers["Content-Type"].startswith("text/css")
    names = re.findall(r'url\("([^"]+)"\)', response.text)
    assert len(names) == 2
    for name in names:
        font = api.get(f"/api/resources/fonts/noto-sans/{name}")
        assert font.data.startswith(b"wOFF")
        assert font.headers["Content-Type"] == "font/woff"


def test_the_font_is_under_an_open_licence(sample_settings: Settings) -> None:
    text = (sample_settings.vendor_dir / glyphs.FONT_DIR.parent / "LICENSE").read_text(encoding="utf-8")

    assert "SIL Open Font License, Version 1.1" in text
    assert "Noto Project Authors" in text
