"""Alembic's migrations, forward only. The SQL of each stands in ``sql/`` under the migration's number."""
