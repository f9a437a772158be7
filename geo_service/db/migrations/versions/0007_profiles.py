"""Profiles: contacts that expire, years of figures, files with any name, areas that became others."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    folder = Path(__file__).parent.parent / "sql"
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    cursor = op.get_bind().connection.cursor()
    for part in ("profiles", "profile_views"):
        cursor.execute((folder / f"0007_{part}.sql").read_text(encoding="utf-8"))
    cursor.close()
