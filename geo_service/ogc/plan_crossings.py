"""How often the lines of a plan may cross each other.

Uniting polygons, and repairing one whose outline crosses itself, takes time and memory by the number of crossings, and
a hundred thousand vertices can have a thousand million of them. Plans that people draw have few.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo_service.ogc.arguments import refuse

# Pairs of segments whose boxes meet; neighbours along an outline always do.
PAIRS_PER_SEGMENT = 20
FREE_PAIRS = 500_000
# So many at a time are compared with all others: a pair takes 16 bytes.
_CHUNK = 50


def check_crossings(shapes: Any) -> None:
    """Refuse polygons whose lines cross each other without end.

    Parameters
    ----------
    shapes : array of shapely.Polygon or shapely.MultiPolygon

    Raises
    ------
    InvalidParameterError
        There are too many pairs of segments that may cross.
    """
    segments = _segments(shapes)
    left = FREE_PAIRS + PAIRS_PER_SEGMENT * len(segments)
    tree = shapely.STRtree(segments)
    for start in range(0, len(segments), _CHUNK):
        left -= tree.query(segments[start : start + _CHUNK]).shape[1]
        if left < 0:
            refuse(
                "plan",
                "Die Linien des Plans überschneiden sich zu oft. Bitte bereinigen Sie ihn.",
                "The lines of the plan cross each other too often. Please clean it up.",
            )


def _segments(shapes: Any) -> Any:
    """Return each piece of a line between two vertices that follow each other, of all rings."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    return shapely.linestrings(np.stack([coordinates[:-1][within], coordinates[1:][within]], axis=1))
