"""The launcher before anything is set up. Its real work is tried on fresh systems, not here."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_service.settings import PROJECT_DIR
from tests.cli.conftest import clean_environment

LAUNCHER = PROJECT_DIR / "geo-service"


@pytest.fixture
def bare() -> Iterator[Path]:
    """A copy of the launcher where everybody can read it, and a place for a home that everybody can write."""
    made = Path(tempfile.mkdtemp(prefix="gs-launcher-", dir="/tmp"))
    made.chmod(0o777)
    shutil.copy(LAUNCHER, made)
    yield made
    shutil.rmtree(made)


def launch(bare: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the launcher as an ordinary user."""
    user = (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] if os.geteuid() == 0 else []
    )
    environment = clean_environment(GEO_SERVICE_HOME=str(bare / "home"))
    if path:
        environment["PATH"] = path
    return subprocess.run(
        [*user, "sh", str(bare / "geo-service"), *arguments],
        env=environment,
        cwd=bare,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def test_help_before_the_set_up_installs_nothing(bare: Path) -> None:
    for arguments in ((), ("--help",), ("up", "--help")):
        shown = launch(bare, *arguments)
        assert shown.returncode == 0, shown.stderr
        assert "geo-service COMMAND" in shown.stdout
    assert not (bare / "home").exists()


def test_without_root_and_sudo_it_prints_the_command_and_stops(bare: Path) -> None:
    programs = bare / "bin"
    programs.mkdir()
    for program in Path("/usr/bin").iterdir():
        if program.name not in ("sudo", "chromium"):
            (programs / program.name).symlink_to(program)
    stopped = launch(bare, "test", path=str(programs))
    assert stopped.returncode == 2
    assert "missing: a browser for the tests" in stopped.stderr
    assert "packages='chromium fonts-liberation" in stopped.stdout
    assert "apt-get -q -y --no-install-recommends" in stopped.stdout
    assert not list((bare / "home").glob("venv-*"))
