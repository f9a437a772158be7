"""Publishing looks up the marked rows by their key, whatever the number of the others."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0005_marked_rows.sql").read_text(encoding="utf-8"))
    cursor.close()
