"""Vector tiles: one statement per tile, which returns the finished bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection

from geo_service.db.queries import read_sql
from geo_service.domain.query import TileId


class Tile(NamedTuple):
    """An encoded tile (Mapbox Vector Tile 2.1; empty when nothing is there) and the dataset version."""

    data: bytes
    version: int


@dataclass(frozen=True, slots=True)
class TileShape:
    """Grid of a tile: units along a side, margin in units, and the features that a layer takes at most."""

    mvt_extent: int
    mvt_buffer: int
    max_features: int


@dataclass(frozen=True, slots=True)
class TileLayer:
    """A layer in the tiles of a collection: its geometry and the fields that its features carry."""

    layer_id: str
    geometry_type: str
    fields: tuple[str, ...]


AREA_FIELDS = (
    "area_id",
    "name",
    "municipality",
    "ags",
    "status",
    "status_de",
    "status_en",
    "stage",
    "programme",
    "start_year",
    "end_year",
    "geom_basis",
    "attr_basis",
    "sections",
)
MUNICIPALITY_FIELDS = ("ags", "name", "district", "government_region")

LAYERS: dict[str, tuple[TileLayer, ...]] = {
    "programme-areas": (
        TileLayer("programme-areas", "polygons", AREA_FIELDS),
        TileLayer("programme-area-points", "points", AREA_FIELDS),
    ),
    "municipalities": (
        TileLayer("municipalities", "polygons", MUNICIPALITY_FIELDS),
        TileLayer("municipality-points", "points", MUNICIPALITY_FIELDS),
    ),
}
STATEMENTS = {"programme-areas": "programme_area_tile", "municipalities": "municipality_tile"}


def get_tile(connection: Connection, collection_id: str, tile: TileId, shape: TileShape) -> Tile:
    """Encode what touches one tile, with its buffer.

    Parameters
    ----------
    collection_id : str
        One of `LAYERS`.
    tile : TileId
        Inside of WebMercatorQuad.

    Notes
    -----
    Queries: ``db/sql/programme_area_tile.sql`` and ``db/sql/municipality_tile.sql``.
    """
    row = connection.exec_driver_sql(
        _statement(collection_id),
        {
            "z": tile.z,
            "x": tile.x,
            "y": tile.y,
            "extent": shape.mvt_extent,
            "buffer": shape.mvt_buffer,
            "max_features": shape.max_features,
        },
    ).one()
    return Tile(bytes(row.mvt), row.version)


@lru_cache(maxsize=8)
def _statement(collection_id: str) -> str:
    """Drop the comments: the driver would look for parameters in them."""
    lines = read_sql(STATEMENTS[collection_id]).splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
