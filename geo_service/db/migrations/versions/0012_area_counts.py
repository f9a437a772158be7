"""The numbers of areas with a value are kept, so that no answer to a simple choice counts them."""

from geo_service.db.migrations.sql_files import execute

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0012_area_counts")
