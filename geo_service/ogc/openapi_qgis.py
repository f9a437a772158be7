"""The API definition's part on files for QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_service.errors import Message
from geo_service.ogc.negotiation import Format
from geo_service.ogc.openapi import Document, _format, _get, _query
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


def add_qgis(definition: Document, api: OgcApi, language: str) -> Document:
    """Add the addresses of the files for QGIS to the definition, and return it."""
    text = {name: message.text(language) for name, message in TEXTS.items()}
    paths, components = definition["paths"], definition["components"]
    for collection in api.collections.values():
        camel = "".join(part.capitalize() for part in collection.collection_id.split("-"))
        for one in LAYER_FORMATS:
            paths[f"/collections/{collection.collection_id}/qgis/{collection.layer_name}{one.extension}"] = (
                _get(
                    f"get{camel}{one.name.capitalize()}",
                    f"{collection.title.text(language)}: {one.title.text(language)}",
                    _parameters(one, text, with_crs=one is QLR_FORMAT),
                    f"Qgis-{one.name}",
                    TAG,
                )
            )
    for file in DATASET_FILES:
        camel = "".join(part.capitalize() for part in file.name.replace(".", "_").split("_"))
        paths[f"/qgis/{file.name}"] = _get(
            f"get{camel}",
            file.title.text(language),
            _parameters(file.format, text, with_crs=file.with_crs),
            f"Qgis-{file.format.name}",
            TAG,
        )
    definition["tags"].append({"name": TAG, "description": text[TAG]})
    components["parameters"]["qgisCrs"] = _query(
        "crs",
        text["crs"],
        {
            "type": "string",
            "format": "uri",
            "enum": [one.crs_uri for one in CRS_CHOICE],
            "default": CRS_CHOICE[0].crs_uri,
        },
    )
    formats = {one.format.name: one.format for one in DATASET_FILES} | {
        one.name: one for one in LAYER_FORMATS
    }
    components["responses"] |= {f"Qgis-{name}": _response(one, language) for name, one in formats.items()}
    return definition


def _parameters(one: Format, text: dict[str, str], *, with_crs: bool) -> list[str | Document]:
    return [*(["qgisCrs"] if with_crs else []), _format((one,), text), "lang"]


def _response(one: Format, language: str) -> Document:
    return {
        "description": one.title.text(language),
        "content": {one.media_type: {"schema": {"type": "string"}}},
    }
