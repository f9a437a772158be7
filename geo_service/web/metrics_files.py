"""The files in which worker processes keep their counters (multiprocess mode of prometheus_client).

They lie in a directory of this service alone. A worker that died leaves its files behind: what it counted is added to
an archive, so that no counter ever falls, and the files go. Room for the files is taken beforehand: a worker that
writes to a mapped file on a full disk would be killed by the kernel.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo_service.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
ROOM_BYTES = {"counter": 2**20, "histogram": 2**21, "gauge_livesum": 2**16, "gauge_livemax": 2**16}
_FILE = re.compile(r"(counter|histogram|gauge_\w+)_([0-9]+)\.db")


def make_directory(settings: Settings) -> Path | None:
    """Make an empty directory for the workers' files; None where that cannot be done: then nothing is counted."""
    runtime = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    parent = Path(runtime) if runtime else settings.home / "run"
    path = parent / f"metrics-{re.sub(r'[^0-9A-Za-z.]', '_', settings.host)}-{settings.port}"
    try:
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700, parents=True)
    except OSError:
        return None
    return path


def join(directory: Path) -> bool:
    """Take part as a new worker process; False when there is no room."""
    with locked(directory):
        try:
            for kind, size in ROOM_BYTES.items():
                own = directory / f"{kind}_{os.getpid()}.db"
                if own.exists():
                    # Of a dead worker that had the same number.
                    own.rename(directory / f"{kind}_0.db")
                with own.open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, size)
        except OSError:
            for kind in ROOM_BYTES:
                (directory / f"{kind}_{os.getpid()}.db").unlink(missing_ok=True)
            return False
        # The library looks at it once, when it is imported.
        os.environ[VARIABLE] = str(directory)
        fold_dead(directory)
    return True


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Let one process at a time read all files or tidy them up."""
    with (directory / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def workers(directory: Path) -> list[int]:
    """Return the processes that take part and live."""
    found = {int(match[2]) for file in directory.iterdir() if (match := _FILE.fullmatch(file.name))}
    return sorted(pid for pid in found if _lives(pid))


def fold_dead(directory: Path) -> None:
    """Add what dead workers counted to the archive and remove their files."""
    from prometheus_client.mmap_dict import MmapedDict

    left: dict[str, list[Path]] = defaultdict(list)
    for file in directory.iterdir():
        match = _FILE.fullmatch(file.name)
        if match and not _lives(int(match[2])):
            left[match[1]].append(file)
    for kind, paths in left.items():
        if kind in ("counter", "histogram"):
            archive = directory / f"{kind}_archive.db"
            sums: dict[str, float] = defaultdict(float)
            for path in [*paths, *([archive] if archive.exists() else [])]:
                for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):
                    sums[key] += value
            fresh = archive.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            kept = MmapedDict(str(fresh))
            for key, total in sums.items():
                kept.write_value(key, total, 0.0)
            kept.close()
            fresh.replace(archive)
        for path in paths:
            path.unlink()


def _lives(pid: int) -> bool:
    """Tell whether a process is a worker of this server: all have the same parent."""
    if pid == os.getpid():
        return True
    try:
        stat = Path("/proc", str(pid), "stat").read_text()
    except OSError:
        return False
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state != "Z" and int(parent) == os.getppid()


def resident_bytes(pid: int) -> int:
    """Return how much memory a process has; 0 when it has ended."""
    try:
        pages = int(Path("/proc", str(pid), "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
