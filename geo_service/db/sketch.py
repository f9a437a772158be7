"""A small map of an area or a municipality as SVG path data made by PostGIS: no boundary passes through Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, TextClause, text

from geo_service.db.queries import read_sql
from geo_service.db.texts import storable


@dataclass(frozen=True)
class SketchShape:
    """One area on the sketch map; `x`, `y` its label point, `size` its longer side, in metres like the path."""

    area_id: str
    name: str
    status: str | None
    geom_basis: str
    path: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Sketch:
    """A small map as SVG path data, metres in EPSG:25832 from the middle of the view, y downwards.

    Attributes
    ----------
    half_width, half_height : float
        Half of the view, in metres; the view is 4 to 3.
    own, neighbours : tuple of SketchShape
        The areas that the map is about, and others in view; the largest first.
    places : tuple of (name, x, y)
        Municipality points in view.
    outlines : str
        Municipal outlines in view, empty where none are imported.
    locator : str
        A dot (``Mx yh0``) per municipality in whole kilometres: the region's silhouette.
    locator_box : tuple of float or None
        ``(x, y, width, height)`` of the silhouette in kilometres.
    here : (x, y)
        The area's middle in the locator's coordinates.
    place_source : str
        Where the municipalities come from, empty if nobody said.
    """

    half_width: float
    half_height: float
    own: tuple[SketchShape, ...]
    neighbours: tuple[SketchShape, ...]
    places: tuple[tuple[str, float, float], ...]
    outlines: str
    locator: str
    locator_box: tuple[float, float, float, float] | None
    here: tuple[float, float]
    place_source: str


def find_sketch(connection: Connection, area_id: str) -> Sketch | None:
    """Return a small map of a published area and what lies around it, or None."""
    return _draw(connection, "sketch_of_area", area_id=storable(area_id))


def find_town_sketch(connection: Connection, ags: str) -> Sketch | None:
    """Return a small map of a municipality with its areas, or None where nothing of it has a place."""
    return _draw(connection, "sketch_of_town", ags=ags)


def _draw(connection: Connection, frame: str, **values: str) -> Sketch | None:
    row = connection.execute(_statement(frame), values).one_or_none()
    if row is None:
        return None
    box = None
    if row.west is not None:
        west, north = float(row.west), float(row.north)
        box = (west, north, float(row.east) - west, float(row.south) - north)
    return Sketch(
        half_width=row.half,
        half_height=row.half * 0.75,
        own=tuple(SketchShape(*shape) for shape in row.own),
        neighbours=tuple(SketchShape(*shape) for shape in row.neighbours),
        places=tuple((name, float(x), float(y)) for name, x, y in row.places),
        outlines=row.outlines,
        locator=row.locator,
        locator_box=box,
        here=(row.here_x, row.here_y),
        place_source=row.place_source,
    )


@cache
def _statement(frame: str) -> TextClause:
    return text(read_sql("sketch").replace("{{frame}}", read_sql(frame)).replace("::", "\\:\\:"))
