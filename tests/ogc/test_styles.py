"""Styles: valid for MapLibre, drawn with our own tiles, symbols and glyphs, and explained by their legend."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright._impl._driver import compute_driver_executable

from geo_service.db.tile_layers import LAYERS
from geo_service.domain.code_lists import GEOM_BASIS, STATUS
from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc import glyphs
from geo_service.ogc.attribution import attribution_html
from geo_service.ogc.map_style import PALETTE_KEY, UNKNOWN
from geo_service.ogc.pygeoapi_api import OgcApi
from geo_service.ogc.qgis_styles import QML_FORMAT
from geo_service.settings import Settings

STYLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/styles"
LEGEND_REL = "http://www.opengis.net/def/rel/ogc/1.0/legend"
MAPBOX_STYLE = "application/vnd.mapbox.style+json"
STYLE_IDS = ("status", "status-adv-25832")
FILES = (
    "/api/styles/status",
    "/api/styles/status/metadata",
    "/api/styles/status/legend?f=svg",
    "/api/resources/sprite.json",
    "/api/resources/sprite@2x.png",
    "/api/resources/fonts/Noto Sans Regular/0-255.pbf",
    "/api/resources/fonts/noto-sans/400.css",
    "/api/resources/fonts/noto-sans/noto-sans-latin-400-normal.woff",
)


def get(api: FlaskClient, path: str) -> dict[str, Any]:
    response = api.get(path)
    assert response.status_code == 200, path
    document: dict[str, Any] = response.json
    return document


def links(document: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    return [one for one in document["links"] if one["rel"] == rel]


@pytest.fixture(scope="module")
def style(api: FlaskClient) -> dict[str, Any]:
    return get(api, "/api/styles/status")


# --- the resources of the standard ------------------------------------------------------------------


def test_landing_page_and_collections_lead_to_the_styles(api: FlaskClient) -> None:
    for path in ("/api", "/api/collections/programme-areas", "/api/collections/municipalities"):
        (one,) = links(get(api, path), STYLES_REL)
        assert one["href"] == "http://localhost/api/styles"
        assert one["type"] == "application/json"
    declared = get(api, "/api/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/core" in declared


def test_every_style_of_the_list_has_a_stylesheet_metadata_and_a_legend(api: FlaskClient) -> None:
    document = get(api, "/api/styles?lang=en")

    assert tuple(one["id"] for one in document["styles"]) == STYLE_IDS
    assert document["default"] in STYLE_IDS
    for one in document["styles"]:
        stylesheet, qgis = links(one, "stylesheet")
        assert stylesheet["type"] == MAPBOX_STYLE
        assert qgis["type"] == QML_FORMAT.media_type
        (metadata,) = links(one, "describedby")
        legends = links(one, LEGEND_REL)
        assert {each["type"] for each in legends} == {"application/json", "image/svg+xml"}
        for each in (stylesheet, qgis, metadata, *legends):
            response = api.get(each["href"])
            assert response.status_code == 200
            assert response.headers["Content-Type"].partition(";")[0] == each["type"]
            assert response.headers["Content-Language"] == "en"
        assert get(api, stylesheet["href"])["name"] == one["title"]
        assert get(api, metadata["href"])["title"] == one["title"]


def test_metadata_names_the_layers_and_attributes_that_the_style_needs(api: FlaskClient) -> None:
    document = get(api, "/api/styles/status/metadata")

    assert document["id"] == "status"
    assert document["scope"] == "style"
    stylesheet, *qgis = document["stylesheets"]
    assert (stylesheet["version"], stylesheet["link"]["type"]) == ("8", MAPBOX_STYLE)
    assert [one["link"]["type"] for one in qgis] == [QML_FORMAT.media_type] * len(COLLECTIONS)
    assert all(api.get(one["link"]["href"]).status_code == 200 for one in qgis)
    needed = {layer["id"]: layer for layer in document["layers"]}
    assert {name: layer["geometryType"] for name, layer in needed.items()} == {
        "programme-areas": "polygons",
        "programme-area-points": "points",
        "municipalities": "polygons",
        "municipality-points": "points",
    }
    assert set(needed["programme-areas"]["propertiesSchema"]) == {"area_id", "status", "geom_basis"}
    assert needed["programme-areas"]["propertiesSchema"]["status"]["enum"] == list(STATUS.codes)
    for layer in needed.values():
        assert api.get(layer["sampleData"]["href"]).status_code == 200


def test_the_second_style_says_whom_it_is_for(api: FlaskClient) -> None:
    for language, sentence in (
        ("de", "MapLibre und Mapbox GL zeichnen nur WebMercatorQuad"),
        ("en", "MapLibre and Mapbox GL draw WebMercatorQuad only"),
    ):
        document = get(api, f"/api/styles/status-adv-25832/metadata?lang={language}")
        assert sentence in document["description"]


def test_what_is_not_there_is_a_404_that_names_what_is(api: FlaskClient) -> None:
    for path, hint in {
        "/api/styles/nothing": "status-adv-25832",
        "/api/styles/nothing/metadata": "status",
        "/api/styles/nothing/legend": "status",
        "/api/resources/sprite@3x.png": "sprite@2x.png",
        "/api/resources/fonts/Comic Sans/0-255.pbf": "Noto Sans Regular",
        "/api/resources/fonts/Noto Sans Regular/1-256.pbf": "0-255",
        "/api/resources/fonts/Noto Sans Regular/65536-65791.pbf": "0-255",
        "/api/resources/fonts/Noto Sans Regular/latin.pbf": "0-255",
        "/api/resources/fonts/noto-sans/700.css": "400.css",
        "/api/resources/fonts/noto-sans/other.woff": "latin",
    }.items():
        response = api.get(path)
        assert response.status_code == 404, path
        assert hint in response.json["detail"], path


@pytest.mark.parametrize("path", FILES)
def test_other_origins_may_load_everything_and_ask_again_in_short(api: FlaskClient, path: str) -> None:
    first = api.get(path, headers={"Origin": "https://map.example"})

    assert first.status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_style_is_given_to_those_who_ask_for_json_as_maplibre_does(api: FlaskClient) -> None:
    for accept in ("application/json", "*/*", MAPBOX_STYLE):
        response = api.get("/api/styles/status", headers={"Accept": accept})
        assert response.headers["Content-Type"] == MAPBOX_STYLE
    assert api.get("/api/styles/status", headers={"Accept": "application/vnd.ogc.sld+xml"}).status_code == 406


# --- the documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("style_id", STYLE_IDS)
def test_a_style_is_valid_for_maplibre(api: FlaskClient, sample_settings: Settings, style_id: str) -> None:
    """MapLibre's own specification judges, which comes with the map library; Playwright brings Node.js along."""
    assert sample_settings.vendor_dir, "GEO_SERVICE_VENDOR_DIR must name the directory with maplibre-gl"
    specification = sample_settings.vendor_dir / "@maplibre" / "maplibre-gl-style-spec" / "dist" / "index.mjs"
    program = f"""
        import {{ validateStyleMin }} from {json.dumps(specification.as_uri())};
        let text = "";
        for await (const part of process.stdin) text += part;
        console.log(JSON.stringify(validateStyleMin(JSON.parse(text)).map((error) => error.message)));
    """
    node = compute_driver_executable()[0]

    done = subprocess.run(
        [node, "--input-type=module", "--eval", program],
        input=api.get(f"/api/styles/{style_id}").data,
        capture_output=True,
        check=True,
    )

    assert json.loads(done.stdout) == []


