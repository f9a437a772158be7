"""Checks of boundaries: polygons in EPSG:25832, many at a time. Pure, no I/O.

Every function takes and gives numpy arrays of shapely geometries (None where there is none), so that a file
of 100,000 areas is checked without a Python loop over coordinates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[Any]
Rule = Literal[
    "geometry-missing",
    "geometry-empty",
    "geometry-type",
    "geometry-numbers",
    "geometry-invalid",
    "geometry-place",
]

PLAUSIBLE_25832 = (230_000.0, 5_200_000.0, 1_010_000.0, 6_150_000.0)
"""Box around Germany (5.5° to 15.6° E, 47° to 55.3° N) in EPSG:25832: min and max easting and northing."""

_POLYGON, _MULTIPOLYGON = 3, 6
_REASON = re.compile(r"^(?P<what>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]$")


@dataclass(frozen=True)
class GeometryFault:
    """What is wrong with one geometry.

    Attributes
    ----------
    index : int
        Position in the array that was checked.
    detail : str
        The geometry's type, or GEOS's reason ("Self-intersection"); may be empty.
    place : tuple of float or None
        Where, as (easting, northing) in the coordinates of the geometry.
    """

    index: int
    rule: Rule
    detail: str = ""
    place: tuple[float, float] | None = None


def find_faults(
    geometries: Geometries, plausible: tuple[float, float, float, float] | None
) -> list[GeometryFault]:
    """Return the first fault of each geometry that could not be stored as a boundary.

    Parameters
    ----------
    geometries : array of shapely geometries or None
    plausible : (min_x, min_y, max_x, max_y) or None
        A geometry that leaves this box is in the wrong place; None: any place will do.
    """
    missing = shapely.is_missing(geometries)
    empty = ~missing & shapely.is_empty(geometries)
    bounds = shapely.bounds(geometries)
    with np.errstate(invalid="ignore"):
        unfinished = ~missing & ~empty & ~_all_finite(geometries)
        not_polygon = ~missing & ~empty & ~np.isin(shapely.get_type_id(geometries), (_POLYGON, _MULTIPOLYGON))
        outside = np.zeros(len(geometries), dtype=bool)
        if plausible is not None:
            low_x, low_y, high_x, high_y = plausible
            outside = (
                (bounds[:, 0] < low_x)
                | (bounds[:, 1] < low_y)
                | (bounds[:, 2] > high_x)
                | (bounds[:, 3] > high_y)
            )
    checked = missing | empty | not_polygon | unfinished | outside
    invalid = np.zeros(len(geometries), dtype=bool)
    invalid[~checked] = ~shapely.is_valid(geometries[~checked])

    faults: list[GeometryFault] = []
    for index in np.flatnonzero(checked | invalid).tolist():
        if missing[index]:
            faults.append(GeometryFault(index, "geometry-missing"))
        elif empty[index]:
            faults.append(GeometryFault(index, "geometry-empty"))
        elif not_polygon[index]:
            faults.append(GeometryFault(index, "geometry-type", str(geometries[index].geom_type)))
        elif unfinished[index]:
            faults.append(GeometryFault(index, "geometry-numbers"))
        elif outside[index]:
            low = (float(bounds[index, 0]), float(bounds[index, 1]))
            faults.append(GeometryFault(index, "geometry-place", place=low))
        else:
            faults.append(_invalid(index, str(shapely.is_valid_reason(geometries[index]))))
    return faults


def as_multipolygons(geometries: Geometries) -> tuple[Geometries, int, int]:
    """Return two-dimensional MultiPolygons, and how many were Polygons and how many had a third dimension.

    Geometries of other types pass unchanged but for their dimension; `find_faults` names them.
    """
    with_z = shapely.has_z(geometries)
    flat = shapely.force_2d(geometries)
    single = shapely.get_type_id(flat) == _POLYGON
    single &= ~shapely.is_empty(flat)
    if single.any():
        flat = flat.copy()
        flat[single] = shapely.multipolygons(flat[single], indices=np.arange(int(single.sum())))
    return flat, int(single.sum()), int(with_z.sum())


def same_shape(left: Geometries, right: Geometries, tolerance: float) -> npt.NDArray[np.bool_]:
    """Tell, pair by pair, whether two boundaries are the same, vertex by vertex.

    Parameters
    ----------
    tolerance : float
        How far (in the unit of the coordinates) a vertex may have moved, as by rounding in a file.

    Notes
    -----
    File formats turn rings round, start them elsewhere and reorder parts. Hence three questions, each only
    for the pairs that the one before could not settle: the same order; the same in normal form; equal numbers
    of vertices and rings and the same area, with every vertex of one next to the other (rounding can change
    which vertex comes first in normal form).
    """
    same = np.asarray(shapely.equals_exact(left, right, tolerance=tolerance), dtype=bool)
    for question in (_same_normal_form, _same_vertices):
        open_ = np.flatnonzero(~same)
        if len(open_) == 0:
            break
        same[open_] = question(left[open_], right[open_], tolerance)
    return same


def _same_normal_form(left: Geometries, right: Geometries, tolerance: float) -> npt.NDArray[np.bool_]:
    normal = shapely.equals_exact(shapely.normalize(left), shapely.normalize(right), tolerance=tolerance)
    return np.asarray(normal, dtype=bool)


def _same_vertices(left: Geometries, right: Geometries, tolerance: float) -> npt.NDArray[np.bool_]:
    alike = (shapely.get_num_coordinates(left) == shapely.get_num_coordinates(right)) & (
        _ring_count(left) == _ring_count(right)
    )
    alike &= np.abs(shapely.bounds(left) - shapely.bounds(right)).max(axis=1) <= tolerance
    alike &= np.abs(shapely.area(left) - shapely.area(right)) <= tolerance * shapely.length(left)
    open_ = np.flatnonzero(alike)
    if len(open_):
        distance = shapely.hausdorff_distance(left[open_], right[open_])
        alike[open_] = distance <= tolerance
    return np.asarray(alike, dtype=bool)


def _ring_count(geometries: Geometries) -> npt.NDArray[np.int_]:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings = 1 + shapely.get_num_interior_rings(parts)
    return np.bincount(owner, weights=rings, minlength=len(geometries)).astype(int)


def _all_finite(geometries: Geometries) -> npt.NDArray[np.bool_]:
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    finite = np.ones(len(geometries), dtype=bool)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def _invalid(index: int, reason: str) -> GeometryFault:
    match = _REASON.match(reason)
    if match is None:
        return GeometryFault(index, "geometry-invalid", reason)
    place = (float(match["x"]), float(match["y"]))
    return GeometryFault(index, "geometry-invalid", match["what"].strip(), place)
