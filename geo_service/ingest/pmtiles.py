"""Writes all tiles into one PMTiles archive (version 3), to be served by any static host.

The tiles are those of the API, made by the same statement, and lie in the archive in gzip.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo_service.db.engine import translate
from geo_service.db.tile_layers import layers_of
from geo_service.db.tile_shapes import TileShape
from geo_service.db.tiles import get_tile
from geo_service.domain.codings import compress
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.domain.query import TileId
from geo_service.domain.tiling import (
    EARTH_RADIUS_M,
    METRES_PER_DEGREE,
    TILE_SIZE,
    WEB_MERCATOR_QUAD,
    Box,
    TileQuery,
)
from geo_service.errors import ConfigError
from geo_service.ingest.formats import replacing
from geo_service.ingest.options import TileArchiveOptions
from geo_service.ingest.report import Progress, TileArchiveReport

GRID = WEB_MERCATOR_QUAD  # the archive knows no other
SHAPES = {
    "programme-areas": "geom_3857",
    "programme-area-points": "label_3857",
    "municipalities": "ST_Collect(outline_3857, point_3857)",
}
FIELD_TYPES = {"integer": "Number", "number": "Number"}

Boxes = npt.NDArray[np.float64]


def export_tiles(
    engine: Engine,
    path: Path,
    shape: TileShape,
    options: TileArchiveOptions,
    progress: Progress | None = None,
) -> TileArchiveReport:
    """Write the tiles of some collections, of one state of the data; what was there before is replaced at the end.

    Parameters
    ----------
    path : Path
        Ends in ``.pmtiles``.
    progress : callable, optional
        Called as ``progress("tiles", done, total)``; some of the total are empty and left out.

    Raises
    ------
    ConfigError
        Another ending, unknown collections or zooms, nothing to write or no place to write to.
    UnavailableError
        The database cannot be reached.
    """
    collections = _check(path, options)
    report = TileArchiveReport(path.name, options.min_zoom, options.max_zoom)
    try:
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            replacing(path, path.stem) as temporary,
            temporary.open("wb") as file,
        ):
            connection.execute(text("SET TRANSACTION READ ONLY"))
            report.written = _write(connection, file, collections, shape, options, progress)
            report.size = file.tell()
    except DBAPIError as error:
        raise translate(error) from error
    if options.public_url is None and any(one.has_profile for one in collections):
        report.note_missing_address()
    return report


def _write(
    connection: Connection,
    file: BinaryIO,
    collections: tuple[Collection, ...],
    shape: TileShape,
    options: TileArchiveOptions,
    progress: Progress | None,
) -> int:
    """Write the archive; return how many tiles are in it."""
    boxes = _boxes(connection, collections)
    zooms = range(options.min_zoom, options.max_zoom + 1)
    wanted = [one for zoom in zooms for one in tiles_of(boxes, zoom, shape)]
    writer, written = Writer(file), 0
    with closing(writer.tile_f):  # a temporary file, also when writing fails
        for done, (number, tile) in enumerate(wanted, 1):
            data = get_tile(connection, _query(tile, collections, options), shape).data
            if data:
                writer.write_tile(number, compress(data, "gzip"))
                written += 1
            if progress:
                progress("tiles", done, len(wanted))
        if not written:
            raise ConfigError("There is nothing to write: no feature lies in a tile of these zooms.")
        writer.finalize(_header(_degrees(_around(boxes))), _metadata(collections, options))
    return written


def tiles_of(boxes: Boxes, zoom: int, shape: TileShape) -> list[tuple[int, TileId]]:
    """Return the tiles that boxes touch, with their buffer and within the limits of all, in the archive's order.

    Parameters
    ----------
    boxes : array of shape (n, 4)
        West, south, east, north in EPSG:3857.
    """
    side = GRID.cell_size_at(zoom) * TILE_SIZE
    margin = side * shape.mvt_buffer / shape.mvt_extent
    first_col, last_col, first_row, last_row = GRID.limits(_around(boxes), zoom)
    lefts = np.clip(np.floor((boxes[:, 0] - margin - GRID.west) / side), first_col, last_col).astype(int)
    rights = np.clip(np.floor((boxes[:, 2] + margin - GRID.west) / side), first_col, last_col).astype(int)
    tops = np.clip(np.floor((GRID.north - boxes[:, 3] - margin) / side), first_row, last_row).astype(int)
    bottoms = np.clip(np.floor((GRID.north - boxes[:, 1] + margin) / side), first_row, last_row).astype(int)
    found = {
        (column, row)
        for left, right, top, bottom in set(zip(lefts, rights, tops, bottoms, strict=True))
        for column in range(left, right + 1)
        for row in range(top, bottom + 1)
    }
    tiles = (TileId(z=zoom, x=int(column), y=int(row)) for column, row in found)
    return sorted(((zxy_to_tileid(one.z, one.x, one.y), one) for one in tiles), key=lambda pair: pair[0])


def _check(path: Path, options: TileArchiveOptions) -> tuple[Collection, ...]:
    if path.suffix.lower() != ".pmtiles":
        raise ConfigError(f"{path.name}: the name of the archive has to end in .pmtiles")
    if not 0 <= options.min_zoom <= options.max_zoom <= GRID.max_level:
        raise ConfigError(f"The zooms have to rise from 0 to {GRID.max_level} at most.")
    unknown = [name for name in options.collections if name not in SHAPES]
    if unknown or not options.collections:
        raise ConfigError(
            f"There are tiles of {', '.join(SHAPES)}, not of {', '.join(unknown) or 'nothing'}."
        )
    return tuple(COLLECTIONS[name] for name in SHAPES if name in options.collections)


def _boxes(connection: Connection, collections: Iterable[Collection]) -> Boxes:
    rows: list[Any] = []
    for one in collections:
        rows += connection.execute(
            text(
                "SELECT ST_XMin(shape), ST_YMin(shape), ST_XMax(shape), ST_YMax(shape) FROM ("
                f"SELECT {SHAPES[one.collection_id]} AS shape FROM publication.{one.table}"
                ") AS shapes WHERE NOT ST_IsEmpty(shape)"
            )
        ).all()
    if not rows:
        raise ConfigError("There is nothing to write: the collections are empty.")
    return np.array([tuple(row) for row in rows], dtype=np.float64)


def _around(boxes: Boxes) -> Box:
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _degrees(box: Box) -> Box:
    """Return a box of EPSG:3857 in degrees."""

    def latitude(northing: float) -> float:
        return math.degrees(math.atan(math.sinh(northing / EARTH_RADIUS_M)))

    return box[0] / METRES_PER_DEGREE, latitude(box[1]), box[2] / METRES_PER_DEGREE, latitude(box[3])


def _query(tile: TileId, collections: tuple[Collection, ...], options: TileArchiveOptions) -> TileQuery:
    if options.public_url is not None:
        return TileQuery(GRID, tile, collections, f"{options.public_url}/profiles")
    return TileQuery(GRID, tile, collections, "", properties=_properties(collections, options))


def _properties(collections: tuple[Collection, ...], options: TileArchiveOptions) -> tuple[str, ...]:
    """Return the attributes that are written; an address that nobody knows is left out."""
    names = dict.fromkeys(name for layer in layers_of(collections) for name in layer.fields)
    if options.public_url is None:
        names.pop("profile_url", None)
    return tuple(names)


def _header(bounds: Box) -> dict[str, Any]:
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata(collections: tuple[Collection, ...], options: TileArchiveOptions) -> dict[str, Any]:
    credits_ = options.credits
    written = _properties(collections, options)
    return {
        "name": credits_.title,
        "description": credits_.description,
        "attribution": f"{credits_.attribution}, {credits_.licence}",
        "license": credits_.licence_url,
        "type": "overlay",
        "vector_layers": [
            {
                "id": layer.layer_id,
                "fields": dict(_field_types(collections, [one for one in layer.fields if one in written])),
                "minzoom": options.min_zoom,
                "maxzoom": options.max_zoom,
            }
            for layer in layers_of(collections)
        ],
    }


def _field_types(collections: tuple[Collection, ...], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        fields = (one.field(name) for one in collections)
        type_ = next((field.type for field in fields if field is not None), "string")
        yield name, FIELD_TYPES.get(type_, "String")
