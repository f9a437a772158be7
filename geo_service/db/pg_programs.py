"""PostgreSQL's programs on this machine, and the account they run under."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo_service.errors import ConfigError

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
DEBIAN_SHARE = Path("/usr/share/postgresql")
UNPRIVILEGED_ACCOUNTS = ("geo-service", "postgres", "nobody")


@dataclass(frozen=True)
class Programs:
    """The server programs of one major version of PostgreSQL."""

    major: int
    bin_dir: Path
    has_postgis: bool

    def path(self, name: str) -> str:
        """Return the full path of the program `name`."""
        return str(self.bin_dir / name)


@dataclass(frozen=True)
class Account:
    """The account that PostgreSQL's programs run under; PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether programs must be started under another account than our own."""
        return self.uid != os.geteuid()

    def command(self, *arguments: str, dies_with_parent: bool = False) -> list[str]:
        """Put what is needed before a command so that it runs as this account.

        ``setpriv`` executes the command in its own place, so the process started is the program itself.
        With `dies_with_parent` the kernel sends SIGINT when the *thread* that started it ends: for
        the postmaster that is a fast, clean shutdown.
        """
        prefix: list[str] = []
        if self.is_other:
            prefix += [f"--reuid={self.uid}", f"--regid={self.gid}", "--init-groups"]
        if dies_with_parent:
            prefix += ["--pdeathsig=INT"]
        return ["setpriv", *prefix, "--", *arguments] if prefix else list(arguments)


def installed() -> list[Programs]:
    """List the PostgreSQL servers of this machine, newest first; those without PostGIS come last."""
    found: dict[int, Programs] = {}
    for programs in (*_debian_programs(), *_programs_on_path()):
        known = found.get(programs.major)
        if known is None or (programs.has_postgis and not known.has_postgis):
            found[programs.major] = programs
    return sorted(found.values(), key=lambda programs: (programs.has_postgis, programs.major), reverse=True)


def programs_for(major: int | None) -> Programs:
    """Choose the programs for a data directory of version `major`, or the newest for a new one.

    Raises
    ------
    ConfigError
        PostgreSQL, its PostGIS or the version that the data need is not installed.
    """
    candidates = installed()
    if major is None:
        usable = [programs for programs in candidates if programs.has_postgis]
        if usable:
            return usable[0]
        if candidates:
            wanted = f"postgresql-{candidates[0].major}-postgis-3"
            raise ConfigError(
                f"PostgreSQL {candidates[0].major} has no PostGIS: install the package {wanted}."
            )
        raise ConfigError("PostgreSQL is not installed: install the packages postgresql and postgis.")
    for programs in candidates:
        if programs.major == major:
            return programs
    have = ", ".join(str(programs.major) for programs in candidates) or "no version"
    raise ConfigError(
        f"The data directory was made by PostgreSQL {major}, but {have} is installed: install "
        f"postgresql-{major}-postgis-3, or move the data with pg_upgrade or pg_dump."
    )


def account_for(data_dir: Path) -> Account:
    """Choose the account: ourselves, or for root the owner of the data, else an unprivileged account."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data_dir.exists() and (owner := data_dir.stat().st_uid) != 0:
        return _account(pwd.getpwuid(owner))
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ConfigError(
        "PostgreSQL does not run as root, and there is no account geo-service, postgres or nobody."
    )


def clean_environment() -> dict[str, str]:
    """Return our environment without libpq's variables, with messages in English for the log."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _debian_programs() -> Iterator[Programs]:
    for postgres in DEBIAN_BINARIES.glob("*/bin/postgres"):
        version = postgres.parent.parent.name
        if version.isdigit():
            control = DEBIAN_SHARE / version / "extension" / "postgis.control"
            yield Programs(int(version), postgres.parent, control.exists())


def _programs_on_path() -> Iterator[Programs]:
    pg_config = os.environ.get("PG_CONFIG") or shutil.which("pg_config")
    if not pg_config:
        return
    try:
        answer = subprocess.run(
            [pg_config, "--bindir", "--sharedir", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return
    bin_dir, share_dir, version = answer.stdout.splitlines()[:3]
    number = version.removeprefix("PostgreSQL ").split(".")[0]
    if number.isdigit() and Path(bin_dir, "postgres").exists():
        control = Path(share_dir, "extension", "postgis.control")
        yield Programs(int(number), Path(bin_dir), control.exists())
