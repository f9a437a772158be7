"""Put styles on layers; arguments: address of the service, then pairs of collection and file."""

import sys

from seen import connect, describe, finish, settle, start

application = start()
result = {}
pairs = sys.argv[2:]
for collection, file in zip(pairs[::2], pairs[1::2], strict=True):
    layer = connect(f"{sys.argv[1]}/api", collection)
    message, loaded = layer.loadNamedStyle(file)
    result[collection] = {"loaded": loaded, "message": message, **describe(layer)}
settle(application)
finish({"layers": result})
