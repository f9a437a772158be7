"""The GeoPackage of a whole collection opens styled in QGIS, with what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo_service.domain.code_lists import STATUS
from geo_service.domain.collections import MUNICIPALITIES, PROGRAMME_AREAS
from geo_service.domain.qgis.fields import alias
from tests.qgis.conftest import Run

LANGUAGES = ("de", "en")
DOWNLOAD = "/collections/programme-areas/download/programme_areas.gpkg"


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(
    request: pytest.FixtureRequest, qgis: Run, download: Callable[..., Path], pictures: Path
) -> tuple[str, dict[str, Any]]:
    """Language, and what QGIS tells of the file in it."""
    language: str = request.param
    return language, qgis("package.py", download(DOWNLOAD, language), pictures / f"package-{language}.png")


def test_it_opens_without_a_warning_and_looks_like_the_map(
    opened: tuple[str, dict[str, Any]], stored: Callable[[str], Any]
) -> None:
    language, seen = opened
    areas, towns = seen["layers"]["programme_areas"], seen["layers"]["municipalities"]

    assert seen["messages"] == seen["drawn"]["errors"] == []
    assert areas["count"] == stored("SELECT count(*) FROM publication.programme_area")
    assert towns["count"] == stored("SELECT count(*) FROM publication.municipality")
    assert (areas["crs"], towns["crs"]) == ("EPSG:25832", "EPSG:25832")
    legend = {code.legend_label.text(language) for code in (*STATUS, STATUS.null) if code}
    assert {label for _value, label, _layers in areas["categories"]} == legend
    # Hatching of completed areas (colours of the map style).
    assert seen["drawn"]["colours"].get("#0f7a5f", 0) > 5
    assert not areas["read_only"]  # a copy of one's own


def test_fields_speak_the_language_of_the_file(opened: tuple[str, dict[str, Any]]) -> None:
    language, seen = opened
    for collection in (PROGRAMME_AREAS, MUNICIPALITIES):
        aliases = seen["layers"][collection.layer_name]["aliases"]
        assert {field.name: aliases[field.name] for field in collection.fields} == {
            field.name: alias(field, language) for field in collection.fields
        }


def test_the_profile_is_one_click_away(opened: tuple[str, dict[str, Any]], service: str) -> None:
    _language, seen = opened
    (action,) = seen["layers"]["programme_areas"]["actions"]

    assert action[2].startswith(f"{service}/profiles/")


def test_tables_are_related_to_the_areas(opened: tuple[str, dict[str, Any]]) -> None:
    _language, seen = opened

    assert sorted(seen["related"]) == [
        "documents", "milestones", "municipalities", "profile_sections", "programme_periods",
    ]  # fmt: skip
