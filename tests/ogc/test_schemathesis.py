"""schemathesis holds the service to its own API definition, with requests that fit it and ones that do not.

Three things it cannot know. A ``limit`` above the maximum is answered with the maximum and not refused
(OGC API - Features - Part 1, /req/core/fc-limit-response-1). And a schema of OpenAPI cannot say what a
parameter with a grammar of its own means, so that some requests fit the definition and are a 400 all the same;
these have to name that very parameter. Nor can it say that the inputs of an execution are those of the process
that the path names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

# Parameters whose text has a grammar: numbers in order, places of a page, time, fields, filters.
GRAMMARS = {
    "bbox", "cursor", "datetime", "exclude-properties", "filter", "offset", "properties", "q", "query", "sortby",
}  # fmt: skip
EXECUTION = "POST /processes/{processId}/execution"
NO_COVERAGE = {"coverage": {"enabled": False}}
CONFIGURATION = {
    "seed": 20_240_517,
    # It would ask for codings that it does not read itself.
    "headers": {"Accept-Encoding": "identity"},
    "continue-on-failure": True,
    "generation": {"max-examples": 5, "deterministic": True, "database": "none", "no-shrink": True},
    "phases": {"stateful": {"enabled": False}},
    # All three collections are read by the same code, and POST knows the parameters of GET: each value of each
    # parameter is tried where the collection has most of them, the others get random requests.
    "operations": [
        {"include-path-regex": "/(programme-area-points|municipalities)/items", "phases": NO_COVERAGE},
        {"include-method": "POST", "phases": NO_COVERAGE},
    ],
}
ABOVE_THE_MAXIMUM = re.compile(r"parameter `limit` in query.*(greater|maximum|exceed)", re.IGNORECASE)


@pytest.fixture(scope="module")
def scenarios(api: FlaskClient) -> list[events.ScenarioFinished]:
    """All requests of one run, with their answers and what the checks say to them."""
    configuration = SchemathesisConfig.from_dict(CONFIGURATION)
    # Not ``from_wsgi``: it would leave out the address that the definition itself comes from.
    schema = schemathesis.openapi.from_dict(api.get("/api/openapi?lang=en").json, config=configuration)
    schema.app = api.application
    finished = []
    for event in from_schema(schema).execute():
        assert not isinstance(event, (events.NonFatalError, events.FatalError)), event
        if isinstance(event, events.ScenarioFinished):
            finished.append(event)
    return finished


def deviations(scenarios: list[events.ScenarioFinished]) -> Iterator[str]:
    for scenario in scenarios:
        recorder = scenario.recorder
        for case_id, checks in recorder.checks.items():
            answer = recorder.interactions[case_id].response
            for check in checks:
                if check.failure_info and not is_known(
                    recorder.label, check.name, check.failure_info.failure.message, answer
                ):
                    yield (
                        f"{recorder.label}: {check.name}: {check.failure_info.failure.message}\n"
                        f"{check.failure_info.code_sample}"
                    )


def is_known(operation: str, check: str, message: str, answer: Any) -> bool:
    if check == "negative_data_rejection":
        return bool(ABOVE_THE_MAXIMUM.search(message))
    if check == "positive_data_acceptance" and answer.status_code == 400:
        if operation == EXECUTION:
            return True
        return json.loads(answer.content).get("parameter") in GRAMMARS
    return False


def test_the_service_is_what_its_definition_says(scenarios: list[events.ScenarioFinished]) -> None:
    found = list(deviations(scenarios))

    assert not found, f"{len(found)} deviations, among them:\n" + "\n\n".join(found[:5])


def test_every_operation_was_tried(api: FlaskClient, scenarios: list[events.ScenarioFinished]) -> None:
    definition = api.get("/api/openapi").json
    assert definition

    operations = {f"{method.upper()} {path}" for path, item in definition["paths"].items() for method in item}
    assert {scenario.recorder.label for scenario in scenarios} >= operations


def test_requests_were_both_accepted_and_refused(scenarios: list[events.ScenarioFinished]) -> None:
    statuses = [
        interaction.response.status_code
        for scenario in scenarios
        for interaction in scenario.recorder.interactions.values()
        if interaction.response is not None
    ]

    assert {200, 204, 400, 404, 405} <= set(statuses)
    assert len(statuses) > 1000
