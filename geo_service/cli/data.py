"""``geo-service import`` and ``export``: files in, files out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from geo_service.cli.screen import language, progress_bars, say

COLLECTIONS = ("programme-areas", "programme-area-points", "municipalities", "events")


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--collection",
    "collection_id",
    type=click.Choice(["programme-areas", "municipalities"]),
    default="programme-areas",
    show_default=True,
    help="What the file holds.",
)
@click.option(
    "--map", "mappings", multiple=True, metavar="FIELD=COLUMN", help="Our field is that column; repeatable."
)
@click.option("--layer", help="Layer of the file, where it has several.")
@click.option("--crs", help="CRS of the coordinates, where the file does not say (EPSG:25832).")
@click.option("--new", is_flag=True, help="Allow identifiers that are not stored yet.")
@click.option("--source", help="Where new boundaries come from.")
@click.option("--reason", help="Why boundaries change.")
@click.option("--licence", help="Licence of new boundaries.")
@click.option(
    "--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day of new boundaries [default: today]."
)
@click.option("--geom-basis", type=click.Choice(["official", "schematic"]), help="Basis of new boundaries.")
@click.option("--dry-run", is_flag=True, help="Check and report, change nothing.")
@click.option(
    "--addresses",
    is_flag=True,
    help="The file holds the state's building references (gebref.txt or its ZIP); it replaces all addresses.",
)
def import_command(
    path: Path, mappings: tuple[str, ...], valid_from: datetime | None, addresses: bool, **options: Any
) -> None:
    """Load areas or municipalities from a GeoJSON, GeoPackage or Shapefile (also zipped).

    All or nothing: with one faulty feature nothing changes, and every finding is printed.

    \b
    Examples:
      geo-service import areas.gpkg --source "Stadt Dortmund" --reason "Ratsbeschluss" --valid-from 2024-05-01
      geo-service import --collection municipalities vg250.gpkg --map ags=AGS --map name=GEN
      geo-service import --addresses gebref_EPSG4647_ASCII.zip
    """
    if addresses:
        _import_addresses(path)
        return
    from geo_service.cli.session import command_engine
    from geo_service.ingest.importer import import_file
    from geo_service.ingest.options import ImportOptions

    chosen = ImportOptions(
        columns=_columns(mappings), valid_from=valid_from.date() if valid_from else None, **options
    )
    with command_engine("import") as (engine, _), progress_bars() as progress:
        report = import_file(engine, path, chosen, progress)
    for line in report.lines(language()):
        say(line)


def _import_addresses(path: Path) -> None:
    from geo_service.cli.session import command_engine
    from geo_service.ingest.addresses import import_addresses

    with command_engine("import") as (engine, _), progress_bars() as progress:
        report = import_addresses(engine, path, progress)
    for line in report.lines(language()):
        say(line)


@click.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--collection",
    "collection_id",
    type=click.Choice(COLLECTIONS),
    default="programme-areas",
    show_default=True,
    help="What to write.",
)
@click.option("--crs", help="CRS of the coordinates [default: CRS84 for GeoJSON, else EPSG:25832].")
def export_command(path: Path, **options: Any) -> None:
    """Write a collection to a GeoJSON, GeoPackage or Shapefile, by the ending of FILE.

    \b
    Example:
      geo-service export programme_areas.gpkg
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.exporter import export_file
    from geo_service.ingest.options import ExportOptions

    with command_engine("export") as (engine, settings), progress_bars() as progress:
        chosen = ExportOptions(public_url=settings.public_url, **options)
        report = export_file(engine, path, chosen, progress)
    for line in report.lines(language()):
        say(line)


def _columns(mappings: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for mapping in mappings:
        field, separator, column = mapping.partition("=")
        if not (field and separator and column):
            raise click.BadParameter(f"{mapping!r} is not FIELD=COLUMN", param_hint="--map")
        columns[field] = column
    return columns
