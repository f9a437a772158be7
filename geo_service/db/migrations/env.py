"""Alembic's environment: runs on the connection that ``geo_service.db.migrate`` hands over."""

from alembic import context

from geo_service.db.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table_schema="publication",
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
