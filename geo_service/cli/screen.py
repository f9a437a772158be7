"""What a person sees while a command works: steps with the time they took, bars, and why a file was refused."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from geo_service.errors import RejectedDataError
    from geo_service.ingest.report import Progress


def language() -> str:
    """Return the language of this terminal, ``de`` or ``en``, from the usual variables."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "de" if value.lower().startswith("de") else "en"
    return "en"


def say(text: str) -> None:
    """Print one line for the person at the terminal; standard output stays free for data."""
    click.echo(text, err=True)


class Step:
    """The result of a step in progress; `note` replaces the standard word behind it."""

    def __init__(self) -> None:
        self.note = "done"


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show `title` while the block runs, then how it ended and how long it took."""
    live = sys.stderr.isatty()
    if live:
        click.echo(f"  {title} …", err=True, nl=False)
    started = time.monotonic()
    current = Step()
    try:
        yield current
    except BaseException:
        if live:
            click.echo("", err=True)
        raise
    seconds = time.monotonic() - started
    mark = click.style("✓", fg="green")
    click.echo(f"{chr(13) if live else ''}{mark} {title}: {current.note} ({seconds:.1f} s)  ", err=True)


def print_findings(error: RejectedDataError) -> None:
    """Print why a file was refused, one line per finding."""
    from geo_service.ingest.report import finding_lines

    for line in finding_lines(error, language()):
        say(line)


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show a bar per step on a terminal; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show
