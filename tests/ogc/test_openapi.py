"""The API definition: valid OpenAPI 3.0, and a true description of the addresses and parameters."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient

from tests.ogc.definition import json_schema, resolve
from tests.ogc.jobs import finished_job


@pytest.fixture(scope="module")
def definition(api: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = api.get("/api/openapi").json
    assert len(document["paths"]) > 50
    return document


def operation(definition: dict[str, Any], path: str) -> dict[str, Any]:
    get: dict[str, Any] = definition["paths"][path]["get"]
    return get


def test_the_definition_is_valid_openapi_3_0(definition: dict[str, Any]) -> None:
    file = resources.files("pygeoapi").joinpath("schemas", "openapi", "openapi-3.0.x.json")

    jsonschema.Draft4Validator(json.loads(file.read_text())).validate(definition)


def test_every_reference_of_the_definition_exists_and_every_component_is_used(
    definition: dict[str, Any],
) -> None:
    used = set(re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(definition)))

    declared = {f"{kind}/{name}" for kind, group in definition["components"].items() for name in group}
    assert used == declared


def test_operation_ids_are_unique(definition: dict[str, Any]) -> None:
    identifiers = [one["operationId"] for path in definition["paths"].values() for one in path.values()]

    assert len(identifiers) == len(set(identifiers))


def test_limit_is_a_component_that_items_refer_to(definition: dict[str, Any]) -> None:
    parameters = operation(definition, "/collections/programme-areas/items")["parameters"]

    assert {"$ref": "#/components/parameters/limit"} in parameters
    schema = definition["components"]["parameters"]["limit"]["schema"]
    assert (schema["default"], schema["maximum"]) == (100, 10000)


def test_filters_are_described_as_qgis_reads_them(definition: dict[str, Any]) -> None:
    parameters = operation(definition, "/collections/programme-areas/items")["parameters"]

    status = next(one for one in parameters if one.get("name") == "status")
    assert (status["in"], status["style"], status["explode"]) == ("query", "form", False)
    assert status["schema"] == {"type": "string", "enum": ["planned", "ongoing", "completed"]}


def test_result_type_is_described_as_gdal_reads_it(definition: dict[str, Any]) -> None:
    schema = definition["components"]["parameters"]["resultType"]["schema"]

    assert schema["enum"] == ["results", "hits"]


def test_every_path_of_the_definition_answers(api: FlaskClient, definition: dict[str, Any]) -> None:
    values = {
        "itemId": "",
        "processId": "lookup",
        "jobId": finished_job(api),
        "codeListId": "status",
        "styleId": "status",
        "spriteName": "sprite",
        "fontStack": "Noto Sans Regular",
        "glyphRange": "0-255",
        "fontFamily": "noto-sans",
        "fontFace": "400",
        "fontName": "noto-sans-latin-400-normal",
        "tileMatrixSetId": "WebMercatorQuad",
        "tileMatrix": "8",
        "tileRow": "85",
        "tileCol": "133",
        "z": "8",
        "x": "133",
        "y": "85",
    }
    for path, item in definition["paths"].items():
        if "get" not in item:
            continue
        collection = path.split("/")[2] if path.startswith("/collections/") else ""
        if "{itemId}" in path:
            page = api.get(f"/api/collections/{collection}/items?limit=1").json
            values["itemId"] = page["features"][0]["id"]
        assert api.get(f"/api{path.format(**values)}").status_code == 200, path


def test_every_address_of_the_service_is_described(api: FlaskClient, definition: dict[str, Any]) -> None:
    names = {
        "collection_id": "programme-areas",
        "item_id": "{itemId}",
        "process_id": "{processId}",
        "job_id": "{jobId}",
        "code_list_id": "{codeListId}",
        "style_id": "{styleId}",
        "sprite_name": "{spriteName}",
        "font_stack": "{fontStack}",
        "glyph_range_id": "{glyphRange}",
        "font_family": "{fontFamily}",
        "font_face": "{fontFace}",
        "font_name": "{fontName}",
        "tile_matrix_set_id": "{tileMatrixSetId}",
        "tile_matrix": "{tileMatrix}",
        "tile_row": "{tileRow}",
        "tile_col": "{tileCol}",
        "z": "{z}",
        "x": "{x}",
        "y": "{y}",
    }
    files = {
        "/api/collections/<collection_id>/download/<file_name>": "programme_areas.gpkg",
        "/api/collections/<collection_id>/qgis/<file_name>": "programme_areas.qlr",
        "/api/qgis/<file_name>": "programme_areas.qgs",
    }
    for rule in api.application.url_map.iter_rules():
        if "<path:" not in rule.rule:
            names["file_name"] = files.get(rule.rule, "")
            path = re.sub(r"<(\w+)>", lambda match: names[match[1]], rule.rule.removeprefix("/api"))
            assert (path or "/") in definition["paths"]


def test_described_parameters_are_those_that_are_accepted(
    api: FlaskClient, definition: dict[str, Any]
) -> None:
    for path, item in definition["paths"].items():
        if "{" in path or "get" not in item:
            continue
        described = {
            name["name"]
            for one in item["get"]["parameters"]
            if (name := resolve(definition, one))["in"] == "query"
        }
        detail = api.get(f"/api{path}?no-such-parameter=1&lang=en").json["detail"]
        allowed = set(detail.partition("Allowed are: ")[2].rstrip(".").split(", "))
        assert described == allowed, path


def test_answers_fit_the_schemas_of_the_definition(api: FlaskClient, definition: dict[str, Any]) -> None:
    for path in ("/collections/programme-areas/items", "/collections", "/conformance", "/"):
        success = resolve(definition, operation(definition, path)["responses"]["200"])
        media_type, content = next(iter(success["content"].items()))
        response = api.get(f"/api{path}")
        assert response.headers["Content-Type"] == media_type
        jsonschema.Draft7Validator(json_schema(definition, content["schema"])).validate(response.json)


def test_the_definition_speaks_the_language_asked_for(api: FlaskClient) -> None:
    german, english = api.get("/api/openapi?lang=de").json, api.get("/api/openapi?lang=en").json

    assert german["info"]["title"] != english["info"]["title"]
    assert list(german["paths"]) == list(english["paths"])
    assert english["info"]["contact"]["email"]
