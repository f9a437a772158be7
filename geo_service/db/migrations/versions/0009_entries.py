"""News, events and standing pages."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    for part in ("entries", "publish_entries"):
        cursor.execute((folder / f"0009_{part}.sql").read_text(encoding="utf-8"))
    cursor.close()
