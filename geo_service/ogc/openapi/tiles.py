"""The part of the API definition that is about tiles: of each collection and of the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_service.db.tile_layers import LAYERS
from geo_service.domain.collections import Collection
from geo_service.domain.tiling import GRIDS, WEB_MERCATOR_QUAD
from geo_service.ogc.cql2.parameters import FILTER_PARAMETERS
from geo_service.ogc.negotiation import JSON_FORMATS, TILE_FORMATS
from geo_service.ogc.openapi.parts import (
    WHOLE,
    Document,
    Parameters,
    camel_case,
    enum_schema,
    filter_parameters,
    format_parameter,
    get_operation,
    in_language,
    names_schema,
    path_parameter,
    query_parameter,
)
from geo_service.ogc.openapi.texts import TEXTS
from geo_service.ogc.tile_parameters import tile_fields

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi


def add_tiles(definition: Document, api: OgcApi, language: str) -> None:
    """Add the addresses and parameters of tiles to the definition."""
    text = in_language(TEXTS, language)
    tiled = tuple(one for name, one in api.collections.items() if name in LAYERS)
    paths = definition["paths"]
    paths["/tileMatrixSets"] = get_operation(
        "getTileMatrixSetsList", text["tms-list"], ["f", "lang"], "TileMatrixSets", "tiles"
    )
    paths["/tileMatrixSets/{tileMatrixSetId}"] = get_operation(
        "getTileMatrixSet", text["tms"], ["tileMatrixSetId", "f", "lang"], "TileMatrixSet", "tiles"
    )
    paths |= _paths(
        "", "dataset.vector", text["dataset"], "tiles", text, ["collections"], _content(tiled, text)
    )
    for one in tiled:
        name = one.collection_id
        operation = f"{camel_case(name)}.collection.vector"
        title = one.title.text(language)
        content = _content((one,), text) + filter_parameters(one, language)
        paths |= _paths(f"/collections/{name}", operation, title, name, text, [], content)
    definition["tags"].append({"name": "tiles", "description": text["tiles"]})
    definition["components"]["parameters"] |= _parameters(tiled, text)


def _paths(
    url: str,
    operation: str,
    title: str,
    tag: str,
    text: dict[str, str],
    chosen: Parameters,
    content: Parameters,
) -> dict[str, Any]:
    """Describe the tilesets, their metadata, TileJSON and tiles below an address."""
    scheme, ogc_address = "tileMatrixSetId", ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"]
    described = {
        "": ("getTileSetsList", "tilesets", [*chosen, "f"], "Tilesets"),
        "/{tileMatrixSetId}": ("getTileSet", "tileset", [scheme, *chosen, "f"], "Tileset"),
        "/{tileMatrixSetId}/tilejson.json": (
            "getTileJson",
            "tilejson",
            ["tileJsonScheme", *chosen, *content, "fJson"],
            "TileJson",
        ),
        "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": (
            "getTile",
            "tile",
            [*ogc_address, *chosen, *content, "fTile"],
            "Tile",
        ),
        "/{z}/{x}/{y}.mvt": (
            "getShortTile",
            "short-tile",
            ["z", "x", "y", *chosen, *content, "fTile"],
            "Tile",
        ),
    }
    return {
        f"{url}/tiles{path}": get_operation(
            f"{operation}.{name}",
            f"{title}: {text[summary]}",
            [*parameters, "lang"],
            answer,
            tag,
            empty=answer == "Tile",
        )
        for path, (name, summary, parameters, answer) in described.items()
    }


def _content(collections: tuple[Collection, ...], text: dict[str, str]) -> Parameters:
    names = names_schema(tile_fields(collections))
    return [
        "datetime",
        "q",
        *FILTER_PARAMETERS,
        query_parameter("properties", text["tile-properties"], names),
    ]


def _parameters(tiled: tuple[Collection, ...], text: dict[str, str]) -> Document:
    levels = max(grid.levels for grid in GRIDS.values())
    columns = max(grid.matrix_size(grid.max_level)[0] for grid in GRIDS.values())
    rows = max(grid.matrix_size(grid.max_level)[1] for grid in GRIDS.values())
    last = 2**WEB_MERCATOR_QUAD.max_level - 1
    schemes, web_mercator = enum_schema(GRIDS), enum_schema([WEB_MERCATOR_QUAD.grid_id])
    return {
        "collections": query_parameter(
            "collections", text["tile-collections"], names_schema([one.collection_id for one in tiled])
        ),
        "fTile": format_parameter(TILE_FORMATS, text),
        "fJson": format_parameter(JSON_FORMATS, text),
        "tileMatrixSetId": path_parameter("tileMatrixSetId", text["tms"], schemes),
        "tileJsonScheme": path_parameter("tileMatrixSetId", text["tms"], web_mercator),
        "tileMatrix": path_parameter("tileMatrix", text["tileMatrix"], {**WHOLE, "maximum": levels - 1}),
        "tileRow": path_parameter("tileRow", text["tileRow"], {**WHOLE, "maximum": rows - 1}),
        "tileCol": path_parameter("tileCol", text["tileCol"], {**WHOLE, "maximum": columns - 1}),
        "z": path_parameter("z", text["tileMatrix"], {**WHOLE, "maximum": WEB_MERCATOR_QUAD.max_level}),
        "x": path_parameter("x", text["tileCol"], {**WHOLE, "maximum": last}),
        "y": path_parameter("y", text["tileRow"], {**WHOLE, "maximum": last}),
    }
