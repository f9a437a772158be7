"""The API definition's part on styles: addresses, parameters, schemas and responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from geo_service.errors import Message
from geo_service.ogc.glyphs import FONT_FILES, FONT_STACK, LAST_RANGE
from geo_service.ogc.legend import LEGEND_FORMATS
from geo_service.ogc.links import JSON
from geo_service.ogc.negotiation import HTML_FORMAT, JSON_FORMATS, Formats
from geo_service.ogc.openapi.parts import (
    BINARY,
    LINKS,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Document,
    enum_schema,
    format_parameter,
    get_operation,
    in_language,
    object_schema,
    path_parameter,
    schema_ref,
)
from geo_service.ogc.qgis_styles import QML_FORMAT
from geo_service.ogc.style_files import (
    CSS,
    CSS_FORMATS,
    FONT_FACE,
    FONT_FAMILY,
    PBF,
    PBF_FORMATS,
    PNG,
    PNG_FORMATS,
    SPRITES,
    WOFF,
    WOFF_FORMATS,
)
from geo_service.ogc.styles import MAPBOX_STYLE, STYLE_FORMATS, STYLES, SVG

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

TAG = "styles"

TEXTS = {
    TAG: Message("Kartenstile, Legenden und was sie brauchen", "Map styles, legends and what they need"),
    "list": Message("Alle Kartenstile", "All map styles"),
    "style": Message("Stil für MapLibre und andere", "Style for MapLibre and others"),
    "metadata": Message("Beschreibung eines Stils", "Description of a style"),
    "legend": Message("Legende eines Stils", "Legend of a style"),
    "sprite-index": Message(
        "Wo jedes Kartensymbol im Bild liegt", "Where each map symbol lies in the picture"
    ),
    "sprite": Message("Alle Kartensymbole in einem Bild", "All map symbols in one picture"),
    "glyphs": Message("256 Schriftzeichen für Beschriftungen", "256 characters for labels"),
    "font-face": Message("Schriftart für Webseiten", "Font for web pages"),
    "font-file": Message("Datei der Schriftart", "File of the font"),
    "f": Message("Format der Antwort", "Format of the answer"),
    "font-stack": Message(
        f"Gewünschte Schriften, durch Kommas getrennt; darunter {FONT_STACK}",
        f"Fonts wished for, separated by commas; {FONT_STACK} among them",
    ),
}
_FONTS = "/resources/fonts/{fontFamily}"
# Operation, text, parameters (formats stand for ``f``) and answer of each address.
OPERATIONS: dict[str, tuple[str, str, list[str | Formats], str]] = {
    "/styles": ("getStyles", "list", ["f"], "Styles"),
    "/styles/{styleId}": ("getStyle", "style", ["styleId", STYLE_FORMATS], "Stylesheet"),
    "/styles/{styleId}/metadata": ("getStyleMetadata", "metadata", ["styleId", "f"], "StyleMetadata"),
    "/styles/{styleId}/legend": ("getLegend", "legend", ["styleId", "fLegend"], "Legend"),
    "/resources/{spriteName}.json": (
        "getSpriteIndex",
        "sprite-index",
        ["spriteName", JSON_FORMATS],
        "SpriteIndex",
    ),
    "/resources/{spriteName}.png": ("getSprite", "sprite", ["spriteName", PNG_FORMATS], "Sprite"),
    "/resources/fonts/{fontStack}/{glyphRange}.pbf": (
        "getGlyphs",
        "glyphs",
        ["fontStack", "glyphRange", PBF_FORMATS],
        "Glyphs",
    ),
    f"{_FONTS}/{{fontFace}}.css": (
        "getFontFace",
        "font-face",
        ["fontFamily", "fontFace", CSS_FORMATS],
        "FontFace",
    ),
    f"{_FONTS}/{{fontName}}.woff": (
        "getFontFile",
        "font-file",
        ["fontFamily", "fontName", WOFF_FORMATS],
        "FontFile",
    ),
}
SCHEMAS: Document = {
    "styles": object_schema(
        {
            "default": STRING,
            "styles": {
                "type": "array",
                "items": object_schema(
                    {"id": STRING, "title": STRING, "links": {**LINKS, "minItems": 1}}, ["id", "links"]
                ),
            },
            "links": LINKS,
        },
        ["styles"],
    ),
    "stylesheet": object_schema(
        {
            "version": {"type": "integer", "enum": [8]},
            "name": STRING,
            "metadata": OBJECT,
            "sprite": STRING,
            "glyphs": STRING,
            "sources": OBJECT,
            "layers": OBJECTS,
        },
        ["version", "sources", "layers"],
    ),
    "styleMetadata": object_schema(
        {
            **dict.fromkeys(("id", "title", "description", "pointOfContact", "license", "version"), STRING),
            "keywords": STRINGS,
            "scope": enum_schema(["style"]),
            "stylesheets": OBJECTS,
            "layers": OBJECTS,
            "links": LINKS,
        },
        ["id"],
    ),
    "legend": object_schema(
        {"id": STRING, "title": STRING, "description": STRING, "groups": OBJECTS, "links": LINKS},
        ["id", "title", "groups", "links"],
    ),
}


def add_styles(definition: Document, api: OgcApi, language: str) -> None:
    """Add the addresses of styles and of their files to the definition."""
    text = in_language(TEXTS, language)
    for path, (operation_id, summary, parameters, success) in OPERATIONS.items():
        described = [
            format_parameter(one, text) if isinstance(one, tuple) else one for one in (*parameters, "lang")
        ]
        definition["paths"][path] = get_operation(operation_id, text[summary], described, success, TAG)
    definition["tags"].append({"name": TAG, "description": text[TAG]})
    components = definition["components"]
    components["parameters"] |= _parameters(api, text)
    components["schemas"] |= SCHEMAS
    components["responses"] |= _responses(api, text)


def _parameters(api: OgcApi, text: dict[str, str]) -> Document:
    ranges = [f"{number * 256}-{number * 256 + 255}" for number in range(LAST_RANGE + 1)]
    values: dict[str, tuple[str, Iterable[str]]] = {
        "styleId": ("style", STYLES),
        "spriteName": ("sprite", SPRITES),
        "fontStack": ("font-stack", [FONT_STACK]),
        "glyphRange": ("glyphs", ranges),
        "fontFamily": ("font-face", [FONT_FAMILY]),
        "fontFace": ("font-face", [FONT_FACE]),
        "fontName": ("font-file", [name.removesuffix(".woff") for name in FONT_FILES]),
    }
    described = {
        name: path_parameter(name, text[key], enum_schema(known)) for name, (key, known) in values.items()
    }
    return {"fLegend": format_parameter(api.offered(LEGEND_FORMATS), text), **described}


def _responses(api: OgcApi, text: dict[str, str]) -> Document:
    html = {HTML_FORMAT.media_type: {"schema": STRING}} if api.render_html else {}
    binary = {"schema": BINARY}

    def schema(name: str) -> Document:
        return {"schema": schema_ref(name)}

    return {
        "Styles": _described(text["list"], {JSON: schema("styles"), **html}),
        "Stylesheet": _described(
            text["style"], {MAPBOX_STYLE: schema("stylesheet"), QML_FORMAT.media_type: {"schema": STRING}}
        ),
        "StyleMetadata": _described(text["metadata"], {JSON: schema("styleMetadata"), **html}),
        "Legend": _described(text["legend"], {JSON: schema("legend"), SVG: {"schema": STRING}, **html}),
        "SpriteIndex": _described(text["sprite-index"], {JSON: {"schema": OBJECT}}),
        "Sprite": _described(text["sprite"], {PNG: binary}),
        "Glyphs": _described(text["glyphs"], {PBF: binary}),
        "FontFace": _described(text["font-face"], {f"{CSS}; charset=utf-8": {"schema": STRING}}),
        "FontFile": _described(text["font-file"], {WOFF: binary}),
    }


def _described(description: str, content: Document) -> Document:
    return {"description": description, "content": content}
