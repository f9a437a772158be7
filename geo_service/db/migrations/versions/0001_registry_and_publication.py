"""The schemas registry and publication, with the triggers that lead from one to the other."""

from geo_service.db.migrations.sql_files import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0001_registry", "0001_publication", "0001_source", "0001_publish", "0001_edit", "0001_grants")
