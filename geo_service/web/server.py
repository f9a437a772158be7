"""The web server: granian with several worker processes, none of which outlives its parent.

``python -m geo_service.web.server`` serves until SIGTERM or SIGINT. It is started by the supervisor
(``geo-service up``), which names itself with ``--parent`` and so takes the server with it when it dies, or by
``geo-service serve`` in the foreground.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import logging.config
import multiprocessing
import os
import resource
import shutil
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from geo_service.db import freshness
from geo_service.errors import ConfigError, GeoServiceError, UnavailableError
from geo_service.settings import Settings
from geo_service.web import metrics_files
from geo_service.web.bodies import READERS, STREAMS
from geo_service.web.logs import log_config

PR_SET_PDEATHSIG = 1
M_ARENA_MAX, ARENAS = -8, 2
M_MMAP_THRESHOLD, LARGE_BYTES = -3, 2**20
GRACE_SECONDS = 10
# A client has so long to send the head of a request; a connection that rests is closed after it, too.
HEAD_TIMEOUT_MS = 15_000
# Of the head of a request, address included; beyond it the server answers 431 by itself.
HEAD_BYTES = 64 * 2**10
# Open connections of each worker. Each may hold a head that is not complete, and a file number.
CONNECTIONS = 2048
SPARE_FILES = 256
BACKLOG = 1024


def serve(settings: Settings, log_level: str = "info") -> None:
    """Serve until a signal ends it; blocks.

    Raises
    ------
    ConfigError
        The address is taken, or is none of this machine's.
    UnavailableError
        The workers could not be kept running.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from geo_service.web.workers import PatientServer

    probe_port(settings.host, settings.port)
    _share_memory()
    logging_config = log_config(settings.log_format, log_level)
    directory = metrics_files.make_directory(settings)
    # Of all workers, which are forked from here.
    freshness.share()
    server = PatientServer(
        "geo_service.web.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=resolve(settings.host)[0],
        port=settings.port,
        workers=settings.workers,
        # As many as there are connections, those that slow clients may keep, and one more.
        blocking_threads=settings.pool_size + READERS + STREAMS + 1,
        websockets=False,
        # Whoever says nothing is sent away after a while; while both are offered, nobody is.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT_MS, max_buffer_size=HEAD_BYTES),
        backlog=BACKLOG,
        backpressure=_allow_connections(),
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels(log_level),
        log_dictconfig=logging_config,
    )
    try:
        load = partial(load_app, settings, directory, logging_config)
        server.serve(target_loader=load, wrap_loader=False)
    except SystemExit as end:
        if end.code:
            raise UnavailableError(
                "The web server ended: its workers failed repeatedly (see above)."
            ) from None
    finally:
        _end_children()
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)


def load_app(settings: Settings, directory: Path | None, logging_config: dict[str, Any]) -> Any:
    """Make the application inside a worker process that dies with its parent."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        # A worker whose parent was killed ignores SIGTERM.
        die_with_parent(parent.pid, signal.SIGKILL)
    # Inherited handlers would swallow a request to stop until granian sets the worker's own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.config.dictConfig(logging_config)
    if directory is None or not metrics_files.join(directory):
        logging.getLogger(__name__).warning("no place for the workers' counters: each counts for itself")
    from geo_service.web.app import create_app
    from geo_service.web.vitals import look_after

    try:
        app = create_app(settings)
        look_after(app)
        # What is there now stays: nobody has to look through it again and again for what can be thrown away.
        gc.collect()
        gc.freeze()
        return app
    except GeoServiceError as error:
        print(f"geo-service: {error}", file=sys.stderr, flush=True)  # noqa: T201 - there is no logger yet
        sys.exit(error.exit_code)


def _share_memory() -> None:
    """Let the threads of a worker take memory from the same place: each with its own would keep what it once had.

    Large answers get places of their own, which are given back; among small pieces they would leave holes that stay.
    """
    with contextlib.suppress(AttributeError):  # only glibc has it
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def _allow_connections() -> int:
    """Take as many file numbers as may be had, and return how many connections that leaves to each worker."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return CONNECTIONS if most == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, most - SPARE_FILES))


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Ask the kernel for a signal when our parent, process `parent`, ends; end now if it has ended before."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def resolve(host: str) -> tuple[str, socket.AddressFamily]:
    """Return the numeric address of a host name, and its family."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ConfigError(f"The host {host!r} (GEO_SERVICE_HOST) is unknown: {error.strerror}.") from error
    return str(address[0]), family


def reachable_host(host: str) -> str:
    """Return where a server is asked on this machine that listens on `host`: a wildcard is no place to ask."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not listened on


def probe_port(host: str, port: int) -> None:
    """Make sure that nobody listens on the address.

    The workers share their port with SO_REUSEPORT, which would also let in the workers of another service;
    so this binds without it.

    Raises
    ------
    ConfigError
        The port is taken or forbidden, or the address is none of this machine's.
    """
    numeric, family = resolve(host)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of an earlier run that the kernel still remembers are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((numeric, port))
        except OSError as error:
            raise ConfigError(
                f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}. "
                "Stop what uses it, or choose another with GEO_SERVICE_PORT or GEO_SERVICE_HOST."
            ) from error


def _end_children() -> None:
    for child in multiprocessing.active_children():
        child.kill()


def main(arguments: list[str]) -> None:
    """Run as a process of its own; ``--parent PID`` binds its life to that process."""
    if arguments[:1] == ["--parent"]:
        # At once: the database goes as well, and the next start needs the port.
        die_with_parent(int(arguments[1]), signal.SIGKILL)
    try:
        settings = Settings.load()
        # At a person's terminal no news are good news; who wants JSON wants it all.
        serve(settings, log_level="info" if settings.log_format == "json" else "error")
    except GeoServiceError as error:
        sys.stderr.write(f"geo-service: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main(sys.argv[1:])
