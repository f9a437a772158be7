"""Labels of QGIS as the map writes them: text, size, colour, halo and the scale from which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from geo_service.domain.map_look import Style, layer, scale_at, value_at
from geo_service.domain.qgis.symbols import colour, millimetres
from geo_service.domain.qgis.xml import data_defined, element

POINTS_PER_PIXEL = 0.75
ORDERED_AROUND_POINT, HORIZONTAL = 6, 4
# Which side of a point is tried first: below, above, left, right, then the corners, as on the map.
POSITIONS = "B,T,L,R,BR,BL,TR,TL"
# Towns with the rights of a district have this end of their key; the map names them in larger letters.
CITY = "substr(\"ags\", 6) = '000'"
# Millimetres between the middle of a point and its name.
DISTANCES = {"area-label": 2.2, "city-label": 1.0, "town-label": 1.0}
FINEST, COARSEST = 0, 100_000_000


def area_labels(style: Style, kind: str, name: str) -> Element:
    """Return the names of areas, inside of the shape or around the point."""
    return element("labeling", {"type": "simple"}, label_settings(style, "area-label", kind, name))


def municipality_labels(style: Style, kind: str) -> Element:
    """Return the names of municipalities, in two sizes from two scales on."""
    rules = [
        element(
            "rule",
            {"key": _key(layer_id), "filter": condition, "description": layer_id},
            label_settings(style, layer_id, kind),
        )
        for layer_id, condition in (("city-label", CITY), ("town-label", f"NOT ({CITY})"))
    ]
    return element("labeling", {"type": "rule-based"}, element("rules", {"key": _key("rules")}, *rules))


def label_settings(style: Style, layer_id: str, kind: str, name: str = "name") -> Element:
    """Return how a layer of the map style writes its names.

    Without a family of the font QGIS takes its own, and has no reason to miss one.
    """
    look = layer(style, layer_id)
    paint, layout = look["paint"], look["layout"]
    coarsest = scale_at(style, look["minzoom"]) if "minzoom" in look else COARSEST
    finest = scale_at(style, look["maxzoom"]) if "maxzoom" in look else FINEST
    size = round(_middle_size(layout["text-size"]) * POINTS_PER_PIXEL, 1)
    buffer = {
        "bufferDraw": 1,
        "bufferSize": millimetres(paint["text-halo-width"]),
        "bufferSizeUnits": "MM",
        "bufferColor": colour(paint["text-halo-color"]),
        "bufferNoFill": 1,
        "bufferJoinStyle": 128,
        "bufferOpacity": 1,
    }
    text = {
        "fieldName": name,
        "isExpression": 0,
        "fontSize": size,
        "fontSizeUnit": "Point",
        "fontWeight": 50,
        "textColor": colour(paint["text-color"]),
        "textOpacity": 1,
        "multilineHeight": 1,
    }
    return element(
        "settings",
        {"calloutType": "simple"},
        element("text-style", text, element("text-buffer", buffer)),
        element("text-format", {"autoWrapLength": 18, "useMaxLineLengthForAutoWrap": 1, "multilineAlign": 1}),
        element("placement", _placement(kind, DISTANCES[layer_id])),
        element("rendering", _rendering(coarsest, finest)),
        _renamed(data_defined({})),
    )


def _placement(kind: str, distance: float) -> Mapping[str, Any]:
    if kind == "fill":
        return {"placement": HORIZONTAL, "priority": 5, "polygonPlacementFlags": 2, "fitInPolygonOnly": 0}
    return {
        "placement": ORDERED_AROUND_POINT,
        "predefinedPositionOrder": POSITIONS,
        "offsetType": 0,
        "dist": distance,
        "distUnits": "MM",
        "priority": 5,
    }


def _rendering(coarsest: int, finest: int) -> Mapping[str, Any]:
    limited = coarsest != COARSEST or finest != FINEST
    return {
        "drawLabels": 1,
        "scaleVisibility": limited,
        "scaleMin": finest,
        "scaleMax": coarsest,
        "obstacle": 1,
        "displayAll": 0,
    }


def _middle_size(expression: Any) -> float:
    """Return the size between the smallest and the largest that the map uses."""
    zooms: Sequence[float] = expression[3::2] if isinstance(expression, list) else (0.0,)
    return value_at(expression, (zooms[0] + zooms[-1]) / 2)


def _renamed(properties: Element) -> Element:
    properties.tag = "dd_properties"
    return properties


def _key(name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, name)}}}"
