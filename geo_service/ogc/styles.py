"""Styles: how the programme areas are drawn, as MapLibre documents, with what they load from here.

OGC API - Styles - Part 1 (20-009, draft). Its class for Mapbox styles asks for the management of styles as
well, so that only its core is declared; the documents are MapLibre's (version 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from geo_service import __version__
from geo_service.db.tile_layers import LAYERS, TileLayer
from geo_service.domain.collections import COLLECTIONS, PROGRAMME_AREAS, Collection
from geo_service.errors import Message
from geo_service.ogc.attribution import attribution_html
from geo_service.ogc.known import Kind, find_known
from geo_service.ogc.links import JSON, OGC_REL, TILESETS_VECTOR, TILING_SCHEME, TITLES, Link, link
from geo_service.ogc.negotiation import Format, Formats
from geo_service.ogc.qgis_styles import QML_FORMAT, style_attachment, style_link
from geo_service.ogc.responses import Answer
from geo_service.ogc.schemas import json_schema

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

MAPBOX_STYLE = "application/vnd.mapbox.style+json"
SVG = "image/svg+xml"
STYLES_REL = f"{OGC_REL}/styles"
LEGEND_REL = f"{OGC_REL}/legend"
SPECIFICATION = "https://maplibre.org/maplibre-style-spec/"
QGIS_SPECIFICATION = "https://docs.qgis.org/latest/en/docs/user_manual/appendices/qgis_file_formats.html"
QGIS_VERSION = "3.22"  # the oldest that reads them
STYLE_FORMATS: Formats = (
    Format("mapbox", (MAPBOX_STYLE, JSON), Message("MapLibre-Stil", "MapLibre style"), ".json"),
    QML_FORMAT,
)
STYLES_TITLE = Message("Kartenstile", "Map styles")
LEGEND_TITLE = Message("Legende", "Legend")
METADATA_TITLE = Message("Beschreibung des Stils", "Description of the style")
QGIS_TITLE = Message("QGIS-Stil der Programmgebiete", "QGIS style of the programme areas")
STYLESHEET_TITLE = Message("Stil für MapLibre und andere", "Style for MapLibre and others")


@dataclass(frozen=True)
class PublishedStyle:
    """One style: the look of ``config/map-style.json`` on the tiles of one tile matrix set.

    Attributes
    ----------
    max_levels : mapping
        The last level whose tiles are asked for, by source: there a unit of a tile is far below a metre.
    """

    style_id: str
    tile_matrix_set_id: str
    max_levels: Mapping[str, int]
    title: Message
    description: Message


STYLES = {
    one.style_id: one
    for one in (
        PublishedStyle(
            "status",
            "WebMercatorQuad",
            {"programme-areas": 15, "municipalities": 12},
            Message("Programmgebiete nach Status", "Programme areas by status"),
            Message(
                "Fläche, Muster, Umriss, Symbol und Name der Programmgebiete nach ihrem Status, dazu die "
                "Gemeinden. Schraffur, Punkte und Symbolform unterscheiden, was auch die Farbe unterscheidet; "
                "ein gestrichelter Umriss ist schematisch, Grau heißt: Status nicht belegt. Kacheln in "
                "WebMercatorQuad, für MapLibre und alle, die dessen Stile lesen.",
                "Fill, pattern, outline, symbol and name of the programme areas by their status, and the "
                "municipalities. Hatching, dots and the shape of symbols tell apart what colours tell apart; "
                "a dashed outline is schematic, grey means: status not documented. Tiles in WebMercatorQuad, "
                "for MapLibre and all that read its styles.",
            ),
        ),
        PublishedStyle(
            "status-adv-25832",
            "AdV_25832",
            {"programme-areas": 11, "municipalities": 8},
            Message(
                "Programmgebiete nach Status (AdV_25832, EPSG:25832)",
                "Programme areas by status (AdV_25832, EPSG:25832)",
            ),
            Message(
                "Dieselben Ebenen wie im Stil status, aber mit Kacheln in AdV_25832 (ETRS89/UTM 32N). MapLibre "
                "und Mapbox GL zeichnen nur WebMercatorQuad: Dieser Stil ist für Programme, denen man ein "
                "anderes Kachelschema angeben kann, etwa OpenLayers mit ol-mapbox-style. Zoomstufen in den "
                "Ebenen bedeuten wie üblich 78271,5 m je Pixel auf Stufe 0 und jeweils die Hälfte auf der "
                "nächsten; maxzoom der Quellen ist dagegen eine Stufe von AdV_25832.",
                "The same layers as in the style status, but with tiles in AdV_25832 (ETRS89/UTM 32N). MapLibre "
                "and Mapbox GL draw WebMercatorQuad only: this style is for programs that can be told another "
                "tile matrix set, such as OpenLayers with ol-mapbox-style. Zoom levels in its layers mean, as "
                "usual, 78271.5 m per pixel at level 0 and half of it at the next; the maxzoom of sources is a "
                "level of AdV_25832, though.",
            ),
        ),
    )
}
DEFAULT_STYLE = "status"


def find_style(style_id: str) -> PublishedStyle:
    """Return a style, or raise `NotFoundError`."""
    return find_known(Kind("Diesen Stil", "style"), style_id, STYLES)


def styles_link(api: OgcApi, request: OgcRequest) -> Link:
    """Return the link to the list of styles (/req/core/base-resource-link)."""
    return link(STYLES_REL, JSON, request.url(f"{api.base_url}/styles"), STYLES_TITLE.text(request.language))


def styles(api: OgcApi, request: OgcRequest) -> Answer:
    """List the styles (/req/core/styles-success)."""
    url = f"{api.base_url}/styles"
    document = {
        "default": DEFAULT_STYLE,
        "styles": [
            {
                "id": one.style_id,
                "title": one.title.text(request.language),
                "links": _style_links(api, request, one),
            }
            for one in STYLES.values()
        ],
        "links": [
            link("self", JSON, request.url(url), STYLES_TITLE.text(request.language)),
            *request.alternates(url),
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def style(api: OgcApi, request: OgcRequest, style_id: str) -> Answer:
    """Answer with the style document (/req/core/style-success); for QGIS with that of the areas.

    A style for QGIS is that of one layer. Those of the other collections are linked from the metadata.
    """
    found = find_style(style_id)
    if request.chosen is QML_FORMAT:
        return style_attachment(api, request, PROGRAMME_AREAS)
    content = api.map_style.completed(
        api.base_url,
        found.title.text(request.language),
        found.tile_matrix_set_id,
        found.max_levels,
        attribution_html(api),
    )
    return {"Content-Type": MAPBOX_STYLE}, 200, content


def style_metadata(api: OgcApi, request: OgcRequest, style_id: str) -> Answer:
    """Describe a style: what for, and which layers with which attributes it needs (/req/core/style-md-success)."""
    found = find_style(style_id)
    metadata = api.config["metadata"]
    url = f"{api.base_url}/styles/{style_id}"
    scheme_url = f"{api.base_url}/tileMatrixSets/{found.tile_matrix_set_id}"
    document = {
        "id": style_id,
        "title": found.title.text(request.language),
        "description": found.description.text(request.language),
        "keywords": [*metadata["identification"]["keywords"][request.language], found.tile_matrix_set_id],
        "pointOfContact": f"{metadata['contact']['name']}, {metadata['contact']['email']}",
        "license": metadata["license"]["name"],
        "scope": "style",
        "version": __version__,
        "stylesheets": [
            {
                "title": "MapLibre Style",
                "version": "8",
                "specification": SPECIFICATION,
                "native": True,
                "link": _stylesheet_link(request, url),
            },
            *(
                {
                    "title": f"QGIS ({collection.title.text(request.language)})",
                    "version": QGIS_VERSION,
                    "specification": QGIS_SPECIFICATION,
                    "native": False,
                    "link": style_link(api, request, collection),
                }
                for collection in api.collections.values()
            ),
        ],
        "layers": _layers(api, request),
        "links": [
            link("self", JSON, request.url(f"{url}/metadata"), METADATA_TITLE.text(request.language)),
            *request.alternates(f"{url}/metadata"),
            _stylesheet_link(request, url),
            *(style_link(api, request, collection) for collection in api.collections.values()),
            *_legend_links(request, url),
            link(TILING_SCHEME, JSON, request.url(scheme_url), found.tile_matrix_set_id),
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def _style_links(api: OgcApi, request: OgcRequest, one: PublishedStyle) -> list[Link]:
    url = f"{api.base_url}/styles/{one.style_id}"
    title = METADATA_TITLE.text(request.language)
    return [
        _stylesheet_link(request, url),
        link(
            "stylesheet",
            QML_FORMAT.media_type,
            request.url(url, f=QML_FORMAT.name),
            QGIS_TITLE.text(request.language),
        ),
        link("describedby", JSON, request.url(f"{url}/metadata"), title),
        *_legend_links(request, url),
    ]


def _stylesheet_link(request: OgcRequest, url: str) -> Link:
    return link("stylesheet", MAPBOX_STYLE, request.url(url), STYLESHEET_TITLE.text(request.language))


def _legend_links(request: OgcRequest, url: str) -> list[Link]:
    title = LEGEND_TITLE.text(request.language)
    return [
        link(LEGEND_REL, JSON, request.url(f"{url}/legend"), f"{title} (JSON)"),
        link(LEGEND_REL, SVG, request.url(f"{url}/legend", f="svg"), f"{title} (SVG)"),
    ]


def _layers(api: OgcApi, request: OgcRequest) -> list[dict[str, Any]]:
    """Return the tile layers that the style draws, in the order of its sources, with the attributes it reads."""
    needed: dict[str, set[str]] = {}
    for layer in api.map_style.style["layers"]:
        if "source-layer" in layer:
            needed.setdefault(layer["source-layer"], set()).update(_attributes(layer))
    return [
        _layer(api, request, COLLECTIONS[source_id], layer, needed[layer.layer_id])
        for source_id in api.map_style.style["sources"]
        for layer in LAYERS.get(source_id, ())
        if layer.layer_id in needed
    ]


def _layer(
    api: OgcApi, request: OgcRequest, collection: Collection, layer: TileLayer, names: set[str]
) -> dict[str, Any]:
    labels = COLLECTIONS.get(layer.layer_id, collection)
    fields = [field for field in collection.fields if field.name in names]
    tiles_url = request.url(f"{api.base_url}/collections/{collection.collection_id}/tiles")
    return {
        "id": layer.layer_id,
        "description": labels.description.text(request.language),
        "dataType": "vector",
        "geometryType": layer.geometry_type,
        "propertiesSchema": {field.name: json_schema(field, request.language) for field in fields},
        "sampleData": link(TILESETS_VECTOR, JSON, tiles_url, TITLES["tilesets"].text(request.language)),
    }


def _attributes(expression: Any) -> Iterator[str]:
    """Find the attributes that expressions read: ``["get", name]`` anywhere inside."""
    if isinstance(expression, Mapping):
        for value in expression.values():
            yield from _attributes(value)
    elif isinstance(expression, list):
        if len(expression) == 2 and expression[0] == "get":
            yield expression[1]
        for value in expression:
            yield from _attributes(value)
