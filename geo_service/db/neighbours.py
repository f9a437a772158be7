"""What lies next to an area: the nearest others, with the distance between the boundaries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo_service.db.texts import storable


@dataclass(frozen=True)
class Neighbour:
    """One of the nearest areas.

    Attributes
    ----------
    distance : float
        Metres in EPSG:25832 from boundary to boundary; 0 where the two touch or overlap.
    azimuth : float or None
        Direction from the area's label point to the other's, degrees clockwise from north; None where both
        are at the same place.
    exact : bool
        Both boundaries are official; otherwise the distance is only roughly that.
    """

    area_id: str
    name: str
    municipality: str
    status: str | None
    attr_basis: str
    distance: float
    azimuth: float | None
    exact: bool


# The operator takes the areas from the index nearest first, by the true distance between the shapes. A second key
# there would sort all areas instead; so some more are taken, and ties are broken among them.
_SPARE = 20
_NEAREST = text("""
    SELECT other.area_id, other.name, other.municipality, other.status, other.attr_basis,
           ST_Distance(area.geom, other.geom) AS distance,
           degrees(ST_Azimuth(area.label_point, other.label_point)) AS azimuth,
           area.geom_basis = 'official' AND other.geom_basis = 'official' AS exact
    FROM publication.programme_area AS area, LATERAL (
        SELECT * FROM publication.programme_area AS candidate
        WHERE candidate.area_no <> area.area_no ORDER BY candidate.geom <-> area.geom LIMIT :taken
    ) AS other
    WHERE area.area_id = :area_id
    ORDER BY distance, other.area_no LIMIT :count
""")


def find_nearest(connection: Connection, area_id: str, count: int = 3) -> tuple[Neighbour, ...]:
    """Return the `count` published areas nearest to an area, nearest first; fewer where there are no more."""
    values = {"area_id": storable(area_id), "count": count, "taken": count + _SPARE}
    found = connection.execute(_NEAREST, values)
    return tuple(Neighbour(**row._mapping) for row in found)
