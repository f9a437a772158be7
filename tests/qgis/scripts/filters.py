"""Filter as the query builder does; arguments: address of the service, filters."""

import sys

from seen import connect, finish, settle, start

application = start()
result = {}
for expression in sys.argv[2:]:
    layer = connect(f"{sys.argv[1]}/api", "programme-areas")
    set_ = layer.setSubsetString(expression)
    result[expression] = {"set": set_, "areas": sorted(feature["area_id"] for feature in layer.getFeatures())}
settle(application)
finish({"filters": result})
