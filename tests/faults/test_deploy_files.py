"""The examples for systemd and containers, held against the project as far as that goes without either."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys

from geo_service.settings import PROJECT_DIR, Settings
from tests.cli.conftest import clean_environment, run

DEPLOY = PROJECT_DIR / "config" / "deploy"
INSTRUCTIONS = {
    "FROM",
    "RUN",
    "WORKDIR",
    "COPY",
    "ENV",
    "USER",
    "EXPOSE",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "ENTRYPOINT",
    "CMD",
}


def instructions() -> list[tuple[str, str]]:
    lines = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def environment() -> dict[str, str]:
    values = " ".join(text for name, text in instructions() if name == "ENV")
    return dict(part.split("=", 1) for part in shlex.split(values))


def commands(name: str) -> list[str]:
    return next(json.loads(text) for known, text in instructions() if known == name)


def test_the_container_file_has_instructions_that_exist_and_two_stages():
    assert {name for name, _ in instructions()} <= INSTRUCTIONS
    assert [text.split() for name, text in instructions() if name == "FROM"] == [
        ["docker.io/library/debian:13-slim", "AS", "build"],
        ["docker.io/library/debian:13-slim"],
    ]
    assert [text for name, text in instructions() if name == "USER"] == ["geo-service"], "never as root"


def test_what_is_copied_is_there_and_all_that_the_service_reads_is_copied():
    copied = set()
    for text in (text for name, text in instructions() if name == "COPY"):
        *sources, _ = [part for part in text.split() if not part.startswith("--")]
        if "--from=" not in text:
            copied |= set(sources)
            for source in sources:
                assert (PROJECT_DIR / source).exists(), source
    assert {
        "geo_service",
        "config",
        "data",
        "pygeoapi-config.yml",
        "requirements.lock",
        "package-lock.json",
    } <= copied


def test_its_packages_are_installed_as_the_launcher_does():
    runs = " ".join(text for name, text in instructions() if name == "RUN")
    assert "pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements.lock" in runs
    assert "npm ci --omit=dev --ignore-scripts" in runs
    for script in [text for name, text in instructions() if name == "RUN"]:
        assert subprocess.run(["sh", "-n", "-c", script], capture_output=True).returncode == 0, script


def test_its_settings_are_settings_and_its_command_is_one():
    ours = {name: value for name, value in environment().items() if name.startswith("GEO_SERVICE_")}
    loaded = Settings.load(ours)
    assert (loaded.host, loaded.port, loaded.log_format) == ("0.0.0.0", 5000, "json")
    assert [text for name, text in instructions() if name == "EXPOSE"] == ["5000"]
    program, *arguments = [*commands("ENTRYPOINT"), *commands("CMD")]
    assert program == "python3"
    shown = subprocess.run(
        [sys.executable, *arguments, "--help"],
        env=clean_environment(),
        capture_output=True,
        text=True,
        cwd=PROJECT_DIR,
    )
    assert shown.returncode == 0
    assert "--workers" in shown.stdout


def test_its_health_check_knows_a_healthy_service(served):
    text = next(text for name, text in instructions() if name == "HEALTHCHECK")
    program, *arguments = json.loads(text[text.index("[") :])
    assert program == "python3"
    for port, healthy in ((served.port, True), (9, False)):
        asked = [part.replace("127.0.0.1:5000", f"127.0.0.1:{port}") for part in arguments]
        assert asked != arguments
        done = subprocess.run([sys.executable, *asked], capture_output=True)
        assert (done.returncode == 0) is healthy


def test_the_variables_of_the_example_are_settings():
    lines = [line.lstrip("#") for line in (DEPLOY / "geo-service.env").read_text().splitlines()]
    values = dict(line.split("=", 1) for line in lines if re.match(r"GEO_SERVICE_\w+=", line))
    loaded = Settings.load(values)
    assert loaded.trusted_proxies == ("127.0.0.1/32", "::1/128")
    for name, value in environment().items():
        assert values.get(name, value) == value, f"{name}: the example would undo what a container needs"
    assert "replica2.example.org" in loaded.database_read_url.get_secret_value()


def test_the_unit_starts_what_there_is(tmp_path):
    text = (DEPLOY / "geo-service.service").read_text()
    parser = configparser.RawConfigParser(strict=True, allow_no_value=True)
    parser.optionxform = str
    parser.read_string(text)
    assert set(parser.sections()) == {"Unit", "Service", "Install"}
    program, command = parser["Service"]["ExecStart"].split()
    assert program.endswith("/geo-service")
    assert (PROJECT_DIR / "geo-service").exists()
    assert run(command, "--help").returncode == 0
    assert int(parser["Service"]["TimeoutStopSec"]) > 20, "longer than the server waits for running requests"


def test_systemd_understands_the_unit(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        return  # a machine without systemd; the test above has read the unit
    unit = tmp_path / "geo-service.service"
    text = (DEPLOY / "geo-service.service").read_text()
    unit.write_text(text.replace("/opt/geo-service/", f"{PROJECT_DIR}/"))
    checked = subprocess.run([program, "verify", "--man=no", str(unit)], capture_output=True, text=True)
    complaints = [line for line in checked.stderr.splitlines() if "geo-service.service" in line]
    assert complaints == []
