"""From the CRS of a file to EPSG:25832: which operation, how exact, and do the coordinates fit the CRS."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from geo_service.domain.crs import STORAGE_SRID
from geo_service.errors import ConfigError, Message
from geo_service.ingest.report import Findings

Bounds = tuple[float, float, float, float]

METRE_TOLERANCE = 0.002
DEGREE_TOLERANCE = 0.02
_GERMANY = (5.5, 47.0, 15.6, 55.3)
# Eastings and northings by which the usual German systems can be told apart (min x, min y, max x, max y).
_LIKELY = (
    ("EPSG:4647", (32_200_000, 5_200_000, 33_000_000, 6_200_000)),
    ("EPSG:31466", (2_400_000, 5_200_000, 2_700_000, 6_200_000)),
    ("EPSG:31467", (3_300_000, 5_200_000, 3_800_000, 6_200_000)),
    ("EPSG:25832", (230_000, 5_200_000, 1_010_000, 6_150_000)),
    ("EPSG:3857", (600_000, 5_900_000, 1_750_000, 7_500_000)),
)


@dataclass(frozen=True)
class Reprojection:
    """The way from a file's coordinates to EPSG:25832.

    Attributes
    ----------
    transformer : Transformer or None
        None where the file is in EPSG:25832 already.
    tolerance : float
        Metres by which rounding in such a file may move a vertex: GeoJSON writes degrees with seven decimals,
        which is a centimetre; metres come with three decimals or more.
    """

    crs_name: str
    transformer: Transformer | None
    tolerance: float
    description: Message | None = None

    def apply(self, geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return `geometries` in EPSG:25832; what cannot be transformed gets infinite coordinates."""
        if self.transformer is None:
            return geometries
        transformer = self.transformer

        def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

        return np.asarray(shapely.transform(geometries, move), dtype=object)


def make_reprojection(
    crs_text: str | None, given: str | None, bounds: Bounds | None, findings: Findings
) -> Reprojection | None:
    """Choose the operation for a file, or add the finding that says why there is none.

    Parameters
    ----------
    crs_text : str or None
        What the file declares.
    given : str or None
        What the person importing says instead (``--crs``).
    bounds : tuple of float or None
        Of the file's coordinates, x before y.
    """
    crs = _find_crs(given or crs_text, bounds, findings)
    if crs is None:
        return None
    name = given or _name(crs)
    tolerance = DEGREE_TOLERANCE if crs.is_geographic else METRE_TOLERANCE
    if crs.to_authority(min_confidence=100) == ("EPSG", str(STORAGE_SRID)):
        return Reprojection(name, None, tolerance)
    try:
        transformer, description = _best_operation(crs, bounds)
    except (ProjError, IndexError):
        findings.add(
            "crs-operation",
            f"Von {name} führt kein Weg nach EPSG:25832.",
            f"There is no operation from {name} to EPSG:25832.",
            where="--crs",
        )
        return None
    return Reprojection(name, transformer, tolerance, description)


def _find_crs(text: str | None, bounds: Bounds | None, findings: Findings) -> CRS | None:
    """Return the CRS that coordinates are in, in two dimensions, or add the finding that says why it is not known."""
    if text is None:
        findings.add(
            "crs-missing",
            "Die Datei nennt kein Koordinatenreferenzsystem; mit --crs angeben, etwa --crs EPSG:25832"
            + _hint(bounds, " (die Koordinaten sehen nach {} aus)"),
            "The file names no coordinate reference system; give it with --crs, such as --crs EPSG:25832"
            + _hint(bounds, " (the coordinates look like {})"),
            where="--crs",
        )
        return None
    try:
        crs = CRS.from_user_input(text).to_2d()
    except CRSError:
        findings.add(
            "crs-unknown",
            f"Das Koordinatenreferenzsystem ist unbekannt: {text[:80]}",
            f"The coordinate reference system is unknown: {text[:80]}",
            where="--crs",
        )
        return None
    return None if bounds is not None and _misfit(crs, bounds, findings) else crs


def likely_crs(bounds: Bounds) -> str | None:
    """Guess the CRS that coordinates in Germany are in, from their size alone."""
    if _inside(bounds, _GERMANY):
        return "OGC:CRS84"
    return next((name for name, box in _LIKELY if _inside(bounds, box)), None)


def _misfit(crs: CRS, bounds: Bounds, findings: Findings) -> bool:
    """Add a finding where the coordinates cannot be of this CRS."""
    degrees = max(map(abs, bounds)) <= 180
    if crs.is_geographic and _inside(bounds, (*_GERMANY[1::-1], *_GERMANY[:1:-1])):
        findings.add(
            "crs-axes",
            "Breite und Länge sind vertauscht: erwartet wird die Länge zuerst.",
            "Latitude and longitude are swapped: longitude is expected first.",
        )
    elif crs.is_projected and degrees:
        findings.add(
            "crs-coordinates",
            f"Die Koordinaten liegen außerhalb des Bereichs von {_name(crs)}: sie sind Grad, nicht Meter"
            + _hint(bounds, "; mit --crs {} versuchen"),
            f"The coordinates are outside of the range of {_name(crs)}: they are degrees, not metres"
            + _hint(bounds, "; try --crs {}"),
        )
    elif crs.is_geographic and not degrees:
        findings.add(
            "crs-coordinates",
            f"Die Koordinaten liegen außerhalb des Bereichs von {_name(crs)}: sie sind Meter, nicht Grad"
            + _hint(bounds, "; mit --crs {} versuchen"),
            f"The coordinates are outside of the range of {_name(crs)}: they are metres, not degrees"
            + _hint(bounds, "; try --crs {}"),
        )
    else:
        return False
    return True


