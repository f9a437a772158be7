"""Outlines are stored as text in EPSG:25832, too; texts are compressed by lz4; areas are found by each of their towns."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0011_stored_texts.sql").read_text(encoding="utf-8"))
    cursor.close()
