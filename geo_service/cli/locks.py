"""Who runs in a home: locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from geo_service.errors import ConfigError

# The launcher looks for a moment whether anybody holds the lock before it removes old versions.
PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Holder:
    """What the process that holds a home says about itself."""

    pid: int
    since: str
    command: str
    address: str | None = None

    def __str__(self) -> str:
        at = f" at {self.address}" if self.address else ""
        return f"geo-service {self.command} (process {self.pid}, since {self.since}){at}"


class HomeLock:
    """The exclusive right to start and stop what belongs to a home. Not inherited by child processes.

    Attributes
    ----------
    after_crash : bool
        Whether the holder before us was killed, so that what it started may still be ending.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / "lock"
        self._file: IO[str] | None = None
        self.after_crash = False

    def acquire(self, command: str, address: str | None = None) -> bool:
        """Take the lock and leave a note for others; False when another process has it."""
        _make_home(self.path.parent)
        file = self.path.open("a+", encoding="utf-8")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _try_lock(file, fcntl.LOCK_EX):
            if self.holder() is not None or time.monotonic() > deadline:
                file.close()
                return False
            time.sleep(0.05)
        self._file = file
        # A note that is still there was not taken away: its writer was killed.
        self.after_crash = self.path.stat().st_size > 0
        note = Holder(os.getpid(), datetime.now().astimezone().isoformat(" ", "seconds"), command, address)
        self._write(json.dumps(asdict(note)))
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._write("")
            self._file.close()
            self._file = None

    def holder(self) -> Holder | None:
        """Read the note of the present holder; None when it left none."""
        try:
            note = Holder(**json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        # A killed holder could not take its note away.
        return note if Path("/proc", str(note.pid)).exists() else None

    def refusal(self) -> ConfigError:
        """Make the error that names the holder."""
        holder = self.holder()
        who = str(holder) if holder else "another process"
        return ConfigError(
            f"{self.path.parent} is in use: {who} is running. Stop it first, or choose another home."
        )

    def _write(self, text: str) -> None:
        assert self._file is not None
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()


class Guests:
    """Commands that use a cluster which another command started; that one waits for them before it stops."""

    def __init__(self, home: Path) -> None:
        self.path = home / "guests.lock"

    @contextmanager
    def stay(self) -> Iterator[None]:
        """Be a guest for the length of a block."""
        with self.path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def anyone(self) -> bool:
        """Tell whether there are guests."""
        with self.path.open("a") as file:
            return not _try_lock(file, fcntl.LOCK_EX)

    def wait(self) -> None:
        """Wait until the last guest has gone."""
        with self.path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The home {home} cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise ConfigError(f"The home {home} cannot be written to by this account.")
