"""Vector tiles in WebMercatorQuad: tilesets, their metadata, tiles, and the tile matrix set itself.

OGC API - Tiles - Part 1 (20-057) and Two Dimensional Tile Matrix Set and Tile Set Metadata (17-083r4); the
tile matrix set comes from morecantile. pygeoapi's own functions fail outside of the limits (pygeoapi#2365).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import morecantile
import orjson
from sqlalchemy import Connection

from geo_service.db import tiles as db_tiles
from geo_service.db.engine import reading
from geo_service.db.tiles import LAYERS, TileLayer, TileShape
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.crs import CRS84_URI
from geo_service.domain.query import TileId
from geo_service.errors import Message, NotFoundError
from geo_service.ogc.collections import rounded_outwards
from geo_service.ogc.links import JSON, MVT, TILING_SCHEME, TITLES, Link, link, with_query
from geo_service.ogc.parameters import refuse
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer, content_etag
from geo_service.ogc.schemas import json_schema

TILE_MATRIX_SET_ID = "WebMercatorQuad"
MAX_ZOOM = 18
WEB_MERCATOR_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
# Beyond these latitudes the square of Web Mercator ends.
MAX_LATITUDE = 85.05112


@lru_cache(maxsize=1)
def web_mercator_quad() -> morecantile.TileMatrixSet:
    """Return the definition of WebMercatorQuad."""
    return morecantile.tms.get(TILE_MATRIX_SET_ID)


def tile(
    api: OgcApi,
    request: OgcRequest,  # noqa: ARG001
    collection_id: str,
    tile_matrix_set_id: str,
    tile_matrix: str,
    tile_row: str,
    tile_col: str,
) -> Answer:
    """Answer with one tile; 204 where nothing is, 404 outside of the limits (20-057, /req/core/tc-error).

    The limits are looked at only for an empty tile, so that a tile with content costs one statement.
    """
    collection = _tiled_collection(api, collection_id)
    _check_tile_matrix_set(tile_matrix_set_id)
    tile_id = _parse_tile_id(tile_matrix, tile_row, tile_col)
    settings = api.settings
    shape = TileShape(settings.mvt_extent, settings.mvt_buffer, settings.mvt_max_features)
    with reading(api.engine) as connection:
        found = db_tiles.get_tile(connection, collection_id, tile_id, shape)
        if not found.data:
            _check_limits(_published_bbox(api, connection, collection), tile_id)
    headers = {
        "Content-Type": MVT,
        "Content-Language": "de, en",
        "Vary": "Accept",
        "ETag": content_etag(found.data),
    }
    return headers, 200 if found.data else 204, found.data


def tilesets(api: OgcApi, request: OgcRequest, collection_id: str) -> Answer:
    """List the tilesets of a collection (20-057, /req/tilesets-list/tileset-list)."""
    collection = _tiled_collection(api, collection_id)
    url = f"{api.base_url}/collections/{collection_id}/tiles"
    tileset_url = request.url(f"{url}/{TILE_MATRIX_SET_ID}")
    entry = {
        **_description(collection, request),
        "links": [
            link("self", JSON, tileset_url, _title(collection, request)),
            *_tile_links(api, request, url),
        ],
    }
    title = TITLES["tilesets"].text(request.language)
    links = [link("self", JSON, request.url(url), title), *request.alternates(url)]
    return {"Content-Type": JSON}, 200, orjson.dumps({"tilesets": [entry], "links": links})


def tileset(api: OgcApi, request: OgcRequest, collection_id: str, tile_matrix_set_id: str) -> Answer:
    """Describe one tileset: limits, layers with their fields, the way to the tiles (17-083r4, clause 7)."""
    collection = _tiled_collection(api, collection_id)
    _check_tile_matrix_set(tile_matrix_set_id)
    url = f"{api.base_url}/collections/{collection_id}/tiles"
    with reading(api.engine) as connection:
        data_bbox = api.summaries.get(connection, collection).bbox
        bbox = _published_bbox(api, connection, collection)
    metadata: dict[str, Any] = {
        **_description(collection, request),
        "tileMatrixSetId": TILE_MATRIX_SET_ID,
        "layers": [_layer(one, collection, request.language) for one in LAYERS[collection_id]],
        "links": [
            link("self", JSON, request.url(f"{url}/{TILE_MATRIX_SET_ID}"), _title(collection, request)),
            *request.alternates(f"{url}/{TILE_MATRIX_SET_ID}"),
            *_tile_links(api, request, url),
            link("geodata", JSON, request.url(f"{api.base_url}/collections/{collection_id}"), collection_id),
        ],
    }
    metadata["tileMatrixSetLimits"] = [_limit(bbox, zoom) for zoom in range(MAX_ZOOM + 1)]
    if data_bbox:
        min_lon, min_lat, max_lon, max_lat = rounded_outwards(data_bbox)
        metadata["boundingBox"] = {
            "lowerLeft": [min_lon, min_lat],
            "upperRight": [max_lon, max_lat],
            "crs": CRS84_URI,
        }
        center = [round((min_lon + max_lon) / 2, 5), round((min_lat + max_lat) / 2, 5)]
        metadata["centerPoint"] = {"coordinates": center, "crs": CRS84_URI, "tileMatrix": "8"}
    return {"Content-Type": JSON}, 200, orjson.dumps(metadata)


def tile_matrix_sets(api: OgcApi, request: OgcRequest) -> Answer:
    """List the tile matrix sets (17-083r4; 20-057, clause 7.3)."""
    tms = web_mercator_quad()
    url = f"{api.base_url}/tileMatrixSets"
    entry = {
        "id": tms.id,
        "title": tms.title,
        "uri": str(tms.uri),
        "crs": WEB_MERCATOR_URI,
        "links": [
            link("self", JSON, request.url(f"{url}/{tms.id}"), TITLES["tiling-scheme"].text(request.language))
        ],
    }
    title = TITLES["tiling-schemes"].text(request.language)
    links = [link("self", JSON, request.url(url), title), *request.alternates(url)]
    return {"Content-Type": JSON}, 200, orjson.dumps({"tileMatrixSets": [entry], "links": links})


def tile_matrix_set(api: OgcApi, request: OgcRequest, tile_matrix_set_id: str) -> Answer:  # noqa: ARG001
    """Define WebMercatorQuad (17-083r4, /req/json-tilematrixset)."""
    _check_tile_matrix_set(tile_matrix_set_id)
    return {"Content-Type": JSON}, 200, web_mercator_quad().model_dump_json(exclude_none=True)


def _parse_tile_id(tile_matrix: str, tile_row: str, tile_col: str) -> TileId:
    """Parse the three numbers of a tile; in OGC addresses the row comes before the column."""
    numbers = {"tileMatrix": tile_matrix, "tileRow": tile_row, "tileCol": tile_col}
    for name, text in numbers.items():
        if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII):
            refuse(name, f"{name} muss eine ganze Zahl ab 0 sein.", f"{name} must be a whole number from 0.")
    tile_id = TileId(z=int(tile_matrix), x=int(tile_col), y=int(tile_row))
    if tile_id.z > MAX_ZOOM or max(tile_id.x, tile_id.y) >= 2**tile_id.z:
        raise NotFoundError(
            f"tile {tile_id}",
            Message(
                f"Diese Kachel gibt es nicht: {TILE_MATRIX_SET_ID} reicht hier von Stufe 0 bis {MAX_ZOOM}, "
                "Zeile und Spalte auf Stufe z von 0 bis 2^z - 1.",
                f"There is no such tile: here {TILE_MATRIX_SET_ID} has levels 0 to {MAX_ZOOM}, "
                "on level z rows and columns 0 to 2^z - 1.",
            ),
        )
    return tile_id


def _tiled_collection(api: OgcApi, collection_id: str) -> Collection:
    collection = api.collection(collection_id)
    if collection_id not in LAYERS:
        raise NotFoundError(
            f"tiles of {collection_id}",
            Message(
                "Diese Sammlung gibt es nicht als Kacheln.", "This collection is not available as tiles."
            ),
        )
    return collection


def _check_tile_matrix_set(tile_matrix_set_id: str) -> None:
    if tile_matrix_set_id != TILE_MATRIX_SET_ID:
        raise NotFoundError(
            f"tile matrix set {tile_matrix_set_id[:100]!r}",
            Message(
                f"Dieses Kachelschema gibt es hier nicht. Es gibt: {TILE_MATRIX_SET_ID}.",
                f"There is no such tile matrix set here. There is: {TILE_MATRIX_SET_ID}.",
            ),
        )


def _title(collection: Collection, request: OgcRequest) -> str:
    return f"{collection.title.text(request.language)} ({TILE_MATRIX_SET_ID})"


def _description(collection: Collection, request: OgcRequest) -> dict[str, Any]:
    return {
        "title": _title(collection, request),
        "description": collection.description.text(request.language),
        "dataType": "vector",
        "crs": WEB_MERCATOR_URI,
        "tileMatrixSetURI": str(web_mercator_quad().uri),
    }


def _tile_links(api: OgcApi, request: OgcRequest, url: str) -> list[Link]:
    template = f"{url}/{TILE_MATRIX_SET_ID}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    kept = {name: text for name, text in request.arguments.kept().items() if name != "lang"}
    scheme_url = request.url(f"{api.base_url}/tileMatrixSets/{TILE_MATRIX_SET_ID}")
    return [
        link("item", MVT, with_query(template, kept), TITLES["tile"].text(request.language), templated=True),
        link(TILING_SCHEME, JSON, scheme_url, TITLES["tiling-scheme"].text(request.language)),
    ]


def _layer(layer: TileLayer, collection: Collection, language: str) -> dict[str, Any]:
    labels = COLLECTIONS.get(layer.layer_id, collection)
    fields = [field for name in layer.fields if (field := collection.field(name))]
    properties = {field.name: json_schema(field, language) for field in fields}
    return {
        "id": layer.layer_id,
        "title": labels.title.text(language),
        "description": labels.description.text(language),
        "dataType": "vector",
        "geometryDimension": 2 if layer.geometry_type == "polygons" else 0,
        "minTileMatrix": "0",
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def _published_bbox(api: OgcApi, connection: Connection, collection: Collection) -> tuple[float, ...]:
    """Return the box (CRS84) that the tileset covers: the configured extent, and data beyond it.

    It is steadier than the extent of the data alone, so that a map that keeps to it never asks in vain.
    """
    configured = api.config["resources"][collection.collection_id]["extents"]["spatial"]["bbox"]
    bbox = api.summaries.get(connection, collection).bbox
    if bbox is None:
        return tuple(configured)
    return (*map(min, configured[:2], bbox[:2]), *map(max, configured[2:], bbox[2:]))


def _limit(bbox: tuple[float, ...], zoom: int) -> dict[str, Any]:
    """Return the rows and columns of one level that touch the box (17-083r4, clause 7.1.3)."""
    tms = web_mercator_quad()
    first = tms.tile(bbox[0], min(bbox[3], MAX_LATITUDE), zoom)
    last = tms.tile(bbox[2], max(bbox[1], -MAX_LATITUDE), zoom)
    return {
        "tileMatrix": str(zoom),
        "minTileRow": first.y,
        "maxTileRow": last.y,
        "minTileCol": first.x,
        "maxTileCol": last.x,
    }


def _check_limits(bbox: tuple[float, ...], tile_id: TileId) -> None:
    limit = _limit(bbox, tile_id.z)
    rows, columns = limit["maxTileRow"], limit["maxTileCol"]
    if limit["minTileRow"] <= tile_id.y <= rows and limit["minTileCol"] <= tile_id.x <= columns:
        return
    raise NotFoundError(
        f"tile {tile_id}",
        Message(
            "Diese Kachel liegt außerhalb der Grenzen des Kachelsatzes (tileMatrixSetLimits).",
            "This tile lies outside of the limits of the tileset (tileMatrixSetLimits).",
        ),
    )
