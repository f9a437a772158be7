"""Every benchmark starts: what nobody runs for a while would otherwise fall behind what it measures."""

import runpy
import sys
from pathlib import Path

import mapbox_vector_tile
import pytest

from benchmarks.rows import is_tile_alike

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


def tile(*counts):
    features = [{"geometry": "POINT (1 1)", "properties": {}}]
    return mapbox_vector_tile.encode(
        [{"name": f"layer-{number}", "features": features * count} for number, count in enumerate(counts)]
    )


@pytest.mark.parametrize(
    ("theirs", "alike"),
    [
        (tile(40, 20), True),
        (tile(18, 38), True),
        (tile(40, 17), False),
        (tile(40), False),
        (tile(60), False),
        (b"", False),
    ],
)
def test_a_tile_of_another_server_has_the_same_layers_and_nearly_all_features(theirs, alike):
    assert is_tile_alike(theirs, tile(40, 20)) is alike
