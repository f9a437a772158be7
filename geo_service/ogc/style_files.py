"""What styles load besides tiles: symbols, glyphs and fonts. All of it comes from this service."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from geo_service.errors import Message, NotFoundError
from geo_service.ogc.glyphs import FONT_DIR, FONT_FACES, FONT_FILES, FONT_STACK, LAST_RANGE, glyph_range
from geo_service.ogc.known import FILE, unknown
from geo_service.ogc.links import JSON
from geo_service.ogc.negotiation import Format, Formats
from geo_service.ogc.responses import Answer, Content, content_etag

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

PNG, PBF, CSS, WOFF = "image/png", "application/x-protobuf", "text/css", "font/woff"


def _formats(name: str, *media_types: str) -> Formats:
    return (Format(name, media_types, Message(name.upper(), name.upper()), f".{name}"),)


PNG_FORMATS = _formats("png", PNG)
PBF_FORMATS = _formats("pbf", PBF, "application/octet-stream")
CSS_FORMATS = _formats("css", CSS)
WOFF_FORMATS = _formats("woff", WOFF, "application/font-woff", "application/octet-stream")
SPRITES = {"sprite": 1, "sprite@2x": 2}  # by pixel ratio, named as renderers name them
FONT_FAMILY = "noto-sans"
FONT_FACE = "400"
ONE_DAY = "public, max-age=86400"


def sprite_index(api: OgcApi, _request: OgcRequest, sprite_name: str) -> Answer:
    """Say where each symbol lies in the picture."""
    index = api.map_style.sprites[_pixel_ratio(sprite_name, ".json")].index
    return _file(JSON, orjson.dumps(index))


def sprite_picture(api: OgcApi, _request: OgcRequest, sprite_name: str) -> Answer:
    """Answer with the symbols, all in one picture."""
    return _file(PNG, api.map_style.sprites[_pixel_ratio(sprite_name, ".png")].png)


def glyphs(api: OgcApi, _request: OgcRequest, font_stack: str, glyph_range_id: str) -> Answer:
    """Answer with 256 characters of the font, if it is one of those that are wished for."""
    match = re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", glyph_range_id, re.ASCII)
    first, last = map(int, match.groups()) if match else (1, 0)
    if (
        FONT_STACK not in font_stack.split(",")
        or first % 256
        or last != first + 255
        or first > LAST_RANGE * 256
    ):
        raise unknown(
            FILE,
            f"{font_stack}/{glyph_range_id}.pbf",
            (f"{FONT_STACK}/0-255.pbf … {FONT_STACK}/65280-65535.pbf",),
        )
    directory = _font_dir(api)
    return _file(PBF, glyph_range(first // 256, directory), cache=ONE_DAY)


def font_face(_api: OgcApi, _request: OgcRequest, font_family: str, font_face: str) -> Answer:
    """Answer with the style sheet that loads the font, for clients that draw labels with web fonts."""
    if (font_family, font_face) != (FONT_FAMILY, FONT_FACE):
        raise unknown(FILE, f"{font_family}/{font_face}.css", (f"{FONT_FAMILY}/{FONT_FACE}.css",))
    rules = [
        f'@font-face {{ font-family: "Noto Sans"; font-style: normal; font-weight: 400; font-display: swap; '
        f'src: url("{one.file_name}") format("woff"); unicode-range: {one.unicode_range}; }}\n'
        for one in FONT_FACES
    ]
    return _file(f"{CSS}; charset=utf-8", "".join(rules), cache=ONE_DAY)


def font_file(api: OgcApi, _request: OgcRequest, font_family: str, font_name: str) -> Answer:
    """Answer with one file of the font."""
    name = f"{font_name}.woff"
    if font_family != FONT_FAMILY or name not in FONT_FILES:
        raise unknown(FILE, f"{font_family}/{name}", FONT_FILES)
    return _file(WOFF, (_font_dir(api) / name).read_bytes(), cache=ONE_DAY)


def _font_dir(api: OgcApi) -> Path:
    vendor_dir = api.settings.vendor_dir
    if vendor_dir is None or not all((vendor_dir / FONT_DIR / name).is_file() for name in FONT_FILES):
        raise NotFoundError(
            "the font was not installed (GEO_SERVICE_VENDOR_DIR)",
            Message("Die Schrift ist hier nicht eingerichtet.", "The font is not set up here."),
        )
    return vendor_dir / FONT_DIR


def _pixel_ratio(sprite_name: str, ending: str) -> int:
    if sprite_name not in SPRITES:
        raise unknown(FILE, f"{sprite_name}{ending}", (f"{name}{ending}" for name in SPRITES))
    return SPRITES[sprite_name]


def _file(media_type: str, content: Content, *, cache: str | None = None) -> Answer:
    """Answer with what is the same in every language."""
    headers = {
        "Content-Type": media_type,
        "Content-Language": "zxx",
        "Vary": "Accept",
        "ETag": content_etag(content),
    }
    return {**headers, **({"Cache-Control": cache} if cache else {})}, 200, content
