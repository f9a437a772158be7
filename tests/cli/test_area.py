"""The life of an area by the command line, on the private database of a running service."""

import http.client
import json
from datetime import date, timedelta

import pytest

from geo_service.settings import PROJECT_DIR
from tests.cli.conftest import Service, run

OLD = "musterstadt-beispielgebiet-hafen"
INTO = "musterstadt-beispielgebiet-altstadt"
GONE = "musterstadt-beispielgebiet-alte-gaertnerei"
ITEMS = "/api/collections/programme-areas/items"


def get(service: Service, path: str) -> tuple[int, str, str]:
    """Return status, Location without the host, and content of an address, as a machine sees it."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        location = answer.headers.get("Location", "").removeprefix(f"http://127.0.0.1:{service.port}")
        return answer.status, location, answer.read().decode()
    finally:
        connection.close()


def area(service: Service, *arguments: str, language: str = "C.UTF-8") -> str:
    """Run a command that is to succeed; return what it told."""
    done = run("area", *arguments, **service.environment, LC_ALL=language)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_an_area_goes_through_its_life(service: Service) -> None:
    before = get(service, f"{ITEMS}/{OLD}")
    told = area(service, "withdraw", OLD, "--successor", INTO, "--dry-run")
    assert "Dry run: nothing was stored" in told
    assert get(service, f"{ITEMS}/{OLD}")[0] == 200

    told = area(service, "withdraw", OLD, "--successor", INTO, "--date", "2026-01-31", language="de_DE.UTF-8")
    assert f"{OLD}: am 2026-01-31 zurückgezogen, Nachfolger {INTO}" in told
    status, _, body = get(service, f"{ITEMS}/{OLD}")
    assert (status, json.loads(body)["successor"]) == (410, INTO)
    assert f"withdrawn on 2026-01-31, successor {INTO}" in area(service, "list", "--withdrawn", "hafen")

    told = area(service, "merge", OLD, "--into", INTO, "--amend")
    assert f"/id/programme-area/{OLD} → /id/programme-area/{INTO}" in told
    assert get(service, f"/profiles/{OLD}")[:2] == (301, f"/profiles/{INTO}")

    area(service, "restore", OLD)
    told = area(service, "rename", OLD, "--id", "musterstadt-hafen", "--name", "Am Hafen")
    assert "musterstadt-hafen: name Am Hafen, up to now Beispielgebiet Hafen" in told
    feature = json.loads(get(service, f"{ITEMS}/musterstadt-hafen")[2])
    assert feature["properties"]["name"] == "Am Hafen"
    assert get(service, f"/id/programme-area/{OLD}")[:2] == (301, "/id/programme-area/musterstadt-hafen")
    assert f"/id/programme-area/{OLD} → " in area(service, "show", "musterstadt-hafen")

    area(service, "restore", OLD)
    after = get(service, f"{ITEMS}/{OLD}")
    strip = {"updated_at"}
    pairs = [json.loads(answer[2]) for answer in (before, after)]
    for feature in pairs:
        feature["properties"] = {k: v for k, v in feature["properties"].items() if k not in strip}
    assert pairs[0] == pairs[1]
    assert get(service, "/profiles/musterstadt-hafen")[:2] == (301, f"/profiles/{OLD}")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("withdraw", "musterstadt-hafn"), 1, "musterstadt-hafn: area-unknown: there is no area"),
        (("withdraw", GONE), 1, f"{GONE}: withdrawn: was withdrawn on 2016-07-01, successor"),
        (("withdraw", OLD, "--successor", GONE), 1, f"{GONE}: successor-withdrawn: "),
        (("withdraw", OLD, "--successor", OLD), 1, f"{OLD}: same-area: "),
        (("withdraw", OLD, "--date", str(date.today() + timedelta(2))), 1, f"{OLD}: date-future: "),
        (("withdraw", OLD, "--date", "1990-01-01"), 1, f"{OLD}: date-early: "),
        (("withdraw", OLD, "--date", "soon"), 2, "--date"),
        (("withdraw",), 2, "AREA_ID"),
        (("merge", OLD, "--into", "nowhere"), 1, "nowhere: area-unknown: "),
        (("merge", OLD), 2, "--into"),
        (("merge", OLD, "--into", INTO, "--reason", "x"), 2, "--unite"),
        (("rename", OLD), 2, "--name, --id"),
        (("rename", OLD, "--id", INTO), 1, f"{INTO}: id-taken: "),
        (("rename", OLD, "--name", "\udcff"), 2, "is not in UTF-8"),
        (("restore", OLD), 1, f"{OLD}: not-withdrawn: "),
        (("show", "nowhere"), 1, "nowhere: area-unknown: "),
    ],
)
def test_what_cannot_be_done_is_said(
    service: Service, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = get(service, f"{ITEMS}/{OLD}")
    refused = run("area", *arguments, **service.environment)
    assert (refused.returncode, told in refused.stderr) == (code, True), refused.stderr
    assert "Traceback" not in refused.stderr
    assert before[0] == 200
    assert get(service, f"{ITEMS}/{OLD}") == before


def test_findings_come_in_the_language_of_the_terminal(service: Service) -> None:
    refused = run("area", "restore", OLD, **service.environment, LC_ALL="de_DE.UTF-8")
    assert f"{OLD}: not-withdrawn: ist nicht zurückgezogen" in refused.stderr


def test_the_list_goes_to_standard_output_and_its_number_does_not(service: Service) -> None:
    listed = run("area", "list", "musterstadt", **service.environment)
    lines = listed.stdout.splitlines()
    assert all(line.split()[0].startswith("musterstadt-") for line in lines)
    assert listed.stderr.strip() == f"{len(lines)} areas"
    everything = run("area", "list", "musterstadt", "--all", **service.environment)
    assert len(everything.stdout.splitlines()) > len(lines)
    assert run("area", "list", "nowhere", **service.environment).stdout == ""


def test_the_launcher_finds_the_database_for_it() -> None:
    launcher = (PROJECT_DIR / "geo-service").read_text()
    (line,) = [line for line in launcher.splitlines() if "'profile '*" in line and "'up '*" in line]
    assert "'area '*" in line
