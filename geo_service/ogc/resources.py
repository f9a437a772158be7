"""The resources of the API: which address leads to which function, and which parameters it knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Request

from geo_service.ogc.code_lists import code_list, code_lists
from geo_service.ogc.collections import collection, collections
from geo_service.ogc.conformance import conformance
from geo_service.ogc.enclosures import download, download_formats
from geo_service.ogc.features import item, items
from geo_service.ogc.functions import functions
from geo_service.ogc.landing import landing_page, openapi
from geo_service.ogc.legend import LEGEND_FORMATS, legend
from geo_service.ogc.negotiation import (
    HTML_FORMAT,
    ITEM_FORMATS,
    ITEMS_FORMATS,
    JSON_FORMATS,
    OPENAPI_FORMATS,
    SCHEMA_FORMATS,
    TILE_FORMATS,
    Formats,
)
from geo_service.ogc.parameters import ITEM_PARAMETERS, ITEMS_PARAMETERS, filter_fields
from geo_service.ogc.processes.job_filter import JOBS_PARAMETERS
from geo_service.ogc.processes.resources import (
    LIST_PARAMETERS,
    execution,
    job,
    job_results,
    jobs,
    process,
    processes,
    read_execute_request,
)
from geo_service.ogc.profiles import PARAMETER as PROFILE
from geo_service.ogc.pygeoapi_api import OgcApi
from geo_service.ogc.qgis import (
    dataset_file,
    dataset_file_formats,
    dataset_file_parameters,
    layer_file,
    layer_file_formats,
    layer_file_parameters,
)
from geo_service.ogc.schemas import feature_schema, queryables, schema, sortables
from geo_service.ogc.style_files import (
    CSS_FORMATS,
    PBF_FORMATS,
    PNG_FORMATS,
    WOFF_FORMATS,
    font_face,
    font_file,
    glyphs,
    sprite_index,
    sprite_picture,
)
from geo_service.ogc.styles import STYLE_FORMATS, style, style_metadata, styles
from geo_service.ogc.tile_matrix_sets import tile_matrix_set, tile_matrix_sets
from geo_service.ogc.tile_parameters import CONTENT_PARAMETERS, DATASET_PARAMETERS
from geo_service.ogc.tilejson import dataset_tilejson, tilejson
from geo_service.ogc.tiles import dataset_short_tile, dataset_tile, short_tile, tile
from geo_service.ogc.tilesets import dataset_tileset, dataset_tilesets, tileset, tilesets


@dataclass(frozen=True)
class Resource:
    """One kind of resource: address, function of pygeoapi's shape, formats, and parameters it knows.

    The function is called as ``function(api, request, **path)``, with the variable parts of the address by name; what
    it has no use for has a name that begins with an underscore. `formats` are those that the service makes itself, or
    a function that finds them by the variable parts of the address; `has_page` tells that there is HTML too, where
    somebody renders it. What is posted stands for parameters of a GET. `kept` tells that an answer may be kept for
    others: it follows from the request, the settings and what the function notes in ``request.sources``, and from
    nothing else. `read_body` reads what is posted, where that is no filter; the function finds it in
    ``request.posted``.
    """

    rule: str
    function: Callable[..., Any]
    formats: Formats | Callable[..., Formats]
    parameters: Callable[..., Sequence[str]]
    has_page: bool = True
    methods: Sequence[str] = ("GET", "HEAD", "OPTIONS")
    kept: bool = False
    read_body: Callable[[Request], Any] | None = None

    @property
    def name(self) -> str:
        """Name of the resource, for pages and endpoints."""
        return self.function.__name__

    def offered(self, path: Mapping[str, str], *, html: bool) -> Formats:
        """Return the formats to negotiate about."""
        formats = self.formats if isinstance(self.formats, tuple) else self.formats(**path)
        return (*formats, HTML_FORMAT) if html and self.has_page else formats


def _none(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return ()


def _items(api: OgcApi, collection_id: str) -> tuple[str, ...]:
    return (*ITEMS_PARAMETERS, *filter_fields(api.collection(collection_id)))


def _item(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return ITEM_PARAMETERS


def _schema(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return (PROFILE,)


def _tile(api: OgcApi, collection_id: str, **_path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*CONTENT_PARAMETERS, *filter_fields(api.collection(collection_id)))))


def _dataset(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return DATASET_PARAMETERS


def _dataset_tile(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return (*DATASET_PARAMETERS, *CONTENT_PARAMETERS)


def _processes(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return LIST_PARAMETERS


def _jobs(_api: OgcApi, **_path: str) -> tuple[str, ...]:
    return JOBS_PARAMETERS


COLLECTION = "/collections/<collection_id>"
TILES = f"{COLLECTION}/tiles"
TILESET = "/<tile_matrix_set_id>"
TILE = f"{TILESET}/<tile_matrix>/<tile_row>/<tile_col>"
SHORT_TILE = "/<z>/<x>/<y>.mvt"
TILEJSON = f"{TILESET}/tilejson.json"

STYLE = "/styles/<style_id>"
FONTS = "/resources/fonts"

LANDING_PAGE = Resource("", landing_page, JSON_FORMATS, _none, kept=True)
RESOURCES = (
    LANDING_PAGE,
    Resource("/openapi", openapi, OPENAPI_FORMATS, _none, kept=True),
    Resource("/conformance", conformance, JSON_FORMATS, _none, kept=True),
    Resource("/collections", collections, JSON_FORMATS, _none, kept=True),
    Resource(COLLECTION, collection, JSON_FORMATS, _none, kept=True),
    Resource(f"{COLLECTION}/schema", schema, SCHEMA_FORMATS, _schema, kept=True),
    Resource(f"{COLLECTION}/queryables", queryables, SCHEMA_FORMATS, _schema, kept=True),
    Resource(f"{COLLECTION}/sortables", sortables, SCHEMA_FORMATS, _schema, kept=True),
    Resource(
        f"{COLLECTION}/feature-schema", feature_schema, SCHEMA_FORMATS, _none, has_page=False, kept=True
    ),
    Resource(
        f"{COLLECTION}/items",
        items,
        ITEMS_FORMATS,
        _items,
        methods=("GET", "HEAD", "OPTIONS", "POST"),
        kept=True,
    ),
    Resource(f"{COLLECTION}/items/<item_id>", item, ITEM_FORMATS, _item, kept=True),
    Resource(f"{COLLECTION}/download/<file_name>", download, download_formats, _none, has_page=False),
    Resource(
        f"{COLLECTION}/qgis/<file_name>",
        layer_file,
        layer_file_formats,
        layer_file_parameters,
        has_page=False,
    ),
    Resource(
        "/qgis/<file_name>", dataset_file, dataset_file_formats, dataset_file_parameters, has_page=False
    ),
    Resource(TILES, tilesets, JSON_FORMATS, _none, kept=True),
    Resource("/functions", functions, JSON_FORMATS, _none, kept=True),
    Resource(f"{TILES}{TILESET}", tileset, JSON_FORMATS, _none, kept=True),
    Resource(f"{TILES}{TILEJSON}", tilejson, JSON_FORMATS, _tile, has_page=False, kept=True),
    Resource(f"{TILES}{TILE}", tile, TILE_FORMATS, _tile, has_page=False),
    Resource(f"{TILES}{SHORT_TILE}", short_tile, TILE_FORMATS, _tile, has_page=False),
    Resource("/tiles", dataset_tilesets, JSON_FORMATS, _dataset, kept=True),
    Resource(f"/tiles{TILESET}", dataset_tileset, JSON_FORMATS, _dataset, kept=True),
    Resource(f"/tiles{TILEJSON}", dataset_tilejson, JSON_FORMATS, _dataset_tile, has_page=False, kept=True),
    Resource(f"/tiles{TILE}", dataset_tile, TILE_FORMATS, _dataset_tile, has_page=False),
    Resource(f"/tiles{SHORT_TILE}", dataset_short_tile, TILE_FORMATS, _dataset_tile, has_page=False),
    Resource("/codelists", code_lists, JSON_FORMATS, _none, kept=True),
    Resource("/codelists/<code_list_id>", code_list, JSON_FORMATS, _none, kept=True),
    Resource("/tileMatrixSets", tile_matrix_sets, JSON_FORMATS, _none, kept=True),
    Resource("/tileMatrixSets/<tile_matrix_set_id>", tile_matrix_set, JSON_FORMATS, _none, kept=True),
    Resource("/processes", processes, JSON_FORMATS, _processes),
    Resource("/processes/<process_id>", process, JSON_FORMATS, _none),
    Resource(
        "/processes/<process_id>/execution",
        execution,
        JSON_FORMATS,
        _none,
        has_page=False,
        methods=("POST", "OPTIONS"),
        read_body=read_execute_request,
    ),
    Resource("/jobs", jobs, JSON_FORMATS, _jobs),
    Resource("/jobs/<job_id>", job, JSON_FORMATS, _none, methods=("GET", "HEAD", "OPTIONS", "DELETE")),
    Resource("/jobs/<job_id>/results", job_results, JSON_FORMATS, _none, has_page=False),
    Resource("/styles", styles, JSON_FORMATS, _none, kept=True),
    Resource(STYLE, style, STYLE_FORMATS, _none, has_page=False, kept=True),
    Resource(f"{STYLE}/metadata", style_metadata, JSON_FORMATS, _none, kept=True),
    Resource(f"{STYLE}/legend", legend, LEGEND_FORMATS, _none, kept=True),
    Resource("/resources/<sprite_name>.json", sprite_index, JSON_FORMATS, _none, has_page=False, kept=True),
    Resource("/resources/<sprite_name>.png", sprite_picture, PNG_FORMATS, _none, has_page=False, kept=True),
    Resource(
        f"{FONTS}/<font_stack>/<glyph_range_id>.pbf", glyphs, PBF_FORMATS, _none, has_page=False, kept=True
    ),
    Resource(
        f"{FONTS}/<font_family>/<font_face>.css", font_face, CSS_FORMATS, _none, has_page=False, kept=True
    ),
    Resource(
        f"{FONTS}/<font_family>/<font_name>.woff", font_file, WOFF_FORMATS, _none, has_page=False, kept=True
    ),
)
