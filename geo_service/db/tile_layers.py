"""What tiles are made of: the layers of each collection, and where its table keeps the shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo_service.domain.collections import Collection


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
    "profile_url",
)
MUNICIPALITY_FIELDS = ("ags", "name", "district", "government_region")

AREAS = TileLayer("programme-areas", "polygons", AREA_FIELDS)
AREA_POINTS = TileLayer("programme-area-points", "points", AREA_FIELDS)
LAYERS: dict[str, tuple[TileLayer, ...]] = {
    "programme-areas": (AREAS, AREA_POINTS),
    "programme-area-points": (AREA_POINTS,),
    "municipalities": (
        TileLayer("municipalities", "polygons", MUNICIPALITY_FIELDS),
        TileLayer("municipality-points", "points", MUNICIPALITY_FIELDS),
    ),
}


def layers_of(collections: Iterable[Collection]) -> tuple[TileLayer, ...]:
    """Return the layers of the tiles of some collections, each layer once."""
    return tuple(dict.fromkeys(layer for one in collections for layer in LAYERS[one.collection_id]))


@dataclass(frozen=True, slots=True)
class ShapeColumns:
    """Where a table keeps its shapes in one CRS.

    `touches` compares them with the tile through an index; `finished` holds them as tiles show them, and `valid_cuts`
    the levels on which they are valid where tiles cut them. Both are empty, or none is.
    """

    shape: str
    point: str
    size: str
    touches: str
    finished: str = ""
    valid_cuts: str = ""


# The box is a text, which takes less to send than four numbers. It is no query of its own, so that for a large tile the
# planner knows how much of the country it holds: the index over the shapes leads to the few, the index over the sizes
# to the largest of many.
SEARCH = "ST_SetSRID(%(search)s::box2d::geometry, {srid})"
SEARCH_3857, SEARCH_25832 = SEARCH.format(srid=3857), SEARCH.format(srid=25832)
AREA_COLUMNS = {
    3857: ShapeColumns(
        "geom_3857", "label_3857", "size_m2", f"geom_3857 && {SEARCH_3857}", "tile_shapes", "valid_cuts"
    ),
    25832: ShapeColumns("geom", "label_point", "size_m2", f"geom && {SEARCH_25832}"),
}
AREA_POINT_COLUMNS = {
    3857: ShapeColumns("label_3857", "label_3857", "size_m2", f"label_3857 && {SEARCH_3857}"),
    25832: ShapeColumns("label_point", "label_point", "size_m2", f"label_point && {SEARCH_25832}"),
}
MUNICIPALITY_COLUMNS = {
    3857: ShapeColumns(
        "outline_3857",
        "point_3857",
        "ST_Area(outline_3857)",
        f"(outline_3857 && {SEARCH_3857} OR point_3857 && {SEARCH_3857})",
    ),
    25832: ShapeColumns(
        "CASE WHEN ST_Dimension(geom) = 2 THEN geom END",
        "ST_Transform(point_3857, 25832)",
        "ST_Area(outline_3857)",
        f"geom && {SEARCH_25832}",
    ),
}
COLUMNS = {
    "programme-areas": AREA_COLUMNS,
    "programme-area-points": AREA_POINT_COLUMNS,
    "municipalities": MUNICIPALITY_COLUMNS,
}
KEYS = {"area_no": "area_no", "ags": "ags::int"}  # feature ids are integers
