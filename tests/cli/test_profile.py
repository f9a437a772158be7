"""Profiles by the command line: out, looked through, in; on the private database of a running service."""

from pathlib import Path

import pytest

from tests.cli.conftest import Service, run

AREA = "musterstadt-beispielgebiet-altstadt"


@pytest.fixture
def folder(service: Service, tmp_path: Path) -> Path:
    written = run("profile", "get", str(tmp_path), AREA, **service.environment)
    assert written.returncode == 0, written.stderr
    assert "1 profile written" in written.stderr
    return tmp_path / AREA


def test_what_was_got_is_put_back_without_a_change(service: Service, folder: Path) -> None:
    assert (folder / "documents" / "kurzfassung-handlungskonzept.pdf").read_bytes().startswith(b"%PDF")
    for where in (folder, folder.parent):
        put = run("profile", "put", str(where), **service.environment)
        assert put.returncode == 0, put.stderr
        assert "1 profile read: 0 changed, 1 unchanged" in put.stderr
    again = run("profile", "get", str(folder.parent), AREA, **service.environment)
    assert again.returncode == 2
    assert "--overwrite" in again.stderr


def test_a_change_is_told_and_shown_by_the_running_service(service: Service, folder: Path) -> None:
    import urllib.request

    path = folder / "de" / "outlook.md"
    before = path.read_text()
    path.write_text(before + "\nEin neuer Satz.\n")
    trial = run("profile", "put", "--dry-run", str(folder), **service.environment, LC_ALL="de_DE.UTF-8")
    assert trial.returncode == 0, trial.stderr
    assert f"{AREA}: Texte (1 geändert)" in trial.stderr
    assert "nichts wurde gespeichert" in trial.stderr
    put = run("profile", "put", str(folder), **service.environment)
    assert f"{AREA}: texts (1 changed)" in put.stderr
    address = f"http://127.0.0.1:{service.port}/profiles/{AREA}?f=html"
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert "Ein neuer Satz." in answer.read().decode()
    path.write_text(before)
    assert run("profile", "put", str(folder), **service.environment).returncode == 0


def test_faults_are_told_with_file_and_line_and_nothing_changes(service: Service, folder: Path) -> None:
    (folder / "de" / "outlook.md").write_text("Would be new.\n")
    with (folder / "profile.toml").open("a") as file:
        file.write("\n[[milestones]]\nyear = 'soon'\n")
    line = len((folder / "profile.toml").read_text().splitlines())
    for command in ("put", "check"):
        refused = run("profile", command, str(folder), **service.environment)
        assert refused.returncode == 1
        assert f"{AREA}/profile.toml:{line}: type: “year” is no number" in refused.stderr
        assert "nothing was changed" in refused.stderr


def test_a_check_tells_what_is_missing_and_is_strict_when_asked(service: Service, folder: Path) -> None:
    run_check = ("profile", "check", str(folder))
    assert run(*run_check, "--strict", **service.environment).returncode == 0
    (folder / "en" / "outlook.md").unlink()
    relaxed = run(*run_check, **service.environment)
    assert relaxed.returncode == 0
    assert f"{AREA}/en: section-missing: 1 of 7 sections are missing: outlook.md" in relaxed.stderr
    assert run(*run_check, "--strict", **service.environment).returncode == 1
    stored = run("profile", "check", **service.environment)
    assert stored.returncode == 0
    assert "130 profiles looked through" in stored.stderr


def test_unknown_areas_and_directories_are_said(service: Service, tmp_path: Path) -> None:
    unknown = run("profile", "get", str(tmp_path / "out"), "nowhere", **service.environment)
    assert (unknown.returncode, "nowhere" in unknown.stderr) == (1, True)
    assert run("profile", "put", str(tmp_path / "nothing"), **service.environment).returncode == 2
    empty = run("profile", "put", str(tmp_path), **service.environment)
    assert (empty.returncode, "no folder of a profile" in empty.stderr) == (1, True)
