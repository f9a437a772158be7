"""Profiles: contacts that expire, years of figures, files with any name, areas that became others."""

from geo_service.db.migrations.sql_files import execute

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute("0007_profiles", "0007_profile_views")
