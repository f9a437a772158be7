"""What a caller can ask of an import or an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class ImportOptions:
    """How to read a file, and what to say about the boundaries that it brings.

    Attributes
    ----------
    collection_id : str
        ``programme-areas`` or ``municipalities``.
    layer : str or None
        Name of the layer; needed only where the file has several.
    crs : str or None
        CRS of the coordinates (``EPSG:31466``), instead of the one that the file declares.
    columns : mapping of str to str
        Our field to the file's column, where they are called differently.
    source, reason, licence : str or None
        Of new boundary versions (`source` and `licence` also of municipalities).
    valid_from : date or None
        First day of new boundary versions and names; None: today.
    geom_basis : {"official", "schematic"} or None
        Of new boundary versions, where the file has no such column.
    new : bool
        Whether identifiers that are not stored yet may be added.
    dry_run : bool
        Do everything, publishing included, then roll it back.
    """

    collection_id: str = "programme-areas"
    layer: str | None = None
    crs: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    reason: str | None = None
    licence: str | None = None
    valid_from: date | None = None
    geom_basis: Literal["official", "schematic"] | None = None
    new: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class ExportOptions:
    """What to write.

    Attributes
    ----------
    collection_id : str
        ``programme-areas``, ``programme-area-points`` or ``municipalities``.
    crs : str or None
        CRS of the coordinates; None: CRS84 for GeoJSON (RFC 7946), EPSG:25832 for the other formats.
    public_url : str or None
        Public address of the service, for ``profile_url``; without it that field stays empty, because a file
        has no address that a relative link could start from.
    """

    collection_id: str = "programme-areas"
    crs: str | None = None
    public_url: str | None = None


@dataclass(frozen=True)
class Credits:
    """What a file says about itself: title, licence and whom to name.

    Attributes
    ----------
    licence, licence_url : str
        Name and address of the licence of the data set; each feature names its own besides.
    attribution : str
        Who provides the data.
    """

    title: str
    description: str
    licence: str
    licence_url: str
    attribution: str

    def items(self) -> dict[str, str]:
        """Return them as metadata items, by the names that GDAL's users know."""
        return {
            "TITLE": self.title,
            "DESCRIPTION": self.description,
            "LICENCE": f"{self.licence} ({self.licence_url})",
            "ATTRIBUTION": self.attribution,
        }

    def text(self) -> str:
        """Return them as a file to be read by people."""
        return "".join(f"{name}: {value}\r\n" for name, value in self.items().items())


@dataclass(frozen=True)
class TileArchiveOptions:
    """Which tiles to write.

    Attributes
    ----------
    collections : tuple of str
        Identifiers of the collections whose layers each tile carries.
    min_zoom, max_zoom : int
        Levels of WebMercatorQuad, both included; readers enlarge the tiles of the last one.
    public_url : str or None
        Public address of the service, for ``profile_url``; without it that attribute is left out.
    """

    credits: Credits
    collections: tuple[str, ...] = ("programme-areas",)
    min_zoom: int = 0
    max_zoom: int = 14
    public_url: str | None = None
