"""Files for QGIS: styles, layer definitions, a project and connections, made when they are asked for.

What they say about fields, codes and looks comes from where everything else has it; this module adds the
addresses of this service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyproj import Transformer

from geo_service.db.items import CollectionSummary
from geo_service.domain.code_lists import Label
from geo_service.domain.collections import MUNICIPALITIES, PROGRAMME_AREA_POINTS, PROGRAMME_AREAS, Collection
from geo_service.domain.crs import CRS84, STORAGE_CRS, ReferenceSystem
from geo_service.domain.qgis.files import Project, feature_connections, layer_definition, tile_connections
from geo_service.domain.qgis.layers import BackgroundLayer, Extent, FeatureLayer, TileLayer
from geo_service.domain.qgis.tile_styles import TileStyle
from geo_service.errors import Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.attribution import attribution
from geo_service.ogc.known import FILE, unknown
from geo_service.ogc.links import Link, link, with_query
from geo_service.ogc.negotiation import Format, Formats
from geo_service.ogc.qgis_styles import QML_FORMAT, attachment, qgis_style, style_attachment, style_link
from geo_service.ogc.responses import Answer
from geo_service.ogc.styles import DEFAULT_STYLE, STYLES

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

QLR_FORMAT = Format(
    "qlr",
    ("application/x-qgis-layer-definition",),
    Message("QGIS-Layerdefinition", "QGIS layer definition"),
    ".qlr",
)
QGS_FORMAT = Format("qgs", ("application/x-qgis-project",), Message("QGIS-Projekt", "QGIS project"), ".qgs")
CONNECTION_FORMAT = Format(
    "xml", ("application/xml", "text/xml"), Message("QGIS-Verbindung", "QGIS connection"), ".xml"
)
LAYER_FORMATS: Formats = (QLR_FORMAT, QML_FORMAT)
CRS_CHOICE = (STORAGE_CRS, CRS84)
# More features than this are fetched as the map shows them, and not all at once.
WHOLE_LIMIT = 10_000
MARGIN = 0.03  # of the extent, around what a project shows at first
SIDE_TITLES = {
    PROGRAMME_AREA_POINTS.collection_id: Label(
        "Beschriftung der Programmgebiete", "Labels of programme areas"
    )
}


@dataclass(frozen=True)
class DatasetFile:
    """A file about the whole service.

    Attributes
    ----------
    with_crs : bool
        Whether it can be asked for with another CRS, for old versions of QGIS.
    """

    name: str
    format: Format
    title: Message
    write: Callable[[OgcApi, OgcRequest], str]
    with_crs: bool = False


def layer_file_formats(file_name: str, **_path: str) -> Formats:
    """Return the one format that the ending of a file's name stands for, if any."""
    return tuple(one for one in LAYER_FORMATS if file_name.endswith(one.extension))


def layer_file_parameters(_api: OgcApi, file_name: str, **_path: str) -> tuple[str, ...]:
    """Return the parameters of a collection's file: what has a source may be asked for in another CRS."""
    return ("crs",) if file_name.endswith(QLR_FORMAT.extension) else ()


def layer_file(api: OgcApi, request: OgcRequest, collection_id: str, file_name: str) -> Answer:
    """Answer with the style or the layer definition of a collection."""
    collection = api.collection(collection_id)
    names = [f"{collection.layer_name}{one.extension}" for one in LAYER_FORMATS]
    if file_name not in names:
        raise unknown(FILE, file_name, names)
    if request.chosen is QML_FORMAT:
        return style_attachment(api, request, collection)
    layer = _feature_layer(api, request, collection, crs=_asked_crs(request))
    return attachment(request.chosen, file_name, layer_definition(layer))


def dataset_file_formats(file_name: str) -> Formats:
    """Return the format of a file about the whole service, if there is such a file."""
    return tuple(one.format for one in DATASET_FILES if one.name == file_name)


def dataset_file_parameters(_api: OgcApi, file_name: str) -> tuple[str, ...]:
    """Return the parameters of a file about the whole service."""
    return ("crs",) if any(one.name == file_name and one.with_crs for one in DATASET_FILES) else ()


def dataset_file(api: OgcApi, request: OgcRequest, file_name: str) -> Answer:
    """Answer with the project, the vector tiles or a connection."""
    found = next(one for one in DATASET_FILES if one.name == file_name)
    return attachment(found.format, file_name, found.write(api, request))


def layer_file_links(api: OgcApi, request: OgcRequest, collection: Collection) -> list[Link]:
    """Return links to the files of a collection."""
    url = f"{api.base_url}/collections/{collection.collection_id}/qgis/{collection.layer_name}"
    title = f"{QLR_FORMAT.title.text(request.language)}: {collection.title.text(request.language)}"
    return [
        link("related", QLR_FORMAT.media_type, request.url(f"{url}{QLR_FORMAT.extension}"), title),
        style_link(api, request, collection),
    ]


def dataset_file_links(api: OgcApi, request: OgcRequest) -> list[Link]:
    """Return links to the files about the whole service."""
    return [
        link(
            "related",
            one.format.media_type,
            request.url(f"{api.base_url}/qgis/{one.name}"),
            one.title.text(request.language),
        )
        for one in DATASET_FILES
    ]


