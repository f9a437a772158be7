"""The command line: parse, call, print. What takes long to import is imported inside the commands."""

from __future__ import annotations

import sys

import click

from geo_service.cli.area import area_group
from geo_service.cli.content import content_group
from geo_service.cli.data import export_command, import_command
from geo_service.cli.database import db_group
from geo_service.cli.feedback import feedback_group
from geo_service.cli.profile import profile_group
from geo_service.cli.testing import lint_command, test_command
from geo_service.cli.tiles import tiles_group
from geo_service.cli.up import serve_command, up_command
from geo_service.errors import GeoServiceError, RejectedDataError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 data rejected, 2 usage or configuration, 3 database unavailable.",
)
@click.version_option(package_name=None, version="0.1.0", prog_name="geo-service")
def cli() -> None:
    """Programme areas of urban development funding: OGC API, vector tiles, map and profiles.

    \b
    First steps:
      geo-service up                  database and web server on http://127.0.0.1:5000
      geo-service import areas.gpkg   load areas from a file

    Settings come from config/service.toml and from GEO_SERVICE_* variables, such as GEO_SERVICE_PORT.
    """


for command in (
    up_command,
    serve_command,
    test_command,
    lint_command,
    db_group,
    import_command,
    export_command,
    area_group,
    profile_group,
    tiles_group,
    content_group,
    feedback_group,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; errors of ours become one sentence and an exit code."""
    try:
        cli(prog_name="geo-service")
    except GeoServiceError as error:
        if isinstance(error, RejectedDataError):
            from geo_service.cli.screen import print_findings

            print_findings(error)
        click.echo(f"geo-service: {error}", err=True)
        sys.exit(error.exit_code)
