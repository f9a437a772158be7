"""The servers that are compared: the service, the floor, and with finished files nginx and the HTTP server alone."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from geo_service.db.cluster import Cluster

HEADERS_OF = "{name}.json"  # beside a file: the headers of the answer that it holds
PROJECT = Path(__file__).parent.parent
START_SECONDS = 60
NGINX = """
worker_processes 2; daemon off; pid {directory}/nginx.pid; error_log {directory}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; etag on;
    open_file_cache max=100; default_type application/geo+json;
    client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
    uwsgi_temp_path {directory}; scgi_temp_path {directory};
    server {{ listen 127.0.0.1:{port} backlog=1024; root {directory}/files; }}
}}
"""


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    cluster: Cluster, database: str, workers: int, *, cache_bytes: int | None = None
) -> Iterator[str]:
    """Run the service as ``geo-service serve`` does; yield its address. `cache_bytes` 0: nothing is kept."""
    settings = {
        "GEO_SERVICE_DATABASE_URL": cluster.url(database),
        "GEO_SERVICE_DATABASE_READ_URL": cluster.url(database, role="reader"),
        "GEO_SERVICE_WORKERS": str(workers),
    }
    if cache_bytes is not None:
        settings["GEO_SERVICE_CACHE_BYTES"] = str(cache_bytes)
    port = free_port()
    command = [sys.executable, "-m", "geo_service", "serve"]
    with _running(command, {**settings, "GEO_SERVICE_PORT": str(port)}, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def floor(cluster: Cluster, database: str) -> Iterator[str]:
    """Run the floor; yield its address."""
    url = cluster.url(database, role="reader").replace("postgresql+psycopg2:", "postgresql:")
    with running("benchmarks.floor", url) as address:
        yield address


@contextmanager
def bare(directory: Path) -> Iterator[str]:
    """Run the HTTP server alone on the files of a directory; yield its address."""
    with running("benchmarks.bare", str(directory)) as address:
        yield address


@contextmanager
def running(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that serves on the port that is its last argument; yield its address."""
    port = free_port()
    with _running([sys.executable, "-m", module, *arguments, str(port)], {}, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def nginx() -> Iterator[tuple[str, Path] | None]:
    """Run nginx on an empty directory; yield its address and the directory, or None where it is not installed."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    directory = Path(tempfile.mkdtemp(prefix="geo-service-nginx-", dir="/tmp"))
    directory.chmod(0o755)
    files = directory / "files"
    files.mkdir()
    port = free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(NGINX.format(directory=directory, port=port))
    try:
        with _running([program, "-e", str(directory / "error.log"), "-c", str(configuration)], {}, port):
            yield f"http://127.0.0.1:{port}", files
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _running(command: list[str], settings: Mapping[str, str], port: int) -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GEO_SERVICE_")}
    environment = {**kept, "PYTHONPATH": str(PROJECT), **settings}
    process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{' '.join(command[:4])} did not start.")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
