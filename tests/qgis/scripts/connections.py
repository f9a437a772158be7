"""Connect as a connection file says; arguments: kind of provider (OAPIF, vectortile), address, template of tiles."""

import sys

from qgis.core import QgsVectorLayer, QgsVectorTileLayer
from seen import finish, settle, start

application = start()
features = QgsVectorLayer(f"url='{sys.argv[1]}' typename='municipalities'", "towns", "OAPIF")
tiles = QgsVectorTileLayer(f"type=xyz&url={sys.argv[2]}&zmin={sys.argv[3]}&zmax={sys.argv[4]}", "tiles")
settle(application)
finish({"features": features.isValid(), "count": features.featureCount(), "tiles": tiles.isValid()})
