"""The part of the API definition that is about tiles: of each collection and of the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_service.db.tiles import LAYERS
from geo_service.domain.collections import Collection
from geo_service.domain.tiling import GRIDS, WEB_MERCATOR_QUAD
from geo_service.ogc.cql2.parameters import FILTER_PARAMETERS
from geo_service.ogc.negotiation import JSON_FORMATS, TILE_FORMATS
from geo_service.ogc.openapi import Document, _filter_parameter, _format, _get, _names, _path, _query
from geo_service.ogc.openapi_schemas import TEXTS
from geo_service.ogc.parameters import filter_fields
from geo_service.ogc.schemas import json_schema
from geo_service.ogc.tile_parameters import tile_fields

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

Parameters = list[str | Document]


def add_tiles(definition: Document, api: OgcApi, language: str) -> Document:
    """Add the addresses and parameters of tiles to the definition, and return it."""
    text = {name: message.text(language) for name, message in TEXTS.items()}
    tiled = tuple(one for name, one in api.collections.items() if name in LAYERS)
    paths = definition["paths"]
    paths["/tileMatrixSets"] = _get(
        "getTileMatrixSetsList", text["tms-list"], ["f", "lang"], "TileMatrixSets", "tiles"
    )
    paths["/tileMatrixSets/{tileMatrixSetId}"] = _get(
        "getTileMatrixSet", text["tms"], ["tileMatrixSetId", "f", "lang"], "TileMatrixSet", "tiles"
    )
    paths |= _paths(
        "", "dataset.vector", text["dataset"], "tiles", text, ["collections"], _content(tiled, text)
    )
    for one in tiled:
        name = one.collection_id
        filters: Parameters = [
            _filter_parameter(field_name, json_schema(field, language))
            for field_name, field in filter_fields(one).items()
        ]
        camel = "".join(part.capitalize() for part in name.split("-"))
        operation = f"{camel}.collection.vector"
        title = one.title.text(language)
        content = _content((one,), text) + filters
        paths |= _paths(f"/collections/{name}", operation, title, name, text, [], content)
    definition["tags"].append({"name": "tiles", "description": text["tiles"]})
    definition["components"]["parameters"] |= _parameters(tiled, text)
    return definition


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
        f"{url}/tiles{path}": _get(
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
    names = list(tile_fields(collections))
    return ["datetime", "q", *FILTER_PARAMETERS, _query("properties", text["tile-properties"], _names(names))]


def _parameters(tiled: tuple[Collection, ...], text: dict[str, str]) -> Document:
    number = {"type": "integer", "minimum": 0}
    levels = max(grid.levels for grid in GRIDS.values())
    columns = max(grid.matrix_size(grid.max_level)[0] for grid in GRIDS.values())
    rows = max(grid.matrix_size(grid.max_level)[1] for grid in GRIDS.values())
    last = 2**WEB_MERCATOR_QUAD.max_level - 1
    schemes = {"type": "string", "enum": list(GRIDS)}
    web_mercator = {"type": "string", "enum": [WEB_MERCATOR_QUAD.grid_id]}
    return {
        "collections": _query(
            "collections", text["tile-collections"], _names([one.collection_id for one in tiled])
        ),
        "fTile": _format(TILE_FORMATS, text),
        "fJson": _format(JSON_FORMATS, text),
        "tileMatrixSetId": _path("tileMatrixSetId", text["tms"], schemes),
        "tileJsonScheme": _path("tileMatrixSetId", text["tms"], web_mercator),
        "tileMatrix": _path("tileMatrix", text["tileMatrix"], {**number, "maximum": levels - 1}),
        "tileRow": _path("tileRow", text["tileRow"], {**number, "maximum": rows - 1}),
        "tileCol": _path("tileCol", text["tileCol"], {**number, "maximum": columns - 1}),
        "z": _path("z", text["tileMatrix"], {**number, "maximum": WEB_MERCATOR_QUAD.max_level}),
        "x": _path("x", text["tileCol"], {**number, "maximum": last}),
        "y": _path("y", text["tileRow"], {**number, "maximum": last}),
    }
