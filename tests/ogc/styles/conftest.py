"""The style that most tests look at."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.ogc.documents import get


@pytest.fixture(scope="module")
def style(api: FlaskClient) -> dict[str, Any]:
    return get(api, "/api/styles/status")
