"""Fields in QGIS: aliases, codes with their labels, forms to read, map tips, and the way to the profile."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from geo_service.domain.code_lists import CodeList, Label
from geo_service.domain.collections import NOT_SORTABLE, Collection
from geo_service.domain.fields import Field
from geo_service.domain.qgis.xml import column, element, option, quoted, text_element

Arrays = Literal["list", "text"]

OPEN_PROFILE = Label("Stadtteilprofil öffnen", "Open profile")
OPEN_URL = "5"  # kind of an action
# The page that describes a feature, by the field that holds its address.
PAGES = {"profile_url": OPEN_PROFILE, "event_url": Label("Veranstaltung öffnen", "Open event")}
# What stands for a missing value in the list of a ValueMap, and what providers add to the fields.
NULL_KEY = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"
PROVIDER_FIELDS = ("id", "fid")
DATES = Label("dd.MM.yyyy", "yyyy-MM-dd")
TIMES = Label("dd.MM.yyyy HH:mm", "yyyy-MM-dd HH:mm")
DECIMALS = 2  # of hectares
LARGEST = 2**31 - 1  # what fits into a whole number of a form
TIP_FIELDS = (
    "begin_date",
    "place",
    "municipality",
    "district",
    "status",
    "programme",
    "start_year",
    "end_year",
    "geom_basis",
)


def field_elements(
    collection: Collection, language: str, arrays: Arrays, *, read_only: bool
) -> list[Element]:
    """Return everything of a layer's style that is about its fields."""
    return [
        element(
            "fieldConfiguration",
            {},
            *(_field_widget(name, "Hidden", {}) for name in PROVIDER_FIELDS),
            *(_configuration(field, language, arrays) for field in collection.fields),
        ),
        element("aliases", {}, *_aliases(collection, language)),
        _actions(collection, language),
        _table(collection, language),
        text_element("editform", "", {"tolerant": 1}),
        text_element("editorlayout", "generatedlayout"),
        text_element("featformsuppress", "0"),
        element("editable", {}, *_editable(collection, read_only)),
        text_element("previewExpression", column(name_field(collection, language))),
        text_element("mapTip", map_tip(collection, language), {"enabled": 1}),
    ]


def label_expression(field: Field, code_list: CodeList, language: str) -> str:
    """Return an expression that turns a field's code into its label."""
    name = column(field.name)
    cases = [
        f"WHEN {name} = {quoted(code.code)} THEN {quoted(code.label.text(language))}" for code in code_list
    ]
    if code_list.null is not None:
        cases.append(f"WHEN {name} IS NULL THEN {quoted(code_list.null.label.text(language))}")
    return f"CASE {' '.join(cases)} END"


def map_tip(collection: Collection, language: str) -> str:
    """Return the map tip: name, the facts that are known, and the link to the profile."""
    rows = "".join(_tip_row(field, language) for field in map(collection.field, TIP_FIELDS) if field)
    title = f"<b>[% {_as_html(column(name_field(collection, language)))} %]</b>"
    link = ""
    page = page_of(collection)
    if page:
        name, label = page
        link = f'<p><a href="[% {column(name)} %]">{escape(label.text(language))}</a></p>'
    return f"{title}<table>{rows}</table>{link}"


def name_field(collection: Collection, language: str) -> str:
    """Return the field that says what a feature is called, in a language where there are several."""
    names = ("name", f"title_{language}", collection.id_column)
    return next(name for name in names if collection.field(name))


def page_of(collection: Collection) -> tuple[str, Label] | None:
    """Return the field with the address of a feature's page, and what opening it is called."""
    return next(((name, label) for name, label in PAGES.items() if collection.field(name)), None)


def alias(field: Field, language: str) -> str:
    """Return what a field is called where its codes are shown by their labels."""
    labelled = field.code_list is not None and field.type == "string"
    return (field.code_list.title if labelled and field.code_list else field.title).text(language)


def _as_html(expression: str) -> str:
    """Return an expression whose text means itself in HTML."""
    return f"replace({expression}, map('&', '&amp;', '<', '&lt;'))"


def _tip_row(field: Field, language: str) -> str:
    value = column(field.name)
    if field.code_list is not None:
        value = label_expression(field, field.code_list, language)
    title = quoted(escape(alias(field, language)))
    # An expression of its own for each row, so that an unknown value leaves no empty row.
    row = f"'<tr><td>' || {title} || '</td><td>' || {_as_html(value)} || '</td></tr>'"
    return f"[% coalesce({row}, '') %]"


