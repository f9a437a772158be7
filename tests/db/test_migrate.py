from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from geo_service.db.migrate import migrate, status
from geo_service.db.models import Base


def test_migrations_run_from_nothing_and_twice_do_no_harm(cluster):
    cluster.create_database("from_nothing")
    engine = create_engine(cluster.url("from_nothing"))
    assert status(engine).state == "empty"
    assert migrate(engine).state == "current"
    assert migrate(engine).state == "current"
    engine.dispose()
    cluster.drop_database("from_nothing")


def test_models_say_what_the_migrations_make(engine):
    def ours(_object, name, kind, _reflected, _other):
        if kind == "schema":
            return name in ("registry", "publication")
        return not (kind == "table" and name == "alembic_version") and kind != "index"

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_object": ours,
                "include_name": lambda name, kind, _parents: (
                    kind != "schema" or name in ("registry", "publication")
                ),
                "compare_type": True,
                "version_table_schema": "publication",
            },
        )
        assert compare_metadata(context, Base.metadata) == []
