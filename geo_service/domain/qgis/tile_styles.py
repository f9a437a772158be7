"""Styles of QGIS for vector tiles: the same symbols, chosen by a filter for each layer of the tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from geo_service.domain.code_lists import Label
from geo_service.domain.collections import MUNICIPALITIES
from geo_service.domain.map_look import Style, layer, status_entries, value_at
from geo_service.domain.qgis.labels import CITY, label_settings
from geo_service.domain.qgis.symbols import DRAWN_AT, dot, plain_area, status_area, status_point
from geo_service.domain.qgis.xml import column, element, quoted, text_element

POINT, POLYGON = 0, 2
# A level of QGIS shows the world in 256 pixels, one of MapLibre in 512.
LEVELS_MORE = 1
MUNICIPALITY, MUNICIPALITY_POINT = (
    Label("Gemeinden", "Municipalities"),
    Label("Gemeinden (Punkte)", "Municipalities (points)"),
)
NAMES = Label("Namen: {what}", "Names: {what}")


@dataclass(frozen=True)
class TileStyle:
    """How the layers of the tiles look, from the bottom to the top as on the map."""

    language: str
    look: Style

    def parts(self) -> list[Element]:
        """Return symbols and labels, in the order in which QGIS writes them."""
        return [
            element("renderer", {"type": "basic"}, element("styles", {}, *self._symbols())),
            element("labeling", {"type": "basic"}, element("styles", {}, *self._names())),
            text_element("blendMode", "0"),
            text_element("layerOpacity", "1"),
        ]

    def _symbols(self) -> Iterator[Element]:
        paint = {
            name: layer(self.look, f"municipality-{name}")["paint"] for name in ("fill", "outline", "dot")
        }
        width = value_at(paint["outline"]["line-width"], DRAWN_AT)
        area = plain_area(paint["fill"]["fill-color"], paint["outline"]["line-color"], width)
        yield self._style(MUNICIPALITIES.title.text(self.language), "municipalities", POLYGON, "", area)
        point = dot(paint["dot"]["circle-color"], value_at(paint["dot"]["circle-radius"], DRAWN_AT))
        end = layer(self.look, "municipality-dot")["maxzoom"]
        title = MUNICIPALITY_POINT.text(self.language)
        yield self._style(title, "municipality-points", POINT, "", point, end)
        statuses = status_entries(self.look)
        for entry in statuses:
            drawn = status_area(entry.look, self.look)
            title = entry.label.text(self.language)
            yield self._style(title, "programme-areas", POLYGON, _has_status(entry.code), drawn)
        end = layer(self.look, "area-point")["maxzoom"]
        # The last one lies on top: as in the legend, the unknown ones below.
        for entry in reversed(statuses):
            title = entry.label.text(self.language)
            condition = _has_status(entry.code)
            yield self._style(
                title, "programme-area-points", POINT, condition, status_point(entry.look, self.look), end
            )

    def _names(self) -> Iterator[Element]:
        for layer_id, source_layer, condition in (
            ("city-label", "municipality-points", CITY),
            ("town-label", "municipality-points", f"NOT ({CITY})"),
            ("area-label", "programme-area-points", ""),
        ):
            settings = label_settings(self.look, layer_id, "marker")
            yield self._style(layer_id, source_layer, POINT, condition, settings)

    def _style(
        self,
        name: str,
        source_layer: str,
        geometry: int,
        condition: str,
        drawn: Element,
        end: float | None = None,
    ) -> Element:
        attributes = {
            "name": name,
            "layer": source_layer,
            "geometry": geometry,
            "enabled": 1,
            "expression": condition,
            "min-zoom": -1,
            # The map's last level is the first without it.
            "max-zoom": -1 if end is None else int(end) + LEVELS_MORE - 1,
        }
        inside = element("symbols", {}, drawn) if drawn.tag == "symbol" else drawn
        return element("style", attributes, inside)


def _has_status(code: str | None) -> str:
    name = column("status")
    return f"{name} IS NULL" if code is None else f"{name} = {quoted(code)}"
