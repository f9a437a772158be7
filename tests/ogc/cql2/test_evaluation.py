"""Any filter selects what an independent evaluation in Python selects, in both encodings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings

from geo_service.domain.crs import BY_URI, CRS84
from geo_service.ogc.cql2.json_encoding import parse_json
from geo_service.ogc.cql2.text import parse_text
from tests.ogc.cql2.strategies import filters, shapes
from tests.ogc.cql2.writer import as_text

STORAGE = BY_URI["http://www.opengis.net/def/crs/EPSG/0/25832"]
METRES = shapes(300_000, 5_600_000, 500_000, 5_800_000, 1)
DEGREES = shapes(6.0, 50.5, 9.0, 52.0, 4)
QUIET = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)


@QUIET
@given(node=filters(METRES))
def test_filters_in_the_storage_crs(
    node: Any, select: Callable[..., set[str]], expected: Callable[[Any, str], set[str]]
) -> None:
    tree = parse_json(json.dumps(node))

    assert parse_text(as_text(node)) == tree
    assert select(tree, STORAGE) == expected(node, "EPSG:25832")


@QUIET
@given(node=filters(DEGREES))
def test_filters_in_crs84(
    node: Any, select: Callable[..., set[str]], expected: Callable[[Any, str], set[str]]
) -> None:
    tree = parse_json(json.dumps(node))

    assert parse_text(as_text(node)) == tree
    assert select(tree, CRS84) == expected(node, "OGC:CRS84")
