"""Publishing looks up the marked rows by their key, whatever the number of the others."""

from geo_service.db.migrations.sql_files import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0005_marked_rows")
