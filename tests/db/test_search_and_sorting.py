"""Migration 0002: what is published already gets its words, once; every field to sort by gets its index."""

from __future__ import annotations

import re

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from geo_service.db.migrate import _config, migrate
from geo_service.db.ordering import order_expression
from geo_service.db.publication import dataset_version, rebuild
from geo_service.db.servers import READER_ROLE
from geo_service.domain.collections import COLLECTIONS
from tests.factories import make_area


def test_what_is_published_before_the_migration_is_found_after_it(cluster):
    """The version is counted up once, and a rebuild finds nothing left to do."""
    cluster.create_database("before_search")
    engine = create_engine(cluster.url("before_search"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA publication CASCADE; DROP SCHEMA registry CASCADE"))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA publication"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with engine.begin() as connection:
        make_area(connection, name="Südliche Straße")
    with engine.connect() as connection:
        before = dataset_version(connection)

    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    with engine.connect() as connection:
        assert dataset_version(connection) == before + 1

    assert migrate(engine).state == "current"

    with engine.connect() as connection:
        for table in ("programme_area", "municipality"):
            assert connection.scalar(text(f"SELECT bool_and(search <> '') FROM publication.{table}"))
        migrated = dataset_version(connection)
    assert rebuild(engine).corrected_rows == 0
    with engine.connect() as connection:
        assert dataset_version(connection) == migrated
    engine.dispose()
    cluster.drop_database("before_search")


@pytest.mark.parametrize("collection_id", ["programme-areas", "municipalities"])
def test_every_field_to_sort_by_has_its_index(engine, collection_id):
    collection = COLLECTIONS[collection_id]
    with engine.connect() as connection:
        definitions = connection.execute(
            text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'publication'")
        )
        indexes = {name: re.sub(r"[\"()]|::text| ", "", definition) for name, definition in definitions}

    for field in collection.sortables:
        expected = re.sub(r"[\"() ]", "", f"{order_expression(field)}, {collection.key_column}")
        assert indexes[f"{collection.table}_by_{field.name}"].endswith(expected)
    prefix = f"{collection.table}_by_"
    # Tiles take the largest areas first; the size is no field.
    assert {name for name in indexes if name.startswith(prefix)} - {"programme_area_by_size"} == {
        f"{prefix}{field.name}" for field in collection.sortables
    }


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Düsseldorf", "'duesseldorf' 'dusseldorf'"),
        ("Straße STRASSE", "'strass'"),
        ("Moers Soest Coesfeld", "'coesfeld' 'moer' 'soest'"),
        ("Côté Müller-Weiß e.V.", "'cot' 'muell' 'mull' 'weiss'"),
        ("", ""),
        (None, ""),
    ],
)
def test_texts_become_stems_in_both_foldings(connection, words, expected):
    found = connection.scalar(text("SELECT publication.search_vector(:words)::text"), {"words": words})

    assert set(found.split()) >= set(expected.split())
    assert len(found.split()) <= len(expected.split()) + 2


def test_folding_is_the_same_in_every_locale(connection):
    """``lower`` and the classes of characters come from ICU, not from the locale of the database."""
    folded = connection.scalar(
        text("SELECT publication.search_text('ÄÖÜ ẞß; ĆÉ  (Ñ) ' || chr(160) || U&'u\\0308')")
    )

    assert folded == "äöü ßß ce n ü"


def test_very_long_texts_do_not_break_the_publication(engine, rebuilt):
    """A vector holds at most a megabyte, a row of an index less than three kilobytes."""
    words = " ".join(f"Wörtchen{number:x}" for number in range(300_000))
    with engine.begin() as connection:
        area = make_area(connection, name="Ä" * 5000 + " lang")
        connection.execute(
            text(
                "INSERT INTO registry.profile_section (area_no, language, section, body)"
                " VALUES (:area, 'de', 'character', :words)"
            ),
            {"area": area, "words": words},
        )
    with engine.connect() as connection:
        assert connection.scalar(
            text(
                "SELECT search @@ publication.search_query('wortchen12') FROM publication.programme_area"
                " WHERE area_no = :area"
            ),
            {"area": area},
        )


def test_the_reader_may_search_and_sees_no_source_of_it(engine):
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {READER_ROLE}"))
        assert connection.scalar(text("SELECT publication.search_query('Nordstadt') IS NOT NULL"))
        assert not connection.scalar(
            text(f"SELECT has_schema_privilege('{READER_ROLE}', 'registry', 'USAGE')")
        )
        connection.rollback()


def test_a_search_is_read_the_same_with_an_empty_search_path(connection):
    connection.execute(text("SET LOCAL search_path = ''"))

    assert connection.scalar(text("SELECT publication.search_query('große Straße')::text")) is not None
    assert connection.scalar(text("SELECT publication.search_vector('große Straße')::text")) is not None