def test_sources_layers_and_files_of_a_style_exist_and_belong_to_this_service(api: FlaskClient) -> None:
    for style_id in STYLE_IDS:
        style = get(api, f"/api/styles/{style_id}")
        loaded = {
            **style,
            "sources": [{**one, "attribution": None} for one in style["sources"].values()],
        }
        text = json.dumps(loaded)
        assert {urlsplit(url).netloc for url in re.findall(r'"(https?://[^"]+)"', text)} == {"localhost"}
        for layer in style["layers"]:
            if "source" in layer:
                layers = LAYERS[layer["source"]]
                assert layer["source-layer"] in {one.layer_id for one in layers}
        for ratio in ("", "@2x"):
            assert api.get(f"{style['sprite']}{ratio}.json").status_code == 200
        for layer in style["layers"]:
            for font in layer.get("layout", {}).get("text-font", ()):
                url = style["glyphs"].replace("{fontstack}", font).replace("{range}", "0-255")
                assert api.get(url).status_code == 200


def test_the_sources_of_a_style_say_whose_data_it_is_and_under_which_licence(api: FlaskClient) -> None:
    (licence,) = links(get(api, "/api"), "license")
    provider = get(api, "/api")["attribution"]
    for style_id in STYLE_IDS:
        sources = get(api, f"/api/styles/{style_id}")["sources"]
        (text,) = {source["attribution"] for source in sources.values()}
        assert text.startswith(f"{provider}, ")
        assert re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener">([^<]*)</a>', text) == [
            (licence["href"], licence["title"])
        ]


