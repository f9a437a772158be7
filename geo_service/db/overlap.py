"""How much of a plan lies in which areas: one statement, measured on the ellipsoid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from geo_service.db.queries import read_sql

# A strip narrower than this comes from two drawings of the same line, not from a plan that enters an area.
SLIVER_WIDTH_M = 2.0


@dataclass(frozen=True)
class Overlap:
    """What a plan and the areas share, in square metres on the ellipsoid.

    Attributes
    ----------
    shared_m2, official_m2, sliver_m2 : float
        Each spot once, also where areas overlap; `shared_m2` and `official_m2` without slivers.
    areas : tuple of Mapping
        Facts of each area with ``area_m2``, ``shared_m2``, ``sliver_m2``, ``pieces`` and ``slivers``.
    pieces : tuple of Mapping
        ``area_id``, ``name``, ``geom_basis``, ``sliver``, ``m2`` and ``geometry`` (GeoJSON in CRS84).
    """

    plan_m2: float
    shared_m2: float
    official_m2: float
    sliver_m2: float
    areas: tuple[Mapping[str, Any], ...]
    pieces: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class OverlapSketch:
    """A plan among the areas as SVG path data, metres from the middle of the view; the view is 2 to 1."""

    half: float
    plan: str
    areas: tuple[tuple[str, str, str | None, str, str], ...]
    shared: str
    places: tuple[tuple[str, float, float], ...]


def find_overlap(connection: Connection, plan: bytes, *, with_pieces: bool = False) -> Overlap:
    """Lay a plan (WKB of a valid MultiPolygon in EPSG:25832) over the published areas."""
    values = {"plan": plan, "sliver_width": SLIVER_WIDTH_M, "with_pieces": with_pieces}
    row = connection.execute(_statement("overlap"), values).one()
    return Overlap(
        row.plan_m2, row.shared_m2, row.official_m2, row.sliver_m2, tuple(row.areas), tuple(row.pieces or ())
    )


def draw_overlap(connection: Connection, plan: bytes, reach: float = 150) -> OverlapSketch:
    """Draw a plan and what lies around it, at least `reach` metres to each side."""
    row = connection.execute(_statement("overlap_sketch"), {"plan": plan, "reach": reach}).one()
    areas = tuple((area_id, name, status, basis, path) for area_id, name, status, basis, path in row.areas)
    places = tuple((name, float(x), float(y)) for name, x, y in row.places)
    return OverlapSketch(row.half, row.plan, areas, row.shared, places)


@cache
def _statement(name: str) -> TextClause:
    return text(read_sql(name).replace("::", "\\:\\:"))
