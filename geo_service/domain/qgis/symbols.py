"""Symbols of QGIS, drawn as the map draws them: fills with patterns, outlines, point symbols with a halo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from geo_service.domain.map_look import (
    CELL,
    DOT_RADIUS,
    HALO,
    HATCH_WIDTH,
    MILLIMETRES_PER_PIXEL,
    OUTLINE_LAYERS,
    PATTERN_ALPHA,
    PATTERN_CELL,
    RING_WIDTH,
    SYMBOL_SIZE,
    Look,
    Style,
    layer,
    outline_entries,
    scale_at,
    value_at,
)
from geo_service.domain.qgis.xml import column, data_defined, element, option, quoted

WHITE = "#ffffff"
DRAWN_AT = 12  # the zoom level whose widths and sizes are taken where the map's depend on the scale
HALF_CELL = CELL / 2


def millimetres(pixels: float) -> float:
    """Return CSS pixels in millimetres, to a hundredth."""
    return round(pixels * MILLIMETRES_PER_PIXEL, 2)


def colour(code: str, alpha: float = 1.0) -> str:
    """Return a colour ``#rrggbb`` as QGIS writes it."""
    red, green, blue = (int(code[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(alpha * 255)}"


def symbol(kind: str, *layers: Element, name: str = "0") -> Element:
    """Return a symbol (``fill``, ``line`` or ``marker``) of layers, the first at the bottom."""
    attributes = {"type": kind, "name": name, "alpha": 1, "clip_to_extent": 1, "force_rhr": 0}
    return element("symbol", attributes, data_defined({}), *layers)


def status_area(look: Look, style: Style) -> Element:
    """Return the symbol of an area: fill, pattern and outline, dashed where its basis has dashes."""
    fill = _fill(look["colour"], look["opacity"])
    return symbol("fill", fill, *_pattern(look), *outlines(look["colour"], style))


def status_point(look: Look, style: Style, visible_if: str = "") -> Element:
    """Return the symbol of a point, its shape telling the status as its colour does, smaller in the overview."""
    shape, size = look["shape"], SYMBOL_SIZE.get(look["shape"], SYMBOL_SIZE["circle"])
    names = {"circle": "circle", "square": "rectangle", "triangle": "equilateral_triangle"}
    # QGIS measures the triangle by the circle around it, of which it fills three quarters in height.
    diameter = (size * 2 / 0.75 if shape == "triangle" else size * 2) * HALF_CELL
    halo = diameter + 2 * HALO * HALF_CELL * (2 if shape == "triangle" else 1)
    name, shrinks = names.get(shape, "circle"), _size_factor(style)
    bottom = _marker(name, WHITE, halo, shrinks=shrinks, visible_if=visible_if)
    if shape in names:
        return symbol(
            "marker", bottom, _marker(name, look["colour"], diameter, shrinks=shrinks, visible_if=visible_if)
        )
    ring = RING_WIDTH * HALF_CELL
    top = _marker(
        name, WHITE, diameter - ring, stroke=look["colour"], stroke_width=ring, visible_if=visible_if
    )
    return symbol("marker", bottom, top)


def dot(code: str, radius: float) -> Element:
    """Return a plain point; `radius` is in pixels."""
    return symbol("marker", _marker("circle", code, 2 * radius))


def plain_area(fill: str, outline: str, width: float) -> Element:
    """Return an area of one colour with an outline; `width` is in pixels."""
    return symbol("fill", _fill(fill, 1), _line(outline, millimetres(width)))


def outlines(code: str, style: Style) -> list[Element]:
    """Return one line for each kind of outline; the basis of the boundary decides which of them is drawn."""
    lines = []
    for entry in outline_entries(style):
        width = value_at(layer(style, OUTLINE_LAYERS[entry.code])["paint"]["line-width"], DRAWN_AT)
        condition = f"{column('geom_basis')} = {quoted(entry.code)}"
        lines.append(_line(code, millimetres(width), entry.dashes, condition))
    return lines


def _layer(
    kind: str,
    settings: Mapping[str, Any],
    visible_if: str = "",
    *inside: Element,
    **following: str,
) -> Element:
    """Return a layer of a symbol; the settings `following` are expressions."""
    attributes = {"class": kind, "enabled": 1, "locked": 0, "pass": 0}
    texts = option({name: str(value) for name, value in settings.items()})
    expressions = {**({"enabled": visible_if} if visible_if else {}), **following}
    return element("layer", attributes, texts, data_defined(expressions), *inside)


def _fill(code: str, alpha: float) -> Element:
    return _layer("SimpleFill", {"color": colour(code, alpha), "style": "solid", "outline_style": "no"})


def _line(
    code: str, width: float, dashes: tuple[float, ...] = (), visible_if: str = "", alpha: float = 1
) -> Element:
    settings = {
        "line_color": colour(code, alpha),
        "line_width": f"{width:g}",
        "line_width_unit": "MM",
        "line_style": "solid",
        "joinstyle": "round",
        "capstyle": "flat",
        "use_custom_dash": 1 if dashes else 0,
    }
    if dashes:
        settings["customdash"] = ";".join(f"{round(length * width, 2):g}" for length in dashes)
        settings["customdash_unit"] = "MM"
    return _layer("SimpleLine", settings, visible_if)


def _pattern(look: Look) -> list[Element]:
    pattern, code = look["pattern"], look["colour"]
    if pattern == "hatch":
        # One line per cell, from one corner to the other.
        distance = millimetres(PATTERN_CELL / 2**0.5)
        line = _line(code, round(distance * HATCH_WIDTH, 2), alpha=PATTERN_ALPHA[pattern])
        settings = {"angle": 45, "distance": distance, "distance_unit": "MM", "color": colour(code)}
        return [_layer("LinePatternFill", settings, "", symbol("line", line, name="@0@1"))]
    if pattern == "dots":
        distance = millimetres(PATTERN_CELL)
        point = _marker("circle", code, DOT_RADIUS * PATTERN_CELL, alpha=PATTERN_ALPHA[pattern])
        settings = {
            "distance_x": distance,
            "distance_x_unit": "MM",
            "distance_y": distance,
            "distance_y_unit": "MM",
        }
        return [_layer("PointPatternFill", settings, "", symbol("marker", point, name="@0@1"))]
    return []


def _marker(
    name: str,
    code: str,
    size: float,
    *,
    stroke: str = "",
    stroke_width: float = 0,
    alpha: float = 1,
    shrinks: str = "",
    visible_if: str = "",
) -> Element:
    """Return a marker; `size` and `stroke_width` are in pixels, `shrinks` is an expression of a factor."""
    settings = {
        "name": name,
        "color": colour(code, alpha),
        "size": millimetres(size),
        "size_unit": "MM",
        "scale_method": "diameter",
        "outline_style": "solid" if stroke else "no",
        "outline_color": colour(stroke or code),
        "outline_width": millimetres(stroke_width),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    following = {"size": f"{millimetres(size):g} * {shrinks}"} if shrinks else {}
    return _layer("SimpleMarker", settings, visible_if, **following)


def _size_factor(style: Style) -> str:
    """Return the expression of the factor by which the map's symbols are smaller where the scale is."""
    stops = layer(style, "area-point")["layout"]["icon-size"]
    (first, small), (last, large) = stops[3:5], stops[-2:]
    ends = f"ln({scale_at(style, last)}), ln({scale_at(style, first)}), {large:g}, {small:g}"
    return f"scale_linear(ln(@map_scale), {ends})"
