"""The boxes of a change: the old shape and the new one, each with its own."""

from geo_service.db.migrations.sql_files import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0004_boxes")
