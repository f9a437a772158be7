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
from geo_service.domain.cql2 import ClientFilter
from geo_service.domain.crs import CRS84, ReferenceSystem
from geo_service.domain.fields import Field

FilterValue = str | int | Decimal | dt.date | dt.datetime
ResultType = Literal["results", "hits"]

# Up to here matches are counted; beyond, the number is left out unless it is known beforehand.
COUNT_LIMIT = 100_000


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
class SortKey:
    """A field to sort by. Null comes last in both directions.

    Attributes
    ----------
    year : int, optional
        Of the status: sort by the state in that year, among areas that had begun by then (``completed``, ``ongoing``).
    """

    field: Field
    descending: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the feature with these values, or, going backwards, before it.

    Attributes
    ----------
    values : tuple
        One value for each sort key, None for null.
    key : int or str
        The collection's key (``area_no`` or ``ags``), which makes the place unique.
    """

    values: tuple[FilterValue | None, ...]
    key: int | str
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What is written of each feature.

    Attributes
    ----------
    properties : tuple of Field, optional
        In the order of the definition; all of them when None.
    geometry : bool
        Whether geometries are written; otherwise they are null.
    max_offset : float, optional
        How far a simplified outline may be from the true one, in units of the CRS of the answer.
    """

    properties: tuple[Field, ...] | None = None
    geometry: bool = True
    max_offset: float | None = None


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """One page of a collection, in the order of the sort keys and, among equals, of the collection's key.

    Attributes
    ----------
    q : str, optional
        Words that the feature's texts have to contain, the last one perhaps cut short.
    sort : tuple of SortKey
        The collection's key breaks ties, in the direction of the last sort key.
    place : Place, optional
        Where the page before this one ended, or the one after it began.
    offset : int
        Features to skip; for clients that count. Pages by `place` cost the same wherever they are.
    """

    collection: Collection
    limit: int
    crs: ReferenceSystem = CRS84
    bbox: BBox | None = None
    datetime: DateInterval | None = None
    filters: tuple[PropertyFilter, ...] = field(default=())
    filter: ClientFilter | None = None
    q: str | None = None
    sort: tuple[SortKey, ...] = ()
    place: Place | None = None
    offset: int = 0
    selection: Selection = field(default_factory=Selection)
    result_type: ResultType = "results"


@dataclass(frozen=True, slots=True)
class TileId:
    """One tile of a grid (`domain.tiling`): level, column, row; row 0 is the northernmost."""

    z: int
    x: int
    y: int
