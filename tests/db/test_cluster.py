"""The private cluster on real processes: started, adopted, recovered, refused."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from geo_service.db import cluster_files, postmaster
from geo_service.db.cluster import THROWAWAY_OPTIONS, Cluster
from geo_service.db.pg_programs import account_for
from geo_service.errors import ConfigError, UnavailableError


@pytest.fixture
def directory() -> Iterator[Path]:
    """A short directory that the account running PostgreSQL can reach, also when the tests run as root."""
    made = Path(tempfile.mkdtemp(prefix="gs-", dir="/tmp"))
    cluster_files.own(made, account_for(made))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One cluster's directory for the tests that leave it in order."""
    made = Path(tempfile.mkdtemp(prefix="gs-", dir="/tmp"))
    cluster_files.own(made, account_for(made))
    yield made
    last = Cluster(made)
    if last.attach():
        last.stop()
    shutil.rmtree(made)


@pytest.fixture
def started(home: Path) -> Iterator[Cluster]:
    cluster = a_cluster(home)
    cluster.start()
    yield cluster
    cluster.stop()


def a_cluster(directory: Path) -> Cluster:
    return Cluster(directory, options=THROWAWAY_OPTIONS)


def query(cluster: Cluster, statement: str, role: str = "owner", database: str = "postgres") -> object:
    url = cluster.url(database, role="owner" if role == "owner" else "reader")
    connection = psycopg2.connect(url.replace("postgresql+psycopg2", "postgresql"))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def test_both_roles_log_in_without_a_password(started: Cluster) -> None:
    assert query(started, "SELECT current_user") == "geo_service_owner"
    assert query(started, "SELECT current_user", "reader") == "geo_service_reader"
    assert query(started, "SELECT rolsuper FROM pg_roles WHERE rolname = 'geo_service_reader'") is False


def test_the_cluster_is_private_and_as_ordered(started: Cluster) -> None:
    assert query(started, "SHOW listen_addresses") == ""
    assert query(started, "SHOW data_checksums") == "on"
    assert query(started, "SHOW server_encoding") == "UTF8"
    found = query(started, "SELECT datcollate FROM pg_database WHERE datname = 'template1'")
    assert found in ("C.UTF-8", "C.utf8")
    assert started.socket_dir.stat().st_mode & 0o777 == 0o700


def test_a_database_is_created_once_and_copied_from_a_template(started: Cluster) -> None:
    assert started.create_database("original") is True
    assert started.create_database("original") is False
    assert started.create_database("copy", template="original") is True
    assert query(started, "SELECT current_database()", database="copy") == "copy"
    started.drop_database("copy")
    assert query(started, "SELECT count(*) FROM pg_database WHERE datname = 'copy'") == 0
    started.drop_database("original")


def test_a_running_server_is_adopted_and_can_be_stopped(started: Cluster) -> None:
    other = a_cluster(started.directory)
    assert other.attach()
    assert other.pid == started.pid
    adopting = a_cluster(started.directory)
    assert adopting.start() == "adopted"
    assert adopting.is_running()
    assert adopting.start() == "running"
    adopting.stop()
    assert not adopting.is_running()
    assert started.poll() == 0


def test_a_killed_server_recovers(started: Cluster) -> None:
    started.create_database("survivor")
    assert started.pid
    os.kill(started.pid, signal.SIGKILL)
    again = a_cluster(started.directory)
    # The dead postmaster's children and its pid file are still there.
    assert again.start() == "started"
    assert query(again, "SELECT current_database()", database="survivor") == "survivor"
    again.stop()


def test_the_number_of_a_foreign_process_does_not_pass_for_the_server(started: Cluster) -> None:
    pid_file = started.data_dir / postmaster.PID_FILE
    content = pid_file.read_text().splitlines()
    started.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")
    again = a_cluster(started.directory)
    assert again.attach() is False
    assert again.start() == "started"
    again.stop()


def test_a_server_of_another_data_directory_does_not_pass_for_ours(started: Cluster, directory: Path) -> None:
    other = a_cluster(directory)
    other.start()
    assert other.pid
    assert postmaster.is_postmaster(other.pid, other.data_dir)
    assert not postmaster.is_postmaster(other.pid, started.data_dir)
    other.stop()


def test_the_server_stops_when_its_starter_is_killed(home: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from geo_service.db.cluster import Cluster;"
        "c = Cluster(Path(sys.argv[1])); c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    assert postmaster.wait_for_end(pid, 10)
    # It shut down cleanly: nothing to recover.
    assert not (home / "data" / postmaster.PID_FILE).exists()


def test_what_an_interrupted_initdb_left_is_cleared_away(directory: Path) -> None:
    unfinished = directory / "data.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15\n")
    cluster = a_cluster(directory)
    assert cluster.start() == "created"
    cluster.stop()
    assert not unfinished.exists()


def test_data_of_another_version_are_refused_in_one_sentence(directory: Path) -> None:
    (directory / "data").mkdir()
    (directory / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(
        ConfigError, match=r"made by PostgreSQL 9, but .* is installed: install postgresql-9-"
    ):
        a_cluster(directory).start()


def test_a_directory_with_other_files_is_refused(directory: Path) -> None:
    (directory / "data").mkdir()
    (directory / "data" / "letter.txt").write_text("Dear …")
    with pytest.raises(ConfigError, match="is not empty, but holds no PostgreSQL data"):
        a_cluster(directory).start()


def test_the_server_s_own_complaint_is_passed_on(started: Cluster) -> None:
    started.stop()
    with pytest.raises(UnavailableError, match="unrecognized configuration parameter"):
        Cluster(started.directory, options={"no_such_setting": "1"}).start()


def test_a_long_path_moves_the_socket_to_a_short_directory_of_its_own(directory: Path) -> None:
    deep = directory / ("a" * 60) / ("b" * 60)
    short = Cluster(deep).socket_dir
    assert short.parent == Path("/tmp")
    assert short == Cluster(deep).socket_dir
    # Somebody was there before us.
    short.symlink_to(directory)
    try:
        deep.mkdir(parents=True)
        for path in (deep.parent, deep):
            cluster_files.own(path, account_for(path))
        with pytest.raises(ConfigError, match="is not a directory of the account"):
            Cluster(deep).start()
    finally:
        short.unlink()


def test_starting_and_stopping_take_moments(home: Path) -> None:
    cluster = a_cluster(home)
    began = time.monotonic()
    cluster.start()
    cluster.stop()
    assert time.monotonic() - began < 5
