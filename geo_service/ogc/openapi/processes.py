"""The API definition's part on processes and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_service.errors import Message
from geo_service.ogc.links import HTML, JSON
from geo_service.ogc.openapi.parts import (
    LINKS,
    OBJECT,
    STRING,
    STRINGS,
    URI,
    WHOLE,
    Document,
    Parameters,
    array_of,
    enum_schema,
    get_operation,
    in_language,
    object_schema,
    parameter_ref,
    path_parameter,
    query_parameter,
    response,
    response_refs,
    schema_ref,
)
from geo_service.ogc.processes.job_filter import STATUSES, TYPES
from geo_service.ogc.processes.resources import MAX_LISTED

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi

TAG = "processes"
TEXTS = {
    TAG: Message("Prozesse: Orte und Planungen prüfen", "Processes: check places and plans"),
    "list": Message("Alle Prozesse", "All processes"),
    "process": Message("Beschreibung eines Prozesses", "Description of a process"),
    "execute": Message("Einen Prozess ausführen", "Execute a process"),
    "jobs": Message("Aufträge der letzten Stunde", "Jobs of the last hour"),
    "job": Message("Stand eines Auftrags", "Status of a job"),
    "dismiss": Message("Einen Auftrag verwerfen", "Dismiss a job"),
    "results": Message("Ergebnis eines Auftrags", "Results of a job"),
    "prefer": Message("respond-async: als Auftrag, statt sofort", "respond-async: as a job, not at once"),
    "limit": Message("Höchstzahl in der Liste", "Most entries in the list"),
    "type": Message("Nur Aufträge dieser Art", "Only jobs of this type"),
    "processID": Message("Nur Aufträge dieser Prozesse", "Only jobs of these processes"),
    "status": Message("Nur Aufträge in diesem Stand", "Only jobs with this status"),
    "datetime": Message("Nur Aufträge, die in dieser Zeit entstanden", "Only jobs created in this time"),
    "minDuration": Message(
        "Nur Aufträge, die so viele Sekunden laufen oder liefen", "Only jobs that took so many seconds"
    ),
    "maxDuration": Message(
        "Nur Aufträge, die höchstens so viele Sekunden liefen", "Only jobs of so many seconds at most"
    ),
    "result": Message("Was der Prozess ergab", "What the process found"),
    "created": Message("Der Auftrag ist angenommen", "The job is accepted"),
    "too-large": Message("Der Inhalt ist zu groß", "The body is too large"),
    "unusable": Message("Der Plan ist nicht auswertbar", "The plan cannot be evaluated"),
}
_ONLY_JSON: Document = {
    "name": "f",
    "in": "query",
    "required": False,
    "description": "json",
    "schema": {**enum_schema(["json"]), "default": "json"},
}
_TIME: Document = {**STRING, "format": "date-time"}
_SECONDS: Document = {**WHOLE, "maximum": 999_999_999}
# What the list of jobs is chosen by; of the lists, any of their values.
JOB_PARAMETERS: dict[str, Document] = {
    "type": {"type": "array", "minItems": 1, "items": enum_schema(TYPES)},
    "processID": {"type": "array", "minItems": 1, "items": STRING},
    "status": {"type": "array", "minItems": 1, "items": enum_schema(STATUSES)},
    "datetime": STRING,
    "minDuration": _SECONDS,
    "maxDuration": _SECONDS,
}
_SUMMARY: Document = {
    "id": STRING,
    "version": STRING,
    "title": STRING,
    "description": STRING,
    "jobControlOptions": STRINGS,
    "outputTransmission": STRINGS,
    "links": LINKS,
}
_SUMMARISED = ["id", "version", "jobControlOptions", "links"]
SCHEMAS: Document = {
    "processSummary": object_schema(_SUMMARY, _SUMMARISED),
    "process": object_schema(
        {**_SUMMARY, "inputs": OBJECT, "outputs": OBJECT}, [*_SUMMARISED, "inputs", "outputs"]
    ),
    "processList": object_schema(
        {"processes": array_of("processSummary"), "links": LINKS}, ["processes", "links"]
    ),
    "statusInfo": object_schema(
        {
            "jobID": STRING,
            "processID": STRING,
            "type": enum_schema(TYPES),
            "status": enum_schema(STATUSES),
            "message": STRING,
            "created": _TIME,
            "started": _TIME,
            "finished": _TIME,
            "updated": _TIME,
            "progress": {**WHOLE, "maximum": 100},
            "links": LINKS,
        },
        ["jobID", "processID", "type", "status", "links"],
    ),
    "jobList": object_schema({"jobs": array_of("statusInfo"), "links": LINKS}, ["jobs", "links"]),
    "execute": {
        **object_schema(
            {
                "inputs": OBJECT,
                "outputs": OBJECT,
                "response": {**enum_schema(["raw", "document"]), "default": "raw"},
            },
            ["inputs"],
        ),
        "additionalProperties": False,
    },
}
EXAMPLES: Document = {
    "lookup": {"value": {"inputs": {"points": [[7.468, 51.527]]}}},
    "overlap": {
        "value": {
            "inputs": {
                "plan": "POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657700))",
                "crs": "EPSG:25832",
            }
        }
    },
}


def add_processes(definition: Document, api: OgcApi, language: str) -> None:
    """Add the addresses of processes and jobs to the definition."""
    text = in_language(TEXTS, language)
    paths, components = definition["paths"], definition["components"]
    filters: Parameters = [
        query_parameter(name, text[name], schema) for name, schema in JOB_PARAMETERS.items()
    ]
    limit = query_parameter("limit", text["limit"], {"type": "integer", "minimum": 1, "maximum": MAX_LISTED})
    listed = ["f", "lang"]
    paths["/processes"] = get_operation("getProcesses", text["list"], [limit, *listed], "ProcessList", TAG)
    paths["/processes/{processId}"] = get_operation(
        "getProcess", text["process"], ["processId", *listed], "Process", TAG
    )
    paths["/processes/{processId}/execution"] = {"post": _execution(text)}
    paths["/jobs"] = get_operation("getJobs", text["jobs"], [limit, *filters, *listed], "JobList", TAG)
    paths["/jobs/{jobId}"] = get_operation("getJob", text["job"], ["jobId", *listed], "Job", TAG)
    paths["/jobs/{jobId}"]["delete"] = _dismissal(paths["/jobs/{jobId}"]["get"], text)
    paths["/jobs/{jobId}/results"] = _results(text)
    definition["tags"].append({"name": TAG, "description": text[TAG]})
    components["parameters"] |= {
        "processId": path_parameter("processId", text["process"], enum_schema(api.manager.processes)),
        "jobId": path_parameter("jobId", text["job"], STRING),
    }
    components["schemas"] |= SCHEMAS
    pages = {HTML: {"schema": STRING}} if api.render_html else {}
    components["responses"] |= {
        name: {"description": text[key], "content": {JSON: {"schema": schema_ref(schema)}, **pages}}
        for name, key, schema in (
            ("ProcessList", "list", "processList"),
            ("Process", "process", "process"),
            ("JobList", "jobs", "jobList"),
            ("Job", "job", "statusInfo"),
        )
    }


def _problem(description: str) -> Document:
    return response(description, "application/problem+json", schema_ref("problem"))


def _execution(text: dict[str, str]) -> Document:
    faults = {
        "400": "InvalidParameter",
        "404": "NotFound",
        "406": "NotAcceptable",
        "415": "UnsupportedMediaType",
    }
    prefer = {
        "name": "Prefer",
        "in": "header",
        "description": text["prefer"],
        "required": False,
        "schema": STRING,
    }
    return {
        "operationId": "execute",
        "summary": text["execute"],
        "tags": [TAG],
        "parameters": [parameter_ref("processId"), prefer, _ONLY_JSON, parameter_ref("lang")],
        "requestBody": {
            "description": text["execute"],
            "required": True,
            "content": {JSON: {"schema": schema_ref("execute"), "examples": EXAMPLES}},
        },
        "responses": {
            "200": response(text["result"], JSON, OBJECT),
            "201": {
                **response(text["created"], JSON, schema_ref("statusInfo")),
                "headers": {"Location": {"schema": URI}},
            },
            **response_refs(faults | {"500": "ServerError", "503": "Unavailable"}),
            "413": _problem(text["too-large"]),
            "422": _problem(text["unusable"]),
        },
    }


def _dismissal(get: Document, text: dict[str, str]) -> Document:
    responses = {status: one for status, one in get["responses"].items() if status != "304"}
    return {**get, "operationId": "dismiss", "summary": text["dismiss"], "responses": responses}


def _results(text: dict[str, str]) -> Document:
    document = get_operation("getResults", text["results"], ["jobId", _ONLY_JSON, "lang"], "", TAG)
    document["get"]["responses"] |= {
        "200": response(text["result"], JSON, OBJECT),
        "422": _problem(text["unusable"]),
    }
    return document