def _configuration(field: Field, language: str, arrays: Arrays) -> Element:
    kind, settings = _widget(field, language, arrays)
    return _field_widget(field.name, kind, settings)


def _field_widget(name: str, kind: str, settings: dict[str, Any]) -> Element:
    widget = element("editWidget", {"type": kind}, element("config", {}, option(settings)))
    return element("field", {"name": name, "configurationFlags": "None"}, widget)


def _widget(field: Field, language: str, arrays: Arrays) -> tuple[str, dict[str, Any]]:
    if field.technical:
        return "Hidden", {}
    if field.type == "string-array":
        return ("List", {}) if arrays == "list" else ("TextEdit", {"IsMultiline": False, "UseHtml": False})
    if field.code_list is not None:
        return "ValueMap", {"map": [{label: code} for label, code in _value_map(field.code_list, language)]}
    if field.type in ("date", "date-time"):
        shown, stored = (DATES, "yyyy-MM-dd") if field.type == "date" else (TIMES, "yyyy-MM-dd HH:mm:ss")
        return "DateTime", {
            "allow_null": True,
            "calendar_popup": True,
            "display_format": shown.text(language),
            "field_format": stored,
            "field_iso_format": field.type == "date-time",
        }
    if field.type == "url":
        return "ExternalResource", {
            "UseLink": True,
            "FullUrl": True,
            "FileWidget": True,
            "FileWidgetButton": False,
            "DocumentViewer": 0,
            "StorageMode": 0,
            "RelativeStorage": 0,
        }
    if field.type in ("integer", "number"):
        # A line of text shows a missing number as 0. This widget needs room below its least number to show NULL.
        places = 0 if field.type == "integer" else DECIMALS
        limits = {"Min": 0, "Max": LARGEST, "Step": 1, "Precision": places}
        return "Range", {**limits, "AllowNull": True, "Style": "SpinBox"}
    return "TextEdit", {"IsMultiline": field.name in NOT_SORTABLE, "UseHtml": False}


def _value_map(code_list: CodeList, language: str) -> Iterator[tuple[str, str]]:
    for code in code_list:
        yield code.label.text(language), code.code
    if code_list.null is not None:
        yield code_list.null.label.text(language), NULL_KEY


def _aliases(collection: Collection, language: str) -> Iterator[Element]:
    for position, field in enumerate(collection.fields):
        yield element("alias", {"field": field.name, "index": position, "name": alias(field, language)})


def _actions(collection: Collection, language: str) -> Element:
    page = page_of(collection)
    if page is None:
        return element("attributeactions")
    name, label = page
    key = f"{{{uuid5(NAMESPACE_URL, f'{collection.collection_id}/open-page')}}}"
    title = label.text(language)
    action = {
        "id": key,
        "name": title,
        "shortTitle": title,
        "type": OPEN_URL,
        "action": f"[% {column(name)} %]",
        "icon": "",
        "capture": 0,
        "isEnabledOnlyWhenEditable": 0,
        "notificationMessage": "",
    }
    scopes = (element("actionScope", {"id": scope}) for scope in ("Canvas", "Feature", "Field"))
    return element(
        "attributeactions",
        {},
        element("defaultAction", {"key": "Canvas", "value": key}),
        element("actionsetting", action, *scopes),
    )


def _table(collection: Collection, language: str) -> Element:
    names = [(name, True) for name in PROVIDER_FIELDS]
    names += [(field.name, field.technical) for field in collection.fields]
    columns = [
        element("column", {"type": "field", "name": name, "hidden": hidden, "width": -1})
        for name, hidden in names
    ]
    columns.append(element("column", {"type": "actions", "hidden": page_of(collection) is None, "width": -1}))
    attributes = {
        "actionWidgetStyle": "buttonList",
        "sortExpression": column(name_field(collection, language)),
        "sortOrder": 0,
    }
    return element("attributetableconfig", attributes, element("columns", {}, *columns))


def _editable(collection: Collection, read_only: bool) -> Iterator[Element]:
    for name in (*PROVIDER_FIELDS, *(field.name for field in collection.fields)):
        yield element("field", {"name": name, "editable": not read_only})
