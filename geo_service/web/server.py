"""The web server: several worker processes that listen on one address, none of which outlives its parent.

``python -m geo_service.web.server`` serves until SIGTERM or SIGINT. It is started by the supervisor
(``geo-service up``), which names itself with ``--parent`` and so takes the server with it when it dies, or by
``geo-service serve`` in the foreground.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import sys

from geo_service.db import freshness
from geo_service.errors import ConfigError, GeoServiceError, UnavailableError
from geo_service.settings import Settings
from geo_service.web import metrics_files
from geo_service.web.logs import log_config
from geo_service.web.workers import Workers, WorkersFailError, die_with_parent

M_ARENA_MAX, ARENAS = -8, 2
M_MMAP_THRESHOLD, LARGE_BYTES = -3, 2**20
# Longer than the workers give to requests that run.
GRACE_S = 12.0


def serve(settings: Settings, log_level: str = "info") -> None:
    """Serve until a signal ends it; blocks.

    Raises
    ------
    ConfigError
        The address is taken, or is none of this machine's.
    UnavailableError
        The workers could not be kept running.
    """
    probe_port(settings.host, settings.port)
    _share_memory()
    logging_config = log_config(settings.log_format, log_level)
    directory = metrics_files.make_directory(settings)
    # Of all workers, which are forked from here.
    freshness.share()
    address = (resolve(settings.host)[0], settings.port)

    def work() -> None:
        # Heavy, and of no use to this process.
        from geo_service.web.worker import work as be_worker

        be_worker(settings, address, directory, logging_config)

    try:
        Workers(settings.workers, work, GRACE_S).run()
    except WorkersFailError:
        raise UnavailableError("The web server ended: its workers failed repeatedly (see above).") from None
    finally:
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)


def _share_memory() -> None:
    """Let the threads of a worker take memory from the same place: each with its own would keep what it once had.

    Large answers get places of their own, which are given back; among small pieces they would leave holes that stay.
    """
    with contextlib.suppress(AttributeError):  # only glibc has it
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


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
