"""The coordinate reference systems that the service speaks, with their axis order.

Coordinates are stored in EPSG:25832 as (easting, northing). PostGIS and GeoJSON in CRS84 keep the first axis
to the east; EPSG:4258 and EPSG:4326 put latitude first, and an OGC API must follow the CRS
(OGC API - Features - Part 2: 18-058r1, clause 6.2 and requirement 12).
"""

from __future__ import annotations

from dataclasses import dataclass

STORAGE_SRID = 25832
CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@dataclass(frozen=True)
class ReferenceSystem:
    """A CRS by URI and by SRID, the digits after the decimal point that are written, and the axis order.

    `axes_swapped` tells that the CRS puts the northern axis first, so that coordinates of PostGIS, which are
    (x, y), have to be flipped on the way in and out.
    """

    crs_uri: str
    srid: int
    digits: int
    axes_swapped: bool = False


def _epsg(srid: int, digits: int, axes_swapped: bool = False) -> ReferenceSystem:
    return ReferenceSystem(f"http://www.opengis.net/def/crs/EPSG/0/{srid}", srid, digits, axes_swapped)


CRS84 = ReferenceSystem(CRS84_URI, 4326, 7)
STORAGE_CRS = _epsg(STORAGE_SRID, 3)
# EPSG:25832 under the name that the German surveying authorities (AdV) gave it.
ADV_CRS = ReferenceSystem("urn:adv:crs:ETRS89_UTM32", STORAGE_SRID, 3)
SUPPORTED = (
    CRS84,
    STORAGE_CRS,
    _epsg(4258, 7, True),
    _epsg(4326, 7, True),
    _epsg(3857, 3),
    _epsg(25833, 3),
    ADV_CRS,
)
IN_DEGREES = frozenset({4326, 4258})
BY_URI = {system.crs_uri: system for system in SUPPORTED}
