"""The map style: read once from ``config/map-style.json``, its addresses filled in when it is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geo_service.domain.code_lists import STATUS
from geo_service.errors import ConfigError
from geo_service.settings import Settings
from geo_service.web.sprite import Sprite, draw_sprite

PALETTE_KEY = "geo-service:status"
UNKNOWN = "unknown"  # the palette's name for a status that is null
LEGEND_ORDER = ("ongoing", "completed", "planned", UNKNOWN)


@dataclass(frozen=True)
class MapStyle:
    """A checked style whose addresses still begin with ``{base}``, and its symbols by pixel ratio."""

    template: str
    palette: Mapping[str, Mapping[str, str]]
    sprites: Mapping[int, Sprite]

    def filled(self, base: str) -> str:
        """Return the style as JSON text with `base` (no slash at the end) as the service's address."""
        return self.template.replace("{base}", json.dumps(base)[1:-1])


def load_map_style(settings: Settings) -> MapStyle:
    """Read and check the style file and draw its symbols.

    Raises
    ------
    ConfigError
        The file is missing, no JSON, or its palette lacks a status.
    """
    path = settings.project_dir / "config" / "map-style.json"
    style = _read(path)
    palette = style.get("metadata", {}).get(PALETTE_KEY, {})
    missing = [status for status in (*STATUS.codes, UNKNOWN) if status not in palette]
    if missing:
        raise ConfigError(f"{path}: metadata.{PALETTE_KEY} lacks {', '.join(missing)}")
    if settings.background_tiles:
        _add_background(style, settings.background_tiles, settings.background_attribution)
    sprites = {ratio: draw_sprite(palette, ratio) for ratio in (1, 2)}
    return MapStyle(json.dumps(style, ensure_ascii=False), palette, sprites)


def background_origin(settings: Settings) -> str | None:
    """Return scheme and host of the background tiles for the content security policy, if there are any."""
    if not settings.background_tiles:
        return None
    parts = urlsplit(settings.background_tiles.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def _read(path: Path) -> dict[str, Any]:
    try:
        style = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"The map style {path} cannot be read: {error}") from error
    if not isinstance(style, dict) or not isinstance(style.get("layers"), list):
        raise ConfigError(f"The map style {path} is no MapLibre style: it has no layers")
    return style


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