def _feature_layer(
    api: OgcApi, request: OgcRequest, collection: Collection, *, crs: ReferenceSystem, side: bool = False
) -> FeatureLayer:
    """Return a collection as a layer; `side` as one among others, of which each does its part."""
    summary = _summary(api, collection)
    with_labels = not (side and collection is PROGRAMME_AREAS)
    overview = side and collection is PROGRAMME_AREA_POINTS
    title = SIDE_TITLES.get(collection.collection_id, collection.title) if side else collection.title
    return FeatureLayer(
        qgis_style(api, request, collection, with_labels=with_labels, overview=overview),
        request.url(api.base_url),
        title.text(request.language),
        collection.description.text(request.language),
        attribution(api),
        crs,
        whole=not side and summary.item_count <= WHOLE_LIMIT,
        extent=_projected(summary.bbox, crs),
    )


def _summary(api: OgcApi, collection: Collection) -> CollectionSummary:
    return api.summaries.get(api.engine, [collection]).of[collection.collection_id]


def _projected(bbox: Extent | None, crs: ReferenceSystem) -> Extent | None:
    """Return a box in degrees (CRS84) in a CRS, with its first axis to the east."""
    if bbox is None or crs is CRS84:
        return bbox
    transformer = Transformer.from_crs("OGC:CRS84", f"EPSG:{crs.srid}", always_xy=True)
    west, south, east, north = transformer.transform_bounds(*bbox)
    return (round(west, 3), round(south, 3), round(east, 3), round(north, 3))


def _tile_layer(api: OgcApi, request: OgcRequest) -> TileLayer:
    # Tiles have no language; what else stays in every address, such as a key, stays here too.
    kept = {name: value for name, value in request.arguments.kept().items() if name != "lang"}
    return TileLayer(
        TileStyle(request.language, api.map_style.style),
        with_query(f"{api.base_url}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}", kept),
        max(STYLES[DEFAULT_STYLE].max_levels.values()),
        _title(api, request),
        attribution(api),
    )


def _project(api: OgcApi, request: OgcRequest) -> str:
    crs = _asked_crs(request)
    layers = [
        _feature_layer(api, request, collection, crs=crs, side=True)
        for collection in (PROGRAMME_AREA_POINTS, PROGRAMME_AREAS, MUNICIPALITIES)
        if collection.collection_id in api.collections
    ]
    boxes = [_projected(_summary(api, layer.style.collection).bbox, STORAGE_CRS) for layer in layers]
    shown = [*layers, BackgroundLayer(request.language)]
    return Project(_title(api, request), shown, _around([box for box in boxes if box])).text()


def _around(boxes: list[Extent]) -> Extent | None:
    if not boxes:
        return None
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = MARGIN * max(east - west, north - south)
    return tuple(round(edge) for edge in (west - margin, south - margin, east + margin, north + margin))  # type: ignore[return-value]


def _feature_connections(api: OgcApi, request: OgcRequest) -> str:
    return feature_connections(_title(api, request), request.url(api.base_url))


def _tile_connections(api: OgcApi, request: OgcRequest) -> str:
    layer = _tile_layer(api, request)
    style_url = request.url(f"{api.base_url}/styles/{DEFAULT_STYLE}")
    return tile_connections(_title(api, request), layer.template, layer.max_level, style_url)


def _title(api: OgcApi, request: OgcRequest) -> str:
    title: str = api.config["metadata"]["identification"]["title"][request.language]
    return title


def _asked_crs(request: OgcRequest) -> ReferenceSystem:
    asked = request.arguments.get("crs")
    found = next((system for system in CRS_CHOICE if asked in (None, system.crs_uri)), None)
    if found is None:
        names = ", ".join(system.crs_uri for system in CRS_CHOICE)
        refuse("crs", f"Erlaubt sind: {names}.", f"Allowed are: {names}.")
    return found


DATASET_FILES = (
    DatasetFile(
        "programme_areas.qgs",
        QGS_FORMAT,
        Message(
            "QGIS-Projekt: Programmgebiete, Beschriftung, Gemeinden",
            "QGIS project: programme areas, labels, municipalities",
        ),
        _project,
        with_crs=True,
    ),
    DatasetFile(
        "vector_tiles.qlr",
        QLR_FORMAT,
        Message("QGIS-Layerdefinition: Vektorkacheln", "QGIS layer definition: vector tiles"),
        lambda api, request: layer_definition(_tile_layer(api, request)),
    ),
    DatasetFile(
        "ogc_api_connection.xml",
        CONNECTION_FORMAT,
        Message("QGIS-Verbindung: OGC API Features", "QGIS connection: OGC API Features"),
        _feature_connections,
    ),
    DatasetFile(
        "vector_tiles_connection.xml",
        CONNECTION_FORMAT,
        Message("QGIS-Verbindung: Vektorkacheln", "QGIS connection: vector tiles"),
        _tile_connections,
    ),
)
