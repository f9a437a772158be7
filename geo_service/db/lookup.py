"""Which areas hold a place, and how far the nearest are: one statement for one place as for hundreds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from geo_service.db.queries import read_sql

NEAREST = 3
# Places per statement, so that ten thousand of them stay far from the statement timeout.
PLACES_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """What is known about one place.

    Attributes
    ----------
    lon, lat : float
        The place in degrees (ETRS89).
    town : str or None
        The municipality whose outline holds the place (`in_town`), else the one whose point is nearest.
    holding : tuple of Mapping
        Facts of the areas whose official boundary holds the place; the boundary's line belongs to the area.
    near : tuple of Mapping
        Facts and ``distance_m`` (metres on the ellipsoid, not rounded), nearest first: the `NEAREST` areas where
        none holds the place; otherwise only schematic ones less than 50 m away.
    """

    lon: float
    lat: float
    town: str | None
    in_town: bool
    holding: tuple[Mapping[str, Any], ...]
    near: tuple[Mapping[str, Any], ...]


def look_up(connection: Connection, places: Sequence[tuple[float, float]]) -> Iterator[Found]:
    """Answer for each place (easting, northing in EPSG:25832), in the order asked."""
    for start in range(0, len(places), PLACES_AT_ONCE):
        part = places[start : start + PLACES_AT_ONCE]
        values = {"xs": [x for x, _ in part], "ys": [y for _, y in part], "nearest": NEAREST}
        for row in connection.execute(_statement(), values):
            yield Found(row.lon, row.lat, row.town, row.in_town, tuple(row.holding), tuple(row.near))


@cache
def _statement() -> TextClause:
    return text(read_sql("lookup").replace("::", "\\:\\:"))
