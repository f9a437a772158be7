"""Processes that are killed, and one that is asked to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import psycopg2
import pytest

from geo_service.db.cluster import Cluster
from tests.cli.conftest import alive
from tests.faults.serving import ITEMS, Answer, Served
from tests.waiting import wait_until


@pytest.fixture
def own(make_served: Callable[..., Served]) -> Served:
    return make_served()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_worker_killed_three_times_in_ten_seconds_comes_back_each_time(own: Served) -> None:
    main, (first, other) = own.process.pid, own.worker_pids()
    began = time.monotonic()
    victim = first
    for _ in range(3):
        os.kill(victim, signal.SIGKILL)
        assert wait_until(lambda dead=victim: len(set(own.worker_pids()) - {dead}) == 2, 10)
        victim = next(pid for pid in own.worker_pids() if pid != other)
    assert time.monotonic() - began < 10, "three times in ten seconds"
    assert own.process.poll() is None
    assert own.process.pid == main
    assert other in own.worker_pids(), "the healthy worker went on"
    seen = set()
    assert wait_until(lambda: seen.add(own.ask("/healthz").json["process"]) or len(seen) == 2, 20)
    assert own.status(f"{ITEMS}?limit=1") == 200


def test_workers_that_die_again_and_again_end_the_service_so_that_somebody_notices(own: Served) -> None:
    def kill_all() -> bool:
        for pid in own.worker_pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return own.process.poll() is not None

    assert wait_until(kill_all, 60)
    assert own.process.poll() == 3
    assert "failed repeatedly" in own.log


def test_nobody_answers_when_the_parent_is_killed(own: Served) -> None:
    workers = own.worker_pids()
    assert workers
    own.process.kill()
    own.process.wait()
    assert wait_until(lambda: not listening(own.port), 3)
    assert not any(alive(pid) for pid in workers)


def test_asked_to_stop_it_finishes_what_runs_and_leaves(
    make_served: Callable[..., Served], cluster: Cluster, clone: Callable[[str], str], sample_template: str
) -> None:
    database = clone(sample_template)
    own = make_served(cluster.url(database), cluster.url(database, role="reader"))
    idle = socket.create_connection(("127.0.0.1", own.port))
    blocker = psycopg2.connect(cluster.url(database).replace("postgresql+psycopg2", "postgresql"))
    answers: list[Answer] = []
    asked = [
        threading.Thread(target=lambda n=n: answers.append(own.ask(f"{ITEMS}?limit={n}"))) for n in (5, 6, 7)
    ]
    try:
        with blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE publication.programme_area IN ACCESS EXCLUSIVE MODE")
            for thread in asked:
                thread.start()
            assert wait_until(lambda: waiting(cluster, database) == 3, 10)
            own.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert own.process.poll() is None, "it waits for what runs"
            began = time.monotonic()
            blocker.rollback()
        for thread in asked:
            thread.join(20)
        assert [answer.status for answer in answers] == [200, 200, 200]
        assert own.process.wait(15) == 0
        assert time.monotonic() - began < 12
        assert not listening(own.port)
    finally:
        blocker.close()
        idle.close()


def waiting(cluster: Cluster, database: str) -> int:
    connection = psycopg2.connect(cluster.url("postgres").replace("postgresql+psycopg2", "postgresql"))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
                " AND application_name = 'geo-service-web'",
                (database,),
            )
            return cursor.fetchone()[0]
    finally:
        connection.close()
