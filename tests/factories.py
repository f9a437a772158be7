"""Rows for tests: the smallest thing that is complete, with whatever a test wants to be different."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import Connection, insert

from geo_service.db.models import AreaMunicipality, AreaName, Boundary, Municipality, ProgrammeArea

_numbers = itertools.count(1)
EASTING, NORTHING = 390_000, 5_710_000


def square(easting: float = EASTING, northing: float = NORTHING, side: float = 1000) -> str:
    """EWKT of a MultiPolygon in EPSG:25832: a square with its south-western corner at the place given."""
    east, north = easting + side, northing + side
    return (
        f"SRID=25832;MULTIPOLYGON((({easting} {northing},{east} {northing},{east} {north},"
        f"{easting} {north},{easting} {northing})))"
    )


def make_municipality(connection: Connection, **changes: Any) -> str:
    """Insert a fictional municipality and return its key."""
    values = {
        "ags": f"0599{next(_numbers):04d}",
        "name": "Musterstadt",
        "district": "Musterkreis",
        "government_region": "Musterbezirk",
        "attr_basis": "fictional",
        "point": f"SRID=25832;POINT({EASTING} {NORTHING})",
        **changes,
    }
    connection.execute(insert(Municipality).values(**values))
    return str(values["ags"])


def make_area(
    connection: Connection,
    *,
    name: str = "Beispielgebiet",
    ags: str | None = None,
    geom: str | None = None,
    **changes: Any,
) -> int:
    """Insert a released area with name, leading municipality and official boundary; return its area_no."""
    values = {
        "area_id": f"musterstadt-beispielgebiet-{next(_numbers)}",
        "attr_basis": "fictional",
        "released_at": "2024-01-01T00:00:00Z",
        **changes,
    }
    area_no = connection.execute(
        insert(ProgrammeArea).values(**values).returning(ProgrammeArea.area_no)
    ).scalar_one()
    connection.execute(insert(AreaName).values(area_no=area_no, name=name))
    leading = ags or make_municipality(connection)
    connection.execute(insert(AreaMunicipality).values(area_no=area_no, ags=leading, is_leading=True))
    connection.execute(
        insert(Boundary).values(
            area_no=area_no, geom=geom or square(), source="Testquelle", licence="dl-de/zero-2-0"
        )
    )
    return int(area_no)
