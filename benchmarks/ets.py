"""Run an executable test suite of OGC (features or tiles) on the sample data and print what it finds.

    python -m benchmarks.ets [--suite tiles] [--jar ets-ogcapi-features10-1.9-aio.jar] [--url http://127.0.0.1:5000/api]

Needs Java 17. A suite is ``org.opengis.cite:ets-ogcapi-features10`` or ``ets-ogcapi-tiles10`` with everything that
it depends on in one jar (classifier ``aio``); without ``--jar`` Maven is asked for it. The service runs in this
process, on a private database with the sample data, unless ``--url`` names another one. Ends with 1 when a test
failed and with 2 when the suite could not be run.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import create_engine
from werkzeug.serving import WSGIRequestHandler, make_server

from geo_service.db.cluster import temporary_cluster
from geo_service.db.migrate import migrate
from geo_service.ingest.sample import load_sample
from geo_service.settings import PROJECT_DIR, Settings
from geo_service.web.app import create_app


@dataclass(frozen=True)
class Suite:
    """One test suite: artifact of ``org.opengis.cite``, package of its main class, and what it asks for."""

    artifact: str
    version: str
    package: str
    arguments: dict[str, str]

    @property
    def main_class(self) -> str:
        return f"org.opengis.cite.{self.package}.TestNGController"


TILES = "collections/programme-areas/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"
SUITES = {
    "features": Suite("ets-ogcapi-features10", "1.9", "ogcapifeatures10", {"noofcollections": "-1"}),
    # Tiles of the sample data that are not empty: an empty one is a 204, which the suite does not expect.
    "tiles": Suite(
        "ets-ogcapi-tiles10",
        "1.2",
        "ogcapitiles10",
        {
            "noofcollections": "-1",
            "tilematrixsetdefinitionuri": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
            "urltemplatefortiles": f"{{url}}/{TILES}",
            "tilematrix": "8",
            "mintilerow": "85",
            "maxtilerow": "85",
            "mintilecol": "132",
            "maxtilecol": "133",
        },
    ),
}
# Without the document type of Java's properties: its DTD would be fetched.
PROPERTIES = """<?xml version="1.0" encoding="UTF-8"?>
<properties version="1.0">{entries}</properties>
"""
STATUSES = {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}


class Unavailable(Exception):
    """The suite cannot be run here; the text says what is missing."""


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The suite sends thousands of requests."""


@contextmanager
def served_sample() -> Iterator[str]:
    """Serve the sample data from a private cluster and yield the address of the landing page."""
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as home:
        cluster.create_database("ets")
        owner = create_engine(cluster.url("ets"))
        migrate(owner)
        load_sample(owner, PROJECT_DIR / "data")
        owner.dispose()
        settings = Settings.load(
            {},
            home=Path(home),
            database_url=cluster.url("ets"),
            database_read_url=cluster.url("ets", role="reader"),
        )
        server = make_server(
            "127.0.0.1", 0, create_app(settings), threaded=True, request_handler=QuietHandler
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}/api"
        finally:
            server.shutdown()


def program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"{name} is not installed.")
    return path


def fetch_suite(suite: Suite, directory: Path) -> Path:
    """Have Maven bring the all-in-one jar of the suite."""
    command = [
        program("mvn"), "--batch-mode", "-Dstyle.color=never", "--quiet",
        "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
        f"-Dartifact=org.opengis.cite:{suite.artifact}:{suite.version}:jar:aio", f"-DoutputDirectory={directory}",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    jars = list(directory.glob(f"{suite.artifact}-*.jar"))
    if done.returncode or not jars:
        reason = next((line for line in done.stdout.splitlines() if "ERROR" in line), done.stderr.strip())
        raise Unavailable(
            f"Maven does not bring {suite.artifact} {suite.version}; name the jar with --jar.\n{reason}"
        )
    return jars[0]


def run_suite(suite: Suite, jar: Path, url: str, directory: Path) -> Path:
    """Run the suite against `url` and return the file with TestNG's results."""
    arguments = {"iut": url, **suite.arguments}
    entries = "".join(
        f'<entry key="{key}">{escape(text.replace("{url}", url))}</entry>' for key, text in arguments.items()
    )
    properties = directory / "properties.xml"
    properties.write_text(PROPERTIES.format(entries=entries), encoding="utf-8")
    command = [
        program("java"), "-Djava.awt.headless=true", "-cp", str(jar), suite.main_class, "-o", str(directory),
        str(properties),
    ]  # fmt: skip
    with (directory / "suite.log").open("w") as log:
        subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
    results = sorted(directory.rglob("testng-results.xml"))
    if not results:
        end = (directory / "suite.log").read_text(errors="replace")[-2000:]
        raise Unavailable(f"The suite left no results:\n{end}")
    return results[-1]


def summarise(results: Path) -> tuple[dict[tuple[str, str], Counter[str]], dict[str, list[str]]]:
    """Count results by group and class of the suite; collect the messages of failed and skipped tests."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    messages: dict[str, list[str]] = defaultdict(list)
    for group in ET.parse(results).getroot().iter("test"):
        for one in group.iter("class"):
            name = one.get("name", "").rpartition(".")[2]
            for method in one.iter("test-method"):
                if method.get("is-config") == "true" and method.get("status") == "PASS":
                    continue
                status = STATUSES[method.get("status", "FAIL")]
                counts[group.get("name", ""), name][status] += 1
                if status != "passed":
                    text = method.findtext("exception/message") or ""
                    messages[status].append(f"{name}.{method.get('name')}: {' '.join(text.split())[:600]}")
    return counts, messages


def report(counts: dict[tuple[str, str], Counter[str]], messages: dict[str, list[str]]) -> None:
    print("| group | class | passed | failed | skipped |\n|---|---|--:|--:|--:|")
    for (group, name), count in counts.items():
        print(f"| {group} | {name} | {count['passed']} | {count['failed']} | {count['skipped']} |")
    total: Counter[str] = sum(counts.values(), Counter())
    print(f"| **all** | | **{total['passed']}** | **{total['failed']}** | **{total['skipped']}** |")
    for status, texts in messages.items():
        print(f"\n{status}:")
        for text, number in Counter(texts).items():
            print(f"- {text}" + (f" ({number} times)" if number > 1 else ""))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--suite", choices=list(SUITES), default="features")
    parser.add_argument("--jar", type=Path, help="the suite with all that it depends on")
    parser.add_argument("--url", help="landing page of a service that runs already")
    parser.add_argument("--keep", type=Path, help="directory for the suite's own results")
    chosen = parser.parse_args()
    suite = SUITES[chosen.suite]
    with tempfile.TemporaryDirectory() as temporary:
        directory = chosen.keep or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        try:
            program("java")
            jar = (chosen.jar or fetch_suite(suite, directory)).absolute()
            if chosen.url:
                results = run_suite(suite, jar, chosen.url, directory)
            else:
                with served_sample() as url:
                    results = run_suite(suite, jar, url, directory)
        except Unavailable as error:
            print(error, file=sys.stderr)
            return 2
        counts, messages = summarise(results)
        report(counts, messages)
    return 1 if any(count["failed"] for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
