"""Outlines are stored as text in EPSG:25832, too; texts are compressed by lz4; areas are found by each of their towns."""

from geo_service.db.migrations.sql_files import execute

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0011_stored_texts")
