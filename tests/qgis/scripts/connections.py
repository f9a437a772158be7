"""Connect as a connection file says; arguments: kind of provider (OAPIF, vectortile), address, template of tiles."""

import sys

from qgis.core import QgsVectorTileLayer
from seen import connect, finish, settle, start

application = start()
features = connect(sys.argv[1], "municipalities")
tiles = QgsVectorTileLayer(f"type=xyz&url={sys.argv[2]}&zmin={sys.argv[3]}&zmax={sys.argv[4]}", "tiles")
settle(application)
finish({"features": features.isValid(), "count": features.featureCount(), "tiles": tiles.isValid()})
