"""What the scripts that draw maps need; it stands in the page as JSON, never as a script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo_service.ogc.styles import DEFAULT_STYLE
from geo_service.web.assets import library_version
from geo_service.web.page import Page


def map_settings(page: Page, texts: Iterable[str]) -> dict[str, Any]:
    """Return what every map needs: addresses of the service, the style and the library, and the script's own `texts`.

    The style speaks the language of the page, whatever the browser would ask for.
    """
    return {
        "base": page.base,
        "prefix": page.prefix,
        "language": page.language,
        "languageQuery": f"?lang={page.language}" if page.chosen else "",
        "style": f"/api/styles/{DEFAULT_STYLE}?lang={page.language}",
        "library": f"{page.prefix}/vendor/maplibre-gl/maplibre-gl.mjs?v={library_version()}",
        "texts": {key.partition(".")[2]: page.text(key) for key in texts},
    }