def test_names_in_the_metadata_are_text_and_no_markup() -> None:
    provider = {"name": "Stadt <A> & Söhne"}
    licence = {"name": "<b>", "url": 'https://example.org/?a=1&b="'}
    api = SimpleNamespace(config={"metadata": {"provider": provider, "license": licence}})
    text = attribution_html(cast(OgcApi, api))
    assert text.startswith("Stadt &lt;A&gt; &amp; Söhne, <a ")
    assert 'href="https://example.org/?a=1&amp;b=&quot;"' in text
    assert "<b>" not in text


def test_both_styles_have_the_same_layers_and_differ_in_their_tiles(api: FlaskClient) -> None:
    first, second = (get(api, f"/api/styles/{style_id}") for style_id in STYLE_IDS)

    assert first["layers"] == second["layers"]
    for style, scheme in ((first, "WebMercatorQuad"), (second, "AdV_25832")):
        assert style["metadata"]["geo-service:tileMatrixSet"] == scheme
        for source in style["sources"].values():
            (template,) = source["tiles"]
            assert f"/tiles/{scheme}/{{z}}/{{y}}/{{x}}" in template


def test_the_tiles_of_a_style_are_there_at_its_deepest_level(api: FlaskClient) -> None:
    for style_id in STYLE_IDS:
        style = get(api, f"/api/styles/{style_id}")
        for source in style["sources"].values():
            (template,) = source["tiles"]
            tileset = get(api, template.partition("/{z}")[0])
            limits = {one["tileMatrix"]: one for one in tileset["tileMatrixSetLimits"]}
            limit = limits[str(source["maxzoom"])]
            row, column = (
                (limit[f"minTile{axis}"] + limit[f"maxTile{axis}"]) // 2 for axis in ("Row", "Col")
            )
            url = template.format(z=source["maxzoom"], y=row, x=column)
            assert api.get(url).status_code in (200, 204), url


def test_addresses_carry_the_host_of_the_request(api: FlaskClient) -> None:
    text = api.get("/api/styles/status", base_url="https://geo.example/maps").text

    assert '"https://geo.example/maps/api/resources/sprite"' in text
    assert "localhost" not in text
    assert "{api}" not in text


# --- symbols and legend -----------------------------------------------------------------------------


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


# --- glyphs -----------------------------------------------------------------------------------------


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


def test_without_the_font_the_rest_of_the_style_is_there(
    make_api: Callable[[Settings], Flask], sample_settings: Settings
) -> None:
    api = make_api(sample_settings.model_copy(update={"vendor_dir": None})).test_client()

    assert api.get("/api/styles/status").status_code == 200
    assert api.get("/api/styles/status/legend?f=svg").status_code == 200
    assert api.get("/api/resources/fonts/Noto Sans Regular/0-255.pbf").status_code == 404
