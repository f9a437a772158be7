"""Load layer definitions; arguments: folder for pictures, then files."""

import sys
from pathlib import Path

from seen import describe, finish, load_definition, render, settle, start

MUSTERSTADT = (457200, 5655600, 466200, 5662000)
REGION = (280000, 5570000, 540000, 5830000)

application = start()
result = {}
for file in sys.argv[2:]:
    (layer,) = load_definition(file)
    one = {"type": layer.type().name if hasattr(layer.type(), "name") else str(layer.type())}
    one["near"] = render([layer], f"{sys.argv[1]}/{Path(file).stem}-near.png", MUSTERSTADT)
    one["far"] = render([layer], f"{sys.argv[1]}/{Path(file).stem}-far.png", REGION)
    if hasattr(layer, "fields"):
        one.update(describe(layer))
    else:
        one.update(valid=layer.isValid(), crs=layer.crs().authid(), name=layer.name())
    result[Path(file).name] = one
settle(application)
finish({"layers": result})
