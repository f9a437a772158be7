"""Read the files of the sample data; nothing here touches the database."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from geoalchemy2.shape import from_shape

from geo_service.domain.crs import STORAGE_SRID
from geo_service.errors import RejectedDataError
from geo_service.ingest.content_files import EntryFile, read_entries
from geo_service.ingest.file_findings import FileFindings
from geo_service.ingest.profile_folder import ProfileFolder, read_profile_folders

Rows = list[dict[str, Any]]

AREAS_FILE = "programme_areas.geojson"
BOUNDARIES_FILE = "boundary_versions.geojson"
MUNICIPALITIES_FILE = "municipalities.csv"
PROFILES_DIRECTORY = "profiles"


@dataclass(frozen=True)
class Sample:
    """The files as they were read: features' properties with a ``geom`` (EPSG:25832) added."""

    areas: Rows
    former_boundaries: Rows
    municipalities: Rows
    profiles: list[ProfileFolder]
    entries: list[EntryFile]


def read_sample(data_dir: Path) -> Sample:
    """Read the sample data and see to it that all of it belongs to an area.

    Raises
    ------
    RejectedDataError
        A file is missing or cannot be read, or names an area that is not there.
    """
    try:
        sample = Sample(
            _read_features(data_dir / AREAS_FILE),
            _read_features(data_dir / BOUNDARIES_FILE),
            _read_municipalities(data_dir / MUNICIPALITIES_FILE),
            read_profile_folders(data_dir / PROFILES_DIRECTORY),
            _read_entries(data_dir),
        )
    except (OSError, ValueError, KeyError) as error:
        raise RejectedDataError(f"the sample data in {data_dir} cannot be read: {error}") from error
    named = {row["area_id"] for row in sample.former_boundaries} | {row["successor"] for row in sample.areas}
    named |= {profile.area_id for profile in sample.profiles}
    strangers = named - {row["area_id"] for row in sample.areas} - {None}
    if strangers:
        raise RejectedDataError(
            f"the sample data in {data_dir} names unknown areas: {', '.join(sorted(strangers))}"
        )
    return sample


def _read_entries(data_dir: Path) -> list[EntryFile]:
    """Read news, events and pages; there may be none."""
    findings = FileFindings()
    entries = read_entries(data_dir, findings)
    findings.refuse(str(data_dir))
    return entries


def _read_features(path: Path) -> Rows:
    """Read GeoJSON whose ``crs`` member says EPSG:25832 (easting, northing, in metres)."""
    collection = json.loads(path.read_text(encoding="utf-8"))
    crs = collection.get("crs", {}).get("properties", {}).get("name", "none")
    if not crs.endswith(f"::{STORAGE_SRID}"):
        raise RejectedDataError(f"{path}: expected EPSG:{STORAGE_SRID}, found {crs}")
    return [
        {**feature["properties"], "geom": from_shape(_geometry(feature), srid=STORAGE_SRID)}
        for feature in collection["features"]
    ]


def _geometry(feature: dict[str, Any]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in feature["geometry"]["coordinates"]])


def _read_municipalities(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]
    for row in rows:
        point = shapely.Point(float(row.pop("easting") or "nan"), float(row.pop("northing") or "nan"))
        row["point"] = from_shape(point, srid=STORAGE_SRID)
    return rows
