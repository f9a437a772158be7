"""The numbers of areas with a value are kept, so that no answer to a simple choice counts them."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    cursor.execute((folder / "0012_area_counts.sql").read_text(encoding="utf-8"))
    cursor.close()
