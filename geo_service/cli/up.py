"""``geo-service up`` and ``serve``: from nothing to a service, and the service alone."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import click

from geo_service.cli.screen import say, step

if TYPE_CHECKING:
    from geo_service.cli.supervisor import Signals
    from geo_service.db.cluster import Cluster
    from geo_service.settings import Settings

CRASH_PATIENCE_SECONDS = 5.0


@click.command("up")
def up_command() -> None:
    """Start the database and the web server, and print the addresses; Ctrl-C stops both.

    The first start makes a private PostGIS database, brings the schema up to date and loads the sample areas
    if it is empty. With GEO_SERVICE_DATABASE_URL that database is used instead.

    \b
    Examples:
      geo-service up
      GEO_SERVICE_PORT=8080 geo-service up
      GEO_SERVICE_DATABASE_URL=postgresql://gis@db.example.org/areas geo-service up
    """
    from geo_service.cli.supervisor import Signals, StopRequested
    from geo_service.settings import Settings

    settings = Settings.load()
    with Signals().installed() as signals, ExitStack() as stack:
        with suppress(StopRequested):
            _run(settings, signals, stack)
        say("\nStopping …")
    say("Stopped.")


@click.command("serve")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes that answer [default: GEO_SERVICE_WORKERS]."
)
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info")
def serve_command(workers: int | None, log_level: str) -> None:
    """Run only the web server, on the database of GEO_SERVICE_DATABASE_URL, as a service manager would.

    It changes nothing in the database; "geo-service db migrate" brings the schema up to date.

    \b
    Example:
      GEO_SERVICE_DATABASE_URL=postgresql://gis@db.example.org/areas geo-service serve --workers 4
    """
    from geo_service.cli.session import write_access
    from geo_service.db.migrate import check_ready
    from geo_service.errors import ConfigError
    from geo_service.settings import Settings
    from geo_service.web.server import probe_port, serve

    settings = Settings.load(**({"workers": workers} if workers else {}))
    if settings.database_url is None:
        raise ConfigError(
            'serve needs GEO_SERVICE_DATABASE_URL; "geo-service up" brings a database of its own.'
        )
    probe_port(settings.host, settings.port)
    with write_access(settings) as engine:
        check_ready(engine)
    serve(settings, log_level)


def _run(settings: Settings, signals: Signals, stack: ExitStack) -> None:
    from geo_service.cli.locks import HomeLock
    from geo_service.cli.supervisor import WebServer, watch

    started = time.monotonic()
    lock = HomeLock(settings.home)
    if not lock.acquire("up", local_address(settings)):
        raise lock.refusal()
    stack.callback(lock.release)
    with signals.interrupting():
        _probe_port(settings, patience=CRASH_PATIENCE_SECONDS if lock.after_crash else 0)
        say(f"geo-service in {settings.home}")
        cluster = _start_cluster(settings, stack)
        ready = _with_database(settings, cluster)
        _prepare(ready)
        web = WebServer(ready)
        stack.callback(web.stop)
        with step("Web server") as current:
            web.start()
            web.wait_until_ready()
            current.note = f"{settings.workers} workers"
    say(addresses(settings, cluster, time.monotonic() - started))
    watch(cluster, web, signals)


def _probe_port(settings: Settings, patience: float) -> None:
    from geo_service.errors import ConfigError
    from geo_service.web.server import probe_port

    deadline = time.monotonic() + patience
    while True:
        try:
            return probe_port(settings.host, settings.port)
        except ConfigError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(0.1)


def _start_cluster(settings: Settings, stack: ExitStack) -> Cluster | None:
    from geo_service.cli.session import private_cluster

    if settings.database_url is not None:
        return None
    cluster = private_cluster(settings)
    stack.callback(cluster.stop)
    with step("Database server") as current:
        current.note = cluster.start()
        cluster.create_database()
    return cluster


def _with_database(settings: Settings, cluster: Cluster | None) -> Settings:
    from geo_service.cli.session import with_cluster

    return with_cluster(settings, cluster) if cluster is not None else settings


def _prepare(settings: Settings) -> None:
    """Bring the schema up to date and fill an empty database."""
    from geo_service.cli.session import write_access
    from geo_service.db.migrate import migrate
    from geo_service.ingest.sample import load_sample

    with write_access(settings) as engine:
        with step("Schema") as current:
            current.note = f"revision {migrate(engine).revision}"
        with step("Sample data") as current:
            counts = load_sample(engine, settings.project_dir / "data")
            current.note = f"{counts.areas} areas loaded" if counts.loaded else "not needed"


def local_address(settings: Settings) -> str:
    """Return the address that the web server listens on, as a URL."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def addresses(settings: Settings, cluster: Cluster | None, seconds: float) -> str:
    """Return the addresses that matter, as text for a terminal."""
    local = local_address(settings)
    base = settings.public_url or local
    lines = [
        "",
        click.style(f"geo-service is ready ({seconds:.1f} s)", bold=True),
        "",
        f"  Map             {base}/",
        f"  Profiles        {base}/profiles",
        f"  API             {base}/api",
        f"  QGIS            {base}/api",
        "                  Layer > Add Layer > Add WFS / OGC API - Features Layer > New",
    ]
    if base != local:
        lines.append(f"  Listening on    {local}")
    if cluster is not None:
        lines.append(f"  Database        {cluster.directory} (geo-service db shell)")
    return "\n".join([*lines, "", "  Ctrl-C stops the service.", ""])
