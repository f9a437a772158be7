"""The schemas registry and publication, with the triggers that lead from one to the other."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = ("registry", "publication", "source", "publish", "edit", "grants")


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    for part in PARTS:
        cursor.execute((folder / f"0001_{part}.sql").read_text(encoding="utf-8"))
    cursor.close()
