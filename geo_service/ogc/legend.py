"""The legend: what symbols, fills and outlines mean, from the code lists, the palette and the map's own layers.

The drawings are SVG in boxes of 24 (symbol) and 40 by 24 units (area); pages use the same ones.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import orjson

from geo_service.domain import map_look
from geo_service.domain.code_lists import GEOM_BASIS, STATUS, Label
from geo_service.domain.map_look import Look, OutlineEntry, StatusEntry
from geo_service.errors import Message
from geo_service.ogc.links import JSON, link
from geo_service.ogc.map_style import MapStyle
from geo_service.ogc.negotiation import JSON_FORMAT, Format, Formats
from geo_service.ogc.responses import Answer
from geo_service.ogc.styles import DEFAULT_STYLE, LEGEND_TITLE, STYLES, SVG, find_style

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

SVG_FORMAT = Format("svg", (SVG,), Message("SVG", "SVG"), ".svg")
LEGEND_FORMATS: Formats = (JSON_FORMAT, SVG_FORMAT)
NOTE = Message("Symbol in der Übersicht, Fläche im Detail", "Symbol in the overview, area in detail")
LINE_COLOUR = "#3d4653"
LINE_WIDTH = 2.4


def status_entries(style: MapStyle) -> list[StatusEntry]:
    """Return the status in the order of the legend; the last is *not documented*."""
    return map_look.status_entries(style.style)


def outline_entries(style: MapStyle) -> list[OutlineEntry]:
    """Return the kinds of outlines."""
    return map_look.outline_entries(style.style)


def legend(api: OgcApi, request: OgcRequest, style_id: str) -> Answer:
    """Answer with the legend of a style as JSON or as a drawing that explains itself."""
    find_style(style_id)
    title = STYLES[DEFAULT_STYLE].title.text(request.language)  # the others differ in their tiles alone
    if request.chosen is SVG_FORMAT:
        return {"Content-Type": SVG}, 200, draw_legend(api.map_style, title, request.language)
    url = f"{api.base_url}/styles/{style_id}/legend"
    document = {
        "id": style_id,
        "title": title,
        "description": NOTE.text(request.language),
        "groups": _groups(api.map_style, request.language),
        "links": [
            link("self", JSON, request.url(url), LEGEND_TITLE.text(request.language)),
            *request.alternates(url),
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def _groups(style: MapStyle, language: str) -> list[dict[str, Any]]:
    status = [
        {
            "code": entry.code,
            **_label(entry.label, language),
            "symbol": {
                "image": f"status-{entry.key}",
                "shape": entry.look["shape"],
                "colour": entry.look["colour"],
            },
            "fill": {
                "colour": entry.look["colour"],
                "opacity": entry.look["opacity"],
                "pattern": entry.look["pattern"],
            },
        }
        for entry in status_entries(style)
    ]
    outlines = [
        {"code": entry.code, **_label(entry.label, language), "line": {"dashes": entry.dashes}}
        for entry in outline_entries(style)
    ]
    return [
        {"field": STATUS.name, "title": STATUS.title.text(language), "entries": status},
        {"field": GEOM_BASIS.name, "title": GEOM_BASIS.title.text(language), "entries": outlines},
    ]


def _label(label: Label, language: str) -> dict[str, Any]:
    return {"title": label.text(language), "label": {"de": label.de, "en": label.en}}


# --- drawing --------------------------------------------------------------------------------------


def draw_symbol(look: Look) -> str:
    """Draw a status symbol in a box of 24 by 24 units."""
    colour = escape(str(look["colour"]))
    shapes = {
        "circle": f'<circle cx="12" cy="12" r="7" fill="{colour}"/>',
        "square": f'<rect x="5.8" y="5.8" width="12.4" height="12.4" fill="{colour}"/>',
        "triangle": f'<path d="M12 4.2L19.6 18H4.4z" fill="{colour}"/>',
    }
    ring = f'<circle cx="12" cy="12" r="5.6" fill="#fff" stroke="{colour}" stroke-width="3"/>'
    return shapes.get(look["shape"], ring)


def draw_pattern(look: Look, pattern_id: str) -> str:
    """Draw the definition of a fill pattern, for a drawing's ``<defs>``; nothing where there is none."""
    colour = escape(str(look["colour"]))
    parts = {
        "hatch": f'<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="{colour}" stroke-width="1.8"/>',
        "dots": f'<circle cx="4" cy="4" r="1.7" fill="{colour}"/>',
    }
    if look["pattern"] not in parts:
        return ""
    return (
        f'<pattern id="{escape(pattern_id)}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f"{parts[look['pattern']]}</pattern>"
    )


def draw_area(look: Look, pattern_id: str) -> str:
    """Draw an area with fill, pattern and outline in a box of 40 by 24 units."""
    shape, colour = "M2 8L14 2l23 4-4 14-17 2z", escape(str(look["colour"]))
    pattern = draw_pattern(look, pattern_id)
    return (
        (f"<defs>{pattern}</defs>" if pattern else "")
        + f'<path d="{shape}" fill="{colour}" fill-opacity="{look["opacity"]}"/>'
        + (f'<path d="{shape}" fill="url(#{escape(pattern_id)})"/>' if pattern else "")
        + f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"/>'
    )


def draw_outline(entry: OutlineEntry) -> str:
    """Draw a piece of an outline in a box of 58 by 24 units."""
    dashes = " ".join(f"{length * LINE_WIDTH:g}" for length in entry.dashes)
    return f'<path d="M4 12h52" fill="none" stroke="{LINE_COLOUR}" stroke-width="{LINE_WIDTH}"' + (
        f' stroke-dasharray="{dashes}"/>' if dashes else "/>"
    )


def draw_legend(style: MapStyle, title: str, language: str) -> str:
    """Draw the legend as an SVG document: title, one row for each entry, and a note."""
    note = NOTE.text(language)
    rows = [
        (
            f'<g transform="translate(14 0)">{draw_symbol(entry.look)}</g>'
            f'<g transform="translate(44 0)">{draw_area(entry.look, f"pattern-{entry.key}")}</g>',
            entry.label.text(language),
        )
        for entry in status_entries(style)
    ] + [
        (f'<g transform="translate(20 0)">{draw_outline(entry)}</g>', entry.label.text(language))
        for entry in outline_entries(style)
    ]
    # Which font the reader has is unknown: wide ones need this much of an em for each character, bold ones more.
    widths = [len(title) * 16 * 0.68 + 32, len(note) * 12 * 0.62 + 32]
    width = round(max(*widths, *(len(label) * 14 * 0.62 + 112 for _, label in rows)))
    height = 50 + 30 * len(rows) + 32
    drawn = "".join(
        f'<g transform="translate(0 {50 + 30 * place})">{drawing}<text x="96" y="17">{escape(label)}</text></g>'
        for place, (drawing, label) in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" xml:lang="{language}" font-family="\'Noto Sans\', \'Segoe UI\', Arial, sans-serif" '
        f'font-size="14" fill="#1c2430"><title>{escape(title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="16" y="32" font-size="16" font-weight="bold">{escape(title)}</text>{drawn}'
        f'<text x="16" y="{height - 16}" font-size="12" fill="#4a5361">{escape(note)}</text></svg>'
    )
