"""What scripts in QGIS share: start it, gather its messages, render, tell what a layer is like."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsEditFormConfig,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsGui
from qgis.PyQt.QtCore import QSize, QVariant
from qgis.PyQt.QtGui import QColor

UTM = QgsCoordinateReferenceSystem("EPSG:25832")
GROUND = "#ebeae2"
HANGS_AFTER_S = 50  # less than the patience of the tests
messages: list[str] = []
kept: list[QgsProject | QgsVectorLayer] = []


def start() -> QgsApplication:
    """Start QGIS and listen to what it has to say; should it hang, tell where."""
    faulthandler.dump_traceback_later(HANGS_AFTER_S)
    application = QgsApplication([], True)
    application.initQgis()
    QgsGui.editorWidgetRegistry().initEditors()
    application.messageLog().messageReceived.connect(
        lambda text, tag, level: messages.append(f"{tag}: {text}") if level != Qgis.Info else None
    )
    return application


def finish(result: dict) -> None:
    """Tell the tests what was seen, and all warnings; then leave without taking QGIS down."""
    print(json.dumps({**result, "messages": messages}))  # noqa: T201 - the tests read it
    sys.stdout.flush()
    os._exit(0)


def connect(address: str, collection: str) -> QgsVectorLayer:
    """Connect to a collection; the layer stays until the end.

    QGIS 3.22 can hang when a layer goes whose features another thread still fetches (about one time in a hundred).
    """
    layer = QgsVectorLayer(
        f"url='{address}' typename='{collection}' pagingEnabled='true'", collection, "OAPIF"
    )
    kept.append(layer)
    return layer


def load_definition(file: str) -> list:
    """Load a layer definition into a project of its own; return its layers."""
    project = QgsProject()
    kept.append(project)
    project.setCrs(UTM)
    loaded, message = QgsLayerDefinition.loadLayerDefinition(file, project, project.layerTreeRoot())
    if not loaded:
        messages.append(message)
    return list(project.mapLayers().values())


def settle(application: QgsApplication, seconds: float = 1.0) -> None:
    """Let messages of other threads arrive."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.02)


def render(layers: list, file: str, box: tuple[float, float, float, float]) -> dict:
    """Render layers in EPSG:25832; return the errors and how often each colour occurs."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(900, 640))
    settings.setDestinationCrs(UTM)
    settings.setBackgroundColor(QColor(GROUND))
    settings.setExtent(QgsRectangle(*box))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(file)
    counts: dict[str, int] = {}
    for y in range(0, image.height(), 2):
        for x in range(0, image.width(), 2):
            name = QColor(image.pixel(x, y)).name()
            counts[name] = counts.get(name, 0) + 1
    return {"errors": [error.message for error in job.errors()], "colours": counts, "scale": settings.scale()}


def in_form(layer, index: int, value) -> str:
    """Return how the form shows a value."""
    wrapper = QgsGui.editorWidgetRegistry().create(layer, index, None, None)
    wrapper.setValues(value, [])
    return wrapper.widget().text()


def describe(layer) -> dict:
    """Return what the tests want to know about a vector layer."""
    fields = layer.fields()
    form: QgsEditFormConfig = layer.editFormConfig()
    features = list(layer.getFeatures())  # to the end, so that no thread is left at work
    feature = features[0] if features else None
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    if feature is not None:
        context.setFeature(feature)
    renderer = layer.renderer()
    categories = [
        [category.value(), category.label(), [part.layerType() for part in category.symbol().symbolLayers()]]
        for category in getattr(renderer, "categories", list)()
    ]
    return {
        "valid": layer.isValid(),
        "name": layer.name(),
        "crs": layer.crs().authid(),
        "provider_crs": layer.dataProvider().crs().authid(),
        "count": layer.featureCount(),
        "read_only": layer.readOnly(),
        "labels": layer.labelsEnabled(),
        "display": layer.displayExpression(),
        "categories": categories,
        "types": {field.name(): field.typeName() for field in fields},
        "aliases": {field.name(): layer.attributeAlias(index) for index, field in enumerate(fields)},
        "widgets": {
            field.name(): layer.editorWidgetSetup(index).type() for index, field in enumerate(fields)
        },
        "codes": {
            field.name(): [
                pair for one in layer.editorWidgetSetup(index).config().get("map", []) for pair in one.items()
            ]
            for index, field in enumerate(fields)
            if layer.editorWidgetSetup(index).type() == "ValueMap"
        },
        "missing_numbers": {
            field.name(): in_form(layer, index, QVariant(field.type()))
            for index, field in enumerate(fields)
            if field.isNumeric() and layer.editorWidgetSetup(index).type() != "Hidden"
        },
        "numbers": {
            field.name(): in_form(layer, index, 2008)
            for index, field in enumerate(fields)
            if field.isNumeric() and layer.editorWidgetSetup(index).type() != "Hidden"
        },
        "form_read_only": all(form.readOnly(index) for index in range(fields.count())),
        "actions": [
            [
                action.name(),
                int(action.type()),
                QgsExpression.replaceExpressionText(action.command(), context),
                sorted(action.actionScopes()),
            ]
            for action in layer.actions().actions()
        ],
        "tip": QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context),
        "first": feature["name"] if feature is not None and "name" in layer.fields().names() else None,
    }
