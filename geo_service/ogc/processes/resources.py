"""The resources of OGC API - Processes: list, description, execution, jobs and their results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from geo_service.errors import Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.links import JSON, OGC_REL, Link, link
from geo_service.ogc.plans import MAX_PLAN_BYTES
from geo_service.ogc.processes.catalogue import OUTPUT, Context
from geo_service.ogc.processes.job_filter import job_filter
from geo_service.ogc.processes.jobs import Job
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest

EXECUTE = f"{OGC_REL}/execute"
PROCESSES_REL = f"{OGC_REL}/processes"
JOB_LIST = f"{OGC_REL}/job-list"
RESULTS = f"{OGC_REL}/results"
LIST_PARAMETERS = ("limit",)
MAX_LISTED = 1000
UNKEPT = {"Content-Type": JSON, "Cache-Control": "no-store"}
TITLES = {
    "processes": Message("Prozesse", "Processes"),
    "process": Message("Beschreibung des Prozesses", "Description of the process"),
    "execute": Message("Ausführen (POST)", "Execute (POST)"),
    "jobs": Message("Aufträge", "Jobs"),
    "job": Message("Stand des Auftrags", "Status of the job"),
    "results": Message("Ergebnis des Auftrags", "Result of the job"),
}
MESSAGES = {
    "accepted": Message("Der Auftrag wartet.", "The job is waiting."),
    "running": Message("Der Auftrag läuft.", "The job is running."),
    "successful": Message("Der Auftrag ist fertig.", "The job is finished."),
    "dismissed": Message("Der Auftrag ist verworfen.", "The job is dismissed."),
}
_MEMBERS = ("inputs", "outputs", "response", "subscriber")


def read_execute_request(request: Request) -> dict[str, Any]:
    """Read what is posted to ``execution``: JSON of bounded size."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    body = bytearray()
    while chunk := request.stream.read(65_536):
        body += chunk
        if len(body) > MAX_PLAN_BYTES:
            raise RequestEntityTooLarge
    try:
        document = orjson.loads(bytes(body))
    except orjson.JSONDecodeError:
        refuse("body", "Der Inhalt ist kein gültiges JSON.", "The body is no valid JSON.")
    if not isinstance(document, dict):
        refuse("body", "Erwartet wird ein Objekt mit inputs.", "An object with inputs is expected.")
    for name in document:
        if name not in _MEMBERS:
            refuse("body", f"{name[:40]!r} ist hier unbekannt.", f"{name[:40]!r} is not known here.")
    return {"prefer": request.headers.get("Prefer", ""), **document}


