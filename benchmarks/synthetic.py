"""Synthetic programme areas for measurements: always the same for the same seed, and shaped like real ones.

Areas lie in clusters around invented towns, as real ones cluster on Ruhr and Rhine. An outline has 40 to 400
vertices (log-uniform: mean about 155) and 10 to 400 hectares; every eighth has a hole, every tenth two parts. They
are written into ``registry`` and published as every other area is.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy import Connection, Engine, text

TOWNS = 396
BATCH = 20_000
EAST, NORTH = (300_000, 520_000), (5_590_000, 5_810_000)  # EPSG:25832, metres
STATUS = ("planned", "ongoing", "completed", r"\N")
PROGRAMMES = ("SOS", "SZH", "LZ", "SIQ")

Numbers = npt.NDArray[np.float64]


def fill(engine: Engine, areas: int, tell: Callable[[int], object] = int) -> None:
    """Write areas up to the number `areas`, in transactions of `BATCH`; what is there already stays.

    Parameters
    ----------
    tell : callable
        Is told after each transaction how many areas there are.
    """
    with engine.begin() as connection:
        done = int(
            connection.scalar(text("SELECT coalesce(max(area_no), 0) FROM registry.programme_area")) or 0
        )
        if not done:
            _write_towns(connection)
    for first in range(done + 1, areas + 1, BATCH):
        last = min(first + BATCH - 1, areas)
        with engine.begin() as connection:
            _write(connection, first, last)
        tell(last)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def outlines(first: int, last: int) -> npt.NDArray[Any]:
    """Return the MultiPolygons (EPSG:25832) of the areas `first` to `last`; each follows from its number alone."""
    towns = _towns()
    return np.array([_outline(np.random.default_rng(number), towns) for number in range(first, last + 1)])


def largest_town() -> tuple[float, float]:
    """Return the place with most areas around it (EPSG:25832)."""
    x, y = _towns()[0].tolist()
    return x, y


def _towns() -> Numbers:
    generator = np.random.default_rng(2020)
    return np.column_stack((generator.uniform(*EAST, TOWNS), generator.uniform(*NORTH, TOWNS)))


def _outline(random: np.random.Generator, towns: Numbers) -> Any:
    # The largest towns come first and have most of the areas.
    town = towns[int(TOWNS * random.random() ** 2)]
    centre = town + random.normal(0, 2_500, 2)
    radius = np.sqrt(10_000 * 10 ** random.uniform(1, 2.6) / np.pi)
    shape = _star(random, centre, radius, int(40 * 10 ** random.uniform(0, 1)))
    if random.random() < 1 / 8:
        hole = _star(random, centre, radius * 0.15, 12)
        shape = shapely.polygons(shapely.get_exterior_ring(shape), [shapely.get_exterior_ring(hole)])
    parts = [shape]
    if random.random() < 1 / 10:
        parts.append(_star(random, np.add(centre, (2.5 * radius, 0)), radius * 0.5, 40))
    return shapely.multipolygons(parts)


def _star(random: np.random.Generator, centre: Numbers, radius: float, vertices: int) -> Any:
    """Return a polygon whose outline winds around `centre`, between 0.6 and 1 of `radius` away from it."""
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    waves = np.sin(angles * random.integers(2, 7) + random.uniform(0, 6)) + random.uniform(
        -0.6, 0.6, vertices
    )
    distances = radius * (0.8 + 0.125 * waves)
    ring = centre + np.column_stack((np.cos(angles), np.sin(angles))) * distances[:, None]
    return shapely.polygons(np.round(ring, 2))


def _write_towns(connection: Connection) -> None:
    rows = [
        {"ags": f"0599{n:04}", "name": f"Musterstadt {n}", "district": f"Kreis {n % 31}", "x": x, "y": y}
        for n, (x, y) in enumerate(_towns().tolist())
    ]
    connection.execute(
        text(
            "INSERT INTO registry.municipality (ags, name, district, attr_basis, point)"
            " VALUES (:ags, :name, :district, 'fictional', ST_SetSRID(ST_MakePoint(:x, :y), 25832))"
        ),
        rows,
    )


def _write(connection: Connection, first: int, last: int) -> None:
    numbers = range(first, last + 1)
    _copy(
        connection,
        "programme_area (area_no, area_id, status, start_year, end_year, attr_basis, released_at)",
        (
            f"{n}\tbeispiel-{n}\t{STATUS[n * 7 % 4]}\t{1999 + n % 20 if n % 5 else _NULL}"
            f"\t{2007 + n % 20 if n % 3 == 0 else _NULL}\tfictional\t2024-01-01"
            for n in numbers
        ),
    )
    _copy(
        connection,
        "area_name (area_no, name)",
        (f"{n}\tBeispielgebiet {n * 7919 % 1_000_003}" for n in numbers),
    )
    _copy(
        connection,
        "area_municipality (area_no, ags, is_leading)",
        (f"{n}\t0599{n * 31 % TOWNS:04}\tt" for n in numbers),
    )
    _copy(
        connection,
        "programme_period (area_no, programme, start_year)",
        (f"{n}\t{PROGRAMMES[n % 4]}\t{1999 + n % 20}" for n in numbers if n % 2),
    )
    shapes = shapely.to_wkb(shapely.set_srid(outlines(first, last), 25832), hex=True, include_srid=True)
    _copy(
        connection,
        "boundary (area_no, geom_basis, source, geom)",
        (f"{n}\tofficial\tBenchmark\t{wkb}" for n, wkb in zip(numbers, shapes, strict=True)),
    )


_NULL = r"\N"


def _copy(connection: Connection, table: str, lines: Any) -> None:
    raw: Any = connection.connection.cursor()
    with raw as cursor:
        cursor.copy_expert(f"COPY registry.{table} FROM STDIN", io.StringIO("\n".join(lines) + "\n"))
