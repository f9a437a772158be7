"""Every generated file, loaded by QGIS: no warning, and what is in it is what the declarations say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from geo_service.domain.code_lists import LANGUAGES, STATUS
from geo_service.domain.collections import (
    COLLECTIONS,
    MUNICIPALITIES,
    PROGRAMME_AREA_POINTS,
    PROGRAMME_AREAS,
)
from geo_service.domain.qgis.fields import NULL_KEY, alias
from tests.qgis.conftest import ASKS_FOR_CRS, Run
from tests.qgis.field_types import TYPES

# What the sample data has features of: an empty collection shows QGIS before 3.44 no fields at all.
FILLED = (PROGRAMME_AREAS, PROGRAMME_AREA_POINTS, MUNICIPALITIES)
OPEN_PROFILE = {"de": "Stadtteilprofil öffnen", "en": "Open profile"}
# By MapLibre's style: fill of ongoing areas over the ground, and the lines of the patterns.
ONGOING_OUTLINE, COMPLETED, PLANNED = "#0b5cad", "#0f7a5f", "#c2510a"


@pytest.fixture(scope="module")
def loaded(qgis: Run, download: Callable[..., Path], crs_query: str, pictures: Path) -> dict[str, Any]:
    """All layer definitions in both languages, as this version of QGIS needs them."""
    files = [
        download(f"/collections/{one.collection_id}/qgis/{one.layer_name}.qlr", language, crs_query)
        for one in COLLECTIONS.values()
        for language in LANGUAGES
    ]
    files += [download("/qgis/vector_tiles.qlr", language) for language in LANGUAGES]
    return qgis("definitions.py", pictures, *files)


def layer_of(loaded: dict[str, Any], language: str, name: str) -> dict[str, Any]:
    (found,) = (
        layer
        for file, layer in loaded["layers"].items()
        if file.startswith(language) and file.endswith(f"-{name}.qlr")
    )
    result: dict[str, Any] = found
    return result


def test_nothing_was_warned_about(loaded: dict[str, Any]) -> None:
    assert loaded["messages"] == []
    assert all(layer["valid"] for layer in loaded["layers"].values())
    assert not any(layer[box]["errors"] for layer in loaded["layers"].values() for box in ("near", "far"))


@pytest.mark.parametrize("collection", FILLED, ids=lambda one: one.collection_id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_is_in_the_crs_of_its_data_and_says_what_it_is(
    loaded: dict[str, Any], language: str, collection: Any, version: int, stored: Callable[[str], Any]
) -> None:
    layer = layer_of(loaded, language, collection.layer_name)

    assert layer["name"] == collection.title.text(language)
    assert layer["count"] == stored(f"SELECT count(*) FROM publication.{collection.table}")
    assert layer["crs"] == layer["provider_crs"] == ("EPSG:25832" if version >= ASKS_FOR_CRS else "EPSG:4326")
    assert layer["read_only"]
    assert layer["form_read_only"]
    assert layer["labels"]
    assert layer["display"] == '"name"'


@pytest.mark.parametrize("collection", FILLED, ids=lambda one: one.collection_id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_have_their_types_titles_and_labels(
    loaded: dict[str, Any], language: str, collection: Any
) -> None:
    layer = layer_of(loaded, language, collection.layer_name)

    for field in collection.fields:
        assert layer["types"][field.name] in TYPES[field.type], field.name
        assert layer["aliases"][field.name] == alias(field, language)
        if field.technical:
            assert layer["widgets"][field.name] == "Hidden", field.name
        elif field.code_list is not None and field.type == "string":
            expected = [[code.label.text(language), code.code] for code in field.code_list]
            if field.code_list.null:
                expected.append([field.code_list.null.label.text(language), NULL_KEY])
            assert layer["codes"][field.name] == expected, field.name
    assert layer["widgets"]["id"] == "Hidden"


@pytest.mark.parametrize("name", ["programme_areas", "programme_area_points"])
def test_a_missing_number_is_no_zero_in_the_form(loaded: dict[str, Any], name: str) -> None:
    layer = layer_of(loaded, "de", name)

    assert layer["missing_numbers"].keys() == {"start_year", "end_year", "area_ha", "population", "sections"}
    assert set(layer["missing_numbers"].values()) == {"NULL"}
    assert layer["numbers"]["start_year"] == "2008", "a year has no thousands"


@pytest.mark.parametrize("name", ["programme_areas", "programme_area_points"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_status_has_its_category_and_pattern(loaded: dict[str, Any], language: str, name: str) -> None:
    categories = layer_of(loaded, language, name)["categories"]

    labels = {entry.code: entry.legend_label.text(language) for entry in STATUS}
    assert {value: label for value, label, _ in categories} == {
        **labels, "": STATUS.null.legend_label.text(language),
    }  # fmt: skip
    if name == "programme_areas":
        layers = {value: kinds for value, _, kinds in categories}
        lines = ["SimpleLine", "SimpleLine"]
        assert layers == {
            "ongoing": ["SimpleFill", *lines],
            "completed": ["SimpleFill", "LinePatternFill", *lines],
            "planned": ["SimpleFill", "PointPatternFill", *lines],
            "": ["SimpleFill", *lines],
        }


@pytest.mark.parametrize("name", ["programme_areas", "programme_area_points"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_profile_opens_from_the_map_and_from_the_tip(
    loaded: dict[str, Any], language: str, name: str, service: str
) -> None:
    layer = layer_of(loaded, language, name)

    ((title, kind, address, scopes),) = layer["actions"]
    assert (title, kind) == (OPEN_PROFILE[language], 5)
    assert address.startswith(f"{service}/profiles/")
    assert scopes == ["Canvas", "Feature", "Field"]
    assert layer["first"] in layer["tip"]
    assert f'<a href="{address}">{title}</a>' in layer["tip"]


def test_municipalities_have_no_profile(loaded: dict[str, Any]) -> None:
    layer = layer_of(loaded, "de", MUNICIPALITIES.layer_name)

    assert layer["actions"] == []
    assert "href" not in layer["tip"]


@pytest.mark.parametrize("name", ["programme_areas", "vector_tiles"])
def test_colours_and_patterns_of_the_map_are_drawn(loaded: dict[str, Any], name: str) -> None:
    colours = layer_of(loaded, "de", name)["near"]["colours"]

    for colour in (ONGOING_OUTLINE, COMPLETED, PLANNED):
        assert colours.get(colour, 0) > 30, colour


@pytest.mark.parametrize("language", LANGUAGES)
def test_vector_tiles_load_in_web_mercator(loaded: dict[str, Any], language: str) -> None:
    layer = layer_of(loaded, language, "vector_tiles")

    assert layer["crs"] == "EPSG:3857"
    assert sum(layer["far"]["colours"].values()) > layer["far"]["colours"]["#ebeae2"]


def test_the_file_for_new_versions_says_epsg_25832(download: Callable[..., Path]) -> None:
    file = download("/collections/programme-areas/qgis/programme_areas.qlr")
    layer = ElementTree.parse(file).find("maplayers/maplayer")

    assert layer.findtext("srs/spatialrefsys/authid") == "EPSG:25832"
    assert "srsname='EPSG:25832'" in layer.findtext("datasource")


def test_styles_fit_layers_that_somebody_has_already(
    qgis: Run, service: str, download: Callable[..., Path]
) -> None:
    files = {
        one.collection_id: download(f"/collections/{one.collection_id}/qgis/{one.layer_name}.qml", "en")
        for one in COLLECTIONS.values()
    }
    seen = qgis("styles.py", service, *(part for pair in files.items() for part in pair))

    assert seen["messages"] == []
    for collection in COLLECTIONS.values():
        layer = seen["layers"][collection.collection_id]
        assert layer["loaded"], layer["message"]
        assert len(layer["categories"]) == (len(STATUS.codes) + 1 if collection.field("status") else 0)
        if collection in FILLED:
            assert layer["aliases"]["name"] == "Name"
            assert layer["form_read_only"]


def test_the_style_of_ogc_api_styles_is_that_of_the_areas(download: Callable[..., Path]) -> None:
    by_style = download("/styles/status", "de", "&f=qml").read_bytes()
    by_collection = download("/collections/programme-areas/qgis/programme_areas.qml").read_bytes()

    assert by_style == by_collection


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_project_opens_on_the_region_with_its_background_off(
    qgis: Run,
    download: Callable[..., Path],
    crs_query: str,
    pictures: Path,
    language: str,
    stored: Callable[[str], Any],
) -> None:
    seen = qgis("project.py", download("/qgis/programme_areas.qgs", language, crs_query), pictures)

    assert seen["messages"] == []
    assert seen["read"], seen["error"]
    assert seen["crs"] == "EPSG:25832"
    labels, areas, towns, background = seen["layers"]
    assert all(layer["valid"] and layer["on"] for layer in (labels, areas, towns))
    assert areas["name"] == PROGRAMME_AREAS.title.text(language)
    assert towns["name"] == MUNICIPALITIES.title.text(language)
    assert not background["on"]
    assert "basemapde" in background["source"]
    west, south, east, north = seen["box"]
    easting, northing = (
        stored(f"SELECT {function}(geom) FROM publication.programme_area LIMIT 1")
        for function in ("ST_XMin", "ST_YMin")
    )
    assert west < easting < east
    assert south < northing < north
    for box in ("far", "near"):
        assert not seen[box]["errors"]
    assert seen["near"]["colours"].get(ONGOING_OUTLINE, 0) > 30
