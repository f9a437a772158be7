"""News, events and standing pages."""

from geo_service.db.migrations.sql_files import execute

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0009_entries", "0009_publish_entries")
