"""Help: every command has it, with an example, and asking for it costs next to nothing."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from geo_service.cli import cli
from tests.cli.conftest import clean_environment

HEAVY = ("pygeoapi", "sqlalchemy", "pyogrio", "flask", "uvicorn", "pydantic", "rich", "shapely")


def every_command(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)


def test_the_commands_are_those_that_the_readme_names() -> None:
    top = {path[0] for path in every_command(cli)}
    assert top == {
        "up",
        "serve",
        "test",
        "lint",
        "db",
        "import",
        "export",
        "tiles",
        "area",
        "profile",
        "content",
        "feedback",
    }
    below = {path for path in every_command(cli) if len(path) == 2}
    assert {name for group, name in below if group == "db"} == {"migrate", "status", "shell", "rebuild"}
    assert {name for group, name in below if group == "tiles"} == {"export", "warm"}
    life = {"list", "show", "withdraw", "merge", "rename", "restore"}
    assert {name for group, name in below if group == "area"} == life


@pytest.mark.parametrize("path", list(every_command(cli)), ids=" ".join)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli, [*path, "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert "geo-service " + " ".join(path) in shown.output.replace("Usage:", "", 1).split("Example", 1)[1]


def test_help_imports_nothing_heavy() -> None:
    script = f"import sys, geo_service.cli; print(*(set({HEAVY!r}) & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", script], env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""


def test_an_unknown_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(cli, ["upp"]).exit_code == 2
