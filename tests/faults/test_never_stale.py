"""Several processes read while another writes, backends are killed and the network is cut: nothing is ever stale.

The bound: an answer says what was committed 100 ms before it was *asked for*, or something newer. No allowance for
scheduling is needed. All clocks are one (CLOCK_MONOTONIC); a commit counts from when it had returned to its writer;
and a worker that tells a known answer has heard from the database less than the lease (80 ms) before it looked, which
was after the question was sent. However late a process is woken, this order stays.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, text

from geo_service.db.cluster import ROLES, Cluster
from geo_service.db.watch import APPLICATION_NAME, LEASE_S
from geo_service.ingest import ImportOptions, import_file
from tests.factories import make_area, square
from tests.faults.relay import Relay
from tests.faults.serving import ITEMS, Served, ask

STALE_AFTER_S = 0.1
SECONDS = 12.0
READERS = 3
AREAS = 6
TILES = "/api/collections/programme-areas/tiles/WebMercatorQuad"
IDS = [f"stand-{number}" for number in range(AREAS)]
PATHS = [
    f"{ITEMS}/{IDS[0]}",
    f"{ITEMS}?limit=20",
    f"{ITEMS}?bbox=7.3,51.4,7.6,51.7&sortby=name",
    f"{ITEMS}?q=stand&f=csv",
    f"{TILES}/6/21/33",
    f"{TILES}/10/340/533",
]


class Told(NamedTuple):
    """One answer."""

    asked: float
    told: float
    path: str
    status: int
    numbers: list[int]
    tag: str
    digest: str


@pytest.fixture(scope="module")
def relay(cluster: Cluster) -> Iterator[Relay]:
    with tempfile.TemporaryDirectory(prefix="relay-", dir="/tmp") as directory:
        made = Relay(Path(directory), cluster.socket_dir)
        yield made
        made.close()


@pytest.fixture(scope="module")
def written(engine: Engine, database: str, relay: Relay, make_served: Callable[..., Served]) -> Served:
    """A service with two workers that reads through the relay, on areas that all say the same number."""
    with engine.begin() as connection:
        for number, area_id in enumerate(IDS):
            shape = square(390_000 + 1_500 * number, 5_710_000, 1_000)
            make_area(connection, area_id=area_id, name="Stand 0", geom=shape, ags=None)

    def through(role: str) -> str:
        return f"postgresql://{role}@/{database}?host={relay.directory}&port=5432"

    # One server: who reads from another one than the primary listens beside the relay.
    return make_served(through(ROLES["owner"]), through(ROLES["reader"]))


class Writer:
    """Writes one number after the other into all names at once; knows when each was committed."""

    def __init__(self, engine: Engine, directory: Path) -> None:
        self.engine = engine
        self.number = 0
        self.began: list[float] = [float("-inf")]
        self.committed: list[float] = [float("-inf")]
        self._file = directory / "areas.geojson"

    def write(self) -> None:
        self._next()
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE registry.area_name SET name = :name WHERE valid_to IS NULL"),
                {"name": f"Stand {self.number}"},
            )
        self.committed.append(time.monotonic())

    def import_(self) -> None:
        """Do the same with a file."""
        self._next()
        with self.engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT area_id, ags, ST_AsGeoJSON(geom, 15, 0) FROM publication.programme_area ORDER BY 1"
                )
            ).all()
        features = [
            {
                "type": "Feature",
                "properties": {"area_id": row[0], "ags": row[1], "name": f"Stand {self.number}"},
                "geometry": json.loads(row[2]),
            }
            for row in rows
        ]
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
        collection = {"type": "FeatureCollection", "crs": crs, "features": features}
        self._file.write_text(json.dumps(collection))
        report = import_file(self.engine, self._file, ImportOptions())
        assert report.changed == len(rows)
        self.committed.append(time.monotonic())

    def _next(self) -> None:
        self.number += 1
        self.began.append(time.monotonic())

    def oldest(self, asked: float) -> int:
        """Return the number that an answer asked for at that time says at least."""
        return max(n for n, when in enumerate(self.committed) if when <= asked - STALE_AFTER_S)

    def newest(self, told: float) -> int:
        """Return the number that an answer can say at most that had come by that time."""
        return max(n for n, when in enumerate(self.began) if when <= told)


def kill_backends(engine: Engine, name: str) -> int:
    with engine.begin() as connection:
        return connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name LIKE :name AND datname = current_database()"
            ),
            {"name": name},
        ).scalar_one()


@contextmanager
def reading(port: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Start processes that ask all the time; at the end none is left."""
    program = Path(__file__).with_name("hammer_reader.py")
    readers = [
        subprocess.Popen(
            [sys.executable, str(program), str(port), str(SECONDS), str(seed), *PATHS],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(READERS)
    ]
    try:
        yield readers
    finally:
        for one in readers:
            if one.poll() is None:
                one.kill()
                one.communicate()


def disturb(engine: Engine, relay: Relay, stop: threading.Event) -> dict[str, int]:
    """Do to the connections what can be done to them, in turns."""
    done: dict[str, int] = defaultdict(int)
    while not stop.wait(0.4):
        turn = sum(done.values()) % 6
        if turn in (0, 3):
            kill_backends(engine, APPLICATION_NAME)
            done["listener killed"] += 1
        elif turn in (1, 4):
            kill_backends(engine, "geo-service%")
            done["all backends killed"] += 1
        elif turn == 2:
            relay.cut()
            done["network cut"] += 1
        else:
            relay.silent = True
            stop.wait(0.5)
            relay.silent = False
            relay.cut()
            done["network silent"] += 1
    return done


def test_nothing_is_stale_and_nothing_a_mixture(
    written: Served, engine: Engine, relay: Relay, tmp_path: Path
) -> None:
    writer, stop = Writer(engine, tmp_path), threading.Event()
    done: dict[str, int] = {}
    disturber = threading.Thread(target=lambda: done.update(disturb(engine, relay, stop)))
    with reading(written.port) as readers:
        rounds, end = 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            if rounds == 40:  # in peace at first
                disturber.start()
            (writer.import_ if rounds % 25 == 24 else writer.write)()
            time.sleep(0.03)
            rounds += 1
        stop.set()
        disturber.join()
        lines = [line for one in readers for line in one.communicate()[0].splitlines()]
    answers = [Told(*json.loads(line)) for line in lines]

    good = [one for one in answers if one.status in (200, 304)]
    assert {one.status for one in answers} <= {200, 304, 503, 0}
    for one in good:
        assert len(one.numbers) == 1, f"a mixture: {one}"
        oldest, newest = writer.oldest(one.asked), writer.newest(one.told)
        assert oldest <= one.numbers[0] <= newest, f"stale: {one}, but {oldest} was committed"
    content_of: dict[tuple[str, str], str] = {}
    for one in good:
        if one.digest:
            assert content_of.setdefault((one.path, one.tag), one.digest) == one.digest, (
                "one tag, two contents"
            )
    assert all(one.tag.startswith('"') for one in good)

    # That it was a hammer: much was asked, written and disturbed, and most of it was answered all the same.
    assert rounds > 60
    assert len(done) == 4
    assert len(good) > 500
    assert len(good) > len(answers) / 2
    assert sum(one.status == 304 for one in good) > 10
    assert {one.path for one in good} == set(PATHS)
    time.sleep(LEASE_S)
    assert f"Stand {writer.number}" in ask(written.port, PATHS[0]).text


def test_while_the_network_is_silent_answers_are_refused_and_never_old(
    written: Served, engine: Engine, relay: Relay, tmp_path: Path
) -> None:
    writer = Writer(engine, tmp_path)
    for _ in range(20):
        for path in PATHS:
            assert ask(written.port, path).status == 200
    relay.silent = True
    writer.write()
    time.sleep(STALE_AFTER_S)
    for path in PATHS[:3]:
        try:
            answer = ask(written.port, path, timeout=1)
        except TimeoutError:
            continue
        assert answer.status == 503
    relay.silent = False
    relay.cut()
    writer.write()
    time.sleep(STALE_AFTER_S)
    for path in PATHS:
        deadline = time.monotonic() + 10
        while (answer := ask(written.port, path)).status == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert f"Stand {writer.number}".encode() in answer.content
