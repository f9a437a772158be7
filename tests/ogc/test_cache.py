"""The cache by itself: true, within its budget, and one computation per key at a time."""

from __future__ import annotations

import gzip
import random
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from geo_service.db.engine import read_engine
from geo_service.db.watch import LEASE_S, PublicationWatch
from geo_service.ogc.cache import AnswerCache
from geo_service.ogc.kept import NOTHING, Kept, Made, Scope
from geo_service.settings import Settings
from tests.factories import make_area
from tests.waiting import wait_until

ANYWHERE = Scope(frozenset({"programme-areas"}))
ELSEWHERE = Scope(frozenset({"programme-areas"}), (0.0, 0.0, 1.0, 1.0))
ANOTHER = Scope(frozenset({"programme-areas"}), feature_id="dortmund-nordstadt")


@pytest.fixture
def make_cache(reader: Engine) -> Callable[..., AnswerCache]:
    return lambda max_bytes=1_000_000: AnswerCache(PublicationWatch(reader), max_bytes)


class Counter:
    """Computes an answer from the database and counts how often."""

    def __init__(
        self, reader: Engine, content: bytes = b"content", seconds: float = 0, scope: Scope = ANYWHERE
    ) -> None:
        self.reader, self.content, self.seconds, self.scope, self.count = reader, content, seconds, scope, 0

    def __call__(self) -> Made:
        self.count += 1
        with self.reader.connect() as connection:
            version = connection.scalar(text("SELECT version FROM publication.dataset")) or 0
        time.sleep(self.seconds)
        return Made(self.content, version, self.scope)


def test_a_change_drops_what_it_touches_and_nothing_else(
    engine: Engine, reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache, near = make_cache(), Counter(reader)
    far, other = Counter(reader, scope=ELSEWHERE), Counter(reader, scope=ANOTHER)
    for _ in range(3):
        cache.get("near", near)
        cache.get("far", far)
        cache.get("other", other)
    assert (near.count, far.count, other.count) == (1, 1, 1)

    with engine.begin() as connection:
        make_area(connection)
    time.sleep(0.1)
    cache.get("near", near)
    cache.get("other", other)
    kept, there = cache.get("far", far)

    assert (near.count, far.count, other.count) == (2, 1, 1)
    assert there
    assert kept.data == b"content"


def test_an_answer_that_was_read_before_a_change_does_not_outlive_it(
    engine: Engine, reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    """The change is committed between the statement and the moment when its answer is stored."""
    cache, first = make_cache(), Counter(reader)

    def slow() -> Made:
        answer = first()
        with engine.begin() as connection:
            make_area(connection)
        return answer

    cache.get("key", slow)
    time.sleep(0.1)
    _, there = cache.get("key", Counter(reader))

    assert not there


def test_what_was_not_asked_for_longest_goes_first(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    """There is room for eight answers of ten kilobytes, and not for a ninth."""
    cache, counters = make_cache(100_000), {name: Counter(reader, b"x" * 10_000) for name in "abcdefghi"}
    for name in "abcdefgh":
        cache.get(name, counters[name])
    cache.get("a", counters["a"])
    cache.get("i", counters["i"])
    cache.get("a", counters["a"])
    assert {one.count for one in counters.values()} == {1}

    cache.get("b", counters["b"])
    assert counters["b"].count == 2


def test_codings_and_names_count_towards_the_budget(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache, content = make_cache(100_000), random.Random(1).randbytes(8_000).hex().encode()[:10_000]
    kept, _ = cache.get("key", Counter(reader, content))
    sizes = [cache.stats()["bytes"]]
    for coding in ("identity", "gzip", "br", "zstd"):
        coded = cache.coded(kept, coding)
        sizes.append(cache.stats()["bytes"])
        assert sizes[-1] - sizes[-2] >= (0 if coding == "identity" else len(coded.data))
    cache.name(kept, "name", 4, "/path", object())
    cache.leaves(kept, coded, 200, "200 OK", [("Link", "x" * 5_000)])
    assert cache.stats()["bytes"] - sizes[-1] > 5_000

    for number in range(20):
        cache.get(number, Counter(reader, content))
    assert cache.stats()["bytes"] <= 100_000
    assert cache.find("name") is None
    assert cache.place("/path") is None


def test_an_answer_that_would_push_out_many_others_is_not_kept(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache, counter = make_cache(100_000), Counter(reader, b"x" * 20_000)
    cache.get("key", counter)
    assert cache.get("key", counter)[1] is False


def test_what_depends_on_no_data_asks_no_database(
    make_settings: Callable[..., Settings], database: str
) -> None:
    nowhere = read_engine(make_settings(database, database_read_url="postgresql://nobody@127.0.0.1:9/none"))
    cache = AnswerCache(PublicationWatch(nowhere), 100_000)
    for expected in (False, True, True):
        kept, there = cache.get("key", lambda: Made(b"content", 0, NOTHING))
        assert (kept.data, there) == (b"content", expected)
        time.sleep(LEASE_S)
    nowhere.dispose()


def test_without_a_budget_nothing_is_kept(reader: Engine, make_cache: Callable[..., AnswerCache]) -> None:
    cache, counter = make_cache(0), Counter(reader)
    for _ in range(3):
        cache.get("key", counter)
    assert counter.count == 3


def test_a_coding_is_made_once_and_has_its_own_tag(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache = make_cache()
    kept, _ = cache.get("key", Counter(reader, b"x" * 1_000))
    made = {coding: cache.coded(kept, coding) for coding in ("identity", "gzip", "br", "zstd")}

    assert len({one.etag for one in made.values()}) == 4
    assert all(one.etag.startswith('"') for one in made.values())
    assert gzip.decompress(made["gzip"].data) == b"x" * 1_000
    assert cache.coded(kept, "gzip") is made["gzip"]


def test_small_content_stays_as_it_is(reader: Engine, make_cache: Callable[..., AnswerCache]) -> None:
    cache = make_cache()
    kept, _ = cache.get("key", Counter(reader, b"x" * 50))
    assert cache.coded(kept, "br").coding == "identity"


def at_once(count: int, work: Callable[[], object]) -> list[object]:
    results: list[object] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_many_who_ask_at_once_wait_for_one_computation(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache, counter = make_cache(), Counter(reader, seconds=0.2)
    results = at_once(6, lambda: cache.get("key", counter)[0])

    assert counter.count == 1
    assert len(results) == 6
    assert all(isinstance(one, Kept) and one.data == b"content" for one in results)


def test_who_comes_after_a_change_does_not_take_what_was_read_before(
    engine: Engine, reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache, slow, later = make_cache(), Counter(reader, b"old", seconds=0.5), Counter(reader, b"new")
    first = threading.Thread(target=lambda: cache.get("key", slow))
    first.start()
    assert wait_until(lambda: slow.count, 5)
    time.sleep(0.1)
    with engine.begin() as connection:
        make_area(connection)
    kept, _ = cache.get("key", later)
    first.join()

    assert kept.data == b"new"


def test_an_error_goes_to_all_who_wait_and_is_not_kept(
    reader: Engine, make_cache: Callable[..., AnswerCache]
) -> None:
    cache = make_cache()

    def fail() -> Made:
        time.sleep(0.2)
        raise LookupError("no such thing")

    results = at_once(4, lambda: cache.get("key", fail))
    assert len(results) == 4
    assert all(isinstance(one, LookupError) for one in results)
    assert cache.get("key", Counter(reader))[1] is False
