"""What a person sees while a command works: one line per step, with the time it took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


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
