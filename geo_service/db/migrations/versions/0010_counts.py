"""The numbers of published features are kept, so that no answer counts them."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0010_counts.sql").read_text(encoding="utf-8"))
    cursor.close()
