"""Files made by GDAL: GeoPackage, FlatGeobuf and Shapefile, of a page of features or of a whole collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from geo_service.db.encodings import table_fields
from geo_service.db.queries import outline_tolerance, placed_shape
from geo_service.domain.collections import MUNICIPALITIES, Collection
from geo_service.domain.crs import CRS84
from geo_service.domain.map_look import Style
from geo_service.domain.query import ItemsQuery
from geo_service.ingest import formats as file_formats
from geo_service.ingest.export_table import TableSource, TableWriter, whole_collection
from geo_service.ingest.exporter import layer_shape, write_table
from geo_service.ingest.formats import zip_folder
from geo_service.ingest.options import Credits
from geo_service.ingest.package import Package
from geo_service.ingest.report import ExportReport
from geo_service.ogc.formats.files import FileContent, make_file
from geo_service.ogc.negotiation import Format

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

STORAGE = "EPSG:25832"
WRITERS = {
    "gpkg": file_formats.GEOPACKAGE,
    "fgb": file_formats.FLATGEOBUF,
    "shp": file_formats.SHAPEFILE,
}


@dataclass(frozen=True)
class PackageContent:
    """What a GeoPackage of a whole collection holds beside its features.

    Attributes
    ----------
    credits : Credits
        Of the layer of municipalities.
    look : mapping
        The map style that the layers' styles for QGIS are made of.
    """

    language: str
    credits: Credits
    look: Style

    def add(self, connection: Connection, collection: Collection, public_url: str, path: Path) -> None:
        """Complete the file at `path`; profiles and municipalities go with the areas."""
        layers = [collection]
        if collection.has_profile:
            layers.append(MUNICIPALITIES)
            report = ExportReport("", MUNICIPALITIES.collection_id, "gpkg", STORAGE)
            type_, shape = layer_shape(connection, MUNICIPALITIES, file_formats.GEOPACKAGE, report)
            source = whole_collection(MUNICIPALITIES, type_, shape)
            writer = TableWriter(path, source, file_formats.GEOPACKAGE, STORAGE, public_url, self.credits)
            for _count in write_table(connection, writer, source, report):
                pass
        with Package(path, self.language) as package:
            package.add_code_lists(collection)
            if collection.has_profile:
                package.add_profiles(connection, collection, public_url)
                package.relate_municipalities(connection, collection)
            for layer in layers:
                package.add_styles(layer, self.look)


def whole_file(
    connection: Connection,
    collection: Collection,
    chosen: Format,
    public_url: str,
    credits_: Credits,
    package: PackageContent | None = None,
) -> FileContent:
    """Write all features of a collection in EPSG:25832; a GeoPackage with what belongs to them.

    Parameters
    ----------
    connection : Connection
        In a transaction that sees one state of the data throughout.
    package : PackageContent, optional
        What a GeoPackage holds besides.
    """
    report = ExportReport("", collection.collection_id, chosen.name, STORAGE)
    type_, shape = layer_shape(connection, collection, WRITERS[chosen.name], report)
    source = whole_collection(collection, type_, shape)
    add = None if package is None else partial(package.add, connection, collection, public_url)
    return write_file(connection, source, chosen, report, public_url, credits_, add)


def page_file(
    connection: Connection,
    query: ItemsQuery,
    keys: Sequence[str],
    chosen: Format,
    public_url: str,
    credits_: Credits,
) -> FileContent:
    """Write the features with these keys, in their order, as `query` wants them presented.

    Coordinates are x before y in every CRS, as these formats have it.
    """
    collection, crs = query.collection, query.crs
    name = "OGC:CRS84" if crs == CRS84 else f"EPSG:{crs.srid}"
    report = ExportReport("", collection.collection_id, chosen.name, name)
    type_, shape = layer_shape(connection, collection, WRITERS[chosen.name], report)
    key_type = "int8" if collection.has_number_key else "text"
    source = TableSource(
        collection,
        table_fields(collection, query.selection),
        type_ if query.selection.geometry else None,
        placed_shape(shape, crs, outline_tolerance(collection, query.selection)),
        f"FROM unnest(%(keys)s::{key_type}[]) WITH ORDINALITY AS page(page_key, page_position)"
        f" JOIN publication.{collection.table} ON {collection.key_column} = page_key"
        " ORDER BY page_position",
        {"keys": [int(key) if key_type == "int8" else key for key in keys]},
    )
    return write_file(connection, source, chosen, report, public_url, credits_)


def write_file(
    connection: Connection,
    source: TableSource,
    chosen: Format,
    report: ExportReport,
    public_url: str,
    credits_: Credits,
    complete: Callable[[Path], None] | None = None,
) -> FileContent:
    """Write the rows of `source`, then let `complete` add to the file.

    A Shapefile becomes an archive that holds the licence as a text, too.
    """
    writer_format, layer = WRITERS[chosen.name], source.collection.layer_name

    def write(folder: Path) -> Path:
        zipped = writer_format.short_names
        path = folder / f"{layer}{'.shp' if zipped else chosen.extension}"
        writer = TableWriter(path, source, writer_format, report.crs_name, public_url, credits_)
        for _count in write_table(connection, writer, source, report):
            pass
        if complete is not None:
            complete(path)
        if zipped:
            (folder / "LICENCE.txt").write_bytes(credits_.text().encode())
            if report.notes:  # of what a Shapefile could not hold
                notes = "".join(f"{note.de}\r\n{note.en}\r\n" for note in report.notes)
                (folder / "NOTES.txt").write_bytes(notes.encode())
            zip_folder(folder, f"{layer}.zip")
            path = folder / f"{layer}.zip"
        return path

    return make_file(write)


def credits_of(api: OgcApi, collection: Collection, language: str) -> Credits:
    """Return what files say about themselves, in the language of the request."""
    metadata = api.config["metadata"]
    return Credits(
        title=collection.title.text(language),
        description=collection.description.text(language),
        licence=metadata["license"]["name"],
        licence_url=metadata["license"]["url"],
        attribution=metadata["provider"]["name"],
    )
