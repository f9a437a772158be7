"""Whether municipalities are drawn as points or as areas."""

from __future__ import annotations

from sqlalchemy import Connection

# A client that has to know before it has seen all of them takes the first one for all.
_FIRST = "SELECT ST_Dimension(geom) FROM publication.municipality WHERE geom IS NOT NULL ORDER BY ags LIMIT 1"


def municipalities_are_areas(connection: Connection) -> bool:
    """Tell whether the first municipality that has a geometry has an outline."""
    return connection.exec_driver_sql(_FIRST).scalar() == 2
