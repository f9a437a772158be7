"""Boxes in EPSG:3857, the CRS of the boxes in ``publication.change``: which changes concern an answer."""

from __future__ import annotations

from functools import lru_cache

from pyproj import Transformer

from geo_service.db.changes import Box
from geo_service.domain.crs import IN_DEGREES
from geo_service.domain.query import BBox
from geo_service.domain.tiling import mercator_box

# The index compares boxes in single precision, rounded outwards: by two metres at the edge of the world.
PRECISION_M = 4.0
# Straight edges bow in another projection; between the points at which they are followed by less than that part.
BOW = 0.002
MOST_SIDE_M = 1e8


def around_in_web_mercator(box: Box, srid: int) -> Box | None:
    """Return a box in EPSG:3857 that covers `box` (x before y); None where there is none."""
    if srid == 3857:
        found = box
    elif srid in IN_DEGREES:
        found = mercator_box(box)
    else:
        found = _to_web_mercator(srid).transform_bounds(*box, densify_pts=21)
        margin = BOW * max(found[2] - found[0], found[3] - found[1])
        found = (found[0] - margin, found[1] - margin, found[2] + margin, found[3] + margin)
    if not all(abs(side) < MOST_SIDE_M for side in found):  # also where it is no number
        return None
    return found[0] - PRECISION_M, found[1] - PRECISION_M, found[2] + PRECISION_M, found[3] + PRECISION_M


def box_of(bbox: BBox | None) -> Box | None:
    """Return what `around_in_web_mercator` does for the box of a query; None where it has none."""
    if bbox is None or bbox.min_x > bbox.max_x:  # around the antimeridian
        return None
    return around_in_web_mercator((bbox.min_x, bbox.min_y, bbox.max_x, bbox.max_y), bbox.crs.srid)


@lru_cache(maxsize=8)
def _to_web_mercator(srid: int) -> Transformer:
    return Transformer.from_crs(f"EPSG:{srid}", "EPSG:3857", always_xy=True)
