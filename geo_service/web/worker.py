"""What a worker process does: it makes the application, and serves it until it is told to end."""

from __future__ import annotations

import gc
import logging
import logging.config
import resource
import socket
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn

from geo_service.errors import GeoServiceError
from geo_service.settings import Settings
from geo_service.web import metrics_files
from geo_service.web.at_once import AtOnce
from geo_service.web.bodies import READERS, STREAMS
from geo_service.web.connection import Connection
from geo_service.web.wsgi import Threads

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed.wsgi import WSGIApplication

GRACE_S = 10
# Open connections of each worker. Each may hold a head that is not complete, and a file number.
CONNECTIONS = 2048
SPARE_FILES = 256
BACKLOG = 1024
TICKS_PER_S = 10


class Server(uvicorn.Server):
    """The server of one process; it also ends connections whose clients let it wait for a request."""

    async def on_tick(self, counter: int) -> bool:
        """Do what is to be done ten times a second; return whether it is time to end."""
        if counter % TICKS_PER_S == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.end_if_late()
        return await super().on_tick(counter)


def make_server(app: WSGIApplication, threads: int, at_once: AtOnce | None = None) -> Server:
    """Make a server for a WSGI application; ``run([listen(address)])`` serves until SIGTERM or SIGINT.

    What runs when the signal comes is answered first, for up to `GRACE_S`.

    Parameters
    ----------
    threads : int
        Requests that are answered at a time; what `at_once` knows takes no thread.
    """
    connection = partial(Connection, threads=Threads(app, threads, at_once), most=_allow_connections())
    config = uvicorn.Config(
        _no_asgi,
        http=connection,  # type: ignore[arg-type]
        loop="uvloop",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=2**31,  # ours is shorter, and holds for half a head, too
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config)


async def _no_asgi(_scope: object, _receive: object, _send: object) -> None:
    """Stand where uvicorn looks for an application; connections give their requests to threads."""


def listen(address: tuple[str, int]) -> socket.socket:
    """Return a socket on a numeric IP address and a port, which other processes may listen on as well."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind(address)
    return listening


def work(
    settings: Settings, address: tuple[str, int], directory: Path | None, logging_config: dict[str, Any]
) -> None:
    """Serve the application of this service; the body of a worker process."""
    logging.config.dictConfig(logging_config)
    if directory is None or not metrics_files.join(directory):
        logging.getLogger(__name__).warning("no place for the workers' counters: each counts for itself")
    from geo_service.web.app import create_app
    from geo_service.web.vitals import look_after

    try:
        app = create_app(settings)
    except GeoServiceError as error:
        sys.stderr.write(f"geo-service: {error}\n")
        sys.exit(error.exit_code)
    look_after(app)
    # What is there now stays: nobody has to look through it again and again for what can be thrown away.
    gc.collect()
    gc.freeze()
    # As many as there are connections, those that slow clients may keep, and one more.
    threads = settings.pool_size + READERS + STREAMS + 1
    make_server(app, threads, app.extensions["geo_service_at_once"]).run([listen(address)])


def _allow_connections() -> int:
    """Take as many file numbers as may be had, and return how many connections that leaves."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return CONNECTIONS if most == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, most - SPARE_FILES))
