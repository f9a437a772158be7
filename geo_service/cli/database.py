"""``geo-service db``: look after the database."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from geo_service.cli.screen import say, step
from geo_service.errors import ConfigError

if TYPE_CHECKING:
    from geo_service.settings import Settings


@click.group("db", short_help="Look after the database: migrate, status, shell, rebuild.")
def db_group() -> None:
    """Look after the database: the private one, or that of GEO_SERVICE_DATABASE_URL.

    \b
    Example:
      geo-service db status
    """


@db_group.command("migrate")
def migrate_command() -> None:
    """Bring the schema up to date.

    \b
    Example:
      GEO_SERVICE_DATABASE_URL=postgresql://gis@db.example.org/areas geo-service db migrate
    """
    from geo_service.cli.session import write_access
    from geo_service.db.migrate import migrate

    with _database("db migrate") as settings, write_access(settings) as engine, step("Schema") as current:
        current.note = f"revision {migrate(engine).revision}"


@db_group.command("status")
def status_command() -> None:
    """Show the version of the schema.

    \b
    Example:
      geo-service db status
    """
    from geo_service.cli.session import write_access
    from geo_service.db.migrate import status

    with _database("db status") as settings, write_access(settings) as engine:
        found = status(engine)
        click.echo(f"schema    {found.state} (revision {found.revision}, this programme has {found.head})")


@db_group.command("rebuild")
def rebuild_command() -> None:
    """Derive everything published afresh from the registry; normally this changes nothing.

    \b
    Example:
      geo-service db rebuild
    """
    from geo_service.cli.session import telling_of_the_database, write_access
    from geo_service.db.migrate import check_ready
    from geo_service.db.publication import rebuild

    with _database("db rebuild") as settings, write_access(settings) as engine:
        check_ready(engine)
        with telling_of_the_database(), step("Publication"):
            report = rebuild(engine)
        click.echo(
            f"{report.corrected_rows} rows corrected; now {report.areas} areas and "
            f"{report.municipalities} municipalities, version {report.version}"
        )


@db_group.command("shell", context_settings={"ignore_unknown_options": True})
@click.argument("psql_arguments", nargs=-1, type=click.UNPROCESSED)
def shell_command(psql_arguments: tuple[str, ...]) -> None:
    """Open psql on the database; arguments after the command go to psql.

    \b
    Examples:
      geo-service db shell
      geo-service db shell -c 'select area_id, name from publication.programme_area limit 5'
    """
    with _database("db shell") as settings:
        psql = _find_psql()
        arguments, environment = _psql_address(settings)
        # Ctrl-C is for psql, which cancels the statement.
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            outcome = subprocess.run([psql, *arguments, *psql_arguments], env=environment).returncode
        finally:
            signal.signal(signal.SIGINT, previous)
    if outcome:
        raise SystemExit(3 if outcome == 2 else 1)


def _database(command: str) -> AbstractContextManager[Settings]:
    from geo_service.cli.session import database
    from geo_service.settings import Settings

    settings = Settings.load()
    if settings.database_url is None:
        say(f"Private database in {settings.home / 'cluster'}")
    return database(settings, command)


def _find_psql() -> str:
    from geo_service.db.pg_programs import installed

    for programs in installed():
        if os.access(programs.path("psql"), os.X_OK):
            return programs.path("psql")
    if found := shutil.which("psql"):
        return found
    raise ConfigError("psql is not installed: install the package postgresql-client.")


def _psql_address(settings: Settings) -> tuple[list[str], dict[str, str]]:
    """Take the password out of the address: arguments can be read by everybody on the machine."""
    from sqlalchemy.engine import make_url

    assert settings.database_url is not None
    url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
        url = url.set(password=None)
    return ["--dbname", url.render_as_string(hide_password=False)], environment
