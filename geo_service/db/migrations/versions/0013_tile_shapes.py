"""Outlines are stored as tiles show them, level by level, so that a tile neither snaps nor repairs them."""

from geo_service.db.migrations.sql_files import execute

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0013_tile_shapes")
