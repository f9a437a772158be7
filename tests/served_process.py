"""A service in a process of its own, for clients that a thread of the tests could not serve."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo_service.settings import PROJECT_DIR, Settings


@contextmanager
def served_process(program: Path, settings: Settings, log_file: Path) -> Iterator[str]:
    """Run a program that serves by the settings of its environment and prints its port; yield the address.

    Its standard error, with a line for each request, goes to `log_file`.
    """
    assert settings.database_url
    assert settings.database_read_url
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GEO_SERVICE_")},
        "GEO_SERVICE_DATABASE_URL": settings.database_url.get_secret_value(),
        "GEO_SERVICE_DATABASE_READ_URL": settings.database_read_url.get_secret_value(),
        "PYTHONPATH": str(PROJECT_DIR),
    }
    with (
        log_file.open("w") as log,
        subprocess.Popen(
            [sys.executable, str(program)], env=environ, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
