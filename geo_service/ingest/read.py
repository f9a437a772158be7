"""Reads GeoJSON, GeoPackage, Shapefile (also zipped) and FlatGeobuf through GDAL, batch by batch."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo_service.errors import Message, RejectedDataError
from geo_service.ingest.report import Finding

DRIVERS = {
    "GeoJSON": "GeoJSON",
    "GPKG": "GeoPackage",
    "ESRI Shapefile": "Shapefile",
    "FlatGeobuf": "FlatGeobuf",
}
BATCH = 5_000
_READ_AT_ONCE = {"GeoJSON"}  # skipping features means parsing the text from its beginning again
_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb")
# What GDAL's reader raises for a file that it cannot read to its end.
GDAL_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, UnicodeDecodeError)
_NO_FORMAT = (
    "not recognized as being in a supported file format",
    "not recognized as a supported dataset name",
)


@dataclass(frozen=True)
class Batch:
    """Some consecutive features of a file.

    Attributes
    ----------
    first_row : int
        Number of the first feature in the file, from 1.
    columns : dict of str to array
        Values as GDAL gives them; dates and times as ISO text.
    wkb : array of bytes or None
        Geometries in the file's CRS, x before y whatever the CRS says, curves made straight.
    """

    first_row: int
    columns: dict[str, npt.NDArray[Any]]
    wkb: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.wkb)


@dataclass(frozen=True)
class SourceFile:
    """A layer of a file, opened and described but not read yet.

    Attributes
    ----------
    crs_text : str or None
        What the file declares (WKT or ``EPSG:…``). GeoJSON without a ``crs`` member is CRS84 (RFC 7946).
    bounds : (min_x, min_y, max_x, max_y) or None
        Of all features in the file's coordinates, x before y.
    warnings : set of str
        What GDAL complained about, without repetitions; grows while reading.
    """

    file_name: str
    address: str
    layer: str
    driver: str
    columns: tuple[str, ...]
    crs_text: str | None
    geometry_type: str | None
    bounds: tuple[float, float, float, float] | None
    count: int
    warnings: set[str] = field(default_factory=set)

    @property
    def text_limit(self) -> int | None:
        """Length in bytes from which a text may have been cut off by the format; None: never."""
        return 240 if self.driver == "ESRI Shapefile" else None

    def batches(self) -> Iterator[Batch]:
        """Yield all features in the order of the file."""
        size = None if self.driver in _READ_AT_ONCE else BATCH
        done = 0
        while True:
            names, wkb, data = self._read(done, size)
            for start in range(0, len(wkb), BATCH):
                rows = slice(start, start + BATCH)
                columns = {name: values[rows] for name, values in zip(names, data, strict=True)}
                yield Batch(done + start + 1, columns, wkb[rows])
            done += len(wkb)
            if size is None or len(wkb) < size:
                return

    def _read(
        self, skip: int, size: int | None
    ) -> tuple[list[str], npt.NDArray[Any], list[npt.NDArray[Any]]]:
        with warnings.catch_warnings(record=True) as caught, _refusing(self.file_name):
            warnings.simplefilter("always")
            meta, _, wkb, data = pyogrio.raw.read(
                self.address,
                layer=self.layer,
                skip_features=skip,
                max_features=size,
                datetime_as_string=True,
            )
        self.warnings.update(str(warning.message) for warning in caught)
        if wkb is None:
            wkb = np.full(len(data[0]) if data else 0, None, dtype=object)
        return list(meta["fields"]), wkb, data


def open_source(path: Path, layer: str | None, usual_layer: str) -> SourceFile:
    """Open a file and find the layer to read.

    Parameters
    ----------
    layer : str or None
        The layer asked for.
    usual_layer : str
        Which of several layers to take when none was asked for.

    Raises
    ------
    RejectedDataError
        No such file or layer, no format that we read, or several layers to choose from.
    """
    if not path.exists():
        raise _refusal(path.name, "file", "Die Datei gibt es nicht.", "There is no such file.")
    if path.is_dir():
        raise _refusal(path.name, "file", "Das ist ein Ordner, keine Datei.", "This is a folder, not a file.")
    with _refusing(path.name):
        address, member_layer = _address(path, layer, usual_layer)
    with warnings.catch_warnings(), _refusing(path.name):
        warnings.simplefilter("ignore")
        chosen = _choose_layer(path.name, pyogrio.list_layers(address), layer, member_layer or usual_layer)
        info = pyogrio.read_info(address, layer=chosen, force_total_bounds=True, force_feature_count=True)
    if info["driver"] not in DRIVERS:
        raise _refusal(
            path.name,
            "format",
            f"Das Format {info['driver']} wird nicht gelesen, sondern {', '.join(DRIVERS.values())}.",
            f"The format {info['driver']} is not read, but {', '.join(DRIVERS.values())}.",
        )
    bounds = info["total_bounds"]
    count = max(int(info["features"]), 0)
    finite = count > 0 and bounds is not None and bool(np.isfinite(bounds).all())
    return SourceFile(
        file_name=path.name,
        address=address,
        layer=chosen,
        driver=info["driver"],
        columns=tuple(str(name) for name in info["fields"]),
        crs_text=info["crs"],
        geometry_type=info["geometry_type"],
        bounds=tuple(float(value) for value in bounds) if finite else None,  # type: ignore[arg-type]
        count=count,
    )


def _address(path: Path, layer: str | None, usual_layer: str) -> tuple[str, str | None]:
    """Return what GDAL opens; for a zip archive the file inside, and the layer that its name stands for."""
    if not zipfile.is_zipfile(path):
        return str(path), None
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith(_SUFFIXES)]
    stems = {Path(name).stem: name for name in members}
    wanted = layer or usual_layer
    if len(members) == 1:
        member = members[0]
    elif wanted in stems:
        member = stems[wanted]
    else:
        raise _refusal(
            path.name,
            "layer",
            f"Das Archiv enthält {_some(stems) or 'keine lesbare Datei'}; --layer wählt aus.",
            f"The archive contains {_some(stems) or 'no readable file'}; --layer chooses.",
        )
    return f"/vsizip/{{{path}}}/{member}", Path(member).stem if len(members) > 1 else None


def _choose_layer(file_name: str, layers: npt.NDArray[Any], layer: str | None, usual: str) -> str:
    names = [str(name) for name, _ in layers]
    spatial = [str(name) for name, geometry_type in layers if geometry_type is not None]
    if layer is not None and layer in names:
        return layer
    if layer is None and len(names) == 1:
        return names[0]
    if layer is None and usual in spatial:
        return usual
    if layer is None and len(spatial) == 1:
        return spatial[0]
    raise _refusal(
        file_name,
        "layer",
        f"Die Datei hat die Ebenen {_some(names)}; --layer wählt aus.",
        f"The file has the layers {_some(names)}; --layer chooses.",
    )


def _some(names: Iterable[str]) -> str:
    """List names, the first twenty of many."""
    listed = sorted(names)
    return ", ".join(listed[:20]) + (", …" if len(listed) > 20 else "")


@contextmanager
def _refusing(file_name: str) -> Iterator[None]:
    """Turn GDAL's errors into a refusal of the file."""
    try:
        yield
    except (*GDAL_ERRORS, zipfile.BadZipFile) as error:
        reason = _reason(error)
        raise _refusal(
            file_name,
            "unreadable",
            f"Die Datei lässt sich nicht lesen: {reason.de}",
            f"The file cannot be read: {reason.en}",
        ) from error


def _reason(error: BaseException) -> Message:
    """Say in both languages what GDAL says often; else repeat its words without statements and advice for others."""
    words = (
        re.sub(r"sqlite3_\w+\(.*\) failed: ", "", str(error)).partition(" It might help to ")[0].rstrip(";")
    )
    if any(phrase in words for phrase in _NO_FORMAT):
        formats = ", ".join(DRIVERS.values())
        return Message(
            f"Sie hat keines der Formate {formats}, oder sie ist beschädigt.",
            f"It has none of the formats {formats}, or it is damaged.",
        )
    return Message(words, words)


def _refusal(file_name: str, rule: str, de: str, en: str) -> RejectedDataError:
    finding = Finding(None, None, rule, "", Message(de, en))
    return RejectedDataError(f"{file_name}: nothing was changed", [finding])
