"""Tile matrix sets: their full definitions, and which part of each a tileset covers.

Two Dimensional Tile Matrix Set and Tile Set Metadata (17-083r4). The definitions of OGC's own two come from
morecantile, that of the German authorities is built with it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import morecantile
import orjson
from pyproj import Transformer

from geo_service.domain.tiling import ADV_25832, GRIDS, MAX_LATITUDE, TILE_SIZE, Box, Grid, mercator_box
from geo_service.ogc.known import Kind, find_known
from geo_service.ogc.links import JSON, TITLES, Link, link
from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
from geo_service.ogc.responses import Answer

# A rendered pixel has 0.28 mm (17-083r4, clause 6.2.1.1).
PIXEL_M = 0.000_28
ADV_TITLE = "ETRS89 / UTM 32N, AdV (DE_EPSG_25832_ADV)"


@lru_cache(maxsize=8)
def definition(grid: Grid) -> morecantile.TileMatrixSet:
    """Return the full definition of a grid."""
    return _adv_25832() if grid is ADV_25832 else morecantile.tms.get(grid.grid_id)


def _adv_25832() -> morecantile.TileMatrixSet:
    cells = [ADV_25832.cell_size_at(level) for level in range(ADV_25832.levels)]
    return morecantile.TileMatrixSet(
        id=ADV_25832.grid_id,
        title=ADV_TITLE,
        orderedAxes=["E", "N"],
        crs=ADV_25832.crs_uri,
        tileMatrices=[
            morecantile.models.TileMatrix(
                id=str(level),
                scaleDenominator=cell / PIXEL_M,
                cellSize=cell,
                cornerOfOrigin="topLeft",
                pointOfOrigin=(ADV_25832.west, ADV_25832.north),
                tileWidth=TILE_SIZE,
                tileHeight=TILE_SIZE,
                matrixWidth=ADV_25832.matrix_size(level)[0],
                matrixHeight=ADV_25832.matrix_size(level)[1],
            )
            for level, cell in enumerate(cells)
        ],
    )


def find_grid(grid_id: str) -> Grid:
    """Return a grid by the identifier of its tile matrix set, or raise `NotFoundError`."""
    return find_known(Kind("Dieses Kachelschema", "tile matrix set"), grid_id, GRIDS)


def official_uri(grid: Grid) -> str | None:
    """Return the address of the definition in OGC's register, where it is in there."""
    uri = definition(grid).uri
    return None if uri is None else str(uri)


@lru_cache(maxsize=64)
def box_in_grid(grid: Grid, box: Box) -> Box:
    """Return the box in the CRS of the grid around a box in degrees (CRS84)."""
    west, south, east, north = box
    south, north = max(south, -MAX_LATITUDE), min(north, MAX_LATITUDE)
    if grid.srid == 3857:
        return mercator_box((west, south, east, north))
    if grid.srid == 4326:
        return box
    # Parallels bow: the lines between the corners count, too.
    left, bottom, right, top = _from_degrees(grid.srid).transform_bounds(
        west, south, east, north, densify_pts=21
    )
    return left, bottom, right, top


@lru_cache(maxsize=8)
def _from_degrees(srid: int) -> Transformer:
    return Transformer.from_crs("OGC:CRS84", f"EPSG:{srid}", always_xy=True)


def limit(grid: Grid, box: Box, level: int) -> dict[str, Any]:
    """Return the rows and columns of one level that touch a box in CRS84 (17-083r4, clause 7.1.3)."""
    min_col, max_col, min_row, max_row = grid.limits(box_in_grid(grid, box), level)
    return {
        "tileMatrix": str(level),
        "minTileRow": min_row,
        "maxTileRow": max_row,
        "minTileCol": min_col,
        "maxTileCol": max_col,
    }


def tile_matrix_sets(api: OgcApi, request: OgcRequest) -> Answer:
    """List the tile matrix sets (17-083r4; 20-057, clause 7.3)."""
    url = f"{api.base_url}/tileMatrixSets"
    entries = []
    for grid in GRIDS.values():
        entry = {"id": grid.grid_id, "title": definition(grid).title, "crs": grid.crs_uri}
        if uri := official_uri(grid):
            entry["uri"] = uri
        entries.append({**entry, "links": [scheme_link(api, request, grid, rel="self")]})
    title = TITLES["tiling-schemes"].text(request.language)
    links = [link("self", JSON, request.url(url), title), *request.alternates(url)]
    return {"Content-Type": JSON}, 200, orjson.dumps({"tileMatrixSets": entries, "links": links})


def tile_matrix_set(_api: OgcApi, _request: OgcRequest, tile_matrix_set_id: str) -> Answer:
    """Define one tile matrix set (17-083r4, /req/json-tilematrixset)."""
    grid = find_grid(tile_matrix_set_id)
    return {"Content-Type": JSON}, 200, definition(grid).model_dump_json(exclude_none=True)


def scheme_link(api: OgcApi, request: OgcRequest, grid: Grid, *, rel: str) -> Link:
    """Return the link to the definition of a grid."""
    title = f"{TITLES['tiling-scheme'].text(request.language)} {grid.grid_id}"
    return link(rel, JSON, request.url(f"{api.base_url}/tileMatrixSets/{grid.grid_id}"), title)
