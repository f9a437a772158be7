"""Files made on the spot, and a registry with a few known areas to import into."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import Engine, create_engine, text

from geo_service.db.cluster import Cluster
from geo_service.db.publication import rebuild

EASTING, NORTHING = 390_000.0, 5_710_000.0


def box(east: float = 0, north: float = 0, side: float = 100) -> shapely.Polygon:
    """A square in EPSG:25832, `east` and `north` metres from a place in Dortmund."""
    return shapely.box(EASTING + east, NORTHING + north, EASTING + east + side, NORTHING + north + side)


@contextmanager
def _registry(cluster: Cluster, clone: Callable[[str], str], template: str) -> Iterator[Engine]:
    name = clone(template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO registry.municipality (ags, name, district, government_region, point, source) VALUES"
                " ('05913000', 'Dortmund', 'Dortmund', 'Arnsberg', ST_Point(390000, 5710000, 25832), 'Testquelle'),"
                " ('05911000', 'Bochum', 'Bochum', 'Arnsberg', ST_Point(375000, 5705000, 25832), 'Testquelle'),"
                " ('05999001', 'Musterstadt', NULL, NULL, NULL, 'Testquelle')"
            )
        )
    yield engine
    assert rebuild(engine).corrected_rows == 0
    engine.dispose()
    cluster.drop_database(name)


@pytest.fixture
def registry(cluster: Cluster, clone: Callable[[str], str], database_template: str) -> Iterator[Engine]:
    """Engine of a database with three municipalities; at the end a rebuild must find nothing to correct."""
    with _registry(cluster, clone, database_template) as engine:
        yield engine


@pytest.fixture(scope="module")
def shared_registry(
    cluster: Cluster, clone: Callable[[str], str], database_template: str
) -> Iterator[Engine]:
    """The same for all tests of a module, which must leave it as it is."""
    with _registry(cluster, clone, database_template) as engine:
        yield engine


Rows = list[tuple[dict[str, Any], shapely.Geometry | None]]


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes GeoJSON: rows of (properties, geometry in EPSG:25832 or as given)."""

    def write(rows: Rows, name: str = "areas.geojson", crs: str | None = "EPSG:25832") -> Path:
        features = [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(shape) if shape else None,
            }
            for properties, shape in rows
        ]
        document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
        if crs:
            urn = "urn:ogc:def:crs:" + crs.replace(":", "::")
            document["crs"] = {"type": "name", "properties": {"name": urn}}
        path = tmp_path / name
        path.write_text(json.dumps(document), "utf-8")
        return path

    return write


@pytest.fixture
def vector_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file with GDAL; the driver follows from the suffix."""

    def write(
        name: str,
        shapes: list[shapely.Geometry | None],
        columns: dict[str, list[Any]],
        crs: str | None = "EPSG:25832",
        geometry_type: str = "Polygon",
        **options: Any,
    ) -> Path:
        path = tmp_path / name
        if crs is None:
            warnings.filterwarnings("ignore", "'crs' was not provided", UserWarning)
        pyogrio.raw.write(
            path,
            shapely.to_wkb(np.array(shapes, dtype=object), flavor="iso"),
            [
                np.array(values, dtype=object if isinstance(values[0], str) else None)
                for values in columns.values()
            ],
            list(columns),
            geometry_type=geometry_type,
            crs=crs,
            **options,
        )
        return path

    return write
