"""What the really served service does while its database is hurt: clear 503s, recovery without help, nothing lost."""

from __future__ import annotations

import http.client
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2
import pytest

from geo_service.db.cluster import PORT, Cluster, temporary_cluster
from geo_service.db.pg_programs import account_for
from tests.cli.conftest import children
from tests.faults.database import ITEM, Wire, fill, session, set_population
from tests.faults.serving import Answer, Served
from tests.waiting import wait_until

# The statement timeout below, the second limit on this side, a ping before and room for a busy machine.
NO_ANSWER_TAKES_LONGER_S = 18.0
TIMEOUT_MS = 1000


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A cluster that keeps what was committed, whatever happens to it."""
    with temporary_cluster(options={"synchronous_commit": "on"}) as cluster:
        fill(cluster)
        yield cluster


@pytest.fixture(scope="module")
def wire(own_cluster: Cluster) -> Iterator[Wire]:
    made = Wire(str(own_cluster.socket_dir / f".s.PGSQL.{PORT}"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(own_cluster: Cluster, make_served: Callable[..., Served]) -> Served:
    return make_served(
        own_cluster.url(),
        own_cluster.url(role="reader"),
        settings={"statement_timeout_ms": str(TIMEOUT_MS), "pool_size": "3"},
    )


@pytest.fixture(scope="module")
def wired(wire: Wire, make_served: Callable[..., Served]) -> Served:
    address = f"127.0.0.1:{wire.port}/geo_service"
    return make_served(
        f"postgresql://geo_service_owner@{address}",
        f"postgresql://geo_service_reader@{address}",
        settings={"statement_timeout_ms": str(TIMEOUT_MS), "pool_size": "3"},
    )


@dataclass
class Seen:
    """What clients saw who asked all the time."""

    answers: list[Answer] = field(default_factory=list)
    lost: list[Exception] = field(default_factory=list)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    def assert_clear(self) -> None:
        """Each was answered in time, rightly or with a 503 that says when to come again."""
        assert not self.lost, self.lost[:3]
        assert set(self.statuses) <= {200, 503}, self.statuses
        for answer in self.answers:
            assert answer.seconds < NO_ANSWER_TAKES_LONGER_S
            if answer.status == 503:
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.json["status"] == 503


@contextmanager
def asking(served: Served, clients: int = 4) -> Iterator[Seen]:
    """Let clients ask for the area and for lists all the time while the block runs."""
    seen, stop = Seen(), threading.Event()
    paths = (ITEM, "/api/collections/programme-areas/items?limit=5", "/profiles?f=json")

    def client(number: int) -> None:
        count = number
        while not stop.is_set():
            count += 1
            try:
                seen.answers.append(served.ask(f"{paths[count % 3]}", timeout=NO_ANSWER_TAKES_LONGER_S + 5))
            except (OSError, http.client.HTTPException) as error:
                seen.lost.append(error)
            time.sleep(0.02)

    with ThreadPoolExecutor(clients) as pool:
        for number in range(clients):
            pool.submit(client, number)
        try:
            yield seen
        finally:
            stop.set()


def limit_files(cluster: Cluster, size: str) -> None:
    """Limit how large the server's files may grow: as its own account, which may lower the soft limit and raise it."""
    account = account_for(cluster.data_dir)
    pids = [cluster.pid, *children(cluster.pid)]
    for pid in pids:
        command = account.command("prlimit", "--pid", str(pid), f"--fsize={size}:")
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0 or pid != cluster.pid, done.stderr


def population(served: Served) -> int:
    return served.ask(ITEM).json["properties"]["population"]


def recovered(served: Served) -> bool:
    """Tell whether all is well for every worker, as far as one can see from here."""
    return all(served.status(ITEM) == 200 for _ in range(8)) and served.status("/readyz") == 200


def test_the_database_is_restarted(served: Served, own_cluster: Cluster) -> None:
    set_population(own_cluster, 101)
    with asking(served) as seen:
        time.sleep(0.3)
        own_cluster.stop()
        assert wait_until(lambda: served.status("/readyz") == 503, 10)
        assert served.status("/healthz") == 200
        own_cluster.start()
        assert wait_until(lambda: recovered(served), 15)
    seen.assert_clear()
    assert seen.statuses[503]
    assert seen.statuses[200]
    assert population(served) == 101


def test_connections_are_killed_by_the_administrator(served: Served, own_cluster: Cluster) -> None:
    with asking(served) as seen, session(own_cluster, "postgres") as cursor:
        for _ in range(5):
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'geo_service_reader'"
            )
            assert cursor.fetchone()[0] > 0
            time.sleep(0.3)
    seen.assert_clear()
    assert seen.statuses[200] > seen.statuses[503]
    assert wait_until(lambda: recovered(served), 5)


