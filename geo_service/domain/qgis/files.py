"""Files that QGIS opens: layer definitions to drag in, a project, and connections to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from geo_service.domain.crs import STORAGE_SRID
from geo_service.domain.qgis.layers import Extent, MapLayer, corners, spatial_reference
from geo_service.domain.qgis.xml import VERSION, document, element, option, text_element

CHECKED = {True: "Qt::Checked", False: "Qt::Unchecked"}


def layer_definition(layer: MapLayer) -> str:
    """Return a layer definition (``.qlr``) with one layer."""
    root = element("qlr", {}, _tree([layer]), element("maplayers", {}, layer.element()))
    return document(root, "qgis-layer-definition")


@dataclass(frozen=True)
class Project:
    """A project: layers from top to bottom, in EPSG:25832.

    Attributes
    ----------
    extent : tuple, optional
        What is shown at first: (min_easting, min_northing, max_easting, max_northing) in EPSG:25832.
    """

    title: str
    layers: Sequence[MapLayer]
    extent: Extent | None

    def text(self) -> str:
        """Return the text of the file (``.qgs``)."""
        root = element(
            "qgis",
            {"projectname": self.title, "version": VERSION},
            text_element("title", self.title),
            # QGIS of before December 2025 would otherwise read the degrees of a collection's extent as metres.
            element("trust", {"active": 1}),
            element("projectCrs", {}, spatial_reference(STORAGE_SRID)),
            _tree(self.layers),
            self._canvas(),
            element("projectlayers", {}, *(layer.element() for layer in self.layers)),
            element("layerorder", {}, *(element("layer", {"id": layer.layer_id}) for layer in self.layers)),
            _properties(),
            self._view(),
        )
        return document(root, "qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'")

    def _canvas(self) -> Element | None:
        if self.extent is None:
            return None
        return element(
            "mapcanvas",
            {"name": "theMapCanvas", "annotationsVisible": 1},
            text_element("units", "meters"),
            corners(self.extent),
            text_element("rotation", "0"),
            element("destinationsrs", {}, spatial_reference(STORAGE_SRID)),
        )

    def _view(self) -> Element | None:
        if self.extent is None:
            return None
        names = ("xmin", "ymin", "xmax", "ymax")
        edges = dict(zip(names, map(str, self.extent), strict=True))
        extent = element("DefaultViewExtent", edges, spatial_reference(STORAGE_SRID))
        return element("ProjectViewSettings", {"UseProjectScales": 0, "rotation": 0}, extent)


def feature_connections(name: str, api_url: str) -> str:
    """Return a connection to OGC API Features, for *Load* among QGIS's WFS / OGC API connections."""
    connection = {
        "name": name,
        "url": api_url,
        "version": "OGC_API_FEATURES",
        "maxnumfeatures": "",
        "pagesize": "",
        "pagingenabled": "true",
        "ignoreAxisOrientation": "false",
        "invertAxisOrientation": "false",
        "username": "",
        "password": "",
    }
    return document(
        element("qgsWFSConnections", {"version": "1.1"}, element("wfs", connection)), "connections"
    )


def tile_connections(name: str, template: str, max_level: int, style_url: str) -> str:
    """Return a connection to the vector tiles with the map's own style, for *Load* among QGIS's vector tiles."""
    connection = {
        "name": name,
        "url": template,
        "zmin": 0,
        "zmax": max_level,
        "authcfg": "",
        "username": "",
        "password": "",
        "referer": "",
        "styleUrl": style_url,
        "serviceType": "",
    }
    root = element("qgsVectorTileConnections", {"version": "1.0"}, element("vectortile", connection))
    return document(root, "connections")


def _tree(layers: Sequence[MapLayer]) -> Element:
    return element(
        "layer-tree-group",
        {"name": "", "expanded": 1, "checked": CHECKED[True]},
        element("customproperties", {}, element("Option")),
        *(_tree_layer(layer) for layer in layers),
    )


def _tree_layer(layer: MapLayer) -> Element:
    legend = f"{layer.title}\n({layer.note})" if layer.note else layer.title
    return element(
        "layer-tree-layer",
        {
            "id": layer.layer_id,
            "name": layer.title,
            "providerKey": layer.provider,
            "source": layer.source,
            "checked": CHECKED[layer.visible],
            "expanded": 1,
            "legend_exp": "",
            "patch_size": "-1,-1",
        },
        element("customproperties", {}, option({"legend/title-label": legend})),
    )


def _properties() -> Element:
    """Return that the project has a CRS, and that areas are measured on its ellipsoid, in hectares."""
    texts = {"AreaUnits": "ha", "DistanceUnits": "meters"}
    units = (text_element(name, text, {"type": "QString"}) for name, text in texts.items())
    ellipsoid = text_element("Ellipsoid", "EPSG:7019", {"type": "QString"})
    enabled = text_element("ProjectionsEnabled", "1", {"type": "int"})
    return element(
        "properties",
        {},
        element("SpatialRefSys", {}, enabled),
        element("Measurement", {}, *units),
        element("Measure", {}, ellipsoid),
    )
