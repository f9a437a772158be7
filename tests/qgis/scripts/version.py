"""Tell the version of QGIS."""

from qgis.core import Qgis
from seen import finish, start

start()
finish({"version": Qgis.QGIS_VERSION_INT})
