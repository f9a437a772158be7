"""Databases with synthetic areas, for measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from sqlalchemy import create_engine

from benchmarks import synthetic
from geo_service.db.cluster import Cluster, temporary_cluster
from geo_service.db.migrate import migrate


@contextmanager
def open_cluster(directory: Path | None) -> Iterator[Cluster]:
    """Run a cluster: a throw-away one, or the one that is kept in `directory`."""
    # Nothing in it is worth a flush to the disk; the rest lets a million areas come in.
    settings = {
        "fsync": "off",
        "shared_buffers": "1GB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
    }
    if directory is None:
        with temporary_cluster(options=settings) as cluster:
            yield cluster
        return
    kept = Cluster(directory.resolve(), options=settings)
    kept.start()
    try:
        yield kept
    finally:
        kept.stop()


def prepare(console: Console, cluster: Cluster, areas: int) -> str:
    """Make the database of so many areas where it is missing, bring it up to date, and return its name."""
    database = f"areas_{areas}"
    cluster.create_database(database)
    engine = create_engine(cluster.url(database))
    migrate(engine)
    with console.status(f"{areas:,} areas") as status:
        synthetic.fill(engine, areas, lambda done: status.update(f"{done:,} of {areas:,} areas"))
    engine.dispose()
    return database
