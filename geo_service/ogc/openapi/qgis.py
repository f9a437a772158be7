"""The API definition's part on files for QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_service.errors import Message
from geo_service.ogc.negotiation import Format
from geo_service.ogc.openapi.parts import (
    STRING,
    URI,
    Document,
    Parameters,
    camel_case,
    format_parameter,
    get_operation,
    in_language,
    query_parameter,
    response,
)
from geo_service.ogc.qgis import CRS_CHOICE, DATASET_FILES, LAYER_FORMATS, QLR_FORMAT

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

TAG = "qgis"
TEXTS = {
    TAG: Message("Fertige Dateien für QGIS", "Ready files for QGIS"),
    "f": Message("Format der Antwort", "Format of the answer"),
    "crs": Message(
        "In welchem CRS die Layer die Features holen: EPSG:25832, oder CRS84 für QGIS vor 3.28, das nichts anderes "
        "holen kann",
        "In which CRS the layers fetch the features: EPSG:25832, or CRS84 for QGIS before 3.28, which cannot "
        "fetch anything else",
    ),
}


def add_qgis(definition: Document, api: OgcApi, language: str) -> None:
    """Add the addresses of the files for QGIS to the definition."""
    text = in_language(TEXTS, language)
    paths, components = definition["paths"], definition["components"]
    for collection in api.collections.values():
        name = collection.collection_id
        for one in LAYER_FORMATS:
            paths[f"/collections/{name}/qgis/{collection.layer_name}{one.extension}"] = get_operation(
                f"get{camel_case(name)}{one.name.capitalize()}",
                f"{collection.title.text(language)}: {one.title.text(language)}",
                _parameters(one, text, with_crs=one is QLR_FORMAT),
                f"Qgis-{one.name}",
                TAG,
            )
    for file in DATASET_FILES:
        paths[f"/qgis/{file.name}"] = get_operation(
            f"get{camel_case(file.name)}",
            file.title.text(language),
            _parameters(file.format, text, with_crs=file.with_crs),
            f"Qgis-{file.format.name}",
            TAG,
        )
    definition["tags"].append({"name": TAG, "description": text[TAG]})
    components["parameters"]["qgisCrs"] = query_parameter(
        "crs",
        text["crs"],
        {**URI, "enum": [one.crs_uri for one in CRS_CHOICE], "default": CRS_CHOICE[0].crs_uri},
    )
    components["responses"] |= {
        f"Qgis-{one.name}": response(one.title.text(language), one.media_type, STRING)
        for one in (*(file.format for file in DATASET_FILES), *LAYER_FORMATS)
    }


def _parameters(one: Format, text: dict[str, str], *, with_crs: bool) -> Parameters:
    return [*(["qgisCrs"] if with_crs else []), format_parameter((one,), text), "lang"]
