"""The service's own PostgreSQL cluster: made, started, adopted, recovered and stopped.

A `Cluster` lives in one directory: ``data`` (the data), ``postgresql.log`` (what the server says) and,
where the path is short enough, ``socket``. It listens on a unix socket only and knows two roles, both by
peer authentication: ``geo_service_owner`` (superuser of this cluster) and ``geo_service_reader``.
"""

from __future__ import annotations

import fcntl
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal
from urllib.parse import quote

from geo_service.db import cluster_databases, cluster_files, postmaster
from geo_service.db.pg_programs import Account, Programs, account_for, clean_environment, programs_for
from geo_service.errors import ConfigError, UnavailableError

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

Role = Literal["owner", "reader"]
ROLES: Mapping[Role, str] = {"owner": "geo_service_owner", "reader": "geo_service_reader"}
DATABASE = "geo_service"
PORT = 5432
START_SECONDS = 120.0
STOP_SECONDS = 60.0
LOG_LIMIT_BYTES = 16_000_000

DEFAULT_OPTIONS: Mapping[str, str] = {
    "max_connections": "100",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # The statements are short; compiling them costs more than it gains.
    "jit": "off",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "cluster_name": "geo-service",
    # A statement that fails is not written down: its values are what somebody asked for.
    "log_min_error_statement": "panic",
}
# For data that nobody will miss: a crash may lose everything.
THROWAWAY_OPTIONS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class Cluster:
    """A private PostgreSQL cluster in `directory`.

    Parameters
    ----------
    directory : Path
        Absolute or relative; made when missing. Must not be used by another kind of cluster.
    options : mapping of str to str
        Server settings over `DEFAULT_OPTIONS`, given on the server's command line.
    """

    def __init__(self, directory: Path, *, options: Mapping[str, str] | None = None) -> None:
        self.directory = directory.resolve()
        self.data_dir = self.directory / "data"
        self.log_file = self.directory / "postgresql.log"
        self.options = {**DEFAULT_OPTIONS, **(options or {})}
        self._child: subprocess.Popen[bytes] | None = None
        self._adopted: int | None = None

    # --- life ------------------------------------------------------------------------------------

    def start(self) -> Literal["running", "adopted", "started", "created"]:
        """Make sure that the server runs and answers.

        The server started here receives SIGINT, its clean shutdown, when the calling *thread* ends: call
        this from the main thread.

        Returns
        -------
        str
            ``running``: nothing to do; ``adopted``: a server of an earlier run was found alive;
            ``started``: the server was started, recovering from a crash where needed; ``created``: the
            same, on a new data directory.

        Raises
        ------
        ConfigError
            PostgreSQL is missing, is of the wrong version, or cannot reach the directory.
        UnavailableError
            The server did not come up; the message repeats what it said.
        """
        if self.is_running():
            return "running"
        self._child = self._adopted = None
        account = account_for(self.data_dir)
        cluster_files.prepare_directory(self.directory, self.socket_dir, account)
        with self._starting():
            created = self.data_version() is None
            programs = programs_for(self.data_version())
            if created:
                cluster_files.create_data(self.data_dir, ROLES["owner"], programs, account)
            self._write_access_rules(account)
            if self._adopt():
                return "adopted"
            self._launch(programs, account)
        return "created" if created else "started"

    def stop(self) -> None:
        """Stop the server cleanly and wait for its end; after a minute, stop it the hard way."""
        pid = self.pid
        if pid is not None and self.is_running():
            postmaster.send(pid, signal.SIGINT)
            if not self._ended(pid, STOP_SECONDS):
                postmaster.send(pid, signal.SIGQUIT)
                self._ended(pid, 10.0)
        self._child = self._adopted = None

    def poll(self) -> int | None:
        """Return None while the server runs, else its exit status (-1 for one that was not our child)."""
        if self._child is not None:
            return self._child.poll()
        if self._adopted is not None and postmaster.is_postmaster(self._adopted, self.data_dir):
            return None
        return -1

    def is_running(self) -> bool:
        """Tell whether the server that this object started or adopted still runs."""
        return self.poll() is None

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster that this object started or adopted."""
        return self._child.pid if self._child is not None else self._adopted

    def attach(self) -> bool:
        """Use the server of another process if one is serving this directory; never start one."""
        try:
            return self.is_running() or self._adopt(patience=5.0)
        except PermissionError:
            raise ConfigError(f"The cluster in {self.directory} belongs to another account.") from None

    # --- use -------------------------------------------------------------------------------------

    def url(self, database: str = DATABASE, role: Role = "owner") -> str:
        """Return an SQLAlchemy URL (psycopg2, unix socket) for one database and role."""
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql+psycopg2://{ROLES[role]}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def create_database(self, name: str = DATABASE, template: str | None = None) -> bool:
        """Create a database if it is missing, maybe as a copy of `template`; tell whether it was created."""
        with self._administration() as cursor:
            return cluster_databases.create_database(cursor, name, template)

    def drop_database(self, name: str) -> None:
        """Drop a database, closing the connections that are still open to it."""
        with self._administration() as cursor:
            cluster_databases.drop_database(cursor, name)

    def data_version(self) -> int | None:
        """Return the major version of PostgreSQL that made the data; None when there are none."""
        try:
            return int((self.data_dir / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None
        except ValueError:
            raise ConfigError(f"{self.data_dir}/PG_VERSION is damaged.") from None

    @property
    def socket_dir(self) -> Path:
        """Directory of the unix socket: beside the data, or where that path is too long, in /tmp."""
        return cluster_files.socket_dir(self.directory)

    def _write_access_rules(self, account: Account) -> None:
        if cluster_files.write_access_rules(self.data_dir, tuple(ROLES.values()), account):
            known = postmaster.read_pid_file(self.data_dir)
            if known and postmaster.is_postmaster(known.pid, self.data_dir):
                postmaster.send(known.pid, signal.SIGHUP)

    # --- parts of starting -----------------------------------------------------------------------

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Let one process at a time make, adopt or start this cluster."""
        with (self.directory / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _adopt(self, patience: float = START_SECONDS) -> bool:
        """Take over a server that serves the data already; clear away what a dead one left behind."""
        deadline = time.monotonic() + patience
        while known := postmaster.read_pid_file(self.data_dir):
            if not postmaster.is_postmaster(known.pid, self.data_dir):
                return False
            if known.status == "ready" and known.socket_dir == str(self.socket_dir):
                self._adopted = known.pid
                return True
            if known.status == "ready":
                raise ConfigError(f"Another server (process {known.pid}) already uses {self.data_dir}.")
            # Starting, recovering or stopping: both end by themselves.
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"The server of {self.data_dir} is still {known.status or 'not ready'}."
                )
            time.sleep(0.05)
        return False

    def _launch(self, programs: Programs, account: Account) -> None:
        postmaster.end_orphans(self.data_dir)
        # These now name nobody or somebody else, whom PostgreSQL itself would take for a server.
        socket = self.socket_dir / f".s.PGSQL.{PORT}"
        for left in (self.data_dir / postmaster.PID_FILE, socket, socket.with_name(f"{socket.name}.lock")):
            left.unlink(missing_ok=True)
        options = {
            **self.options,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket_dir),
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = account.command(
            programs.path("postgres"), "-D", str(self.data_dir), *settings, dies_with_parent=True
        )
        with self._log(account) as log:
            offset = log.tell()
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=clean_environment(),
                # Ctrl-C is for the supervisor, who stops things in order.
                start_new_session=True,
            )
        self._await_ready(self._child, offset)
        with self._administration() as cursor:
            cluster_databases.create_reader(cursor, ROLES["reader"])

    def _await_ready(self, child: subprocess.Popen[bytes], log_offset: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            known = postmaster.read_pid_file(self.data_dir)
            if known and known.pid == child.pid and known.status == "ready":
                return
            if child.poll() is not None:
                self._child = None
                raise UnavailableError(
                    f"PostgreSQL did not start: {self._complaint(log_offset)} ({self.log_file})"
                )
            if time.monotonic() > deadline:
                self.stop()
                raise UnavailableError(
                    f"PostgreSQL was not ready after {START_SECONDS:.0f} s ({self.log_file})."
                )
            time.sleep(0.02)

    def _log(self, account: Account) -> IO[bytes]:
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        log = self.log_file.open("ab")
        cluster_files.own(self.log_file, account)
        return log

    def _complaint(self, offset: int) -> str:
        with self.log_file.open("rb") as log:
            log.seek(offset)
            lines = log.read().decode(errors="replace").splitlines()
        for line in reversed(lines):
            for level in ("FATAL:", "PANIC:"):
                if level in line:
                    return line.split(level, 1)[1].strip()
        return lines[-1].strip() if lines else "it said nothing"

    def _administration(self) -> AbstractContextManager[Cursor]:
        return cluster_databases.administration(self.socket_dir, PORT, ROLES["owner"])

    def _ended(self, pid: int, seconds: float) -> bool:
        if self._child is None:
            return postmaster.wait_for_end(pid, seconds)
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


@contextmanager
def temporary_cluster(*, options: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Run a throw-away cluster in a new directory in /tmp; it is stopped and removed at the end."""
    directory = Path(tempfile.mkdtemp(prefix="geo-service-cluster-", dir="/tmp"))
    # Root's own 0700 directory would be closed to the account that runs the server.
    cluster_files.own(directory, account_for(directory))
    cluster = Cluster(directory, options={**THROWAWAY_OPTIONS, **(options or {})})
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)
