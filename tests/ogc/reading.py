"""Reading an answer's bytes back with GDAL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
import shapely


def read_file(content: bytes, path: Path, **options: Any) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Write `content` to `path` and read it: what GDAL knows of the layer, columns by name, geometries.

    Of a GeoPackage it is the first layer, unless `options` name another one.
    """
    path.write_bytes(content)
    if path.suffix == ".gpkg":
        options.setdefault("layer", 0)
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    info = pyogrio.read_info(source, **options)
    meta, _fids, geometry, columns = pyogrio.raw.read(source, **options)
    named = dict(zip(meta["fields"], columns, strict=True))
    return info, named, None if geometry is None else shapely.from_wkb(geometry)
