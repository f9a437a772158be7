"""A real QGIS: Debian's Python runs scripts with PyQGIS against the service and tells as JSON what it saw."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, text

from geo_service.db.cluster import Cluster
from geo_service.settings import Settings
from tests.many_areas import make_areas
from tests.qgis.serve import IN_WORK
from tests.served_process import served_process

PYTHON = Path("/usr/bin/python3")
HERE = Path(__file__).parent
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# The first version that can ask for a CRS (OGC API - Features - Part 2), and the first that sends filters.
ASKS_FOR_CRS, SENDS_FILTERS = 32800, 33200
# QGIS makes a collection's extent in a thread that is gone when it wants to transform it (mended in
# November 2025, qgis/QGIS pull request 63984): it notices itself and says so, with any server and CRS but CRS84.
EXTENT_NOTICED = "OAPIF: Layer extent reported by the server is not correct"
MANY = 2300  # three pages of a thousand
PATIENCE_S = 60  # a script takes two seconds

served: list[str] = []  # addresses of all that is served
hangs: list[str] = []  # where QGIS was when it hung

Run = Callable[..., dict[str, Any]]


@contextmanager
def serve(settings: Settings, log_file: Path) -> Iterator[str]:
    """Serve everything in another process; yield the address."""
    with served_process(HERE / "serve.py", settings, log_file) as address:
        served.append(address)
        try:
            yield address
        finally:
            served.remove(address)


class HangError(Exception):
    """A script did not end. The message tells where QGIS was, `owed` how many answers it was waiting for."""

    def __init__(self, where: str, owed: int) -> None:
        super().__init__(where)
        self.owed = owed


def _finished(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            owed = sum(map(requests_in_work, served))
            process.kill()
            raise HangError(process.communicate()[1][-2000:], owed) from None
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def requests_in_work(address: str) -> int:
    """Return how many requests are not yet answered to their end."""
    with urlopen(f"{address}{IN_WORK}", timeout=10) as answer:
        return int(answer.read())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how often QGIS hung, so that it is noticed should it become more."""
    for hang in hangs:
        terminalreporter.line(f"QGIS hung and was tried once more: {hang}", yellow=True)


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service writes a line for each request."""
    return tmp_path_factory.mktemp("served") / "requests.log"


@pytest.fixture(scope="session")
def service(sample_database: str, make_settings: Callable[..., Settings], log_file: Path) -> Iterator[str]:
    """Address of the service with the sample data."""
    with serve(make_settings(sample_database), log_file) as address:
        yield address


@pytest.fixture(scope="session")
def many_service(
    cluster: Cluster,
    clone: Callable[[str], str],
    database_template: str,
    make_settings: Callable[..., Settings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Address of a service with thousands of areas, which come in pages."""
    name = clone(database_template)
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        make_areas(connection, MANY)
    engine.dispose()
    with serve(make_settings(name), tmp_path_factory.mktemp("many") / "requests.log") as address:
        yield address


@pytest.fixture(scope="session")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a function that runs a script of this folder in QGIS and returns the JSON on its last line.

    Nothing of the environment of the tests reaches QGIS: no other Python's packages, no settings of a user.
    """
    home = tmp_path_factory.mktemp("qgis")
    home.chmod(0o700)
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
    }
    found = subprocess.run([PYTHON, "-c", "import qgis.core"], env=environ, capture_output=True, text=True)
    if found.returncode != 0:
        pytest.fail(
            "These tests need QGIS's Python library for /usr/bin/python3: apt-get install python3-qgis, or run "
            f"them by ./geo-service test --qgis as root, which installs it.\n{found.stderr[-500:]}",
            pytrace=False,
        )

    def _run(script: str, *arguments: object) -> dict[str, Any]:
        command = [str(PYTHON), str(HERE / "scripts" / script), *map(str, arguments)]
        try:
            done = _finished(command, environ)
        except HangError as hang:
            # QGIS itself hangs now and then: not where the service still owes it an answer, and not twice.
            hangs.append(f"{script}: {hang}")
            if hang.owed:
                raise
            done = _finished(command, environ)
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        result["messages"] = [one for one in result["messages"] if not one.startswith(EXTENT_NOTICED)]
        return result

    return _run


@pytest.fixture(scope="session")
def version(qgis: Run) -> int:
    """The version of QGIS, such as 32216."""
    number: int = qgis("version.py")["version"]
    return number


@pytest.fixture(scope="session")
def crs_query(version: int) -> str:
    """What to add to the address of a file so that this version of QGIS reads the right CRS from it."""
    return "" if version >= ASKS_FOR_CRS else f"&crs={CRS84}"


@pytest.fixture(scope="session")
def download(service: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that downloads a file of the service under the name that it is given there."""
    folder = tmp_path_factory.mktemp("downloads")

    def _download(path: str, language: str = "de", query: str = "") -> Path:
        with urlopen(f"{service}/api{path}?lang={language}{query}") as answer:
            name = answer.headers.get_filename()
            file = folder / f"{language}{'-old' if query else ''}-{name}"
            file.write_bytes(answer.read())
        return file

    return _download


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are kept; QGIS_PICTURES names a folder to look at them later."""
    kept = os.environ.get("QGIS_PICTURES")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="session")
def stored(sample_database_url: str) -> Callable[[str], Any]:
    """Return a function that asks the database for one value."""

    def _ask(statement: str) -> Any:
        engine = create_engine(sample_database_url)
        with engine.connect() as connection:
            found = connection.execute(text(statement)).scalar_one()
        engine.dispose()
        return found

    return _ask
