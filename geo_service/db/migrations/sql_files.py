"""The SQL of migrations, as it stands in ``sql/``."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def execute(*names: str) -> None:
    """Carry out files by their names without ``.sql``, in this order, in the transaction of the migration."""
    # The driver's own cursor: without values it leaves percent signs and colons alone.
    with closing(op.get_bind().connection.cursor()) as cursor:
        for name in names:
            cursor.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
