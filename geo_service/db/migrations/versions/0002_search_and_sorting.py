"""Full text to search, and an index for each field to sort by."""

from geo_service.db.migrations.sql_files import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0002_search", "0002_sorting")
