"""The database: engines, models, migrations and every statement that is run."""
