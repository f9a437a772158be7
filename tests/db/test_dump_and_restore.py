"""A dump of a filled database can be restored into an empty one, and a rebuild finds nothing to do there."""

import os
import subprocess
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine, text

from geo_service.db.migrate import status
from geo_service.db.pg_programs import programs_for
from geo_service.db.publication import rebuild


def test_dump_and_restore_lose_nothing(cluster, sample_database, tmp_path):
    programs = programs_for(cluster.data_version())
    host = parse_qs(urlsplit(cluster.url()).query)["host"][0]
    login = ["--host", host, "--username", "geo_service_owner", "--no-password"]
    dump = tmp_path / "areas.dump"
    subprocess.run(
        [programs.path("pg_dump"), *login, "--format=custom", f"--file={dump}", sample_database], check=True
    )
    cluster.create_database("restored", template="template0")
    restoring = subprocess.run(
        [programs.path("pg_restore"), *login, "--exit-on-error", "--dbname=restored", str(dump)],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert restoring.returncode == 0, restoring.stderr
    original, restored = create_engine(cluster.url(sample_database)), create_engine(cluster.url("restored"))
    try:
        assert status(restored).state == "current"
        assert rebuild(restored).corrected_rows == 0
        with original.connect() as before, restored.connect() as after:
            tables = before.scalars(
                text(
                    "SELECT table_schema || '.' || table_name FROM information_schema.tables"
                    " WHERE table_schema IN ('registry', 'publication')"
                )
            ).all()
            assert len(tables) > 20
            for table in tables:
                fingerprint = text(
                    f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t"
                )
                assert before.execute(fingerprint).one() == after.execute(fingerprint).one(), table
    finally:
        original.dispose()
        restored.dispose()
        cluster.drop_database("restored")
