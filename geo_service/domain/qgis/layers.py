"""Layers of QGIS: where each gets its data, in the form that layer definitions and projects share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from geo_service.domain.code_lists import Label
from geo_service.domain.crs import CRS84, STORAGE_CRS, ReferenceSystem
from geo_service.domain.qgis.styles import LayerStyle
from geo_service.domain.qgis.tile_styles import TileStyle
from geo_service.domain.qgis.xml import element, text_element

BACKGROUND = Label("Hintergrund: basemap.de (grau)", "Background: basemap.de (grey)")
# Raster tiles rather than WMTS: a WMTS layer asks for its capabilities when it is loaded, even while it is off.
BACKGROUND_TILES = (
    "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_grau/default/"
    "GLOBAL_WEBMERCATOR/{z}/{y}/{x}.png"
)
BACKGROUND_RIGHTS = "© GeoBasis-DE / BKG, CC BY 4.0"
BACKGROUND_LEVELS = 18
PSEUDO_MERCATOR = 3857

Extent = tuple[float, float, float, float]


class MapLayer(Protocol):
    """One layer of a layer definition or a project."""

    @property
    def layer_id(self) -> str:
        """Identifier within the file."""

    @property
    def title(self) -> str:
        """What the layer is called in the list of layers."""

    @property
    def provider(self) -> str:
        """What reads the data."""

    @property
    def source(self) -> str:
        """Where the data are, in the provider's words."""

    @property
    def visible(self) -> bool:
        """Whether it is drawn from the start."""

    @property
    def note(self) -> str:
        """What its legend says on top of its title."""

    def element(self) -> Element:
        """Return the element ``maplayer``."""


def layer_id(name: str, source: str) -> str:
    """Return the identifier of a layer, the same each time a file is made."""
    return f"{name.replace('-', '_')}_{str(uuid5(NAMESPACE_URL, source)).replace('-', '_')}"


def corners(extent: Extent) -> Element:
    """Return an extent: (min_x, min_y, max_x, max_y)."""
    names = ("xmin", "ymin", "xmax", "ymax")
    return element(
        "extent", {}, *(text_element(name, str(value)) for name, value in zip(names, extent, strict=True))
    )


def spatial_reference(srid: int) -> Element:
    """Return a CRS by its EPSG code, which QGIS looks up in its own list where there is some ``srsid``."""
    return element(
        "spatialrefsys",
        {"nativeFormat": "Wkt"},
        text_element("srsid", str(srid)),
        text_element("srid", str(srid)),
        text_element("authid", f"EPSG:{srid}"),
    )


@dataclass(frozen=True)
class FeatureLayer:
    """The features of a collection, through OGC API Features.

    Attributes
    ----------
    api_url : str
        Address of the landing page, with the parameters that each request is to carry.
    crs : ReferenceSystem
        What the features are asked for in. QGIS before 3.28 cannot ask and always gets CRS84, while a layer
        has the CRS that its file says: so older ones need a file that says CRS84.
    whole : bool
        Whether all features are fetched at once, rather than those of the part of the map that is shown.
    extent : tuple, optional
        Where the features are, in `crs`; a project may trust it.
    """

    style: LayerStyle
    api_url: str
    title: str
    description: str
    attribution: str
    crs: ReferenceSystem = STORAGE_CRS
    whole: bool = True
    extent: Extent | None = None
    provider: str = "OAPIF"
    visible: bool = True

    @property
    def layer_id(self) -> str:
        """Identifier within the file."""
        return layer_id(self.style.collection.collection_id, self.source)

    @property
    def source(self) -> str:
        """Where the data are."""
        parts = {
            "pagingEnabled": "true",
            "preferCoordinatesForWfsT11": "false",
            "restrictToRequestBBOX": "0" if self.whole else "1",
            "srsname": "OGC:CRS84" if self.crs is CRS84 else f"EPSG:{self.crs.srid}",
            "typename": self.style.collection.collection_id,
            "url": self.api_url,
            "version": "OGC_API_FEATURES",
        }
        return " ".join(f"{name}='{_escaped(text)}'" for name, text in parts.items())

    @property
    def note(self) -> str:
        """What its legend says on top of its title."""
        return self.style.note

    def element(self) -> Element:
        """Return the element ``maplayer``."""
        geometry = {"fill": "Polygon", "marker": "Point"}[self.style.kind]
        return element(
            "maplayer",
            {"type": "vector", "geometry": geometry, **self.style.attributes()},
            corners(self.extent) if self.extent else None,
            text_element("id", self.layer_id),
            text_element("datasource", self.source),
            text_element("title", self.title),
            text_element("abstract", self.description),
            text_element("attribution", self.attribution),
            text_element("layername", self.title),
            # For QGIS before 3.28 the degrees of CRS84 are those of EPSG:4326.
            element("srs", {}, spatial_reference(self.crs.srid)),
            text_element("provider", self.provider, {"encoding": "UTF-8"}),
            *self.style.parts(),
        )


