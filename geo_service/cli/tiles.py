"""``geo-service tiles``: all tiles into one file, or into the memory of the running service."""

from __future__ import annotations

from pathlib import Path

import click

from geo_service.cli.screen import language, progress_bars, say

COLLECTIONS = ("programme-areas", "programme-area-points", "municipalities")
MAX_ZOOM = 18


@click.group("tiles", short_help="Write all tiles into a file, or warm up the running service.")
def tiles_group() -> None:
    """Make many tiles at once: into a file for a static host, or into the cache of the running service.

    \b
    Example:
      geo-service tiles export areas.pmtiles
    """


def _zoom(name: str, default: int, help_text: str) -> object:
    return click.option(
        name, type=click.IntRange(0, MAX_ZOOM), default=default, show_default=True, help=help_text
    )


@tiles_group.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@_zoom("--min-zoom", 0, "First zoom.")
@_zoom("--max-zoom", 14, "Last zoom; readers enlarge its tiles beyond.")
@click.option(
    "--collection",
    "collections",
    type=click.Choice(COLLECTIONS),
    multiple=True,
    default=("programme-areas",),
    show_default=True,
    help="What the tiles hold; repeatable.",
)
def export_tiles_command(path: Path, collections: tuple[str, ...], min_zoom: int, max_zoom: int) -> None:
    """Write the tiles (WebMercatorQuad) into a PMTiles archive, which any static host can serve.

    They are the tiles of the API. With GEO_SERVICE_PUBLIC_URL each feature carries the address of its profile.

    \b
    Example:
      geo-service tiles export areas.pmtiles --max-zoom 12 --collection programme-areas --collection municipalities
    """
    from geo_service.cli.session import command_engine
    from geo_service.db.tile_shapes import TileShape
    from geo_service.domain.collections import COLLECTIONS as KNOWN
    from geo_service.ingest.options import Credits, TileArchiveOptions
    from geo_service.ingest.pmtiles import export_tiles
    from geo_service.ogc.pygeoapi_api import CONFIG_FILE, load_config

    with command_engine("tiles export") as (engine, settings), progress_bars() as progress:
        metadata = load_config(settings.project_dir / CONFIG_FILE)["metadata"]
        chosen = [KNOWN[name] for name in collections]
        credits_ = Credits(
            ", ".join(one.title.text(language()) for one in chosen),
            " ".join(f"{one.description.text(language())}." for one in chosen),
            metadata["license"]["name"],
            metadata["license"]["url"],
            metadata["provider"]["name"],
        )
        options = TileArchiveOptions(credits_, collections, min_zoom, max_zoom, settings.public_url)
        shape = TileShape(settings.mvt_extent, settings.mvt_buffer, settings.mvt_max_features)
        report = export_tiles(engine, path, shape, options, progress)
    for line in report.lines(language()):
        say(line)


@tiles_group.command("warm")
@_zoom("--min-zoom", 0, "First zoom.")
@_zoom("--max-zoom", 10, "Last zoom.")
def warm_command(min_zoom: int, max_zoom: int) -> None:
    """Ask the running service for every tile, so that the first visitors need not wait.

    Each worker process has a cache of its own, so each of them is asked. Addresses in tiles are those under which the
    service is asked: set GEO_SERVICE_PUBLIC_URL where visitors use another name than this command.

    \b
    Example:
      geo-service tiles warm --max-zoom 12
    """
    from geo_service.cli.warm import warm
    from geo_service.settings import Settings

    with progress_bars() as progress:
        report = warm(Settings.load(), min_zoom, max_zoom, progress)
    for line in report.lines(language()):
        say(line)
