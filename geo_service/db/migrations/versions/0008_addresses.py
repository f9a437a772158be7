"""Addresses to find places by, and likeness of words."""

from geo_service.db.migrations.sql_files import execute

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0008_addresses")
