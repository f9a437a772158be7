"""Styles of QGIS (QML) for each collection and language, drawn like the map and read-only.

The same parts stand in a style, in a layer definition and in a project.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from geo_service.domain.code_lists import Label
from geo_service.domain.collections import MUNICIPALITIES, Collection, GeometryType
from geo_service.domain.map_look import Style, layer, outline_entries, scale_at, status_entries, value_at
from geo_service.domain.qgis.fields import Arrays, field_elements, name_field
from geo_service.domain.qgis.labels import area_labels, municipality_labels
from geo_service.domain.qgis.symbols import DRAWN_AT, dot, plain_area, status_area, status_point
from geo_service.domain.qgis.xml import VERSION, column, document, element, option, quoted, text_element

GEOMETRY_TYPES = {"marker": "0", "fill": "2"}
DASHED = Label("gestrichelter Umriss: {meaning}", "dashed outline: {meaning}")


@dataclass(frozen=True)
class LayerStyle:
    """How one layer looks and what one can do with it.

    Attributes
    ----------
    geometry_type : str, optional
        What the layer holds, where the collection may hold points as well as areas (municipalities).
    arrays : str
        Whether fields with several values are lists (OGC API Features) or text joined by ``;`` (files).
    read_only : bool
        Whether the layer refuses edits.
    with_labels : bool
        Whether names are written.
    overview : bool
        Whether points are drawn only in scales in which the areas are too small to be seen.
    """

    collection: Collection
    language: str
    look: Style
    geometry_type: GeometryType | None = None
    arrays: Arrays = "list"
    read_only: bool = True
    with_labels: bool = True
    overview: bool = False

    @property
    def kind(self) -> str:
        """The kind of symbols: ``fill`` or ``marker``."""
        given = self.geometry_type or self.collection.geometry_type
        return "fill" if given == "MultiPolygon" else "marker"

    @property
    def note(self) -> str:
        """What the legend cannot show with an area of its own: which outlines are dashed."""
        if self.kind != "fill" or self.collection is MUNICIPALITIES:
            return ""
        dashed = [entry.label.text(self.language) for entry in outline_entries(self.look) if entry.dashes]
        return DASHED.text(self.language).format(meaning=", ".join(dashed)) if dashed else ""

    def attributes(self) -> dict[str, object]:
        """Return the attributes of the element that holds the parts."""
        return {
            "styleCategories": "AllStyleCategories",
            "readOnly": self.read_only,
            "labelsEnabled": self.with_labels,
            "hasScaleBasedVisibilityFlag": False,
            "minScale": "1e+08",
            "maxScale": 0,
            "simplifyDrawingHints": 1,
            "simplifyDrawingTol": 1,
            "simplifyAlgorithm": 0,
            "simplifyLocal": 1,
            "simplifyMaxScale": 1,
            "symbologyReferenceScale": -1,
        }

    def parts(self) -> list[Element]:
        """Return symbols, labels, fields and the rest, in the order in which QGIS writes them."""
        note = self.note
        flags = ("Identifiable", "Removable", "Searchable")
        return [
            element("flags", {}, *(text_element(name, "1") for name in flags), text_element("Private", "0")),
            *([element("userNotes", {"value": note})] if note else []),
            self._renderer(),
            self._labels(),
            element("customproperties", {}, option({})),
            text_element("blendMode", "0"),
            text_element("featureBlendMode", "0"),
            text_element("layerOpacity", "1"),
            element("legend", {"type": "default-vector", "showLabelLegend": 0}),
            *field_elements(self.collection, self.language, self.arrays, read_only=self.read_only),
        ]

    def _renderer(self) -> Element:
        if not self.collection.field("status"):
            return self._single()
        symbols, categories = [], []
        for position, entry in enumerate(status_entries(self.look)):
            drawn = (
                status_area(entry.look, self.look)
                if self.kind == "fill"
                else status_point(entry.look, self.look, self._only_far_away())
            )
            drawn.set("name", str(position))
            symbols.append(drawn)
            # An empty value is that of features without a status, and of those with one unknown here.
            category = {
                "value": entry.code or "",
                "label": entry.label.text(self.language),
                "symbol": position,
                "render": "true",
            }
            categories.append(element("category", category))
        return element(
            "renderer-v2",
            {
                "type": "categorizedSymbol",
                "attr": "status",
                "symbollevels": 0,
                "forceraster": 0,
                "enableorderby": 1,
            },
            element("categories", {}, *categories),
            element("symbols", {}, *symbols),
            element("orderby", {}, text_element("orderByClause", self._order(), {"asc": 1, "nullsFirst": 1})),
        )

    def _order(self) -> str:
        """Return the order of drawing: what stands first in the legend lies on top, what is unknown below."""
        places = reversed([entry.code for entry in status_entries(self.look)])
        cases = [
            f"WHEN {column('status')} = {quoted(code)} THEN {place}"
            for place, code in enumerate(places)
            if code is not None
        ]
        return f"CASE {' '.join(cases)} ELSE 0 END"

    def _single(self) -> Element:
        if self.collection is not MUNICIPALITIES:
            # What has neither a status nor a layer on the map: points in the colour of its letters.
            drawn = status_point(
                {"shape": "square", "colour": layer(self.look, "area-label")["paint"]["text-color"]},
                self.look,
            )
        elif self.kind == "fill":
            fill, outline = (
                layer(self.look, name)["paint"] for name in ("municipality-fill", "municipality-outline")
            )
            width = value_at(outline["line-width"], DRAWN_AT)
            drawn = plain_area(fill["fill-color"], outline["line-color"], width)
        else:
            paint = layer(self.look, "municipality-dot")["paint"]
            drawn = dot(paint["circle-color"], value_at(paint["circle-radius"], DRAWN_AT))
        attributes = {"type": "singleSymbol", "symbollevels": 0, "forceraster": 0, "enableorderby": 0}
        return element("renderer-v2", attributes, element("symbols", {}, drawn))

    def _labels(self) -> Element:
        if self.collection is MUNICIPALITIES:
            return municipality_labels(self.look, self.kind)
        return area_labels(self.look, self.kind, name_field(self.collection, self.language))

    def _only_far_away(self) -> str:
        zoom = layer(self.look, "area-point")["maxzoom"]
        return f"@map_scale > {scale_at(self.look, zoom)}" if self.overview else ""


def layer_style(style: LayerStyle) -> str:
    """Return a style as the text of a QML file."""
    root = element(
        "qgis",
        {"version": VERSION, **style.attributes()},
        *style.parts(),
        text_element("layerGeometryType", GEOMETRY_TYPES[style.kind]),
    )
    return document(root, "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'")
