"""Edit areas right in PostGIS; arguments: host, port, database, login, role, area_id.

Tells for each edit whether it was saved, and what QGIS showed when it was not.
"""

import sys

from qgis.core import QgsDataSourceUri, QgsFeature, QgsGeometry, QgsVectorDataProvider, QgsVectorLayer
from seen import finish, settle, start

BOW_TIE = "MultiPolygon(((390000 5710000,390010 5710010,390010 5710000,390000 5710010,390000 5710000)))"

application = start()
host, port, database, login, role, area_id = sys.argv[1:]
uri = QgsDataSourceUri()
uri.setConnection(host, port, database, login, "")
uri.setParam("options", f"-c role={role}")
uri.setDataSource("registry", "programme_area_edit", "geom", "", "area_no")
layer = QgsVectorLayer(uri.uri(False), "areas", "postgres")
settle(application)
capabilities = layer.dataProvider().capabilities()
names = ("AddFeatures", "DeleteFeatures", "ChangeGeometries", "ChangeAttributeValues")
seen = {
    "valid": layer.isValid(),
    "crs": layer.crs().authid(),
    "can": [name for name in names if capabilities & getattr(QgsVectorDataProvider, name)],
}


def edit(change):
    """Make one change and save it; leave the layer as it was when that is refused."""
    layer.startEditing()
    change()
    saved = layer.commitChanges()
    shown = "\n".join(layer.commitErrors())
    if not saved:
        layer.rollBack()
    return {"saved": saved, "shown": shown}


def area():
    """Return the area as it is now."""
    return next(layer.getFeatures(f"area_id = '{area_id}'"))


def move_vertex():
    feature = area()
    shape = QgsGeometry(feature.geometry())
    vertex = shape.vertexAt(0)
    shape.moveVertex(vertex.x() - 25, vertex.y() - 25, 0)
    layer.changeGeometry(feature.id(), shape)


def draw():
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt("MultiPolygon(((395000 5713000,395400 5713000,395400 5713400,395000 5713000)))")
    )
    feature["name"] = "Beispielgebiet Gezeichnet"
    feature["ags"] = area()["ags"]
    feature["attr_basis"] = "fictional"
    feature["released_at"] = "2024-01-01T00:00:00Z"
    layer.addFeature(feature)


index = layer.fields().indexOf
seen["vertex"] = edit(move_vertex)
seen["bow_tie"] = edit(lambda: layer.changeGeometry(area().id(), QgsGeometry.fromWkt(BOW_TIE)))
seen["code"] = edit(lambda: layer.changeAttributeValue(area().id(), index("status"), "beendet"))
seen["status"] = edit(lambda: layer.changeAttributeValue(area().id(), index("status"), "completed"))
seen["drawn"] = edit(draw)
finish(seen)
