"""OpenAPI 3.0: clause 9 (17-069r4, /req/oas30)."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient

from tests.ogc.definition import resolve

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def test_the_definition_comes_as_openapi_3_0_json(api: FlaskClient) -> None:
    """/req/oas30/oas-definition-1 and -2"""
    response = api.get("/api/openapi", headers={"Accept": OPENAPI})

    assert response.headers["Content-Type"] == OPENAPI
    assert json.loads(response.data)["openapi"].startswith("3.0.")


def test_the_definition_describes_every_answer_that_was_seen(
    api: FlaskClient, definition: dict[str, Any], addresses: dict[str, str]
) -> None:
    """/req/oas30/oas-impl, /req/oas30/completeness, /req/oas30/exceptions-codes"""
    for path, address in addresses.items():
        answers = definition["paths"][path]["get"]["responses"]
        seen = [
            api.get(address),
            api.get(f"{address}?no-such-parameter=1"),
            api.get(address, headers={"Accept": "image/x-nothing"}),
        ]
        assert [one.status_code for one in seen] == [200, 400, 406], address
        for response in seen:
            described = resolve(definition, answers[str(response.status_code)])
            assert response.headers["Content-Type"] in described["content"], (address, response.status_code)


def test_every_operation_documents_its_errors(definition: dict[str, Any]) -> None:
    """/req/oas30/exceptions-codes"""
    for path, item in definition["paths"].items():
        for method, operation in item.items():
            assert {"200", "400", "406", "500", "503"} <= set(operation["responses"]), (path, method)


def test_every_operation_and_parameter_is_explained(definition: dict[str, Any]) -> None:
    for path, item in definition["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["operationId"], path
            for one in operation["parameters"]:
                assert resolve(definition, one)["description"], path


def test_reading_needs_no_security_scheme(definition: dict[str, Any]) -> None:
    """/req/oas30/security: nothing is protected, so nothing is declared."""
    assert "security" not in definition
    assert "securitySchemes" not in definition["components"]


def test_the_server_of_the_definition_is_the_address_of_the_api(api: FlaskClient) -> None:
    document = api.get("/api/openapi", base_url="https://geo.example/areas").json

    assert document["servers"] == [{"url": "https://geo.example/areas/api"}]
