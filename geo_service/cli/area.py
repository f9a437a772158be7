"""``geo-service area``: what becomes of an area, from its end to its successor and back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from geo_service.cli.screen import language, say

if TYPE_CHECKING:
    from geo_service.ingest.area_life import LifeReport
    from geo_service.settings import Settings


class _Text(click.ParamType):
    """Text that a database can hold: what a terminal passes on may be in another coding."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail(f"{value!r} is not in UTF-8", param, ctx)
        return value


_TEXT = _Text()
_AREA = click.argument("area_id", metavar="AREA_ID", type=_TEXT)
_DATE = click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Since when; not in the future [default: today]."
)
_AMEND = click.option("--amend", is_flag=True, help="Also where it is withdrawn already: change how.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Check and report, change nothing.")


@click.group("area", short_help="Withdraw, merge, rename and restore areas; list and show them.")
def area_group() -> None:
    """Withdraw, merge, rename and restore areas. Each command is done and published at once, or not at all.

    An identifier is never given away: the address of an area that is no more leads on, or says what became of it.
    An area whose funding has ended is not withdrawn; its status is completed.

    \b
    Example:
      geo-service area show dortmund-nordstadt
      geo-service area withdraw dortmund-nordstadt --successor dortmund-hafen --dry-run
      geo-service area restore dortmund-nordstadt
    """


@area_group.command("list")
@click.argument("wanted", metavar="[TEXT]", type=_TEXT, required=False)
@click.option("--withdrawn", is_flag=True, help="Those that were withdrawn, with what became of them.")
@click.option("--all", "everything", is_flag=True, help="Withdrawn ones and all others.")
def list_command(wanted: str | None, withdrawn: bool, everything: bool) -> None:
    """List areas that are not withdrawn, or those with TEXT in identifier, name or municipality.

    \b
    Example:
      geo-service area list dortmund
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_records import list_records

    with command_engine("area list") as (engine, _), engine.connect() as connection:
        found = list_records(connection, wanted, withdrawn=None if everything else withdrawn)
    names = [f"{area.name or '–'} ({area.municipality or '–'})" for area in found]
    wide = max((len(area.area_id) for area in found), default=0)
    broad = max(map(len, names), default=0)
    for area, name in zip(found, names, strict=True):
        click.echo(f"{area.area_id:<{wide}}  {name:<{broad}}  {area.state(language())}")
    count = len(found)
    say(
        f"{count} {'Gebiet' if count == 1 else 'Gebiete'}"
        if language() == "de"
        else f"{count} {'area' if count == 1 else 'areas'}"
    )


@area_group.command("show")
@_AREA
def show_command(area_id: str) -> None:
    """Show an area, also one that was withdrawn: what belongs to it, and what its address answers.

    \b
    Example:
      geo-service area show dortmund-nordstadt
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_show import show_lines

    with command_engine("area show") as (engine, settings), engine.connect() as connection:
        lines = show_lines(connection, area_id, language(), _base(settings))
    for line in lines:
        click.echo(line)


@area_group.command("withdraw")
@_AREA
@click.option(
    "--successor", "successor_id", metavar="AREA_ID", type=_TEXT, help="The area that took its place."
)
@_DATE
@_AMEND
@_DRY_RUN
def withdraw_command(area_id: str, day: datetime | None, **options: Any) -> None:
    """End an area: it leaves map, lists, tiles and API, and its addresses say so (410) and name the successor.

    Use merge instead where it lives on in another area: then its addresses lead there. With --amend a
    successor that is not given again is no longer named.

    \b
    Example:
      geo-service area withdraw dortmund-nordstadt
      geo-service area withdraw dortmund-nordstadt --successor dortmund-hafen --date 2026-06-30
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_life import withdraw

    with command_engine("area withdraw") as (engine, settings):
        report = withdraw(engine, area_id, day=day.date() if day else None, **options)
    _print(report, settings)


@area_group.command("merge")
@click.argument("area_ids", metavar="AREA_ID...", type=_TEXT, nargs=-1, required=True)
@click.option("--into", metavar="AREA_ID", type=_TEXT, required=True, help="The area in which they live on.")
@click.option("--unite", "with_boundaries", is_flag=True, help="Extend its boundary by theirs.")
@click.option("--reason", type=_TEXT, help="Why its boundary changes [default: Zusammenlegung mit …].")
@_DATE
@_AMEND
@_DRY_RUN
def merge_command(
    area_ids: tuple[str, ...], day: datetime | None, with_boundaries: bool, reason: str | None, **options: Any
) -> None:
    """Let areas live on in one that there is: their addresses lead on to it.

    Its texts, figures and programmes stay its own. Without --unite so does its boundary; import brings a new one.

    \b
    Example:
      geo-service area merge dortmund-nordstadt dortmund-borsigplatz --into dortmund-hafen --unite
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_life import merge

    if reason and not with_boundaries:
        raise click.UsageError("--reason is for the boundary that --unite makes")
    with command_engine("area merge") as (engine, settings):
        report = merge(
            engine,
            area_ids,
            day=day.date() if day else None,
            with_boundaries=with_boundaries,
            reason=reason,
            **options,
        )
    _print(report, settings)


@area_group.command("rename")
@_AREA
@click.option("--name", type=_TEXT, help="The new name; the present one becomes a former name.")
@click.option(
    "--id",
    "new_id",
    metavar="NEW_ID",
    type=_TEXT,
    help="The new identifier; addresses of the old one lead on.",
)
@_DATE
@_DRY_RUN
def rename_command(
    area_id: str, name: str | None, new_id: str | None, day: datetime | None, dry_run: bool
) -> None:
    """Give an area another name, another identifier, or both.

    Everything that belongs to it goes on under a new identifier. An identifier need not follow the name: without
    --id all addresses stay.

    \b
    Example:
      geo-service area rename dortmund-nordstadt --name Hafenquartier
      geo-service area rename dortmund-nordstadt --name Hafenquartier --id dortmund-hafenquartier
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_life import rename

    if name is None and new_id is None:
        raise click.UsageError("give --name, --id, or both")
    with command_engine("area rename") as (engine, settings):
        report = rename(
            engine, area_id, new_id=new_id, name=name, day=day.date() if day else None, dry_run=dry_run
        )
    _print(report, settings)


@area_group.command("restore")
@_AREA
@_DRY_RUN
def restore_command(area_id: str, dry_run: bool) -> None:
    """Take back that an area was withdrawn, merged or renamed, also by deleting it in QGIS.

    An area that was renamed gets everything back from its new identifier, whose address then leads to it. One that
    was merged is parted again; the boundary of the other stays as it is.

    \b
    Example:
      geo-service area restore dortmund-nordstadt
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.area_life import restore

    with command_engine("area restore") as (engine, settings):
        report = restore(engine, area_id, dry_run=dry_run)
    _print(report, settings)


def _print(report: LifeReport, settings: Settings) -> None:
    for line in report.lines(language(), _base(settings)):
        say(line)


def _base(settings: Settings) -> str:
    return (settings.public_url or "").rstrip("/")
