"""Open a downloaded GeoPackage; arguments: file, picture. Tells what its layers are like and what GDAL relates."""

import sys

from osgeo import gdal
from qgis.core import QgsVectorLayer
from seen import describe, finish, render, settle, start

application = start()
path, picture = sys.argv[1:]
layers = {
    name: QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    for name in ("programme_areas", "municipalities")
}
settle(application)
gdal.UseExceptions()
dataset = gdal.OpenEx(path, gdal.OF_VECTOR)
related = [dataset.GetRelationship(name).GetRightTableName() for name in dataset.GetRelationshipNames() or []]
drawn = render(list(layers.values()), picture, (340000, 5690000, 420000, 5740000))
finish(
    {"layers": {name: describe(layer) for name, layer in layers.items()}, "related": related, "drawn": drawn}
)
