"""The conformance list: exactly the classes that tests prove, and where each of them is proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_service.ogc.conformance import CONFORMS_TO, SPEC, WITH_PAGES

TESTS = Path(__file__).parents[1]
PART_1 = ("ogc/part1/test_landing_page.py", "ogc/part1/test_http.py")
COLLECTIONS = ("ogc/part1/test_collections.py",)
PAGES = ("web/test_api_pages.py", "web/test_api_pages_items.py")
FILTERS = ("ogc/cql2/test_items.py", "ogc/cql2/test_conformance.py")
TILES = ("ogc/test_tiles.py", "ogc/test_dataset_tiles.py", "ogc/test_tile_filters.py")
MATRIX_SETS = ("ogc/test_tile_matrix_sets.py", "ogc/test_tile_grids.py", "ogc/test_tiles.py")

PROOFS = {
    "ogcapi-common-1/1.0/conf/core": PART_1,
    "ogcapi-common-1/1.0/conf/landing-page": PART_1,
    "ogcapi-common-1/1.0/conf/json": PART_1,
    "ogcapi-common-1/1.0/conf/oas30": ("ogc/part1/test_oas30.py", "ogc/test_schemathesis.py"),
    "ogcapi-common-1/1.0/conf/html": PAGES,
    "ogcapi-common-2/1.0/conf/collections": COLLECTIONS,
    "ogcapi-common-2/1.0/conf/json": COLLECTIONS,
    "ogcapi-common-2/1.0/conf/html": PAGES,
    "ogcapi-common-3/1.0/conf/sortables": ("ogc/test_sorting.py",),
    "ogcapi-common-3/1.0/conf/profile": ("ogc/test_profiles.py",),
    "ogcapi-common-3/": ("ogc/test_schemas.py",),
    "ogcapi-features-1/1.0/conf/core": (*PART_1, *COLLECTIONS, "ogc/part1/test_features.py"),
    "ogcapi-features-1/1.0/conf/geojson": ("ogc/part1/test_features.py",),
    "ogcapi-features-1/1.0/conf/oas30": ("ogc/part1/test_oas30.py", "ogc/test_schemathesis.py"),
    "ogcapi-features-1/1.0/conf/html": PAGES,
    "ogcapi-features-2/1.0/conf/crs": ("ogc/test_crs.py",),
    "ogcapi-features-3/": FILTERS,
    "cql2/": FILTERS,
    "ogcapi-features-5/1.0/conf/sortables": ("ogc/test_sorting.py",),
    "ogcapi-features-5/": ("ogc/test_schemas.py",),
    "ogcapi-features-6/": ("ogc/test_selection.py",),
    "ogcapi-features-7/": ("ogc/test_selection.py",),
    "ogcapi-features-8/": ("ogc/test_sorting.py",),
    "json-fg-1/1.0/conf/profiles": ("ogc/test_profiles.py",),
    "json-fg-1/1.0/conf/api": ("ogc/test_profiles.py",),
    "json-fg-1/": ("ogc/formats/test_json_fg.py", "ogc/formats/test_texts.py"),
    "ogcapi-tiles-1/": TILES,
    "ogcapi-processes-1/1.0/conf/oas30": (
        "ogc/test_processes.py",
        "ogc/test_openapi.py",
        "ogc/test_schemathesis.py",
    ),
    "ogcapi-processes-1/": ("ogc/test_processes.py",),
    "ogcapi-styles-1/": ("ogc/styles/test_resources.py", "ogc/styles/test_documents.py"),
    "tms/": MATRIX_SETS,
}


def proof(declared: str) -> str:
    """The most exact entry of the table above for a class."""
    name = declared.removeprefix(f"{SPEC}/")
    return max((one for one in PROOFS if name.startswith(one)), key=len, default="")


@pytest.mark.parametrize("declared", [*CONFORMS_TO, *WITH_PAGES])
def test_every_class_that_is_declared_has_its_tests(declared: str) -> None:
    files = PROOFS[proof(declared)]

    assert all((TESTS / file).is_file() for file in files)


def test_every_class_that_tests_prove_is_declared() -> None:
    assert {proof(declared) for declared in (*CONFORMS_TO, *WITH_PAGES)} == set(PROOFS)


def test_pages_are_declared_only_where_there_are_some(api: FlaskClient) -> None:
    assert set(api.get("/api/conformance").json["conformsTo"]) == set(CONFORMS_TO)


def test_what_clients_look_for_by_two_names_is_declared_by_both() -> None:
    for one, other in (
        ("cql2/1.0/conf/basic-spatial-functions", "cql2/1.0/conf/basic-spatial-operators"),
        ("ogcapi-features-5/1.0/conf/schemas", "ogcapi-common-3/1.0/conf/schemas"),
    ):
        assert {f"{SPEC}/{one}", f"{SPEC}/{other}"} <= set(CONFORMS_TO)


def test_nothing_is_declared_twice_and_nothing_that_is_refused() -> None:
    declared = [*CONFORMS_TO, *WITH_PAGES]

    assert len(declared) == len(set(declared))
    assert not [one for one in declared if "features-4" in one or "gml" in one]
    # The standard forbids "$ref" in a spatial queryable; QGIS recognises one by nothing else.
    assert f"{SPEC}/ogcapi-features-3/1.0/conf/queryables" not in declared
    assert f"{SPEC}/ogcapi-common-3/1.0/conf/queryables" not in declared