def _best_operation(crs: CRS, bounds: Bounds | None) -> tuple[Transformer, Message]:
    """Return the most exact operation that PROJ can carry out for the place of the data.

    One operation serves the whole file, so that neighbours keep fitting; PROJ left alone would choose anew
    for every point.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing grid; the report names it
        place: Any = _area(crs, bounds)
        group = TransformerGroup(crs, CRS.from_epsg(STORAGE_SRID), always_xy=True, area_of_interest=place)
    transformer = group.transformers[0]
    de = en = f"Transformation: {transformer.description}"
    if transformer.accuracy is not None and transformer.accuracy >= 0:
        de += f", Genauigkeit {transformer.accuracy:g} m"
        en += f", accuracy {transformer.accuracy:g} m"
    else:
        de += ", Genauigkeit unbekannt"
        en += ", accuracy unknown"
    better = [
        (grid.short_name != "de_adv_BETA2007.tif", operation.accuracy, grid.short_name)
        for operation in group.unavailable_operations
        for grid in operation.grids
        if not grid.available
    ]
    if better:
        _, exact, grid = min(better)
        de += f". Genauer wäre das Gitter {grid} ({exact:g} m); es fehlt (Paket proj-data)"
        en += f". The grid {grid} ({exact:g} m) would be better; it is missing (package proj-data)"
    return transformer, Message(de, en)


def _area(crs: CRS, bounds: Bounds | None) -> AreaOfInterest:
    if bounds is not None:
        to_degrees = Transformer.from_crs(crs, CRS.from_user_input("OGC:CRS84"), always_xy=True)
        box = to_degrees.transform_bounds(*bounds)
        if all(map(np.isfinite, box)) and box[0] < box[2] and box[1] < box[3]:
            return AreaOfInterest(*box)
    return AreaOfInterest(*_GERMANY)


def _name(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=100)
    return f"{authority[0]}:{authority[1]}" if authority else crs.name


def _hint(bounds: Bounds | None, sentence: str) -> str:
    guess = likely_crs(bounds) if bounds else None
    return sentence.format(guess) if guess else ""


def _inside(bounds: Bounds, box: tuple[float, ...]) -> bool:
    return bounds[0] >= box[0] and bounds[1] >= box[1] and bounds[2] <= box[2] and bounds[3] <= box[3]


@dataclass(frozen=True)
class OutwardReprojection:
    """The way from EPSG:25832 to the CRS of a file: the same operation as on the way in, backwards."""

    crs: CRS
    transformer: Transformer | None

    @property
    def urn(self) -> str:
        """The CRS as the ``crs`` member of GeoJSON writes it."""
        authority, code = self.crs.to_authority(min_confidence=100) or ("", "")
        return (
            f"urn:ogc:def:crs:{authority}::{code}" if authority == "EPSG" else "urn:ogc:def:crs:OGC:1.3:CRS84"
        )

    def apply(self, geometries: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return geometries in the CRS of the file, x before y."""
        if self.transformer is None:
            return geometries
        transformer = self.transformer

        def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            moved = transformer.transform(points[:, 0], points[:, 1], direction=TransformDirection.INVERSE)
            return np.column_stack(moved)

        return np.asarray(shapely.transform(geometries, move), dtype=object)

    def geojson(self, shapes: list[Any]) -> list[str | None]:
        """Return WKB as GeoJSON geometries, with seven decimals of a degree or four of a metre."""
        digits = 7 if self.crs.is_geographic else 4
        wkb = np.array([None if shape is None else bytes(shape) for shape in shapes], dtype=object)
        moved = self.apply(np.asarray(shapely.from_wkb(wkb), dtype=object))
        return list(shapely.to_geojson(shapely.transform(moved, lambda points: np.round(points, digits))))


def make_outward(crs_text: str, extent: Bounds | None) -> OutwardReprojection:
    """Choose the operation to a file's CRS.

    Parameters
    ----------
    extent : tuple of float or None
        Of the data in EPSG:25832.

    Raises
    ------
    ConfigError
        The CRS is unknown, or there is no operation.
    """
    try:
        crs = CRS.from_user_input(crs_text).to_2d()
        if crs.to_authority(min_confidence=100) == ("EPSG", str(STORAGE_SRID)):
            return OutwardReprojection(crs, None)
        there = None
        if extent is not None:
            there = Transformer.from_crs(CRS.from_epsg(STORAGE_SRID), crs, always_xy=True).transform_bounds(
                *extent
            )
        return OutwardReprojection(crs, _best_operation(crs, there)[0])
    except (CRSError, ProjError, IndexError) as error:
        raise ConfigError(f"{crs_text}: this coordinate reference system cannot be written.") from error
