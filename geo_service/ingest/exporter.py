"""Exports a collection as published, in one snapshot, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo_service.db.engine import translate
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.errors import ConfigError
from geo_service.ingest.export_table import TableSource, TableWriter, whole_collection
from geo_service.ingest.formats import GEOJSON, Format, format_of, replacing
from geo_service.ingest.options import ExportOptions
from geo_service.ingest.report import ExportReport, Progress
from geo_service.ingest.reproject import OutwardReprojection, make_outward

BATCH = 2_000
_CRS84 = "OGC:CRS84"


def export_file(
    engine: Engine, path: Path, options: ExportOptions, progress: Progress | None = None
) -> ExportReport:
    """Write all features of a collection, all fields each; what was there before is replaced at the end.

    Importing the file again changes nothing.

    Parameters
    ----------
    path : Path
        Its suffix says the format: ``.geojson``, ``.gpkg``, ``.shp``, ``.zip`` (Shapefile), ``.fgb``.
    progress : callable, optional
        Called as ``progress("write", done, total)``.

    Raises
    ------
    ConfigError
        Unknown format, collection or CRS, or no place to write to.
    UnavailableError
        The database cannot be reached.
    """
    collection = COLLECTIONS.get(options.collection_id)
    if collection is None:
        raise ConfigError(f"There is no collection {options.collection_id}, but {', '.join(COLLECTIONS)}.")
    format_ = format_of(path)
    crs = options.crs or (_CRS84 if format_ is GEOJSON else "EPSG:25832")
    report = ExportReport(path.name, collection.collection_id, format_.title, crs)
    try:
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            replacing(path, collection.layer_name) as temporary,
        ):
            connection.execute(text("SET TRANSACTION READ ONLY"))
            outward = make_outward(crs, _extent(connection, collection))
            total = int(connection.scalar(text(f"SELECT count(*) FROM publication.{collection.table}")) or 0)
            if format_ is GEOJSON:
                parts = _write_geojson(connection, temporary, collection, outward, crs, options)
            else:
                type_, shape = layer_shape(connection, collection, format_, report)
                source = whole_collection(collection, type_, shape)
                writer = TableWriter(temporary, source, format_, crs, options.public_url)
                parts = write_table(connection, writer, source, report, outward)
            for count in parts:
                report.written += count
                if progress:
                    progress("write", report.written, total)
    except DBAPIError as error:
        raise translate(error) from error
    if options.public_url is None:
        _note_missing_addresses(report, collection)
    return report


def _note_missing_addresses(report: ExportReport, collection: Collection) -> None:
    if collection.page_field:
        name = collection.page_field.name
        report.note(
            f"{name} bleibt leer, weil die öffentliche Adresse nicht eingestellt ist (GEO_SERVICE_PUBLIC_URL)",
            f"{name} stays empty because the public address is not configured (GEO_SERVICE_PUBLIC_URL)",
        )


def _write_geojson(
    connection: Connection,
    path: Path,
    collection: Collection,
    outward: OutwardReprojection,
    crs: str,
    options: ExportOptions,
) -> Iterator[int]:
    """Write RFC 7946; in another CRS than CRS84 with the ``crs`` member of GeoJSON 2008, which GDAL reads."""
    finished = crs == _CRS84
    shape = collection.geojson_column if finished else f"ST_AsBinary({collection.geom_column})"
    sql = (
        f"SELECT {collection.id_column} AS id, {shape} AS shape, properties"
        f" FROM publication.{collection.table} ORDER BY {collection.key_column}"
    )
    head: dict[str, Any] = {"type": "FeatureCollection", "name": collection.layer_name}
    if not finished:
        head["crs"] = {"type": "name", "properties": {"name": outward.urn}}
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "features": [')
        separator = "\n"
        for rows in _batches(connection, sql):
            shapes = [row.shape for row in rows] if finished else outward.geojson([row.shape for row in rows])
            for row, geometry in zip(rows, shapes, strict=True):
                file.write(separator)
                _write_feature(file, row.id, geometry, row.properties, collection, options.public_url)
                separator = ",\n"
            yield len(rows)
        file.write("\n]}\n")


def _write_feature(
    file: TextIO,
    feature_id: str,
    geometry: str | None,
    properties: str,
    collection: Collection,
    public_url: str | None,
) -> None:
    """Write one feature; `properties` comes without its closing brace, so that addresses can be added."""
    if page_field := collection.page_field:
        address = f'"{public_url.rstrip("/")}{collection.page_path}/{feature_id}"' if public_url else "null"
        properties += f',"{page_field.name}":{address}'
    file.write(
        f'{{"type":"Feature","id":"{feature_id}","geometry":{geometry or "null"},"properties":{properties}}}}}'
    )


def write_table(
    connection: Connection,
    writer: TableWriter,
    source: TableSource,
    report: ExportReport,
    outward: OutwardReprojection | None = None,
) -> Iterator[int]:
    """Write all rows of `source` and say after each batch how many there were; memory holds one batch.

    Parameters
    ----------
    connection : Connection
        In a transaction, which the rows are read from bit by bit.
    outward : OutwardReprojection, optional
        Moves the geometries, where the statement does not do that itself.
    """
    for rows in _batches(connection, source.sql, source.values):
        shapes = _geometries([row.shape for row in rows]) if source.geometry_type else None
        writer.add(outward.apply(shapes) if outward is not None and shapes is not None else shapes, rows)
        yield len(rows)
    writer.close(report)


def layer_shape(
    connection: Connection, collection: Collection, format_: Format, report: ExportReport
) -> tuple[str, str]:
    """Return the layer's geometry type, and the SQL of the geometry in EPSG:25832."""
    if collection.geometry_type != "Geometry":
        return collection.geometry_type, collection.geom_column
    types = set(
        connection.scalars(
            text(
                f"SELECT DISTINCT initcap(lower(GeometryType({collection.geom_column})))"
                f" FROM publication.{collection.table} WHERE {collection.geom_column} IS NOT NULL"
            )
        )
    )
    if types == {"Multipolygon"}:
        return "MultiPolygon", collection.geom_column
    if len(types) > 1 and not format_.one_geometry_type:
        return "Unknown", collection.geom_column
    if len(types) > 1:
        report.note(
            "Ein Shapefile fasst nicht Punkte und Flächen zugleich: alle als Punkte geschrieben",
            "A Shapefile cannot hold points and polygons together: all written as points",
        )
    # Published points are in Web Mercator only; the way back is exact to a millionth of a millimetre.
    return "Point", "ST_Transform(point_3857, 25832)"


def _extent(connection: Connection, collection: Collection) -> tuple[float, float, float, float] | None:
    """Return min easting, min northing, max easting, max northing of the collection; None: it is empty."""
    row = connection.execute(
        text(
            "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
            f" FROM (SELECT ST_Extent({collection.geom_column}) AS box FROM publication.{collection.table}) AS all_"
        )
    ).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


def _batches(
    connection: Connection, sql: str, values: Mapping[str, Any] | None = None
) -> Iterator[list[Any]]:
    streamed = {"stream_results": True, "max_row_buffer": BATCH}
    result = connection.exec_driver_sql(sql, dict(values or {}), execution_options=streamed)
    for rows in result.partitions(BATCH):
        yield list(rows)


def _geometries(shapes: list[Any]) -> npt.NDArray[Any]:
    wkb = np.array([None if shape is None else bytes(shape) for shape in shapes], dtype=object)
    return np.asarray(shapely.from_wkb(wkb), dtype=object)
