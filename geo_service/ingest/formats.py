"""File formats for writing: which suffix is which, and how each is written so that it is complete or absent."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo_service.errors import ConfigError
from geo_service.ingest.unwritable import cannot_write


@dataclass(frozen=True)
class Format:
    """A format by GDAL's name.

    Attributes
    ----------
    driver : str
        GDAL's name of it.
    short_names : bool
        Whether column names have at most ten characters.
    in_parts : bool
        Whether it can be written batch by batch; otherwise it is made of a GeoPackage that was.
    one_geometry_type : bool
        Whether points and polygons cannot be in one layer.
    """

    driver: str
    title: str
    short_names: bool = False
    in_parts: bool = True
    one_geometry_type: bool = False


GEOJSON = Format("GeoJSON", "GeoJSON")
GEOPACKAGE = Format("GPKG", "GeoPackage")
# Its spatial index has to know all features before the first one is written.
FLATGEOBUF = Format("FlatGeobuf", "FlatGeobuf", in_parts=False)
SHAPEFILE = Format("ESRI Shapefile", "Shapefile", short_names=True, one_geometry_type=True)
FORMATS = {
    ".geojson": GEOJSON,
    ".json": GEOJSON,
    ".gpkg": GEOPACKAGE,
    ".shp": SHAPEFILE,
    ".zip": SHAPEFILE,
    ".fgb": FLATGEOBUF,
}


def format_of(path: Path) -> Format:
    """Return the format that the suffix of `path` stands for.

    Raises
    ------
    ConfigError
        No format that is written.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise ConfigError(f"{path.name}: the format follows from the ending: {', '.join(FORMATS)}") from None


@contextmanager
def replacing(path: Path, layer: str) -> Iterator[Path]:
    """Lend a name to write to, in a directory next to `path`; afterwards put what was written in its place.

    A reader never sees half a file, and when writing fails the old one stays. A Shapefile is several files: the
    ``.shp`` comes last.

    Raises
    ------
    ConfigError
        The directory does not exist or cannot be written to.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".export-", dir=path.parent))
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        zipped = path.suffix.lower() == ".zip"
        yield folder / (f"{layer}.shp" if zipped else path.name)
        if zipped:
            zip_folder(folder, path.name)
        _move(folder, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def zip_folder(folder: Path, name: str) -> None:
    """Put everything in `folder` into one archive there, in place of the files."""
    members = sorted(folder.iterdir())
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.name)
    for member in members:
        member.unlink()


def _move(folder: Path, path: Path) -> None:
    umask = os.umask(0)
    os.umask(umask)
    for index in (".qix", ".sbn", ".sbx") if path.suffix.lower() == ".shp" else ():
        path.with_suffix(index).unlink(missing_ok=True)  # of the old shapes, and believed by readers
    for part in sorted(folder.iterdir(), key=lambda part: part.suffix.lower() == path.suffix.lower()):
        part.chmod(0o666 & ~umask)
        part.replace(path.parent / part.name)
