"""The sample areas, twice: as the service filters them, and as Python values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from geo_service.db.cql2 import filter_condition
from geo_service.db.queries import Conditions
from geo_service.domain.collections import COLLECTIONS
from geo_service.domain.cql2 import ClientFilter, Node
from geo_service.domain.crs import CRS84, ReferenceSystem
from tests.ogc.cql2.evaluation import Evaluation

AREAS = COLLECTIONS["programme-areas"]


@pytest.fixture(scope="session")
def expected(sample_engine: Engine) -> Callable[[Any, str], set[str]]:
    """Return a function that evaluates a filter of the JSON encoding on the areas in Python."""
    names = ", ".join(field.name for field in AREAS.fields if field.stored)
    with sample_engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT {names}, ST_AsBinary(geom) AS geom FROM publication.programme_area")
        ).mappings()
        features = [{**row, "geom": shapely.from_wkb(bytes(row["geom"]))} for row in rows]

    def _expected(node: Any, crs: str) -> set[str]:
        evaluation = Evaluation(crs)
        return {one["area_id"] for one in features if evaluation.truth(node, one) is True}

    return _expected


@pytest.fixture(scope="session")
def select(sample_engine: Engine) -> Callable[..., set[str]]:
    """Return a function that evaluates a tree in the database."""

    def _select(tree: Node, crs: ReferenceSystem = CRS84) -> set[str]:
        conditions = Conditions()
        condition = filter_condition(ClientFilter(tree, crs), AREAS, conditions.bind)
        with sample_engine.connect() as connection:
            return set(
                connection.exec_driver_sql(
                    f"SELECT area_id FROM publication.programme_area WHERE {condition}", conditions.values
                ).scalars()
            )

    return _select


@pytest.fixture(scope="session")
def find(api: FlaskClient) -> Callable[..., set[str]]:
    """Return a function that asks the API: text, or JSON where the filter is none."""

    def _find(
        expression: Any,
        collection: str = "programme-areas",
        plain: dict[str, str] | None = None,
        **parameters: str,
    ) -> set[str]:
        language = "cql2-text" if isinstance(expression, str) else "cql2-json"
        query = {
            "filter": expression if isinstance(expression, str) else json.dumps(expression),
            "filter-lang": language,
            "limit": "1000",
            **{name.replace("_", "-"): value for name, value in parameters.items()},
            **(plain or {}),
        }
        response = api.get(f"/api/collections/{collection}/items", query_string=query)
        assert response.status_code == 200, response.json
        return {feature["id"] for feature in response.json["features"]}

    return _find
