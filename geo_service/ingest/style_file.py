"""The map style as a file: read and checked, for the map and for everything that is drawn like it."""

from __future__ import annotations

import json
from typing import Any

from geo_service.domain.code_lists import STATUS
from geo_service.domain.map_look import PALETTE_KEY, UNKNOWN
from geo_service.errors import ConfigError
from geo_service.settings import Settings


def read_map_style(settings: Settings) -> dict[str, Any]:
    """Read ``config/map-style.json``.

    Raises
    ------
    ConfigError
        The file is missing, no JSON, no MapLibre style, or its palette lacks a status.
    """
    path = settings.project_dir / "config" / "map-style.json"
    try:
        style = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"The map style {path} cannot be read: {error}") from error
    if not isinstance(style, dict) or not isinstance(style.get("layers"), list):
        raise ConfigError(f"The map style {path} is no MapLibre style: it has no layers")
    palette = style.setdefault("metadata", {}).get(PALETTE_KEY, {})
    missing = [status for status in (*STATUS.codes, UNKNOWN) if status not in palette]
    if missing:
        raise ConfigError(f"{path}: metadata.{PALETTE_KEY} lacks {', '.join(missing)}")
    return style
