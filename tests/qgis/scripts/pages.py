"""Read all features of a collection; argument: address of the service."""

import sys

from qgis.core import QgsVectorLayer
from seen import finish, settle, start

application = start()
layer = QgsVectorLayer(
    f"url='{sys.argv[1]}/api' typename='programme-areas' pagingEnabled='true'", "areas", "OAPIF"
)
areas = [feature["area_id"] for feature in layer.getFeatures()]
settle(application)
finish({
    "announced": layer.featureCount(),
    "read": len(areas),
    "different": len(set(areas)),
    "types": {field.name(): field.typeName() for field in layer.fields()},
})  # fmt: skip
