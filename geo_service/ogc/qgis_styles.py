"""The style of a collection for QGIS, as the data of this service need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_service.db.engine import reading
from geo_service.db.municipality_shape import municipalities_are_areas
from geo_service.domain.collections import MUNICIPALITIES, Collection
from geo_service.domain.qgis.styles import LayerStyle, layer_style
from geo_service.errors import Message
from geo_service.ogc.links import Link, link
from geo_service.ogc.negotiation import Format
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

# The first type is the one that other servers of OGC API - Styles use, the second what desktops know.
QML_FORMAT = Format(
    "qml",
    ("application/vnd.qgis.qml", "application/x-qgis-layer-settings"),
    Message("QGIS-Stil", "QGIS style"),
    ".qml",
)


def qgis_style(
    api: OgcApi,
    request: OgcRequest,
    collection: Collection,
    *,
    with_labels: bool = True,
    overview: bool = False,
) -> LayerStyle:
    """Return how a collection looks in QGIS, municipalities as points or as areas."""
    geometry_type = collection.geometry_type
    if collection is MUNICIPALITIES:
        with reading(api.engine) as connection:
            geometry_type = "MultiPolygon" if municipalities_are_areas(connection) else "Point"
    return LayerStyle(
        collection,
        request.language,
        api.map_style.style,
        geometry_type,
        with_labels=with_labels,
        overview=overview,
    )


def style_attachment(api: OgcApi, request: OgcRequest, collection: Collection) -> Answer:
    """Answer with the style of a collection as a file."""
    text = layer_style(qgis_style(api, request, collection))
    return attachment(QML_FORMAT, f"{collection.layer_name}{QML_FORMAT.extension}", text)


def style_link(api: OgcApi, request: OgcRequest, collection: Collection) -> Link:
    """Return the link to the style of a collection."""
    url = f"{api.base_url}/collections/{collection.collection_id}/qgis/{collection.layer_name}"
    title = f"{QML_FORMAT.title.text(request.language)}: {collection.title.text(request.language)}"
    return link("stylesheet", QML_FORMAT.media_type, request.url(f"{url}{QML_FORMAT.extension}"), title)


def attachment(chosen: Format, file_name: str, text: str) -> Answer:
    """Return the answer with a file under the name that it is to be kept by."""
    headers = {
        "Content-Type": chosen.media_type,
        "Content-Disposition": f'attachment; filename="{file_name}"',
    }
    return headers, 200, text.encode()
