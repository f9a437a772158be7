"""Tilesets and tile matrix sets: from their documents to what the templates show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo_service.domain.collections import COLLECTIONS
from geo_service.web import formats
from geo_service.web.api_pages.context import ApiContext, Document, by_relation
from geo_service.web.api_pages.links import link_entries


def tilesets(document: Document, context: ApiContext) -> dict[str, Any]:
    """List the tilesets of a collection."""
    return {
        "title": context.text("api.tilesets"),
        "lead": context.text("api.tilesets.lead"),
        "collection_title": _collection_title(context),
        "tilesets": [_entry(each, context) for each in document["tilesets"]],
    }


def tileset(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show a tileset: where it has tiles, and which layers with which fields are in them."""
    box = document.get("boundingBox")
    return {
        **_entry(document, context),
        "lead": document.get("description"),
        "collection_title": _collection_title(context),
        "bbox": [*box["lowerLeft"], *box["upperRight"]] if box else None,
        "layers": [_layer(each) for each in document.get("layers", ())],
        "limits": [_limit(each, context) for each in document.get("tileMatrixSetLimits", ())],
        "map": {"bbox": [*box["lowerLeft"], *box["upperRight"]] if box else None},
    }


def tile_matrix_sets(document: Document, context: ApiContext) -> dict[str, Any]:
    """List the tile matrix sets."""
    return {
        "title": context.text("api.tiling"),
        "lead": context.text("api.tiling.lead"),
        "sets": [
            {**each, "href": context.link(f"/tileMatrixSets/{each['id']}")}
            for each in document["tileMatrixSets"]
        ],
    }


def tile_matrix_set(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show the levels of a tile matrix set."""
    language = context.page.language
    return {
        "title": document.get("title") or document["id"],
        "lead": document.get("description"),
        "id": document["id"],
        "crs": _crs_text(document["crs"]),
        "uri": document.get("uri"),
        "levels": [
            {
                "id": each["id"],
                "scale": f"1\u2009:\u2009{formats.number(each['scaleDenominator'], language, 0)}",
                "cell_size": formats.number(each["cellSize"], language, 3),
                "tile": f"{each['tileWidth']}\u2009×\u2009{each['tileHeight']}",
                "matrix": f"{formats.number(each['matrixWidth'], language, 0)}\u2009×\u2009"
                f"{formats.number(each['matrixHeight'], language, 0)}",
            }
            for each in document["tileMatrices"]
        ],
    }


def _collection_title(context: ApiContext) -> str:
    """Return the title of the collection, or of all of them for the tiles of the data set."""
    collection_id = context.values.get("collection_id")
    if collection_id is None:
        return context.text("api.collections")
    return COLLECTIONS[collection_id].title.text(context.page.language)


def _entry(document: Mapping[str, Any], context: ApiContext) -> dict[str, Any]:
    relations = by_relation(document)
    template = relations.get("item", [{}])[0].get("href")
    schemes = link_entries(relations.get("tiling-scheme", ()), context)
    own = link_entries(relations.get("self", ()), context)
    return {
        "title": document.get("title", ""),
        "description": document.get("description"),
        "href": own[0].href if own else None,
        "template": template,
        "crs": document.get("crs"),
        "scheme": schemes[0] if schemes else None,
    }


def _layer(document: Mapping[str, Any]) -> dict[str, Any]:
    properties = document.get("propertiesSchema", {}).get("properties", {})
    return {
        "id": document["id"],
        "title": document.get("title", document["id"]),
        "description": document.get("description"),
        "levels": f"{document.get('minTileMatrix', '')}\u2009–\u2009{document.get('maxTileMatrix', '')}",
        "fields": [
            {"name": name, "title": one.get("title", ""), "type": one.get("type", "")}
            for name, one in properties.items()
        ],
    }


def _limit(document: Mapping[str, Any], context: ApiContext) -> dict[str, Any]:
    rows = document["maxTileRow"] - document["minTileRow"] + 1
    columns = document["maxTileCol"] - document["minTileCol"] + 1
    return {
        "level": document["tileMatrix"],
        "rows": f"{document['minTileRow']}\u2009–\u2009{document['maxTileRow']}",
        "columns": f"{document['minTileCol']}\u2009–\u2009{document['maxTileCol']}",
        "count": formats.number(rows * columns, context.page.language, 0),
    }


def _crs_text(crs: Any) -> str:
    if isinstance(crs, Mapping):
        return str(crs.get("uri") or next(iter(crs.values()), ""))
    return str(crs)
