"""Edits in a GIS are refused with sentences."""

from geo_service.db.migrations.sql_files import execute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0006_edit_sentences")
