"""A database of a test's own, which it may hurt: a cluster, replicas of it, and a wire that can be cut."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import create_engine

from geo_service.db import cluster_files
from geo_service.db.cluster import ROLES, Cluster
from geo_service.db.migrate import migrate
from geo_service.db.pg_programs import account_for, clean_environment, programs_for
from tests.cli.conftest import free_port
from tests.factories import make_area
from tests.waiting import wait_until

AREA_ID = "musterstadt-beispiel"
ITEM = f"/api/collections/programme-areas/items/{AREA_ID}"


def fill(cluster: Cluster) -> None:
    """Make the service's database with one area in it."""
    cluster.create_database()
    engine = create_engine(cluster.url())
    migrate(engine)
    with engine.begin() as connection:
        make_area(connection, area_id=AREA_ID, population=1)
    engine.dispose()


@contextmanager
def session(cluster: Cluster, database: str = "geo_service") -> Iterator[Any]:
    """Lend a cursor with the owner's rights; each statement is a transaction."""
    connection = psycopg2.connect(cluster.url(database).replace("postgresql+psycopg2", "postgresql"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def set_population(cluster: Cluster, number: int) -> None:
    """Change the area by plain SQL, as another program would."""
    with session(cluster) as cursor:
        cursor.execute(
            "UPDATE registry.programme_area SET population = %s WHERE area_id = %s", (number, AREA_ID)
        )


def allow_tcp(data_dir: Path) -> None:
    """Let everybody on this machine in over TCP."""
    with (data_dir / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 127.0.0.1/32 trust\n")


@dataclass
class Replica:
    """A streaming replica that listens on 127.0.0.1."""

    primary: Cluster
    directory: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        account = account_for(self.primary.data_dir)
        programs = programs_for(self.primary.data_version())
        cluster_files.own(self.directory, account)
        command = [programs.path("pg_basebackup"), "-h", str(self.primary.socket_dir), "-U", ROLES["owner"]]
        command += ["-D", str(self.data_dir), "-R", "-X", "stream", "-c", "fast"]
        done = subprocess.run(
            account.command(*command), env=clean_environment(), cwd="/", capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        allow_tcp(self.data_dir)

    @property
    def data_dir(self) -> Path:
        return self.directory / "data"

    def start(self) -> None:
        account = account_for(self.primary.data_dir)
        programs = programs_for(self.primary.data_version())
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "hot_standby": "on",
            "fsync": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                account.command(programs.path("postgres"), "-D", str(self.data_dir), *settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,
            )
        assert wait_until(self.answers, 30), (self.directory / "log").read_text()

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(3)  # SIGQUIT: immediate shutdown
            self.process.wait(20)

    def answers(self) -> bool:
        try:
            self.scalar("SELECT 1")
        except psycopg2.Error:
            return False
        return True

    def scalar(self, statement: str) -> Any:
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=ROLES["owner"], dbname="geo_service", connect_timeout=5
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone()
                return row[0] if row else None
        finally:
            connection.close()


@contextmanager
def replica_of(cluster: Cluster) -> Iterator[Replica]:
    """Run a streaming replica of a cluster."""
    rules = cluster.data_dir / "pg_hba.conf"
    allowed = f"local replication {ROLES['owner']} peer map=geo_service\n"
    if allowed not in rules.read_text():
        with rules.open("a") as file:
            file.write(allowed)
        with session(cluster) as cursor:
            cursor.execute("SELECT pg_reload_conf()")
    directory = Path(tempfile.mkdtemp(prefix="geo-service-replica-", dir="/tmp"))
    replica = Replica(cluster, directory)
    try:
        assert wait_until(lambda: _is_allowed(replica), 10)
        replica.start()
        yield replica
    finally:
        replica.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _is_allowed(replica: Replica) -> bool:
    """Make the copy; the new rules may not be read yet."""
    try:
        replica.make()
    except AssertionError:
        shutil.rmtree(replica.data_dir, ignore_errors=True)
        return False
    return True


class Wire:
    """A TCP proxy to a database's unix socket; it can be cut with a bang, or silently, and mended."""

    def __init__(self, socket_path: str) -> None:
        self._target = socket_path
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._silent = threading.Event()
        self._refusing = False
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close all connections and refuse new ones."""
        self._refusing = True
        self._hang_up()

    def silence(self) -> None:
        """Swallow everything: nobody gets an answer, and nobody is told."""
        self._silent.set()

    def mend(self) -> None:
        """Let everything through again; what was swallowed stays lost."""
        self._refusing = False
        if self._silent.is_set():
            self._hang_up()
            self._silent.clear()

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._hang_up()

    def _hang_up(self) -> None:
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            if self._refusing:
                client.close()
                continue
            database = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            database.connect(self._target)
            self._pairs.append((client, database))
            for source, sink in ((client, database), (database, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self._silent.is_set():
                    sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            if end is source:
                end.close()
