"""The resources of the API: which address leads to which function, and which parameters it knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from geo_service.ogc.collections import collection, collections
from geo_service.ogc.conformance import conformance
from geo_service.ogc.features import item, items
from geo_service.ogc.landing import landing_page, openapi
from geo_service.ogc.links import GEOJSON, JSON, MVT, OPENAPI
from geo_service.ogc.parameters import ITEM_PARAMETERS, ITEMS_PARAMETERS, filter_fields
from geo_service.ogc.pygeoapi_api import OgcApi
from geo_service.ogc.tiles import tile, tile_matrix_set, tile_matrix_sets, tileset, tilesets

JSON_FORMATS: dict[str, Sequence[str]] = {"json": (JSON,)}
FEATURE_FORMATS: dict[str, Sequence[str]] = {"json": (GEOJSON, JSON)}
OPENAPI_FORMATS: dict[str, Sequence[str]] = {"json": (OPENAPI, OPENAPI.partition(";")[0], JSON)}
TILE_FORMATS: dict[str, Sequence[str]] = {"mvt": (MVT, "application/x-protobuf", "application/octet-stream")}


@dataclass(frozen=True)
class Resource:
    """One kind of resource: address, function of pygeoapi's shape, formats, and parameters it knows."""

    rule: str
    function: Callable[..., Any]
    formats: dict[str, Sequence[str]]
    parameters: Callable[..., Sequence[str]]


def _none(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return ()


def _items(api: OgcApi, collection_id: str) -> tuple[str, ...]:
    return (*ITEMS_PARAMETERS, *filter_fields(api.collection(collection_id)))


def _item(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return ITEM_PARAMETERS


COLLECTION = "/collections/<collection_id>"
TILES = f"{COLLECTION}/tiles"
TILESET = f"{TILES}/<tile_matrix_set_id>"

LANDING_PAGE = Resource("", landing_page, JSON_FORMATS, _none)
RESOURCES = (
    LANDING_PAGE,
    Resource("/openapi", openapi, OPENAPI_FORMATS, _none),
    Resource("/conformance", conformance, JSON_FORMATS, _none),
    Resource("/collections", collections, JSON_FORMATS, _none),
    Resource(COLLECTION, collection, JSON_FORMATS, _none),
    Resource(f"{COLLECTION}/items", items, FEATURE_FORMATS, _items),
    Resource(f"{COLLECTION}/items/<item_id>", item, FEATURE_FORMATS, _item),
    Resource(TILES, tilesets, JSON_FORMATS, _none),
    Resource(TILESET, tileset, JSON_FORMATS, _none),
    Resource(f"{TILESET}/<tile_matrix>/<tile_row>/<tile_col>", tile, TILE_FORMATS, _none),
    Resource("/tileMatrixSets", tile_matrix_sets, JSON_FORMATS, _none),
    Resource("/tileMatrixSets/<tile_matrix_set_id>", tile_matrix_set, JSON_FORMATS, _none),
)
