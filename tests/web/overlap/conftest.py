"""A plan as the files of a Shapefile."""

import pytest

from tests.web.overlap.asking import SQUARE, as_file


@pytest.fixture
def shapefile(tmp_path):
    as_file(tmp_path, ".shp", "ESRI Shapefile", [SQUARE])
    return sorted(tmp_path.glob("plan.*"))
