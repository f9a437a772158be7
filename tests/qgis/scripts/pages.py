"""Read all features of a collection; argument: address of the service."""

import sys

from seen import connect, finish, settle, start

application = start()
layer = connect(f"{sys.argv[1]}/api", "programme-areas")
areas = [feature["area_id"] for feature in layer.getFeatures()]
settle(application)
finish({
    "announced": layer.featureCount(),
    "read": len(areas),
    "different": len(set(areas)),
    "types": {field.name(): field.typeName() for field in layer.fields()},
})  # fmt: skip
