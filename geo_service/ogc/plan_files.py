"""Plans as files: GeoPackage and zipped Shapefile through GDAL, GeoJSON and WKT as text; all in memory."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from pathlib import PurePosixPath

import pyogrio
import shapely
from shapely.errors import GEOSException

from geo_service.errors import InvalidGeometryError, InvalidParameterError, Message
from geo_service.ingest.read import GDAL_ERRORS
from geo_service.ogc.arguments import refuse
from geo_service.ogc.plan_package import check_package
from geo_service.ogc.plan_text import read_plan_text
from geo_service.ogc.plans import MAX_FEATURES, RawPlan, check_size

MAX_UNPACKED_BYTES = 100_000_000
MAX_MEMBERS = 50
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_TEXTS = (".geojson", ".json", ".wkt", ".txt")
_POLYGONS = ("Polygon", "MultiPolygon")


def read_plan_file(name: str, content: bytes) -> RawPlan:
    """Read a file by what it contains, whatever its name says.

    Raises
    ------
    InvalidParameterError, InvalidGeometryError
        It is empty, of no format that is read, larger than allowed once unpacked, or broken.
    """
    if not content:
        refuse("file", "Die Datei ist leer.", "The file is empty.")
    if content.startswith(b"SQLite format 3\0"):
        return _read_layers(content, "GPKG")
    if content.startswith(b"PK\x03\x04"):
        return _read_archive(content)
    if content.startswith(b"\x00\x00\x27\x0a"):
        refuse(
            "file",
            "Ein Shapefile besteht aus mehreren Dateien: bitte als ZIP-Archiv mit .shp, .shx, .dbf und .prj hochladen.",
            "A Shapefile consists of several files: please upload a ZIP archive with .shp, .shx, .dbf and .prj.",
        )
    return read_plan_text(_decode(content, name))


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text[:1000]:
        ending = PurePosixPath(name).suffix[:12]
        raise InvalidParameterError(
            "file",
            Message(
                f"Das Format der Datei ({ending or 'ohne Endung'}) wird nicht gelesen, sondern GeoJSON, WKT, GeoPackage "
                "und gezipptes Shapefile.",
                f"The format of the file ({ending or 'no ending'}) is not read, but GeoJSON, WKT, GeoPackage and zipped "
                "Shapefile.",
            ),
        )
    return text


def _read_archive(content: bytes) -> RawPlan:
    """Unpack what is needed, within limits, and read the one plan inside."""
    members = _unpack(content)
    shapefiles = [name for name in members if name.lower().endswith(".shp")]
    packages = [name for name in members if members[name].startswith(b"SQLite format 3\0")]
    texts = [name for name in members if name.lower().endswith(_TEXTS)]
    plans = [*shapefiles, *packages, *texts]
    if len(plans) != 1:
        found = ", ".join(sorted(plans)[:10])
        in_german = f"mehrere Pläne: {found}" if plans else "keinen lesbaren Plan"
        in_english = f"several plans: {found}" if plans else "no readable plan"
        refuse(
            "file",
            f"Das Archiv enthält {in_german}; erwartet wird genau einer.",
            f"The archive contains {in_english}; exactly one is expected.",
        )
    name = plans[0]
    if packages:
        return _read_layers(members[name], "GPKG")
    if texts:
        return read_plan_text(_decode(members[name], name))
    return _read_layers(_shapefile(members, name), "ESRI Shapefile")


def _unpack(content: bytes) -> dict[str, bytes]:
    """Return the members that matter. Sizes are counted while unpacking, since an archive may lie about them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [
                info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)
            ]
            if len(infos) > MAX_MEMBERS:
                refuse(
                    "file",
                    f"Das Archiv enthält {len(infos)} Dateien; erlaubt sind {MAX_MEMBERS}.",
                    f"The archive contains {len(infos)} files; {MAX_MEMBERS} are allowed.",
                )
            members: dict[str, bytes] = {}
            left = MAX_UNPACKED_BYTES
            for info in infos:
                if not info.filename.lower().endswith((*_SHAPEFILE, ".gpkg", *_TEXTS)):
                    continue
                with archive.open(info) as member:
                    unpacked = member.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    refuse(
                        "file",
                        f"Das Archiv wird ausgepackt größer als {MAX_UNPACKED_BYTES // 10**6} MB.",
                        f"The archive unpacks to more than {MAX_UNPACKED_BYTES // 10**6} MB.",
                    )
                members[info.filename] = unpacked
            return members
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InvalidParameterError(
            "file",
            Message(
                "Das ZIP-Archiv ist beschädigt, verschlüsselt oder in einem Verfahren gepackt, das nicht gelesen wird.",
                "The ZIP archive is damaged, encrypted, or packed in a way that is not read.",
            ),
        ) from error


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _shapefile(members: dict[str, bytes], name: str) -> bytes:
    """Pack one Shapefile anew, unpacked and under a plain name, so that GDAL meets no other archive than this."""
    stem = name[:-4].lower()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for member, content in members.items():
            path = PurePosixPath(member)
            if member[: -len(path.suffix)].lower() == stem and path.suffix.lower() in _SHAPEFILE:
                archive.writestr(f"plan{path.suffix.lower()}", content)
    return buffer.getvalue()


def _read_layers(content: bytes, driver: str) -> RawPlan:
    """Read the polygons of the only layer that has some."""
    try:
        if driver == "GPKG":
            check_package(content)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of a missing index or an odd projection; what matters is checked
            layers = [str(name) for name, kind in pyogrio.list_layers(content) if kind is not None]
            infos = {
                name: pyogrio.read_info(content, layer=name, force_feature_count=True) for name in layers[:20]
            }
            areal = [name for name, info in infos.items() if _may_hold_polygons(info["geometry_type"])]
            if len(areal) != 1:
                _refuse_layers(areal or layers)
            info = infos[areal[0]]
            if info["driver"] != driver:
                refuse("file", "Dieses Format wird nicht gelesen.", "This format is not read.")
            if info["features"] > 10 * MAX_FEATURES:
                check_size(int(info["features"]), 0)
            meta, _, wkb, _ = pyogrio.raw.read(
                content, layer=areal[0], columns=[], max_features=10 * MAX_FEATURES
            )
        shapes = shapely.from_wkb(wkb)
    except (*GDAL_ERRORS, GEOSException, ValueError, NotImplementedError) as error:
        raise InvalidGeometryError(
            f"an unreadable {driver}",
            Message(
                "Die Datei lässt sich nicht lesen; ist sie vollständig?",
                "The file cannot be read; is it complete?",
            ),
        ) from error
    present = [shape for shape in shapes if shape is not None]
    polygons = [shape for shape in present if shape.geom_type in _POLYGONS]
    return RawPlan(polygons, meta["crs"], len(present) - len(polygons))


def _may_hold_polygons(geometry_type: str | None) -> bool:
    """Tell whether a layer of this declared type can hold polygons."""
    name = (geometry_type or "").lower()
    return "polygon" in name or "surface" in name or name in ("unknown", "geometry", "geometrycollection")


def _refuse_layers(names: list[str]) -> None:
    shown = ", ".join(name[:40] for name in names[:10])
    refuse(
        "file",
        f"Erwartet wird genau eine Ebene mit Flächen; die Datei hat: {shown or 'keine'}.",
        f"Exactly one layer with polygons is expected; the file has: {shown or 'none'}.",
    )
