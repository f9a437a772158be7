"""Plans, as texts and files, and asking what they overlap."""

import io
import zipfile

import numpy as np
import pyogrio
import shapely
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

SQUARE = shapely.box(461_400, 5_657_700, 461_500, 5_657_800)  # in the old town of Musterstadt
WIDE = "POLYGON((460300 5657000, 462300 5657000, 462300 5658400, 461000 5658800, 460300 5657000))"


def post(client, plan="", status=200, file=None, **fields):
    data = {"plan": plan, **fields}
    if file is not None:
        data["file"] = FileStorage(io.BytesIO(file[1]), file[0])
    boundary, body = encode_multipart(data)
    answer = client.post(
        "/overlap?lang=de", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def as_file(tmp_path, suffix, driver, shapes, crs="EPSG:25832", layer="plan", geometry_type="Polygon"):
    path = tmp_path / f"{layer}{suffix}"
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes)), [np.arange(len(shapes))], ["n"], driver=driver,
                      geometry_type=geometry_type, crs=crs, layer=layer)  # fmt: skip
    return path


def zipped(paths, folder=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, folder + path.name)
    return buffer.getvalue()
