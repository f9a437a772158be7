"""The styles themselves: valid for MapLibre, and drawn with our own tiles, symbols and glyphs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright._impl._driver import compute_driver_executable

from geo_service.db.tile_layers import LAYERS
from geo_service.ogc.attribution import attribution_html
from geo_service.ogc.pygeoapi_api import OgcApi
from geo_service.settings import Settings
from tests.ogc.documents import get, links
from tests.ogc.styles.names import STYLE_IDS


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


def test_without_the_font_the_rest_of_the_style_is_there(
    make_api: Callable[[Settings], Flask], sample_settings: Settings
) -> None:
    api = make_api(sample_settings.model_copy(update={"vendor_dir": None})).test_client()

    assert api.get("/api/styles/status").status_code == 200
    assert api.get("/api/styles/status/legend?f=svg").status_code == 200
    assert api.get("/api/resources/fonts/Noto Sans Regular/0-255.pbf").status_code == 404
