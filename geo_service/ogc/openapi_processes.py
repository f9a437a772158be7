"""The API definition's part on processes and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_service.errors import Message
from geo_service.ogc.links import HTML, JSON
from geo_service.ogc.openapi import Document, _get, _path, _query
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
_STRING: Document = {"type": "string"}
_TIME: Document = {"type": "string", "format": "date-time"}
_LINKS: Document = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def add_processes(definition: Document, api: OgcApi, language: str) -> Document:
    """Add the addresses of processes and jobs to the definition, and return it."""
    text = {name: message.text(language) for name, message in TEXTS.items()}
    paths, components = definition["paths"], definition["components"]
    filters: list[str | Document] = [
        _query(name, text[name], schema) for name, schema in _job_parameters().items()
    ]
    limit = _query("limit", text["limit"], {"type": "integer", "minimum": 1, "maximum": MAX_LISTED})
    listed = ["f", "lang"]
    paths["/processes"] = _get("getProcesses", text["list"], [limit, *listed], "ProcessList", TAG)
    paths["/processes/{processId}"] = _get(
        "getProcess", text["process"], ["processId", *listed], "Process", TAG
    )
    paths["/processes/{processId}/execution"] = {"post": _execution(text)}
    paths["/jobs"] = _get("getJobs", text["jobs"], [limit, *filters, *listed], "JobList", TAG)
    paths["/jobs/{jobId}"] = _get("getJob", text["job"], ["jobId", *listed], "Job", TAG)
    paths["/jobs/{jobId}"]["delete"] = _dismissal(paths["/jobs/{jobId}"]["get"], text)
    paths["/jobs/{jobId}/results"] = _results(text)
    definition["tags"].append({"name": TAG, "description": text[TAG]})
    processes = list(api.manager.processes)
    components["parameters"] |= {
        "processId": _path("processId", text["process"], {"type": "string", "enum": processes}),
        "jobId": _path("jobId", text["job"], _STRING),
    }
    components["schemas"] |= _schemas()
    pages = {HTML: {"schema": _STRING}} if api.render_html else {}
    components["responses"] |= {
        name: {"description": text[key], "content": {JSON: {"schema": _ref(schema)}, **pages}}
        for name, key, schema in (
            ("ProcessList", "list", "processList"),
            ("Process", "process", "process"),
            ("JobList", "jobs", "jobList"),
            ("Job", "job", "statusInfo"),
        )
    }
    return definition


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(description: str) -> Document:
    return {"description": description, "content": {"application/problem+json": {"schema": _ref("problem")}}}


def _execution(text: dict[str, str]) -> Document:
    result = {"description": text["result"], "content": {JSON: {"schema": {"type": "object"}}}}
    created = {
        "description": text["created"],
        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
        "content": {JSON: {"schema": _ref("statusInfo")}},
    }
    names = {
        "400": "InvalidParameter",
        "404": "NotFound",
        "406": "NotAcceptable",
        "415": "UnsupportedMediaType",
    }
    names |= {"500": "ServerError", "503": "Unavailable"}
    prefer = {
        "name": "Prefer",
        "in": "header",
        "description": text["prefer"],
        "required": False,
        "schema": _STRING,
    }
    only_json: Document = {
        "name": "f",
        "in": "query",
        "required": False,
        "description": "json",
        "schema": {"type": "string", "enum": ["json"], "default": "json"},
    }
    return {
        "operationId": "execute",
        "summary": text["execute"],
        "tags": [TAG],
        "parameters": [_component("processId"), prefer, only_json, _component("lang")],
        "requestBody": {
            "description": text["execute"],
            "required": True,
            "content": {JSON: {"schema": _ref("execute"), "examples": _examples()}},
        },
        "responses": {
            "200": result,
            "201": created,
            **{status: {"$ref": f"#/components/responses/{name}"} for status, name in names.items()},
            "413": _problem(text["too-large"]),
            "422": _problem(text["unusable"]),
        },
    }


def _component(name: str) -> Document:
    return {"$ref": f"#/components/parameters/{name}"}


def _examples() -> Document:
    return {
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


def _dismissal(get: Document, text: dict[str, str]) -> Document:
    responses = {status: one for status, one in get["responses"].items() if status != "304"}
    return {**get, "operationId": "dismiss", "summary": text["dismiss"], "responses": responses}


def _results(text: dict[str, str]) -> Document:
    only_json: Document = {
        "name": "f",
        "in": "query",
        "required": False,
        "description": "json",
        "schema": {"type": "string", "enum": ["json"], "default": "json"},
    }
    document = _get("getResults", text["results"], ["jobId", only_json, "lang"], "", TAG)
    document["get"]["responses"] |= {
        "200": {"description": text["result"], "content": {JSON: {"schema": {"type": "object"}}}},
        "422": _problem(text["unusable"]),
    }
    return document


def _job_parameters() -> dict[str, Document]:
    def some(items: Document) -> Document:
        return {"type": "array", "minItems": 1, "items": items}

    seconds: Document = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return {
        "type": some({"type": "string", "enum": list(TYPES)}),
        "processID": some(_STRING),
        "status": some({"type": "string", "enum": list(STATUSES)}),
        "datetime": _STRING,
        "minDuration": seconds,
        "maxDuration": seconds,
    }


def _schemas() -> dict[str, Any]:
    summary: Document = {
        "type": "object",
        "required": ["id", "version", "jobControlOptions", "links"],
        "properties": {
            "id": _STRING,
            "version": _STRING,
            "title": _STRING,
            "description": _STRING,
            "jobControlOptions": {"type": "array", "items": _STRING},
            "outputTransmission": {"type": "array", "items": _STRING},
            "links": _LINKS,
        },
    }
    process = {**summary, "required": [*summary["required"], "inputs", "outputs"]}
    process["properties"] = {
        **summary["properties"],
        "inputs": {"type": "object"},
        "outputs": {"type": "object"},
    }
    status: Document = {
        "type": "object",
        "required": ["jobID", "processID", "type", "status", "links"],
        "properties": {
            "jobID": _STRING,
            "processID": _STRING,
            "type": {"type": "string", "enum": list(TYPES)},
            "status": {"type": "string", "enum": list(STATUSES)},
            "message": _STRING,
            "created": _TIME,
            "started": _TIME,
            "finished": _TIME,
            "updated": _TIME,
            "progress": {"type": "integer", "minimum": 0, "maximum": 100},
            "links": _LINKS,
        },
    }
    execute: Document = {
        "type": "object",
        "required": ["inputs"],
        "additionalProperties": False,
        "properties": {
            "inputs": {"type": "object"},
            "outputs": {"type": "object"},
            "response": {"type": "string", "enum": ["raw", "document"], "default": "raw"},
        },
    }

    def listed(name: str, one: str) -> Document:
        return {
            "type": "object",
            "required": [name, "links"],
            "properties": {name: {"type": "array", "items": _ref(one)}, "links": _LINKS},
        }

    return {
        "processSummary": summary,
        "process": process,
        "processList": listed("processes", "processSummary"),
        "statusInfo": status,
        "jobList": listed("jobs", "statusInfo"),
        "execute": execute,
    }
