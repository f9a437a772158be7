"""The styles for QGIS say what the field definitions, the code lists and the map style say, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from geo_service.domain.code_lists import LANGUAGES, STATUS
from geo_service.domain.collections import (
    COLLECTIONS,
    MUNICIPALITIES,
    PROGRAMME_AREA_POINTS,
    PROGRAMME_AREAS,
    Collection,
)
from geo_service.domain.map_look import PALETTE_KEY, UNKNOWN, scale_at, value_at
from geo_service.domain.qgis.fields import NULL_KEY, PAGES, alias
from geo_service.domain.qgis.files import layer_definition
from geo_service.domain.qgis.layers import FeatureLayer
from geo_service.domain.qgis.styles import LayerStyle, layer_style
from geo_service.settings import PROJECT_DIR

LOOK = json.loads((PROJECT_DIR / "config" / "map-style.json").read_text(encoding="utf-8"))


def qml(collection: Collection, language: str = "de", **changes) -> Element:
    return ElementTree.fromstring(layer_style(LayerStyle(collection, language, LOOK, **changes)))


def settings_of(layer: Element) -> dict[str, str]:
    return {one.get("name"): one.get("value") for one in layer.find("Option")}


def options(widget: Element) -> Iterator[tuple[str, str]]:
    for pair in widget.iterfind("config/Option/Option[@name='map']/Option/Option"):
        yield pair.get("name"), pair.get("value")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "collection", [PROGRAMME_AREAS, PROGRAMME_AREA_POINTS], ids=lambda one: one.collection_id
)
def test_each_status_is_a_category_with_the_legends_noun(collection: Collection, language: str) -> None:
    found = {one.get("value"): one.get("label") for one in qml(collection, language).iterfind(".//category")}

    expected = {entry.code: entry.legend_label.text(language) for entry in STATUS}
    assert found == {**expected, "": STATUS.null.legend_label.text(language)}


def test_the_categories_stand_in_the_order_of_the_map() -> None:
    assert [one.get("value") for one in qml(PROGRAMME_AREAS).iterfind(".//category")] == [
        "ongoing", "completed", "planned", "",
    ]  # fmt: skip


def test_areas_have_the_maps_colours_and_patterns() -> None:
    document, palette = qml(PROGRAMME_AREAS), LOOK["metadata"][PALETTE_KEY]
    classes = {"hatch": "LinePatternFill", "dots": "PointPatternFill"}

    categories = document.findall(".//category")
    assert len(categories) == len(palette)
    for category in categories:
        look = palette[category.get("value") or UNKNOWN]
        layers = document.findall(f"renderer-v2/symbols/symbol[@name='{category.get('symbol')}']/layer")
        red, green, blue = (int(look["colour"][at : at + 2], 16) for at in (1, 3, 5))
        assert settings_of(layers[0])["color"].startswith(f"{red},{green},{blue},")
        patterns = [one.get("class") for one in layers if one.get("class").endswith("PatternFill")]
        assert patterns == [classes[look["pattern"]] for _ in [0] if look["pattern"] in classes]


def test_the_outline_of_a_schematic_boundary_is_dashed_and_that_of_an_official_one_is_not() -> None:
    symbols = qml(PROGRAMME_AREAS).findall("renderer-v2/symbols/symbol")
    assert len(symbols) == 4
    for symbol in symbols:
        dashes = {}
        for line in symbol.iterfind("layer[@class='SimpleLine']"):
            condition = line.find("data_defined_properties/Option/Option/Option/Option[@name='expression']")
            dashes[condition.get("value")] = settings_of(line)["use_custom_dash"]
        assert dashes == {"\"geom_basis\" = 'official'": "0", "\"geom_basis\" = 'schematic'": "1"}


@pytest.mark.parametrize("language, note", [
    ("de", "gestrichelter Umriss: schematische Abgrenzung"), ("en", "dashed outline: schematic boundary"),
])  # fmt: skip
def test_the_legend_says_what_the_dashes_mean(language: str, note: str) -> None:
    document = qml(PROGRAMME_AREAS, language)

    assert document.find("userNotes").get("value") == note
    layer = FeatureLayer(
        LayerStyle(PROGRAMME_AREAS, language, LOOK), "https://example.org/api", "Areas", "", ""
    )
    tree = ElementTree.fromstring(layer_definition(layer)).find("layer-tree-group/layer-tree-layer")
    title = tree.find("customproperties/Option/Option[@name='legend/title-label']").get("value")
    assert title == f"Areas\n({note})"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda one: one.collection_id)
def test_every_field_has_its_title_and_a_form_that_only_shows(collection: Collection, language: str) -> None:
    document = qml(collection, language)

    aliases = {one.get("field"): one.get("name") for one in document.iterfind("aliases/alias")}
    assert aliases == {field.name: alias(field, language) for field in collection.fields}
    assert all(aliases.values())
    assert document.get("readOnly") == "1"
    editable = {one.get("name"): one.get("editable") for one in document.iterfind("editable/field")}
    assert {editable[field.name] for field in collection.fields} == {"0"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda one: one.collection_id)
def test_coded_fields_show_their_labels(collection: Collection, language: str) -> None:
    document, seen = qml(collection, language), 0
    for field in collection.fields:
        widget = document.find(f"fieldConfiguration/field[@name='{field.name}']/editWidget")
        if field.code_list is None or field.type == "string-array":
            assert widget.get("type") != "ValueMap", field.name
            continue
        expected = {code.label.text(language): code.code for code in field.code_list}
        if field.code_list.null:
            expected[field.code_list.null.label.text(language)] = NULL_KEY
        assert widget.get("type") == "ValueMap"
        assert dict(options(widget)) == expected
        seen += 1
    assert seen >= 1


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda one: one.collection_id)
def test_numbers_have_a_widget_that_knows_null(collection: Collection) -> None:
    document = qml(collection)
    for field in collection.fields:
        widget = document.find(f"fieldConfiguration/field[@name='{field.name}']/editWidget")
        is_number = field.type in ("integer", "number") and not field.technical
        assert (widget.get("type") == "Range") == is_number, field.name
        if is_number:
            settings = {one.get("name"): one.get("value") for one in widget.iterfind("config/Option/Option")}
            assert settings["AllowNull"] == "true"
            assert settings["Precision"] == ("0" if field.type == "integer" else "2")


def test_technical_fields_are_hidden_in_form_and_table() -> None:
    document = qml(PROGRAMME_AREAS)
    hidden = {
        one.get("name")
        for one in document.iterfind("fieldConfiguration/field")
        if one.find("editWidget").get("type") == "Hidden"
    }
    columns = document.iterfind("attributetableconfig/columns/column[@type='field']")

    assert hidden == {"id", "fid", "ags_all", "status_de", "status_en"}
    assert {one.get("name") for one in columns if one.get("hidden") == "1"} == hidden


@pytest.mark.parametrize("language, title", [("de", "Stadtteilprofil öffnen"), ("en", "Open profile")])
def test_the_profile_is_one_click_away(language: str, title: str) -> None:
    for collection in (PROGRAMME_AREAS, PROGRAMME_AREA_POINTS):
        document = qml(collection, language)
        action = document.find("attributeactions/actionsetting")
        assert (action.get("name"), action.get("type"), action.get("action")) == (
            title,
            "5",
            '[% "profile_url" %]',
        )
        assert document.find("attributeactions/defaultAction").get("value") == action.get("id")
        assert title in document.findtext("mapTip")
    assert qml(MUNICIPALITIES, language).find("attributeactions/actionsetting") is None


def test_files_hold_several_values_as_text() -> None:
    def widget(arrays: str) -> str:
        document = qml(PROGRAMME_AREAS, arrays=arrays)
        return document.find("fieldConfiguration/field[@name='programmes']/editWidget").get("type")

    assert (widget("list"), widget("text")) == ("List", "TextEdit")


def test_municipalities_are_points_or_areas_as_they_come() -> None:
    points, areas = (
        qml(MUNICIPALITIES, geometry_type="Point"),
        qml(MUNICIPALITIES, geometry_type="MultiPolygon"),
    )

    assert points.find("renderer-v2/symbols/symbol").get("type") == "marker"
    assert areas.find("renderer-v2/symbols/symbol").get("type") == "fill"
    assert (points.findtext("layerGeometryType"), areas.findtext("layerGeometryType")) == ("0", "2")


def test_names_appear_from_the_scale_on_that_the_map_has() -> None:
    rendering = qml(PROGRAMME_AREAS).find("labeling/settings/rendering")
    zoom = next(one["minzoom"] for one in LOOK["layers"] if one["id"] == "area-label")

    assert rendering.get("scaleMax") == str(scale_at(LOOK, zoom))
    assert 100_000 < scale_at(LOOK, zoom) < 200_000


def test_stops_are_joined_by_straight_lines() -> None:
    curve = ["interpolate", ["linear"], ["zoom"], 8, 1, 12, 3]

    assert [value_at(curve, zoom) for zoom in (2, 8, 9, 12, 20)] == [1, 1, 1.5, 3, 3]
    assert value_at(4, 10) == 4


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda one: one.collection_id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_expressions_name_fields_that_there_are(collection: Collection, language: str) -> None:
    document = qml(collection, language)
    known = {field.name for field in collection.fields}

    texts = [document.findtext("mapTip"), document.findtext("previewExpression")]
    texts += [one.get("action") for one in document.iterfind("attributeactions/actionsetting")]
    texts += [one.get("filter") or "" for one in document.iterfind("labeling//rule")]
    outside = " ".join(re.sub(r"'[^']*'|<[^\[]*?>", "", text) for text in texts)
    assert set(re.findall(r'"(\w+)"', outside)) <= known
    labelled = {one.get("fieldName") for one in document.iter("text-style")}
    assert labelled <= known
    attribute = document.find("renderer-v2").get("attr")
    assert attribute is None or attribute in known


def test_each_kind_of_page_opens_under_its_name() -> None:
    for collection in COLLECTIONS.values():
        pages = [field.name for field in collection.fields if field.name in PAGES]
        actions = [one.get("name") for one in qml(collection).iterfind("attributeactions/actionsetting")]
        assert actions == [PAGES[name].de for name in pages]
