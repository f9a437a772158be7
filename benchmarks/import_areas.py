"""How long importing many areas takes, publication included, and importing and exporting them again.

    python -m benchmarks.import_areas [--areas 100000] [--vertices 135] [--file-format gpkg]

Areas are synthetic: star-shaped polygons around random places in North Rhine-Westphalia, from a fixed seed. They
bring a row into every table that a file can fill; the tables of the profiles are filled by SQL, as a script of the
municipality would. The database is a private one, removed afterwards.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, create_engine, text

from geo_service.db.cluster import temporary_cluster
from geo_service.db.migrate import migrate
from geo_service.db.publication import rebuild
from geo_service.domain.code_lists import PROGRAMME
from geo_service.ingest import ExportOptions, ImportOptions, export_file, import_file

MUNICIPALITIES = 396
WEST, SOUTH, EAST, NORTH = 290_000, 5_590_000, 520_000, 5_810_000


def make_file(path: Path, areas: int, vertices: int, seed: int = 20200330) -> None:
    """Write the synthetic areas in EPSG:25832, in parts so that memory stays small."""
    random = np.random.default_rng(seed)
    for first in range(0, areas, 10_000):
        count = min(10_000, areas - first)
        numbers = np.arange(first, first + count)
        angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
        radius = random.uniform(200, 900, (count, 1)) * random.uniform(0.7, 1.0, (count, vertices))
        centre = random.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2))
        x = centre[:, :1] + radius * np.cos(angles)
        y = centre[:, 1:] + radius * np.sin(angles)
        rings = np.stack([np.hstack([x, x[:, :1]]), np.hstack([y, y[:, :1]])], axis=2)
        start = random.integers(1999, 2015, count)
        towns = random.integers(0, MUNICIPALITIES, count)
        other_towns = (towns + 1) % MUNICIPALITIES
        columns = {
            "area_id": [f"beispiel-{number}" for number in numbers],
            "name": [f"Beispielgebiet {number}" for number in numbers],
            "ags": [_ags(town) for town in towns],
            "ags_all": [f"{_ags(one)};{_ags(two)}" for one, two in zip(towns, other_towns, strict=True)],
            "status": random.choice(["planned", "ongoing", "completed"], count).tolist(),
            "programme": random.choice(PROGRAMME.codes, count).tolist(),
            "start_year": start.astype(np.int32),
            "end_year": (start + random.integers(0, 10, count)).astype(np.int32),
            "concept": ["Integriertes Handlungskonzept"] * count,
            "concept_url": [f"https://example.org/konzept/{number}" for number in numbers],
            "population": random.integers(500, 30_000, count).astype(np.int32),
            "attr_basis": ["fictional"] * count,
        }
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapely.polygons(rings)),
            [
                np.array(values, dtype=None if isinstance(values, np.ndarray) else object)
                for values in columns.values()
            ],
            list(columns),
            geometry_type="Polygon",
            crs="EPSG:25832",
            append=first > 0,
        )


def _ags(number: int) -> str:
    return f"0599{number:04d}"


def add_municipalities(engine: Engine) -> None:
    """Insert the fictional municipalities that the areas lie in."""
    sql = """INSERT INTO registry.municipality (ags, name, attr_basis, point)
             SELECT '0599' || to_char(n, 'FM0000'), 'Musterstadt ' || n, 'fictional',
                    ST_Point(300000 + 400 * n, 5700000, 25832)
             FROM generate_series(0, :count - 1) AS n"""
    with engine.begin() as connection:
        connection.execute(text(sql), {"count": MUNICIPALITIES})


def add_profiles(engine: Engine) -> None:
    """Give every area texts in two languages, milestones, a contact and a document, in one transaction."""
    statements = (
        """INSERT INTO registry.profile_section (area_no, language, section, body)
           SELECT area_no, language, section, repeat('Beispieltext eines fiktiven Gebiets. ', 8)
           FROM registry.programme_area, unnest(ARRAY['de', 'en']) AS language,
                unnest(ARRAY['character', 'potential', 'organisation', 'outlook']) AS section""",
        """INSERT INTO registry.milestone (area_no, year, text_de, text_en)
           SELECT area_no, year, 'Beispiel', 'Example'
           FROM registry.programme_area, generate_series(2010, 2012) AS year""",
        """INSERT INTO registry.contact (area_no, function_de, email, released_at)
           SELECT area_no, 'Stadtplanungsamt', 'amt@example.org', now() FROM registry.programme_area""",
        """INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, released_at)
           SELECT area_no, 'konzept.txt', 'Konzept', 'text/plain', convert_to(repeat(area_id, 50), 'UTF8'), now()
           FROM registry.programme_area""",
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


class Stopwatch:
    """Times the steps that an import or export reports."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._step = "open"
        self._since = time.perf_counter()

    def __call__(self, step: str, _done: int, _total: int | None) -> None:
        if step != self._step:
            self.stop()
            self._step = step

    def stop(self) -> None:
        now = time.perf_counter()
        self.seconds[self._step] = self.seconds.get(self._step, 0) + now - self._since
        self._since = now


def timed(table: Table, title: str, work: Callable[[Stopwatch], object]) -> None:
    """Run `work` and add a row to the table."""
    watch = Stopwatch()
    begin = time.perf_counter()
    work(watch)
    watch.stop()
    steps = ", ".join(f"{step} {seconds:.0f}" for step, seconds in watch.seconds.items() if seconds >= 0.5)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row(title, f"{time.perf_counter() - begin:.1f}", steps, f"{memory:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--vertices", type=int, default=135)
    parser.add_argument("--file-format", choices=["gpkg", "shp", "fgb", "geojson"], default="gpkg")
    arguments = parser.parse_args()
    table = Table(title=f"{arguments.areas:,} areas of {arguments.vertices} vertices")
    for column in ("what", "seconds", "of which", "peak memory (MiB, so far)"):
        table.add_column(column)
    with tempfile.TemporaryDirectory() as folder, temporary_cluster() as cluster:
        source = Path(folder) / "source.gpkg"
        again = Path(folder) / f"again.{arguments.file_format}"
        cluster.create_database("benchmark")
        engine = create_engine(cluster.url("benchmark"))
        migrate(engine)
        add_municipalities(engine)
        timed(table, "make the file", lambda _: make_file(source, arguments.areas, arguments.vertices))
        new = ImportOptions(new=True, source="synthetic", licence="dl-de/zero-2-0")
        timed(
            table, "import all as new, publish, commit", lambda watch: import_file(engine, source, new, watch)
        )
        timed(table, "add profiles to all, publish, commit", lambda _: add_profiles(engine))
        timed(
            table,
            f"export ({arguments.file_format})",
            lambda watch: export_file(engine, again, ExportOptions(), watch),
        )
        timed(
            table,
            "import the export, nothing new",
            lambda watch: import_file(engine, again, ImportOptions(), watch),
        )
        timed(table, "db rebuild, nothing to correct", lambda _: rebuild(engine))
        engine.dispose()
    Console().print(table)


if __name__ == "__main__":
    main()
