"""What a client may ask for, as values: parsed at the edge (``ogc``), answered by the database (``db``).

A value that exists is a value that was checked: numbers are finite, boxes are in axis order (x, y), names
belong to the collection's field definition. Nothing here knows HTTP or SQL.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from geo_service.domain.collections import Collection
from geo_service.domain.crs import CRS84, ReferenceSystem
from geo_service.domain.fields import Field

FilterValue = str | int | Decimal | dt.date | dt.datetime
ResultType = Literal["results", "hits"]


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in the axis order (x, y), whatever the order of the CRS is.

    ``min_x > max_x`` in degrees means that the box spans the antimeridian (RFC 7946, section 5.2).
    """

    min_x: float
    min_y: float
    max_x: float
    max_y: float
    crs: ReferenceSystem = CRS84

    def parts(self) -> tuple[BBox, ...]:
        """Return the box, or its two halves when it spans the antimeridian."""
        if self.min_x <= self.max_x:
            return (self,)
        return (
            BBox(self.min_x, self.min_y, 180.0, self.max_y, self.crs),
            BBox(-180.0, self.min_y, self.max_x, self.max_y, self.crs),
        )


@dataclass(frozen=True, slots=True)
class DateInterval:
    """Whole days from `start` to `end`, both included; None is an open end."""

    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    """A field equals a value; a field that is an array contains it."""

    field: Field
    value: FilterValue


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """One page of a collection, in the order of the collection's key.

    Attributes
    ----------
    after : int or str, optional
        Only features behind this key: where the page before this one ended.
    offset : int
        Features to skip; for clients that count. Pages by `after` cost the same wherever they are.
    """

    collection: Collection
    limit: int
    crs: ReferenceSystem = CRS84
    bbox: BBox | None = None
    datetime: DateInterval | None = None
    filters: tuple[PropertyFilter, ...] = field(default=())
    after: int | str | None = None
    offset: int = 0
    result_type: ResultType = "results"


@dataclass(frozen=True, slots=True)
class TileId:
    """One tile of WebMercatorQuad: zoom, column, row; row 0 is the northernmost."""

    z: int
    x: int
    y: int
