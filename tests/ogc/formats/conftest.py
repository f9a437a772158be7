"""Features that are awkward to write down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from geo_service.settings import Settings
from tests.factories import make_area, make_municipality, square


@pytest.fixture(scope="module")
def awkward(
    make_api: Callable[[Settings], Flask],
    make_settings: Callable[..., Settings],
    database: str,
    engine: Engine,
) -> FlaskClient:
    """The API on features with holes, several parts, umlauts, quotes, separators and hardly any values."""
    with engine.begin() as connection:
        town = make_municipality(connection, name='Übermünster, "Süd"; Teil', outline=square(side=5000))
        make_municipality(connection, name="Ohne Umriss")
        make_municipality(connection, name="Irgendwo", point=None)
        hole = (
            "SRID=25832;MULTIPOLYGON(((390000 5710000,391000 5710000,391000 5711000,390000 5711000,"
            "390000 5710000),(390400 5710400,390400 5710600,390600 5710600,390600 5710400,390400 5710400)),"
            "((395000.123 5710000.456,396000 5710000,396000 5711000,395000.123 5710000.456)))"
        )
        make_area(
            connection, ags=town, name="Straße\nmit Umbruch", geom=hole, start_year=2012, status="ongoing"
        )
        make_area(connection, ags=town, name='=1+1; "zitiert", äöüß €', population=7)
    return make_api(make_settings(database)).test_client()
