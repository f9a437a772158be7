"""``geo-service test`` and ``lint``: the project checks itself in the environment that it runs in."""

from __future__ import annotations

import os
import subprocess
import sys

import click

# Each has a database cluster and a browser.
MOST_PROCESSES = 4
PASS_ON = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("test", context_settings=PASS_ON)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test_command(pytest_arguments: tuple[str, ...]) -> None:
    """Run the tests, on throw-away databases of their own; arguments go to pytest.

    All of them are run by several processes at once, and then those of faults alone, since they look at the clock.

    \b
    Examples:
      geo-service test
      geo-service test tests/ogc -k paging
    """
    from geo_service.settings import PROJECT_DIR, Settings

    home = Settings.load().home
    environment = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    os.chdir(PROJECT_DIR)
    program = [sys.executable, "-P", "-m", "pytest", "-o", f"cache_dir={home / 'cache' / 'pytest'}"]
    if not pytest_arguments:
        processes = str(min(os.cpu_count() or 1, MOST_PROCESSES))
        together = ["-n", processes, "--dist", "loadfile", "--ignore=tests/faults"]
        codes = [
            subprocess.run([*program, *part], env=environment).returncode
            for part in (together, ["tests/faults"])
        ]
        raise SystemExit(1 if any(codes) else 0)
    # Executed in our place: its signals, its exit code, and its closing line comes last.
    sys.stdout.flush()
    os.execve(sys.executable, [*program, *pytest_arguments], environment)  # noqa: S606 - Python itself, without a shell


@click.command("lint")
def lint_command() -> None:
    """Check style, format and types.

    \b
    Example:
      geo-service lint
    """
    from geo_service.settings import PROJECT_DIR

    checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
    failed = [
        " ".join(check)
        for check in checks
        if subprocess.run([sys.executable, "-P", "-m", *check], cwd=PROJECT_DIR).returncode != 0
    ]
    if failed:
        raise SystemExit(1)


def _is_ours(name: str) -> bool:
    """Tell whether a variable configures the real service; the tests must not see that."""
    return name.startswith("GEO_SERVICE_") and name != "GEO_SERVICE_VENDOR_DIR"