@dataclass(frozen=True)
class TileLayer:
    """All collections as vector tiles.

    Attributes
    ----------
    template : str
        Address of the tiles with ``{z}``, ``{y}`` and ``{x}``.
    max_level : int
        The last level that is asked for; deeper ones are drawn from it.
    """

    style: TileStyle
    template: str
    max_level: int
    title: str
    attribution: str
    provider: str = "vectortile"
    visible: bool = True
    note: str = ""

    @property
    def layer_id(self) -> str:
        """Identifier within the file."""
        return layer_id("vector-tiles", self.source)

    @property
    def source(self) -> str:
        """Where the data are."""
        return _tiles_source(self.template, self.max_level)

    def element(self) -> Element:
        """Return the element ``maplayer``."""
        return element(
            "maplayer",
            {"type": "vector-tile", "styleCategories": "AllStyleCategories", "labelsEnabled": 1},
            text_element("id", self.layer_id),
            text_element("datasource", self.source),
            text_element("title", self.title),
            text_element("attribution", self.attribution),
            text_element("layername", self.title),
            element("srs", {}, spatial_reference(PSEUDO_MERCATOR)),
            text_element("provider", self.provider),
            *self.style.parts(),
        )


@dataclass(frozen=True)
class BackgroundLayer:
    """The official map of Germany as a picture; switched off, and nothing of it is asked for until it is on."""

    language: str
    provider: str = "wms"
    visible: bool = False
    note: str = ""

    @property
    def layer_id(self) -> str:
        """Identifier within the file."""
        return layer_id("basemap-de", self.source)

    @property
    def title(self) -> str:
        """What the layer is called in the list of layers."""
        return BACKGROUND.text(self.language)

    @property
    def source(self) -> str:
        """Where the data are."""
        return _tiles_source(BACKGROUND_TILES, BACKGROUND_LEVELS)

    def element(self) -> Element:
        """Return the element ``maplayer``."""
        return element(
            "maplayer",
            {"type": "raster", "styleCategories": "AllStyleCategories", "hasScaleBasedVisibilityFlag": 0},
            text_element("id", self.layer_id),
            text_element("datasource", self.source),
            text_element("title", self.title),
            text_element("attribution", BACKGROUND_RIGHTS),
            text_element("layername", self.title),
            element("srs", {}, spatial_reference(PSEUDO_MERCATOR)),
            text_element("provider", self.provider),
            element(
                "pipe",
                {},
                element(
                    "rasterrenderer",
                    {"type": "singlebandcolordata", "band": 1, "opacity": 1, "alphaBand": -1},
                ),
            ),
        )


def _tiles_source(template: str, max_level: int) -> str:
    # The address is itself one value of a query, so what parts its values is encoded. Nothing else is: QGIS 3.40
    # would ask for an encoded question mark as it stands.
    return f"type=xyz&url={quote(template, safe=':/{}?=,')}&zmax={max_level}&zmin=0"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
