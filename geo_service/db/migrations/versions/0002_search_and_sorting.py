"""Full text to search, and an index for each field to sort by."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS = ("search", "sorting")


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    for part in PARTS:
        cursor.execute((folder / f"0002_{part}.sql").read_text(encoding="utf-8"))
    cursor.close()
