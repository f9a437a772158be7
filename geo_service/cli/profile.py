"""``geo-service profile``: texts, documents and contacts as folders, out, in, and looked through."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo_service.cli.screen import language, say

if TYPE_CHECKING:
    from geo_service.ingest.profiles import ProfileReport

_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)
_AREAS = click.argument("area_ids", metavar="[AREA_ID]...", nargs=-1)


@click.group("profile", short_help="Texts, documents and contacts of the profiles as folders.")
def profile_group() -> None:
    """Keep the profiles as folders: one per area, texts in Markdown, documents as files.

    \b
    profiles/dortmund-nordstadt/
      profile.toml              milestones, contacts, documents, programmes, sources
      de/character.md           a text per language and section
      documents/concept.pdf     files to download, as listed in profile.toml

    \b
    Example:
      geo-service profile get profiles dortmund-nordstadt
      geo-service profile check profiles
      geo-service profile put profiles
    """


@profile_group.command("get")
@click.argument("directory", metavar="DIRECTORY", type=click.Path(file_okay=False, path_type=Path))
@_AREAS
@click.option("--overwrite", is_flag=True, help="Replace the profiles that are in DIRECTORY already.")
def get_command(directory: Path, area_ids: tuple[str, ...], overwrite: bool) -> None:
    """Write the profiles of the areas, or of all, into DIRECTORY: a folder each.

    What is written can be put back as it is, and then changes nothing.

    \b
    Example:
      geo-service profile get profiles
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.profiles import get_profiles, profiles_word

    with command_engine("profile get") as (engine, _):
        count = get_profiles(engine, directory, area_ids, overwrite=overwrite)
    written = "geschrieben" if language() == "de" else "written"
    say(f"{directory}: {profiles_word(count, language())} {written}")


@profile_group.command("put")
@click.argument("directory", metavar="DIRECTORY", type=_DIRECTORY)
@_AREAS
@click.option("--dry-run", is_flag=True, help="Check and report, change nothing.")
def put_command(directory: Path, area_ids: tuple[str, ...], dry_run: bool) -> None:
    """Make the stored profiles what the folders in DIRECTORY say; DIRECTORY may also be one such folder.

    All or nothing: with one fault nothing changes, and every finding is printed with its file and line. A text
    or document that is not in the folder is removed. Areas without a folder stay as they are.

    \b
    Example:
      geo-service profile put profiles
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.profiles import put_profiles

    with command_engine("profile put") as (engine, settings):
        report = put_profiles(
            engine,
            directory.resolve(),
            area_ids,
            dry_run=dry_run,
            max_document_bytes=settings.document_max_bytes,
        )
    _print(report)
    for line in report.lines(language()):
        say(line)


@profile_group.command("check")
@click.argument("directory", metavar="[DIRECTORY]", type=_DIRECTORY, required=False)
@_AREAS
@click.option("--strict", is_flag=True, help="Exit with 1 also where something is only missing.")
def check_command(directory: Path | None, area_ids: tuple[str, ...], strict: bool) -> None:
    """Look through the folders in DIRECTORY, or without it through the stored profiles; change nothing.

    Names faults (put would refuse them) and what to look at: missing sections, broken links, documents without
    a file, texts that differ between the languages, contacts whose time is up.

    \b
    Example:
      geo-service profile check profiles
    """
    from geo_service.cli.session import command_engine
    from geo_service.ingest.profiles import check_profiles, profiles_word

    with command_engine("profile check") as (engine, settings):
        report = check_profiles(
            engine,
            directory.resolve() if directory else None,
            area_ids,
            max_document_bytes=settings.document_max_bytes,
        )
    _print(report)
    notes = len(report.notes)
    profiles = profiles_word(report.read, language())
    say(
        f"{profiles} angesehen, {notes} {'Hinweis' if notes == 1 else 'Hinweise'}"
        if language() == "de"
        else f"{profiles} looked through, {notes} {'note' if notes == 1 else 'notes'}"
    )
    if strict and notes:
        sys.exit(1)


def _print(report: ProfileReport) -> None:
    for note in report.notes:
        say(note.line(language()))
