"""The numbers of published features are kept, so that no answer counts them."""

from geo_service.db.migrations.sql_files import execute

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0010_counts")
