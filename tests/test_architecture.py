"""The arrows between the packages go one way, and files stay small enough to hold one idea."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "geo_service"
ALLOWED = {
    "domain": set(),
    "db": {"domain"},
    "ingest": {"domain", "db"},
    "ogc": {"domain", "db", "ingest"},
    "web": {"domain", "db", "ogc"},
    "cli": {"domain", "db", "ingest", "ogc", "web"},
}
COMMON = {"errors", "settings"}
SOURCES = sorted(PACKAGE.rglob("*.py"))


def imported(source):
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative imports hide the direction"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(source):
    package = source.relative_to(PACKAGE).parts[0]
    if package not in ALLOWED:
        return
    for name in imported(source):
        parts = name.split(".")
        if parts[0] == "geo_service" and len(parts) > 1 and parts[1] not in COMMON | {package, "__version__"}:
            assert parts[1] in ALLOWED[package], f"{package} must not import {name}"


def test_only_ogc_has_heard_of_pygeoapi():
    guilty = [s for s in SOURCES if any(name.split(".")[0] == "pygeoapi" for name in imported(s))]
    assert all(source.relative_to(PACKAGE).parts[0] == "ogc" for source in guilty)
    assert guilty, "the frame is in use"


def test_the_domain_does_no_input_or_output():
    sources = [source for source in SOURCES if source.is_relative_to(PACKAGE / "domain")]
    assert sources
    for source in sources:
        forbidden = {"os", "pathlib", "sqlalchemy", "psycopg2", "flask", "pyogrio", "socket", "subprocess"}
        assert not forbidden & {name.split(".")[0] for name in imported(source)}, source


@pytest.mark.parametrize("module", ["geo_service.cli", "geo_service.web.app", "geo_service.ogc"])
def test_importing_reads_no_environment_and_loads_no_frame(module):
    import subprocess

    code = f"import {module}, sys; assert 'pygeoapi' not in sys.modules"
    environment = {"PYTHONPATH": str(PACKAGE.parent), "GEO_SERVICE_PORT": "not a number"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_files_hold_one_idea():
    long = {str(s.relative_to(PACKAGE)): n for s in SOURCES if (n := len(s.read_text().splitlines())) > 350}
    assert not long