def processes(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with all processes (/req/core/process-list-success)."""
    url = f"{api.base_url}/processes"
    listed = list(api.manager.processes)[: _limit(request)]
    document = {
        "processes": [
            {
                **api.manager.processor(one).summary(request.language),
                "links": [_link(request, "self", f"{url}/{one}", "process")],
            }
            for one in listed
        ],
        "links": [
            _link(request, "self", url, "processes"),
            *request.alternates(url),
            _link(request, JOB_LIST, f"{api.base_url}/jobs", "jobs"),
        ],
    }
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def process(api: OgcApi, request: OgcRequest, process_id: str) -> Answer:
    """Answer with the description of a process (/req/ogc-process-description/json-encoding)."""
    url = f"{api.base_url}/processes/{process_id}"
    document = api.manager.processor(process_id).describe(request.language)
    document["links"] = [
        _link(request, "self", url, "process"),
        *request.alternates(url),
        _link(request, EXECUTE, f"{url}/execution", "execute"),
        _link(request, "up", f"{api.base_url}/processes", "processes"),
        _link(request, JOB_LIST, f"{api.base_url}/jobs", "jobs"),
    ]
    return {"Content-Type": JSON}, 200, orjson.dumps(document)


def execution(api: OgcApi, request: OgcRequest, process_id: str) -> Answer:
    """Execute a process: at once, or as a job where ``Prefer: respond-async`` asks for it."""
    processor = api.manager.processor(process_id)
    asked = request.posted
    response = _response(asked)
    data = {
        "inputs": asked.get("inputs", {}),
        "context": Context(api.engine, request.public_url, request.language),
    }
    if "respond-async" in re.split(r"[,;\s]+", asked["prefer"].lower()):
        job = api.manager.start(process_id, data, response)
        headers = {
            **UNKEPT,
            "Location": f"{api.base_url}/jobs/{job['identifier']}",
            "Preference-Applied": "respond-async",
        }
        return headers, 201, orjson.dumps(_status(api, request, job))
    _, document = processor.execute(data)
    return dict(UNKEPT), 200, _encoded(orjson.dumps(document), response)


def jobs(api: OgcApi, request: OgcRequest) -> Answer:
    """Answer with the jobs, the newest first (/req/job-list/job-list-success)."""
    url = f"{api.base_url}/jobs"
    is_wanted = job_filter(request.arguments)
    wanted = [job for job in api.manager.get_jobs()["jobs"] if is_wanted(job)]
    document = {
        "jobs": [_status(api, request, job) for job in wanted[: _limit(request)]],
        "links": [
            _link(request, "self", url, "jobs"),
            *request.alternates(url),
            _link(request, PROCESSES_REL, f"{api.base_url}/processes", "processes"),
        ],
    }
    return dict(UNKEPT), 200, orjson.dumps(document)


def job(api: OgcApi, request: OgcRequest, job_id: str) -> Answer:
    """Answer with the status of a job, or dismiss it."""
    found = api.manager.get_job(job_id)
    if request.method == "DELETE":
        api.manager.delete_job(job_id)
        found = {**found, "status": "dismissed"}
    return dict(UNKEPT), 200, orjson.dumps(_status(api, request, found))


def job_results(api: OgcApi, _request: OgcRequest, job_id: str) -> Answer:
    """Answer with what a job found, or with the error that it failed with."""
    _, content = api.manager.get_job_result(job_id)
    return dict(UNKEPT), 200, _encoded(content, api.manager.get_job(job_id)["response"])


def _encoded(content: bytes, response: str) -> bytes:
    """Return the one output raw, or inside of a results document."""
    if response == "raw":
        return content
    return b'{"%s":{"value":%s,"mediaType":"%s"}}' % (OUTPUT.encode(), content, JSON.encode())


def _response(asked: dict[str, Any]) -> str:
    """Check ``response`` and ``outputs`` (/req/core/process-execute-request)."""
    if asked.get("subscriber") is not None:
        refuse(
            "subscriber",
            "Dieser Dienst ruft keine Adressen an; fragen Sie den Stand des Auftrags ab.",
            "This service calls no addresses; ask for the status of the job.",
        )
    outputs = asked.get("outputs")
    if outputs is not None:
        only = isinstance(outputs, dict) and set(outputs) <= {OUTPUT}
        if not only or (outputs.get(OUTPUT) or {}).get("transmissionMode", "value") != "value":
            refuse(
                "outputs",
                f"Es gibt die eine Ausgabe {OUTPUT!r}, als Wert (value).",
                f"There is the one output {OUTPUT!r}, by value.",
            )
    response = asked.get("response", "raw")
    if response not in ("raw", "document"):
        refuse("response", "response ist raw oder document.", "response is raw or document.")
    return str(response)


def _status(api: OgcApi, request: OgcRequest, job: Job) -> dict[str, Any]:
    url = f"{api.base_url}/jobs/{job['identifier']}"
    status = job["status"]
    message = Message(**job["message"]) if status == "failed" else MESSAGES[status]
    links = [_link(request, "up", f"{api.base_url}/jobs", "jobs")]
    if status != "dismissed":
        links.insert(0, _link(request, "self", url, "job"))
    if status == "successful":
        links.append(_link(request, RESULTS, f"{url}/results", "results"))
    return {
        "jobID": job["identifier"],
        "processID": job["process_id"],
        "type": "process",
        "status": status,
        "message": message.text(request.language),
        **{name: job[name] for name in ("created", "started", "finished", "updated") if job[name]},
        "progress": job["progress"],
        "links": links,
    }


def _link(request: OgcRequest, rel: str, url: str, title: str) -> Link:
    return link(rel, JSON, request.url(url), TITLES[title].text(request.language))


def _limit(request: OgcRequest) -> int:
    text = request.arguments.get("limit")
    if text is None:
        return MAX_LISTED
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or int(text) < 1:
        refuse("limit", "limit muss eine ganze Zahl ab 1 sein.", "limit must be an integer from 1.")
    return min(int(text), MAX_LISTED)
