"""Filter as the query builder does; arguments: address of the service, filters."""

import sys

from qgis.core import QgsVectorLayer
from seen import finish, settle, start

application = start()
result = {}
for expression in sys.argv[2:]:
    layer = QgsVectorLayer(f"url='{sys.argv[1]}/api' typename='programme-areas'", "areas", "OAPIF")
    set_ = layer.setSubsetString(expression)
    result[expression] = {"set": set_, "areas": sorted(feature["area_id"] for feature in layer.getFeatures())}
settle(application)
finish({"filters": result})
