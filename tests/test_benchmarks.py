"""Every benchmark starts: what nobody runs for a while would otherwise fall behind what it measures."""

import runpy
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted(
    f"benchmarks.{path.stem}"
    for path in (Path(__file__).parent.parent / "benchmarks").glob("*.py")
    if "ArgumentParser(" in path.read_text()
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_says_how_it_is_called(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(name, run_name="__main__")
    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_there_are_scripts():
    assert "benchmarks.load" in SCRIPTS
    assert "benchmarks.__main__" in SCRIPTS
