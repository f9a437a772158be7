"""Outlines are stored as tiles show them, level by level, so that a tile neither snaps nor repairs them."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0013_tile_shapes.sql").read_text(encoding="utf-8"))
    cursor.close()
