"""The command line as people run it: processes of its own, a home of its own, a free port."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geo_service.db import cluster_files, postmaster
from geo_service.db.cluster import Cluster
from geo_service.db.pg_programs import account_for
from geo_service.settings import PROJECT_DIR
from tests.waiting import wait_until as wait_until

STARTS_WITHIN_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GEO_SERVICE_")}
    return kept | {"PYTHONPATH": str(PROJECT_DIR), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | changes


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "geo_service", *arguments],
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@dataclass
class Service:
    """``geo-service up`` in a home, on a port."""

    home: Path
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"GEO_SERVICE_HOME": str(self.home), "GEO_SERVICE_PORT": str(self.port), **self.extra}

    @property
    def log(self) -> str:
        return (self.home / "up.log").read_text()

    @property
    def up(self) -> subprocess.Popen[str]:
        assert self.process is not None
        return self.process

    def launch(self) -> None:
        """Start it and wait for nothing."""
        with (self.home / "up.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "geo_service", "up"],
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
            )

    def start(self) -> None:
        """Start it and wait until it has printed its addresses."""
        self.launch()
        wait_until(lambda: "is ready" in self.log or self.up.poll() is not None, STARTS_WITHIN_SECONDS)
        assert "is ready" in self.log, self.log

    def stop(self) -> None:
        """End it, however the test left it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def status(self, path: str = "/readyz") -> int | None:
        """Return the HTTP status of a path; None when nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def web_process(self) -> int:
        """Find the web server's main process."""
        return next(pid for pid in children(self.up.pid) if "geo_service.web.server" in command_line(pid))

    def workers(self) -> list[int]:
        return list(children(self.web_process()))

    def postmaster(self) -> int:
        found = postmaster.read_pid_file(self.home / "cluster" / "data")
        assert found is not None
        return found.pid

    def processes(self) -> set[int]:
        """List everything that the service started, and itself."""
        return {self.up.pid, self.web_process(), *self.workers(), self.postmaster()}


def children(pid: int) -> list[int]:
    task = Path("/proc", str(pid), "task", str(pid), "children")
    try:
        return [int(number) for number in task.read_text().split()]
    except FileNotFoundError:
        return []


def command_line(pid: int) -> str:
    try:
        return Path("/proc", str(pid), "cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits for its parent does not."""
    try:
        state = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture(scope="session")
def make_home() -> Iterator[Callable[[], Path]]:
    """Return a function that makes a short directory which the account running PostgreSQL can reach."""
    made: list[Path] = []

    def _make() -> Path:
        path = Path(tempfile.mkdtemp(prefix="gs-home-", dir="/tmp"))
        path.chmod(0o755)
        cluster_files.own(path, account_for(path))
        made.append(path)
        return path

    yield _make
    for path in made:
        left = Cluster(path / "cluster")
        if left.data_version() is not None and left.attach():
            left.stop()
        shutil.rmtree(path)


@pytest.fixture(scope="session")
def first_home(make_home: Callable[[], Path]) -> Path:
    """The home of `service`."""
    return make_home()


@pytest.fixture(scope="session")
def _service(first_home: Path) -> Iterator[Service]:
    running = Service(first_home)
    yield running
    running.stop()


@pytest.fixture
def service(_service: Service) -> Service:
    """A running service; a test may hurt it, the next one finds it running again."""
    if _service.process is None or _service.process.poll() is not None:
        _service.start()
    return _service
