"""An index for the areas by their size, which is the order in which tiles take them."""

from geo_service.db.migrations.sql_files import execute

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0003_tiles")
