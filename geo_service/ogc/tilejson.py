"""TileJSON 3.0 of the tiles in WebMercatorQuad, for MapLibre and everybody else who draws web maps."""

from __future__ import annotations

from typing import Any

import orjson

from geo_service.db.tile_layers import layers_of
from geo_service.domain.query import TileId
from geo_service.domain.tiling import WEB_MERCATOR_QUAD
from geo_service.errors import Message, NotFoundError
from geo_service.ogc.attribution import attribution
from geo_service.ogc.collections import rounded_outwards, summarised
from geo_service.ogc.links import JSON, with_query
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer
from geo_service.ogc.tile_matrix_sets import find_grid
from geo_service.ogc.tile_parameters import parse_tile_query, tile_fields
from geo_service.ogc.tiles import published_box
from geo_service.ogc.tilesets import center_point, feature_limit, tiled_data

VERSION = "1.0.0"
TYPES = {"integer": "Number", "number": "Number", "boolean": "Boolean"}


def tilejson(
    api: OgcApi, request: OgcRequest, tile_matrix_set_id: str, collection_id: str | None = None
) -> Answer:
    """Answer with TileJSON 3.0; the parameters of tiles stay in the address of the tiles."""
    if find_grid(tile_matrix_set_id) is not WEB_MERCATOR_QUAD:
        raise NotFoundError(
            f"TileJSON of {tile_matrix_set_id}",
            Message(
                "TileJSON gibt es nur für WebMercatorQuad.", "There is TileJSON for WebMercatorQuad alone."
            ),
        )
    data = tiled_data(api, request, collection_id)
    asked = parse_tile_query(request, data.collections, WEB_MERCATOR_QUAD, TileId(0, 0, 0))
    box = published_box(api, summarised(api, request, data.collections), data.collections)
    bounds = rounded_outwards(box)
    center = center_point(WEB_MERCATOR_QUAD, box)
    kept = {name: text for name, text in request.arguments.items() if name not in ("f", "lang")}
    fields = tile_fields(data.collections)
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": data.title,
        "description": f"{data.description} {feature_limit(api, request)}",
        "version": VERSION,
        "scheme": "xyz",
        "tiles": [with_query(f"{data.url}/{{z}}/{{x}}/{{y}}.mvt", kept)],
        "minzoom": 0,
        "maxzoom": WEB_MERCATOR_QUAD.max_level,
        "bounds": bounds,
        "center": [*center["coordinates"], int(center["tileMatrix"])],
        "attribution": attribution(api),
        "vector_layers": [
            {
                "id": layer.layer_id,
                "minzoom": 0,
                "maxzoom": WEB_MERCATOR_QUAD.max_level,
                "fields": {
                    name: f"{TYPES.get(fields[name].type, 'String')}: {fields[name].title.text(request.language)}"
                    for name in layer.fields
                    if asked.properties is None or name in asked.properties
                },
            }
            for layer in layers_of(data.collections)
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def dataset_tilejson(api: OgcApi, request: OgcRequest, tile_matrix_set_id: str) -> Answer:
    """Answer with TileJSON 3.0 of the data set."""
    return tilejson(api, request, tile_matrix_set_id)
