"""Addresses to find places by, and likeness of words."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0008_addresses.sql").read_text(encoding="utf-8"))
    cursor.close()
