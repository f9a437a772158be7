"""Processes and jobs for people: what they do, how they are called, and what became of them."""

from __future__ import annotations

import json
from typing import Any

from geo_service.web.api_pages.context import ApiContext, Document

EXAMPLES: dict[str, dict[str, Any]] = {
    "lookup": {"inputs": {"points": [[7.468, 51.527]]}},
    "overlap": {
        "inputs": {
            "plan": "POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657700))",
            "crs": "EPSG:25832",
        }
    },
}


def processes(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show each process with the way to its description and to the page that does the same."""
    return {
        "title": context.text("api.processes"),
        "lead": context.text("api.processes.lead"),
        "processes": [
            {
                **one,
                "href": context.link(f"/processes/{one['id']}"),
                "page": context.page.link(f"/{one['id']}"),
            }
            for one in document["processes"]
        ],
        "jobs_href": context.link("/jobs"),
    }


def process(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show inputs and output of a process, and a command that calls it."""
    address = f"{context.page.base}/api/processes/{document['id']}/execution"
    body = json.dumps(EXAMPLES[document["id"]])
    call = f"curl -H 'Content-Type: application/json' -d '{body}' \\\n  {address}"
    return {
        "title": document["title"],
        "lead": document["description"],
        "id": document["id"],
        "inputs": [
            {**one, "name": name, "required": one["minOccurs"] > 0, "type": _type(one["schema"])}
            for name, one in document["inputs"].items()
        ],
        "outputs": [{**one, "name": name} for name, one in document["outputs"].items()],
        "call": call,
        "later": call.replace("curl ", "curl -i -H 'Prefer: respond-async' ", 1),
        "page": context.page.link(f"/{document['id']}"),
    }


def jobs(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show the jobs as a table."""
    return {
        "title": context.text("api.jobs"),
        "lead": context.text("api.jobs.lead"),
        "jobs": [_job(one, context) for one in document["jobs"]],
    }


def job(document: Document, context: ApiContext) -> dict[str, Any]:
    """Show one job; its results are data."""
    return {"title": context.text("api.job"), "lead": document["message"], **_job(document, context)}


def _job(one: Document, context: ApiContext) -> dict[str, Any]:
    done = one["status"] == "successful"
    return {
        **one,
        "href": context.link(f"/jobs/{one['jobID']}"),
        "process_href": context.link(f"/processes/{one['processID']}"),
        "results": context.link(f"/jobs/{one['jobID']}/results", f="json") if done else None,
    }


def _type(schema: Document) -> str:
    kinds = [one.get("format") or one.get("type", "") for one in schema.get("oneOf", (schema,))]
    return " | ".join(kinds)
