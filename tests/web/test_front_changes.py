"""Known answers after changes and under floods: none is old, they take the memory allowed, and equal ones are made once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from geo_service.db.engine import observe_statements
from geo_service.db.watch import LEASE_S
from geo_service.domain.collections import COLLECTIONS
from geo_service.settings import Settings
from tests.factories import make_area
from tests.web.entered import AREAS, KEPT, Service


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_flood_of_distinct_requests_takes_no_more_memory_than_allowed(sample_settings: Settings) -> None:
    allowed = 8 * 2**20
    flooded = Service(sample_settings.model_copy(update={"cache_bytes": allowed}))
    cache = flooded.app.extensions["geo_service_ogc"].cache

    def flood(start: int, count: int) -> int:
        sent = 0
        for number in range(start, start + count):
            headers = {
                "Accept-Encoding": ("br", "zstd", "gzip", "identity")[number % 4],
                "Accept": f"*/*, a/b{number}",
            }
            address = f"{AREAS}/items?limit=40&bbox=5.{number:06},50,10,53"
            sent += len(flooded.client.get(address, headers=headers).data)
            assert cache.stats()["bytes"] <= allowed
        return sent

    flood(0, 150)  # until everything that is made once is there
    before = resident()
    sent = flood(150, 500)
    entries, held = cache.stats()["entries"], cache.stats()["bytes"]
    assert held > allowed / 2
    assert entries < 500
    assert sent > allowed / 2
    assert resident() - before < allowed / 2, "it was full before"
    flooded.close()


WRITES = {
    "a new name": "UPDATE registry.area_name SET name = 'Anders' || area_no WHERE area_no = :area_no",
    "another status": "UPDATE registry.programme_area SET status = 'completed' WHERE area_no = :area_no",
    "another shape": (
        "UPDATE registry.boundary SET geom = ST_Translate(geom, 20000, 3000)"
        " WHERE area_no = :area_no AND valid_to IS NULL"
    ),
    "another town": "UPDATE registry.municipality SET name = name || ' (Stadt)'",
    "an event": (
        "INSERT INTO registry.entry (kind, slug, begin_date, title_de, released_at)"
        " VALUES ('event', 'fest', '2026-05-01', 'Fest', '2026-01-01')"
    ),
    "a withdrawal": "UPDATE registry.programme_area SET withdrawn_on = '2024-01-01' WHERE area_no = :other",
}


def test_after_each_kind_of_change_each_answer_is_as_if_nothing_had_been_kept(
    engine: Engine, database: str, make_settings: Callable[..., Settings]
) -> None:
    """What an answer depends on is told by the functions that make it; here it shows whether they tell it all."""
    with engine.begin() as connection:
        area_no, other = make_area(connection, name="eins"), make_area(connection, name="zwei")
        item_id = connection.scalar(
            text("SELECT area_id FROM registry.programme_area WHERE area_no = :area_no"), {"area_no": area_no}
        )
    changed = Service(make_settings(database))
    cache = changed.app.extensions["geo_service_ogc"].cache
    addresses = [one.replace("ITEM", str(item_id)) for one in KEPT.values()]
    addresses += [
        f"{AREAS}/items?bbox=5,50,6,50.5",
        *(f"/api/collections/{name}" for name in COLLECTIONS),
        *(f"/api/collections/{name}/items" for name in COLLECTIONS),
    ]
    for name, statement in WRITES.items():
        for address in addresses:
            changed.warm(address)
        with engine.begin() as connection:
            connection.execute(text(statement), {"area_no": area_no, "other": other})
        time.sleep(LEASE_S)
        kept = {address: changed.client.get(address).data for address in addresses}
        cache.clear()
        made = {address: changed.client.get(address).data for address in addresses}
        for address in addresses:
            assert kept[address] == made[address], f"{address} after {name}"
    assert b"Fest" in made["/api/collections/events/items"]
    changed.close()


def test_a_single_item_outlives_the_change_of_another(
    engine: Engine, database: str, make_settings: Callable[..., Settings]
) -> None:
    with engine.begin() as connection:
        one, two = make_area(connection, name="drei"), make_area(connection, name="vier")
        item_id = connection.scalar(
            text("SELECT area_id FROM registry.programme_area WHERE area_no = :area_no"), {"area_no": one}
        )
    service = Service(make_settings(database))
    statements: list[str] = []
    observe_statements(
        service.app.extensions["geo_service"].engine, lambda statement, *_: statements.append(statement)
    )
    address = f"{AREAS}/items/{item_id}"
    for area_no, again in ((two, False), (one, True)):
        service.warm(address)
        with engine.begin() as connection:
            connection.execute(text(WRITES["another status"]), {"area_no": area_no})
        time.sleep(LEASE_S)
        statements.clear()
        service.client.get(address)
        assert any("publication.programme_area" in one for one in statements) is again
    service.close()


def test_equal_requests_at_the_same_moment_are_one_statement(fresh_service: Service) -> None:
    fresh_service.client.get(f"{AREAS}/items?limit=1")
    statements: list[str] = []

    def slow(statement: str, *_: Any) -> None:
        if "publication.programme_area" in statement:
            statements.append(statement)
            time.sleep(0.3)

    observe_statements(fresh_service.app.extensions["geo_service"].engine, slow)

    def ask(accept_encoding: str) -> bytes:
        client = fresh_service.app.test_client(use_cookies=False)
        response = client.get(f"{AREAS}/items?limit=9", headers={"Accept-Encoding": accept_encoding})
        assert response.status_code == 200
        return response.data

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(ask, ["identity", "gzip"] * 3))
    assert len(statements) == 1
    assert len(answers) == 2, "one in each coding"
