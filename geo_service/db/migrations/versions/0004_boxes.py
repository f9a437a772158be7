"""The boxes of a change: the old shape and the new one, each with its own."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0004_boxes.sql").read_text(encoding="utf-8"))
    cursor.close()