def test_a_slow_statement_is_ended_and_says_so(served: Served, own_cluster: Cluster) -> None:
    blocker = psycopg2.connect(own_cluster.url().replace("postgresql+psycopg2", "postgresql"))
    try:
        with blocker.cursor() as cursor:
            cursor.execute("LOCK TABLE publication.programme_area IN ACCESS EXCLUSIVE MODE")
            slow = served.ask(
                "/api/collections/programme-areas/items?limit=7", headers={"Accept-Language": "en"}
            )
            assert slow.status == 503
            assert "narrow" in slow.json["detail"]
            assert TIMEOUT_MS / 1000 <= slow.seconds < TIMEOUT_MS / 1000 + 3
            # More clients than connections: each is served or sent away in time.
            with ThreadPoolExecutor(24) as pool:
                paths = [f"/api/collections/programme-areas/items?limit={n}" for n in range(10, 34)]
                answers = list(pool.map(served.ask, paths))
            Seen(answers).assert_clear()
            assert {answer.status for answer in answers} == {503}
            assert served.status("/healthz") == 200
    finally:
        blocker.close()
    assert wait_until(lambda: recovered(served), 5)


def test_the_network_is_cut_and_mended(wired: Served, wire: Wire) -> None:
    assert wired.status(ITEM) == 200
    with asking(wired) as seen:
        time.sleep(0.3)
        wire.cut()
        assert wait_until(lambda: wired.status("/readyz") == 503, 10)
        time.sleep(1)
        wire.mend()
        assert wait_until(lambda: recovered(wired), 15)
    seen.assert_clear()
    assert seen.statuses[503]


def test_the_network_falls_silent(wired: Served, wire: Wire, own_cluster: Cluster) -> None:
    assert wait_until(lambda: recovered(wired), 10)
    set_population(own_cluster, 201)
    with asking(wired, clients=3) as seen:
        assert wait_until(lambda: population(wired) == 201, 5)
        wire.silence()
        time.sleep(0.2)
        before = len(seen.answers)
        # Written where the service cannot see it: what it still gives must not be old.
        set_population(own_cluster, 202)
        time.sleep(7)
        unheard = seen.answers[before:]
        wire.mend()
        assert wait_until(lambda: recovered(wired), 20)
    seen.assert_clear()
    assert any(answer.status == 503 for answer in unheard)
    late = [answer for answer in unheard if answer.status == 200 and b'"population":201' in answer.content]
    assert not late, "nobody was shown the old number after the lease had run out"
    assert population(wired) == 202


def test_the_disk_of_the_cluster_is_full(served: Served, own_cluster: Cluster) -> None:
    """The server's files may not grow: to it a limit on their size is a full disk, and any user may set one."""
    set_population(own_cluster, 301)
    limit_files(own_cluster, str(20 * 2**20))
    try:
        with asking(served) as seen, session(own_cluster) as cursor:
            with pytest.raises(psycopg2.Error, match=r"File too large|No space left"):
                cursor.execute(
                    "INSERT INTO registry.document (area_no, file_name, title_de, media_type, content, licence, source)"
                    " SELECT area_no, 'f' || n || '.pdf', 'T', 'application/pdf',"
                    " decode(repeat(md5(n::text), 40000), 'hex'), 'l', 's'"
                    " FROM registry.programme_area, generate_series(1, 60) AS n"
                )
            set_population(own_cluster, 302)
            cursor.execute("SELECT count(*) FROM registry.document")
            assert cursor.fetchone() == (0,), "all or nothing"
        seen.assert_clear()
        assert set(seen.statuses) == {200}, "who reads notices nothing"
    finally:
        limit_files(own_cluster, "unlimited")
    assert wait_until(lambda: population(served) == 302, 5)


def test_there_is_no_room_for_the_log_of_writes(served: Served, own_cluster: Cluster) -> None:
    """Worse than the above: PostgreSQL gives up. With room again it recovers, and so does the service."""
    set_population(own_cluster, 401)
    with asking(served) as seen:
        limit_files(own_cluster, str(2**20))
        committed = 401
        try:
            for number in range(402, 450):
                set_population(own_cluster, number)
                committed = number
                with session(own_cluster) as cursor:
                    cursor.execute("SELECT pg_switch_wal()")
                    cursor.execute(
                        "CREATE TABLE IF NOT EXISTS public.ballast (t text); "
                        "INSERT INTO public.ballast SELECT repeat(md5(n::text), 50) FROM generate_series(1, 3000) AS n"
                    )
        except psycopg2.Error:
            pass
        assert committed < 449, "the limit was felt"
        if own_cluster.is_running():
            limit_files(own_cluster, "unlimited")
        assert wait_until(lambda: served.status("/readyz") == 200 or not own_cluster.is_running(), 30)
        own_cluster.start()
        assert wait_until(lambda: recovered(served), 30)
    seen.assert_clear()
    assert population(served) in (committed, committed + 1), "what was committed is there"
    with session(own_cluster) as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.ballast")
    set_population(own_cluster, 500)
    assert wait_until(lambda: population(served) == 500, 5)
