"""Tilesets: which there are, and what each of them holds.

OGC API - Tiles - Part 1 (20-057, clauses 8 to 11) and Two Dimensional Tile Matrix Set and Tile Set Metadata
(17-083r4, clause 7). A tileset belongs to one collection or to the data set, where ``collections`` chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from geo_service.db.tile_layers import TileLayer, layers_of
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.crs import CRS84_URI
from geo_service.domain.tiling import GRIDS, WEB_MERCATOR_QUAD, Box, Grid
from geo_service.errors import Message
from geo_service.ogc.attribution import attribution
from geo_service.ogc.collections import rounded_outwards, summarised
from geo_service.ogc.links import JSON, MVT, TILING_SCHEME, TITLES, Link, link, with_query
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer
from geo_service.ogc.schemas import json_schema
from geo_service.ogc.tile_matrix_sets import box_in_grid, find_grid, limit, official_uri, scheme_link
from geo_service.ogc.tile_parameters import parse_collections, tile_fields, tiled_collection
from geo_service.ogc.tiles import around, published_box

VIEW_CELLS = 1024  # a map of four tiles' width; the centre point's level shows all of the data in it
FEATURE_LIMIT = Message(
    "Eine Kachel nimmt höchstens {} Features einer Sammlung auf, die größten zuerst.",
    "A tile takes at most {} features of a collection, the largest first.",
)


@dataclass(frozen=True)
class TiledData:
    """What is tiled: one collection, or several of the data set.

    `url` is the address of the list of its tilesets, `parameters` what chooses its collections there.
    """

    collections: tuple[Collection, ...]
    url: str
    title: str
    description: str
    parameters: dict[str, str]


def tiled_data(api: OgcApi, request: OgcRequest, collection_id: str | None) -> TiledData:
    """Return what the address means; no identifier means the data set."""
    if collection_id is not None:
        collection = tiled_collection(api, collection_id)
        url = f"{api.base_url}/collections/{collection_id}/tiles"
        title, description = collection.title, collection.description
        return TiledData(
            (collection,), url, title.text(request.language), description.text(request.language), {}
        )
    identification = api.config["metadata"]["identification"]
    asked = request.arguments.get("collections")
    return TiledData(
        parse_collections(api, request),
        f"{api.base_url}/tiles",
        identification["title"][request.language],
        identification["description"][request.language],
        {} if asked is None else {"collections": asked},
    )


def tilesets(api: OgcApi, request: OgcRequest, collection_id: str | None = None) -> Answer:
    """List the tilesets of a collection (20-057, /req/tilesets-list/tileset-list).

    Limits stand in the list, too: with them and the template a program asks for tiles without a further question.
    """
    data = tiled_data(api, request, collection_id)
    published = published_box(api, summarised(api, request, data.collections), data.collections)
    entries = [
        {
            **_description(data, grid),
            **_tiling(grid, published),
            "links": _links(api, request, data, grid),
        }
        for grid in GRIDS.values()
    ]
    title = TITLES["tilesets"].text(request.language)
    links = [
        link("self", JSON, request.url(data.url, **data.parameters), title),
        *request.alternates(data.url),
    ]
    return {"Content-Type": JSON}, 200, orjson.dumps({"tilesets": entries, "links": links})


def dataset_tilesets(api: OgcApi, request: OgcRequest) -> Answer:
    """List the tilesets of the data set."""
    return tilesets(api, request)


def tileset(
    api: OgcApi, request: OgcRequest, tile_matrix_set_id: str, collection_id: str | None = None
) -> Answer:
    """Describe one tileset: limits, layers with their fields, the way to the tiles (17-083r4, clause 7)."""
    data, grid = tiled_data(api, request, collection_id), find_grid(tile_matrix_set_id)
    summaries = summarised(api, request, data.collections)
    boxes = [one.bbox for one in summaries.values()]
    published = published_box(api, summaries, data.collections)
    url = f"{data.url}/{grid.grid_id}"
    metadata: dict[str, Any] = {
        **_description(data, grid),
        "description": f"{data.description} {feature_limit(api, request)}",
        **_tiling(grid, published),
        "layers": [_layer(one, data, grid, request.language) for one in layers_of(data.collections)],
        "maxFeaturesPerTile": api.settings.mvt_max_features,
        "attribution": attribution(api),
        "license": api.config["metadata"]["license"]["url"],
        "mediaTypes": [MVT],
        "keywords": api.config["metadata"]["identification"]["keywords"][request.language],
    }
    if known := [box for box in boxes if box is not None]:
        west, south, east, north = rounded_outwards(around(known))
        metadata["boundingBox"] = {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84_URI}
        metadata["centerPoint"] = center_point(grid, (west, south, east, north))
    links = _links(api, request, data, grid)
    metadata["links"] = [links[0], *request.alternates(url), *links[1:], *_sources(api, request, data)]
    return {"Content-Type": JSON}, 200, orjson.dumps(metadata)


def dataset_tileset(api: OgcApi, request: OgcRequest, tile_matrix_set_id: str) -> Answer:
    """Describe one tileset of the data set."""
    return tileset(api, request, tile_matrix_set_id)


def center_point(grid: Grid, box: Box) -> dict[str, Any]:
    """Return the middle of a box in CRS84, and the level that shows all of it on a screen."""
    west, south, east, north = box_in_grid(grid, box)
    size = max(east - west, north - south)
    level = 0
    while level < grid.max_level and grid.cell_size_at(level + 1) * VIEW_CELLS >= size:
        level += 1
    center = [round((box[0] + box[2]) / 2, 5), round((box[1] + box[3]) / 2, 5)]
    return {
        "coordinates": center,
        "crs": CRS84_URI,
        "tileMatrix": str(level),
        "cellSize": grid.cell_size_at(level),
    }


def feature_limit(api: OgcApi, request: OgcRequest) -> str:
    """Return the sentence about the features that a tile takes at most."""
    return FEATURE_LIMIT.text(request.language).format(api.settings.mvt_max_features)


def _description(data: TiledData, grid: Grid) -> dict[str, Any]:
    result = {
        "title": f"{data.title} ({grid.grid_id})",
        "description": data.description,
        "dataType": "vector",
        "crs": grid.crs_uri,
    }
    # What is not in OGC's register is known by the link to its definition alone.
    if uri := official_uri(grid):
        result["tileMatrixSetURI"] = uri
    return result


def _tiling(grid: Grid, published: Box) -> dict[str, Any]:
    return {
        "tileMatrixSetId": grid.grid_id,
        "tileMatrixSetLimits": [limit(grid, published, level) for level in range(grid.levels)],
    }


def _links(api: OgcApi, request: OgcRequest, data: TiledData, grid: Grid) -> list[Link]:
    url = f"{data.url}/{grid.grid_id}"
    kept = {name: text for name, text in request.arguments.kept().items() if name != "lang"}
    template = with_query(f"{url}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", {**kept, **data.parameters})
    titles = {name: TITLES[name].text(request.language) for name in ("tile", "tilejson")}
    links = [
        link("self", JSON, request.url(url, **data.parameters), f"{data.title} ({grid.grid_id})"),
        link("item", MVT, template, titles["tile"], templated=True),
        scheme_link(api, request, grid, rel=TILING_SCHEME),
    ]
    if grid is WEB_MERCATOR_QUAD:
        tilejson_url = request.url(f"{url}/tilejson.json", **data.parameters)
        links.append(link("describedby", JSON, tilejson_url, titles["tilejson"]))
    return links


def _sources(api: OgcApi, request: OgcRequest, data: TiledData) -> list[Link]:
    """Return links to the collections that the tiles are made of."""
    return [
        link(
            "geodata",
            JSON,
            request.url(f"{api.base_url}/collections/{one.collection_id}"),
            one.title.text(request.language),
        )
        for one in data.collections
    ]


def _layer(layer: TileLayer, data: TiledData, grid: Grid, language: str) -> dict[str, Any]:
    labels = COLLECTIONS.get(layer.layer_id, _home(layer, data))
    known = tile_fields(data.collections)
    return {
        "id": layer.layer_id,
        "title": labels.title.text(language),
        "description": labels.description.text(language),
        "dataType": "vector",
        "geometryDimension": 2 if layer.geometry_type == "polygons" else 0,
        "minTileMatrix": "0",
        "maxTileMatrix": str(grid.max_level),
        "propertiesSchema": {
            "type": "object",
            "properties": {name: json_schema(known[name], language) for name in layer.fields},
        },
    }


def _home(layer: TileLayer, data: TiledData) -> Collection:
    return next(one for one in data.collections if layer in layers_of((one,)))
