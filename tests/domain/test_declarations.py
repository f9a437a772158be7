"""Fields, code lists and the database tell the same story."""

import re
from pathlib import Path

import pytest

from geo_service import db
from geo_service.db import models
from geo_service.domain.code_lists import (
    ATTR_BASIS,
    GEOM_BASIS,
    PARTICIPATION,
    PROFILE_SECTION,
    PROGRAMME,
    STAGE,
    STATUS,
)
from geo_service.domain.collections import COLLECTIONS

SQL = "".join(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(db.__file__).parent / "migrations/sql").glob("*.sql"))
)


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda c: c.collection_id)
def test_short_names_fit_into_a_shapefile(collection):
    names = [field.short_name for field in collection.fields]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_]{1,10}", name) for name in names)


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda c: c.collection_id)
def test_every_field_has_titles_and_descriptions_in_both_languages(collection):
    for field in collection.fields:
        for label in (field.title, field.description):
            assert label.de
            assert label.en


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda c: c.collection_id)
def test_stored_fields_are_columns_of_publication(collection):
    table = models.Base.metadata.tables[f"publication.{collection.table}"]
    for field in collection.fields:
        assert (field.name in table.columns) == field.stored
        if field.stored:
            assert table.columns[field.name].nullable == field.nullable, field.name
    for column in (
        collection.geom_column,
        collection.geojson_column,
        collection.metric_geojson_column or collection.geojson_column,
        collection.id_column,
        collection.key_column,
    ):
        assert column in table.columns


@pytest.mark.parametrize(
    ("code_list", "constraint"),
    [
        (STATUS, "programme_area_status_check"),
        (STAGE, "programme_area_stage_check"),
        (ATTR_BASIS, "programme_area_attr_basis_check"),
        (ATTR_BASIS, "municipality_attr_basis_check"),
        (PARTICIPATION, "municipality_participation_check"),
        (GEOM_BASIS, "boundary_geom_basis_check"),
        (PROGRAMME, "programme_period_programme_check"),
        (PROFILE_SECTION, "profile_section_section_check"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_check_of_the_database_allows_exactly_the_code_list(engine, code_list, constraint):
    with engine.connect() as connection:
        definition = connection.exec_driver_sql(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", (constraint,)
        ).scalar_one()
    assert tuple(re.findall(r"'([^']+)'::text", definition)) == code_list.codes


def test_the_database_labels_the_status_as_the_code_list_does(engine):
    with engine.connect() as connection:
        for code in (None, *STATUS.codes):
            for language in ("de", "en"):
                label = connection.exec_driver_sql(
                    "SELECT registry.status_label(%s, %s)", (code, language)
                ).scalar_one()
                assert label == STATUS.label(code, language)


def test_every_name_in_the_migration_is_qualified():
    """pg_restore empties the search path: an unqualified function in a column or a check would be lost."""
    statements = re.findall(r"CREATE TABLE [^;]*;", SQL)
    assert len(statements) > 15
    for statement in statements:
        assert not re.search(r"(?<!public\.)\b(ST_\w+|geometry)\(", statement)
