"""Which process serves a data directory: ``postmaster.pid`` read with suspicion.

The file outlives a killed server, and its number may by then belong to another process. So a process
counts as the postmaster only if it executes ``postgres`` and works in this very data directory.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geo_service.errors import UnavailableError

PID_FILE = "postmaster.pid"


@dataclass(frozen=True)
class PidFile:
    """What ``postmaster.pid`` says. `status` is ``starting``, ``ready``, ``stopping`` or empty."""

    pid: int
    socket_dir: str
    port: int
    status: str


def read_pid_file(data_dir: Path) -> PidFile | None:
    """Read ``postmaster.pid``; None when it is missing or not finished."""
    try:
        lines = (data_dir / PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
        lines += [""] * (8 - len(lines))
        return PidFile(int(lines[0]), lines[4].strip(), int(lines[3] or 0), lines[7].strip())
    except (FileNotFoundError, ValueError, IndexError):
        return None


def is_postmaster(pid: int, data_dir: Path) -> bool:
    """Tell whether process `pid` is a PostgreSQL server process of this data directory.

    Raises
    ------
    UnavailableError
        The process belongs to the owner of the data, but may not be examined: nobody can tell.
    """
    process = Path("/proc", str(pid))
    try:
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        return program == "postgres" and (process / "cwd").samefile(data_dir)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        try:
            if process.stat().st_uid != data_dir.stat().st_uid:
                return False
        except FileNotFoundError:
            return False
        raise UnavailableError(
            f"Process {pid} may be the PostgreSQL server of {data_dir}, but it cannot be examined."
        ) from None


def server_processes(data_dir: Path) -> Iterator[int]:
    """Find every PostgreSQL process working in this data directory, by its process rather than by a file."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if is_postmaster(int(process.name), data_dir):
                    yield int(process.name)
            except UnavailableError:
                continue


def end_orphans(data_dir: Path, patience: float = 10.0) -> None:
    """End server processes whose postmaster was killed; a new one cannot start beside them.

    They notice the loss themselves, but not in the middle of a long statement.
    """
    for number, wait in ((signal.SIGQUIT, patience), (signal.SIGKILL, patience)):
        orphans = list(server_processes(data_dir))
        for pid in orphans:
            send(pid, number)
        for pid in orphans:
            wait_for_end(pid, wait)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone already is fine."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_for_end(pid: int, seconds: float) -> bool:
    """Wait until a process that need not be our child has ended; tell whether it has."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)
