"""An index for the areas by their size, which is the order in which tiles take them."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    op.get_bind().exec_driver_sql((folder / "0003_tiles.sql").read_text(encoding="utf-8"))
