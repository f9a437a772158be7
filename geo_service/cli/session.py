"""A database for the length of a command, whether the service runs or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from geo_service.cli.locks import Guests, HomeLock
from geo_service.cli.screen import say
from geo_service.db.cluster import Cluster
from geo_service.errors import ConfigError, UnavailableError
from geo_service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

ATTACH_SECONDS = 60.0
# What is the matter with the address, by SQLSTATE.
_REFUSALS = {
    "42501": "The login of GEO_SERVICE_DATABASE_URL may not do this: it needs the role geo_service_writer.",
    "25006": "The database of GEO_SERVICE_DATABASE_URL takes no changes: it is a replica, or read-only.",
}


def private_cluster(settings: Settings) -> Cluster:
    """Return the private cluster of a home, not started yet."""
    return Cluster(settings.home / "cluster")


def with_cluster(settings: Settings, cluster: Cluster) -> Settings:
    """Return the settings with the addresses of the private cluster's database."""
    return settings.model_copy(
        update={
            "database_url": SecretStr(cluster.url(role="owner")),
            "database_read_url": SecretStr(cluster.url(role="reader")),
        }
    )


@contextmanager
def telling_of_the_database() -> Iterator[None]:
    """Let a database that goes away in the middle of a command leave as one sentence.

    Raises
    ------
    UnavailableError
        The connection was lost, or the server is stopping.
    ConfigError
        The login may not do this, or the server takes no changes.
    """
    import psycopg2
    from sqlalchemy.exc import DBAPIError

    from geo_service.db.engine import translate

    try:
        yield
    except psycopg2.OperationalError as error:  # of a COPY, which goes past SQLAlchemy
        raise UnavailableError(f"the database does not answer (SQLSTATE {error.pgcode or 'none'})") from error
    except DBAPIError as error:
        if isinstance(told := translate(error), UnavailableError):
            raise told from error
        if refusal := _REFUSALS.get(getattr(error.orig, "pgcode", None) or ""):
            raise ConfigError(refusal) from error
        raise


@contextmanager
def write_access(settings: Settings) -> Iterator[Engine]:
    """Lend an engine with the rights of the configured address, closed afterwards."""
    from geo_service.db.engine import write_engine

    engine = write_engine(settings)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def command_engine(command: str) -> Iterator[tuple[Engine, Settings]]:
    """Lend an engine with the owner's rights, on a schema that is up to date, and the settings that go with it."""
    from geo_service.db.migrate import check_ready, migrate

    configured = Settings.load()
    with database(configured, command) as settings, write_access(settings) as engine:
        if configured.database_url is None:
            # The private database is ours to bring up to date, also before the first "up".
            migrate(engine)
        else:
            check_ready(engine)
        with telling_of_the_database():
            yield engine, settings


@contextmanager
def database(settings: Settings, command: str) -> Iterator[Settings]:
    """Give settings whose database answers, for the length of a block.

    That is the configured database, or the running private cluster, or the private cluster started for this
    command and stopped after it, when nobody else uses it any more.
    """
    if settings.database_url is not None:
        yield settings
        return
    cluster, lock, guests = private_cluster(settings), HomeLock(settings.home), Guests(settings.home)
    with guests.stay():
        hosting = _host_or_join(cluster, lock, command)
        if not hosting:
            yield with_cluster(settings, cluster)
            return
    try:
        cluster.start()
        cluster.create_database()
        yield with_cluster(settings, cluster)
        if guests.anyone():
            say("Another command still uses the database; waiting for its end …")
            guests.wait()
    finally:
        cluster.stop()
        lock.release()


def _host_or_join(cluster: Cluster, lock: HomeLock, command: str) -> bool:
    """Take the home (True), or find the database of whoever has it (False)."""
    deadline = time.monotonic() + ATTACH_SECONDS
    while not lock.acquire(command):
        if cluster.attach():
            return False
        if time.monotonic() > deadline:
            raise UnavailableError(f"The database is not running, although {lock.holder()} is.")
        time.sleep(0.2)
    return True
