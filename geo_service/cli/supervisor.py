"""Keeps the database and the web server running together, and stops both in order."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from geo_service.cli.screen import say
from geo_service.db.cluster import Cluster
from geo_service.errors import ConfigError, GeoServiceError, UnavailableError
from geo_service.settings import Settings
from geo_service.web.server import reachable_host

READY_SECONDS = 90.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.5
# What ran this long counts as healthy again: its next failure starts with the shortest pause.
HEALTHY_SECONDS = 60.0
PAUSES_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class StopRequested(BaseException):
    """A signal asked us to stop while something was being started."""


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into one request to stop; repeating it changes nothing."""

    def __init__(self) -> None:
        self.requested = threading.Event()
        self._interruptible = False

    @contextmanager
    def installed(self) -> Iterator[Signals]:
        """Handle the signals for the length of a block, in the main thread."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        previous = {number: signal.signal(number, self._receive) for number in numbers}
        try:
            yield self
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Let a signal break off the block with `StopRequested`: starting may take long."""
        self._interruptible = True
        try:
            if self.requested.is_set():
                raise StopRequested
            yield
        finally:
            self._interruptible = False

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        if self.requested.is_set():
            return
        self.requested.set()
        if self._interruptible:
            raise StopRequested


class Backoff:
    """When a part that fails may be started again: at growing intervals."""

    def __init__(self) -> None:
        self._failures = 0
        self._started = time.monotonic()
        self._due: float | None = None

    def failed(self) -> float:
        """Note a failure; return the pause in seconds until the next attempt."""
        now = time.monotonic()
        if now - self._started > HEALTHY_SECONDS:
            self._failures = 0
        pause = PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS) - 1)]
        self._failures += 1
        self._due = now + pause
        return pause

    @property
    def waiting(self) -> bool:
        """Whether a failure was noted since the last start."""
        return self._due is not None

    @property
    def due(self) -> bool:
        """Whether the pause is over."""
        return self._due is not None and time.monotonic() >= self._due

    def started(self) -> None:
        """Note a successful start."""
        self._started, self._due = time.monotonic(), None


class WebServer:
    """The web server as a child process, in a process group of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is not ready yet."""
        settings, environment = self.settings, dict(os.environ)
        for name in ("database_url", "database_read_url"):
            secret = getattr(settings, name)
            if secret is not None:
                environment[f"GEO_SERVICE_{name.upper()}"] = secret.get_secret_value()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "geo_service.web.server", "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            cwd=settings.project_dir,
            env=environment | {"PYTHONPATH": str(settings.project_dir)},
            # Ctrl-C is for the supervisor.
            start_new_session=True,
        )

    def poll(self) -> int | None:
        """Return None while it runs, else its exit status."""
        return self._process.poll() if self._process else -1

    def wait_until_ready(self) -> None:
        """Wait until ``/readyz`` answers 200.

        Raises
        ------
        UnavailableError, ConfigError
            The process ended (its own message is on standard error), or took too long.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            status = self.poll()
            if status is not None:
                kind = ConfigError if status == ConfigError.exit_code else UnavailableError
                raise kind("The web server did not start (see above).")
            if time.monotonic() > deadline:
                raise UnavailableError(f"The web server was not ready after {READY_SECONDS:.0f} s.")
            time.sleep(0.1)

    def is_ready(self) -> bool:
        """Ask the server itself, past any proxy."""
        host = reachable_host(self.settings.host)
        connection = http.client.HTTPConnection(host, self.settings.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """End it gracefully, then for certain, workers included."""
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._process = None


def watch(cluster: Cluster | None, web: WebServer, signals: Signals) -> None:
    """Restart what dies, until a signal asks to stop."""
    parts: list[tuple[str, Callable[[], int | None], Callable[[], object], Backoff]] = [
        ("The web server", web.poll, web.start, Backoff())
    ]
    if cluster is not None:
        parts.insert(0, ("The database", cluster.poll, cluster.start, Backoff()))
    while not signals.requested.wait(POLL_SECONDS):
        for name, poll, start, backoff in parts:
            if poll() is None:
                continue
            if not backoff.waiting:
                say(f"{name} ended unexpectedly; starting it again in {backoff.failed():.0f} s.")
            elif backoff.due:
                _restart(name, start, backoff, signals)


def _restart(name: str, start: Callable[[], object], backoff: Backoff, signals: Signals) -> None:
    try:
        with signals.interrupting():
            start()
    except StopRequested:
        return
    except GeoServiceError as error:
        say(f"{error} Next attempt in {backoff.failed():.0f} s.")
    else:
        backoff.started()
        say(f"{name} was started again.")
