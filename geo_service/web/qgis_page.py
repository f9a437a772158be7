"""The page that leads into QGIS: one file to drag in, then everything else, in words and pictures."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from geo_service.domain.collections import PROGRAMME_AREAS
from geo_service.domain.crs import CRS84
from geo_service.ogc.base_url import API_PREFIX
from geo_service.ogc.qgis import DATASET_FILES, QLR_FORMAT
from geo_service.ogc.qgis_styles import QML_FORMAT
from geo_service.web.answers import html_answer
from geo_service.web.context import ogc_api
from geo_service.web.page import current_page

# Sizes of the pictures as committed, so that nothing moves while they load; made by tests/qgis/pictures.py.
PICTURES = {"layer": (880, 520), "form": (641, 780), "filter": (700, 559)}

blueprint = Blueprint("qgis", __name__)


@blueprint.get("/qgis")
def qgis_page() -> Response:
    """Answer the steps into QGIS."""
    page = current_page()
    collections = ogc_api().collections.values()

    def address(path: str, **query: str) -> str:
        # The files speak the language of the page, whatever the browser's download would ask for.
        return page.link(f"{API_PREFIX}{path}", **query, lang=page.language)

    def layer(collection, extension: str, **query: str) -> str:  # type: ignore[no-untyped-def]
        return address(
            f"/collections/{collection.collection_id}/qgis/{collection.layer_name}{extension}", **query
        )

    html = render_template(
        "qgis.html",
        pictures=PICTURES,
        api_url=f"{page.base}{API_PREFIX}",
        layer_href=layer(PROGRAMME_AREAS, QLR_FORMAT.extension),
        old_layer_href=layer(PROGRAMME_AREAS, QLR_FORMAT.extension, crs=CRS84.crs_uri),
        layers=[
            {
                "title": collection.title.text(page.language),
                "description": collection.description.text(page.language),
                "layer": layer(collection, QLR_FORMAT.extension),
                "old_layer": layer(collection, QLR_FORMAT.extension, crs=CRS84.crs_uri),
                "style": layer(collection, QML_FORMAT.extension),
                "package": address(
                    f"/collections/{collection.collection_id}/download/{collection.layer_name}.gpkg"
                ),
            }
            for collection in collections
        ],
        files={
            one.name: {
                "href": address(f"/qgis/{one.name}"),
                "old_href": address(f"/qgis/{one.name}", crs=CRS84.crs_uri) if one.with_crs else None,
            }
            for one in DATASET_FILES
        },
    )
    return html_answer(html)
