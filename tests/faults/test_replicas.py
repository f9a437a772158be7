"""Reading from real streaming replicas: they are used, left out when dead, and never show what is old."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from geo_service.db.cluster import Cluster, temporary_cluster
from tests.cli.conftest import wait_until
from tests.faults.database import ITEM, Replica, fill, replica_of, session, set_population
from tests.faults.serving import Served

POPULATION = "SELECT population FROM publication.programme_area"
READS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'geo-service-web'"


@pytest.fixture(scope="module")
def primary() -> Iterator[Cluster]:
    with temporary_cluster() as cluster:
        fill(cluster)
        yield cluster


@pytest.fixture(scope="module")
def replicas(primary: Cluster) -> Iterator[tuple[Replica, Replica]]:
    with replica_of(primary) as first, replica_of(primary) as second:
        yield first, second


@pytest.fixture(scope="module")
def served(primary: Cluster, replicas: tuple[Replica, Replica], make_served: Callable[..., Served]) -> Served:
    hosts = ",".join(f"127.0.0.1:{replica.port}" for replica in replicas)
    # Nothing is remembered, so that each answer is read.
    return make_served(
        primary.url(),
        f"postgresql://geo_service_reader@{hosts}/geo_service",
        settings={"cache_bytes": "0", "pool_size": "3"},
    )


def population(served: Served) -> int:
    answer = served.ask(ITEM)
    assert answer.status == 200, answer.text
    return answer.json["properties"]["population"]


def _has_replayed(replica: Replica) -> bool:
    return replica.scalar(POPULATION) == 51


def ask_much(served: Served, count: int = 24) -> list[int]:
    with ThreadPoolExecutor(6) as pool:
        return [answer.status for answer in pool.map(lambda _: served.ask(ITEM), range(count))]


def test_reads_go_to_the_first_replica_and_not_to_the_primary(served, primary, replicas):
    assert set(ask_much(served)) == {200}
    assert replicas[0].scalar(READS) >= 1
    assert replicas[1].scalar(READS) == 0
    assert replicas[0].scalar("SELECT pg_is_in_recovery()")
    with session(primary) as cursor:
        cursor.execute(READS)
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'geo-service-listener'"
        )
        assert cursor.fetchone()[0] >= 1, "publications are heard from the primary"


def test_what_is_written_is_read_from_the_replica(served, primary):
    for number in range(2, 12):
        set_population(primary, number)
        time.sleep(0.12)
        assert population(served) == number


def test_a_dead_replica_is_left_out(served, replicas):
    replicas[0].stop()
    assert wait_until(lambda: set(ask_much(served, 12)) == {200}, 10)
    began = time.monotonic()
    assert set(ask_much(served)) == {200}
    assert time.monotonic() - began < 10
    assert replicas[1].scalar(READS) >= 1
    replicas[0].start()


def test_replicas_that_lag_show_nothing_old(served, primary, replicas):
    set_population(primary, 50)
    assert wait_until(lambda: population(served) == 50, 5)
    # It may have come from the primary, and one of them was stopped the hard way just now.
    assert wait_until(lambda: {replica.scalar(POPULATION) for replica in replicas} == {50}, 60)
    for replica in replicas:
        replica.scalar("SELECT pg_wal_replay_pause()")
    try:
        set_population(primary, 51)
        time.sleep(0.2)
        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(lambda _: population(served), range(24))) == {51}, "the primary answers"
        assert {replica.scalar(POPULATION) for replica in replicas} == {50}
    finally:
        for replica in replicas:
            replica.scalar("SELECT pg_wal_replay_resume()")
    assert wait_until(lambda: replicas[0].scalar(POPULATION) == 51)
    assert population(served) == 51


def test_without_replicas_the_primary_answers_and_without_the_primary_the_replicas(served, primary, replicas):
    for replica in replicas:
        replica.stop()
    assert wait_until(lambda: set(ask_much(served, 6)) == {200}, 15)
    for replica in replicas:
        replica.start()
        # It was stopped the hard way: it may have to fetch the last changes once more.
        assert wait_until(partial(_has_replayed, replica), 60)
    primary.stop()
    try:
        assert wait_until(lambda: set(ask_much(served, 6)) == {200}, 20)
        assert population(served) == 51
    finally:
        primary.start()
    assert wait_until(lambda: served.status("/readyz") == 200, 15)
    set_population(primary, 60)
    # A standby looks for its primary every five seconds; so does the listener.
    assert wait_until(lambda: population(served) == 60, 20)


def test_replicas_that_stay_behind_are_not_asked_even_when_the_primary_is_gone(served, primary, replicas):
    set_population(primary, 70)
    assert wait_until(lambda: population(served) == 70, 10)
    for replica in replicas:
        replica.stop()
    set_population(primary, 71)
    assert wait_until(lambda: served.ask(ITEM).status == 200, 15)
    assert population(served) == 71
    for replica in replicas:
        replica.start(recovery_min_apply_delay="10min")
        assert replica.scalar(POPULATION) < 71
    assert population(served) == 71
    primary.stop()
    try:
        assert set(ask_much(served, 12)) == {503}
    finally:
        primary.start()
    assert wait_until(lambda: served.status("/readyz") == 200, 15)
    assert population(served) == 71
    for replica in replicas:
        replica.stop()
        replica.start()


def test_nobody_is_shown_what_is_older_than_what_was_shown_before(served, primary, replicas):
    shown, older, stop = [71], [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            known = shown[0]
            answer = served.ask(ITEM)
            assert answer.status in (200, 503), answer.text
            if answer.status == 200:
                number = answer.json["properties"]["population"]
                if number < known:
                    older.append((known, number))

    def write(number: int) -> None:
        set_population(primary, number)
        time.sleep(0.2)
        shown[0] = number

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for number in (80, 90):
                for replica in replicas:
                    replica.stop()
                write(number)
                for replica in replicas:
                    replica.start()
                primary.stop()
                time.sleep(2)
                primary.start()
                write(number + 1)
        finally:
            stop.set()
    for reader in readers:
        reader.result()
    assert not older
