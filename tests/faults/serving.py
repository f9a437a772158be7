"""The service as it is really served: a process of its own with workers, on a database of a test."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo_service.settings import PROJECT_DIR
from tests.cli.conftest import children, clean_environment, free_port
from tests.waiting import wait_until

ITEMS = "/api/collections/programme-areas/items"


@dataclass
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Served:
    """``geo-service serve``."""

    home: Path
    database_url: str
    read_url: str = ""
    workers: int = 2
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    wrapper: tuple[str, ...] = ()

    @property
    def log_file(self) -> Path:
        return self.home / "serve.log"

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def start(self) -> None:
        environment = {
            "GEO_SERVICE_HOME": str(self.home),
            "GEO_SERVICE_PORT": str(self.port),
            "GEO_SERVICE_DATABASE_URL": self.database_url,
            "GEO_SERVICE_DATABASE_READ_URL": self.read_url,
            "GEO_SERVICE_LOG_FORMAT": "json",
            **{f"GEO_SERVICE_{name.upper()}": value for name, value in self.settings.items()},
        }
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *self.wrapper,
                    sys.executable,
                    "-P",
                    "-m",
                    "geo_service",
                    "serve",
                    "--workers",
                    str(self.workers),
                ],
                env=clean_environment(**environment),
                cwd=PROJECT_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        ready = wait_until(lambda: self.process.poll() is not None or self.status("/readyz") == 200, 60)
        assert ready, self.log
        assert self.process.poll() is None, self.log
        assert wait_until(lambda: len(self.worker_pids()) == self.workers), self.log

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            finally:
                self.process.kill()
                self.process.wait()

    def worker_pids(self) -> list[int]:
        assert self.process is not None
        return children(self.process.pid)

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 60,
    ) -> Answer:
        """Ask on a connection of its own."""
        return ask(self.port, path, method, headers, body, timeout)

    def status(self, path: str, timeout: float = 10) -> int | None:
        """Return the status of an answer; None where there is none."""
        try:
            return self.ask(path, timeout=timeout).status
        except (OSError, http.client.HTTPException):
            return None

    def metric(self, name: str) -> float:
        """Return the sum of a metric's samples."""
        lines = self.ask("/metrics").text.splitlines()
        return sum(
            float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name} ", f"{name}{{"))
        )


def ask(
    port: int,
    path: str,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    timeout: float = 60,
    host: str = "127.0.0.1",
) -> Answer:
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    began = time.monotonic()
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, response.headers, content, time.monotonic() - began)
    finally:
        connection.close()
