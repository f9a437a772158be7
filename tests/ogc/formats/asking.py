"""Asking for features in each format, and reading the answer back with GDAL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.ogc.reading import read_file

AREAS = "/api/collections/programme-areas/items"
UTM32 = "http://www.opengis.net/def/crs/EPSG/0/25832"
TYPES = {
    "json": "application/geo+json",
    "jsonfg": "application/vnd.ogc.fg+json",
    "geojsonseq": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "fgb": "application/flatgeobuf",
    "shp": "application/zip",
}
ENDINGS = {"json": ".geojson", "jsonfg": ".json", "geojsonseq": ".geojsons", "shp": ".zip"}


def fetch(client: FlaskClient, name: str, url: str = AREAS, **parameters: Any) -> Any:
    response = client.get(url, query_string={"f": name, "limit": 1000, **parameters})
    assert response.status_code == 200, response.data
    assert response.headers["Content-Type"] == TYPES[name]
    return response


def read(
    client: FlaskClient, name: str, path: Path, url: str = AREAS, **parameters: Any
) -> tuple[dict[str, Any], dict[str, Any], Any]:
    response = fetch(client, name, url, **parameters)
    return read_file(response.data, path / f"answer-{name}{ENDINGS.get(name, f'.{name}')}")
