"""``geo-service content``: news, events and the page on the network as a folder, out, in, and looked through."""

from __future__ import annotations

from pathlib import Path

import click

from geo_service.cli.screen import language, say

_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("content", short_help="News, events and the page on the network as Markdown files.")
def content_group() -> None:
    """Keep news, events and the page on the network as Markdown files with front matter.

    \b
    news/2020-03-30-new-phase.md       facts, title and text in German
    news/2020-03-30-new-phase.en.md    title and text in English
    events/…  network/network.md

    \b
    Example:
      geo-service content get site
      geo-service content check site
      geo-service content put site
    """


@content_group.command("get")
@click.argument("directory", metavar="DIRECTORY", type=click.Path(file_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the entries that are in DIRECTORY already.")
def get_command(directory: Path, overwrite: bool) -> None:
    """Write all entries into DIRECTORY. What is written can be put back as it is, and then changes nothing.

    \b
    Example:
      geo-service content get site
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.contents import get_contents

    with command_engine("content get") as (engine, _):
        count = get_contents(engine, directory, overwrite=overwrite)
    say(
        f"{directory}: {count} Einträge geschrieben"
        if language() == "de"
        else f"{directory}: {count} entries written"
    )


@content_group.command("put")
@click.argument("directory", metavar="DIRECTORY", type=_DIRECTORY)
@click.option("--prune", is_flag=True, help="Remove stored entries that are not in DIRECTORY.")
@click.option("--dry-run", is_flag=True, help="Check and report, change nothing.")
def put_command(directory: Path, prune: bool, dry_run: bool) -> None:
    """Make the stored entries what the files in DIRECTORY say.

    All or nothing: with one fault nothing changes, and every finding is printed with its file and line. Stored
    entries without a file stay, unless --prune is given.

    \b
    Example:
      geo-service content put site --dry-run
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.contents import put_contents

    with command_engine("content put") as (engine, _):
        report = put_contents(engine, directory, prune=prune, dry_run=dry_run)
    for line in report.lines(language()):
        say(line)


@content_group.command("check")
@click.argument("directory", metavar="DIRECTORY", type=_DIRECTORY)
def check_command(directory: Path) -> None:
    """Look through DIRECTORY: faults, texts in one language only, links that lead nowhere. Changes nothing.

    \b
    Example:
      geo-service content check site
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.contents import check_contents

    with command_engine("content check") as (engine, _):
        report = check_contents(engine, directory)
    for line in report.lines(language()):
        say(line)
    report.findings.refuse(str(directory))
