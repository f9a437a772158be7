"""How the map looks: read once from ``config/map-style.json``, completed for each style that is published.

The file is a MapLibre style whose addresses begin with ``{api}`` and whose tiles name ``{tileMatrixSetId}``.
Its palette feeds symbols, patterns and the legend, so that they cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from geo_service.domain import map_look
from geo_service.domain.map_look import LEGEND_ORDER, PALETTE_KEY, UNKNOWN
from geo_service.ingest.style_file import read_map_style
from geo_service.ogc.sprite import Sprite, draw_sprite
from geo_service.settings import Settings

__all__ = ["LEGEND_ORDER", "PALETTE_KEY", "UNKNOWN", "MapStyle", "background_origin", "load_map_style"]

TILE_MATRIX_SET_KEY = "geo-service:tileMatrixSet"
WEB_FONTS_KEY = "ol:webfonts"  # where ol-mapbox-style, which draws with web fonts, finds ours


@dataclass(frozen=True)
class MapStyle:
    """A checked style with gaps for its addresses, and its symbols by pixel ratio."""

    style: Mapping[str, Any]
    palette: Mapping[str, Mapping[str, str]]
    sprites: Mapping[int, Sprite]

    def completed(
        self,
        api_url: str,
        name: str,
        tile_matrix_set_id: str,
        max_levels: Mapping[str, int],
        attribution: str,
    ) -> bytes:
        """Return the style document.

        Parameters
        ----------
        api_url : str
            Address of the API, without a slash at the end.
        name : str
            What the style is called.
        max_levels : mapping
            The last level whose tiles are asked for, by source; deeper ones are drawn from it.
        attribution : str
            What maps show as the source of all that names none of its own, as HTML.
        """
        metadata = {
            **self.style["metadata"],
            TILE_MATRIX_SET_KEY: tile_matrix_set_id,
            WEB_FONTS_KEY: "{api}/resources/fonts/{font-family}/{fontweight}{-fontstyle}.css",
        }
        sources = {
            source_id: {
                "attribution": attribution,
                **source,
                "maxzoom": max_levels.get(source_id, source.get("maxzoom", 22)),
            }
            for source_id, source in self.style["sources"].items()
        }
        style = {**self.style, "name": name, "metadata": metadata, "sources": sources}
        text = orjson.dumps(style, option=orjson.OPT_INDENT_2)
        return text.replace(b"{api}", json.dumps(api_url)[1:-1].encode()).replace(
            b"{tileMatrixSetId}", tile_matrix_set_id.encode()
        )

    def layer(self, layer_id: str) -> Mapping[str, Any]:
        """Return one layer of the style."""
        return map_look.layer(self.style, layer_id)


def load_map_style(settings: Settings) -> MapStyle:
    """Read and check the style file and draw its symbols.

    Raises
    ------
    ConfigError
        The file is missing, no JSON, or its palette lacks a status.
    """
    style = read_map_style(settings)
    palette = style["metadata"][PALETTE_KEY]
    if settings.background_tiles:
        _add_background(style, settings.background_tiles, settings.background_attribution)
    return MapStyle(style, palette, {ratio: draw_sprite(palette, ratio) for ratio in (1, 2)})


def background_origin(settings: Settings) -> str | None:
    """Return scheme and host of the background tiles for the content security policy, if there are any."""
    if not settings.background_tiles:
        return None
    parts = urlsplit(settings.background_tiles.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def _add_background(style: dict[str, Any], tiles: str, attribution: str) -> None:
    """Put raster tiles right above the plain background colour; municipal areas then only keep their outline."""
    style["sources"]["background-tiles"] = {
        "type": "raster",
        "tiles": [tiles],
        "tileSize": 256,
        "attribution": attribution,
    }
    layer = {
        "id": "background-tiles",
        "type": "raster",
        "source": "background-tiles",
        "paint": {"raster-saturation": -0.7, "raster-opacity": 0.75},
    }
    layers = [each for each in style["layers"] if each["id"] != "municipality-fill"]
    style["layers"] = [layers[0], layer, *layers[1:]]
