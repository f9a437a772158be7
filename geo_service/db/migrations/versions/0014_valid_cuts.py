"""For each outline it is known on which levels it is valid where tiles cut it, so that a tile need not check it."""

from geo_service.db.migrations.sql_files import execute

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0014_valid_cuts")
