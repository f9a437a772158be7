"""What lives in a private cluster that runs: its databases and the role that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo_service.errors import UnavailableError

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor


@contextmanager
def administration(socket_dir: Path, port: int, owner: str) -> Iterator[Cursor]:
    """Connect as the cluster's owner; each statement stands for itself.

    Raises
    ------
    UnavailableError
        The server does not answer.
    """
    import psycopg2

    try:
        connection = psycopg2.connect(
            host=str(socket_dir), port=port, user=owner, dbname="postgres", connect_timeout=10
        )
    except psycopg2.OperationalError as error:
        raise UnavailableError(
            f"The cluster at {socket_dir} does not answer: {str(error).strip()}"
        ) from error
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def create_database(cursor: Cursor, name: str, template: str | None) -> bool:
    """Create a database if it is missing, maybe as a copy of `template`; tell whether it was created."""
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
    if cursor.fetchone():
        return False
    copied = f" TEMPLATE {_quoted(template)}" if template else ""
    cursor.execute(f"CREATE DATABASE {_quoted(name)}{copied}")
    return True


def drop_database(cursor: Cursor, name: str) -> None:
    """Drop a database, closing the connections that are still open to it."""
    cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def create_reader(cursor: Cursor, name: str) -> None:
    """Create the role that reads if it is missing; what it may read, the migrations say."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {_quoted(name)} LOGIN")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
