"""Make the pictures of the page *In QGIS öffnen* from QGIS itself, with the sample data.

Run by Debian's Python, which has PyQGIS, while a service with the sample data runs::

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 tests/qgis/pictures.py http://127.0.0.1:5000 geo_service/web/static/img

The pictures show widgets of QGIS (layer panel, map, form, query builder) with the files that the service gives.
"""

from __future__ import annotations

import sys
import urllib.request
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsLayerTreeModel,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsAttributeForm, QgsGui, QgsLayerTreeView, QgsMapCanvas, QgsQueryBuilder
from qgis.PyQt.QtCore import QEventLoop, QLocale, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QFont, QImage
from qgis.PyQt.QtWidgets import QHBoxLayout, QWidget

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MUSTERSTADT = QgsRectangle(457200, 5655600, 466200, 5662000)
FILTER = '"status" = \'ongoing\' AND "start_year" >= 2015'
COLOURS = 96  # what a palette needs for flat areas with smooth edges


def main() -> None:
    """Make all pictures in both languages."""
    service, folder = sys.argv[1], Path(sys.argv[2])
    application = QgsApplication([], True)
    application.initQgis()
    application.setStyle("Fusion")
    application.setFont(QFont("DejaVu Sans", 8))
    QgsGui.editorWidgetRegistry().initEditors()
    for language in ("de", "en"):
        numbers = QLocale({"de": "de_DE", "en": "en_GB"}[language])
        numbers.setNumberOptions(QLocale.OmitGroupSeparator)  # as the application has it
        QLocale.setDefault(numbers)
        layer = load(
            f"{service}/api/collections/programme-areas/qgis/programme_areas.qlr?lang={language}&crs={CRS84}"
        )
        save(panel_and_map(layer), folder / f"qgis-layer.{language}.png")
        save(form(layer), folder / f"qgis-form.{language}.png", height=780)
        save(query_builder(layer), folder / f"qgis-filter.{language}.png")
        QgsProject.instance().clear()


def load(url: str):
    """Drag a layer definition into the project, so to speak."""
    with TemporaryDirectory() as folder, urllib.request.urlopen(url) as answer:
        file = Path(folder) / "layer.qlr"
        file.write_bytes(answer.read())
        project = QgsProject.instance()
        project.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
        loaded, message = QgsLayerDefinition.loadLayerDefinition(str(file), project, project.layerTreeRoot())
    assert loaded, message
    (layer,) = project.mapLayers().values()
    return layer


def panel_and_map(layer) -> QWidget:
    """Show the layer panel beside the map."""
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    tree = QgsLayerTreeView()
    tree.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), tree))
    tree.setFixedWidth(300)
    tree.setHeaderHidden(True)
    tree.expandAll()
    canvas = QgsMapCanvas()
    canvas.setCanvasColor(QColor("#ebeae2"))
    canvas.setLayers([layer])
    canvas.setDestinationCrs(QgsProject.instance().crs())
    row.addWidget(tree)
    row.addWidget(canvas)
    show(window, QSize(880, 520))
    done = QEventLoop()
    canvas.mapCanvasRefreshed.connect(done.quit)
    QTimer.singleShot(20_000, done.quit)
    canvas.setExtent(MUSTERSTADT)
    canvas.refresh()
    done.exec()
    wait(1500)
    return window


def form(layer) -> QWidget:
    """Show the form of one area."""
    feature = next(
        layer.getFeatures(QgsFeatureRequest().setFilterExpression("\"area_id\" LIKE '%gartenstadt%'"))
    )
    widget = QgsAttributeForm(layer, feature)
    show(widget, QSize(641, 780))
    return widget


def query_builder(layer) -> QWidget:
    """Show the query builder with a filter."""
    dialog = QgsQueryBuilder(layer)
    dialog.setSql(FILTER)
    show(dialog, QSize(700, 500))
    return dialog


def show(widget: QWidget, size: QSize) -> None:
    """Show a widget in a size, and let it draw itself."""
    widget.setAttribute(Qt.WA_DontShowOnScreen)
    widget.resize(size)
    widget.show()
    wait(600)


def wait(milliseconds: int) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def save(widget: QWidget, file: Path, height: int = 0) -> None:
    """Save what a widget shows with a palette of its most frequent colours, a third of the size."""
    image = widget.grab().toImage().convertToFormat(QImage.Format_RGB32)
    image = image.copy(0, 0, image.width(), height or image.height())
    pixels = image.constBits().asstring(image.sizeInBytes())
    counted = Counter(pixels[at : at + 4] for at in range(0, len(pixels), 4))
    table = [int.from_bytes(colour, "little") | 0xFF000000 for colour, _ in counted.most_common(256)]
    image = image.convertToFormat(QImage.Format_Indexed8, table)
    assert image.save(str(file), "PNG", 0), file
    print(file, image.width(), image.height(), file.stat().st_size)  # noqa: T201 - a program


if __name__ == "__main__":
    main()
