"""Jobs for tests: started, and waited for."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.waiting import wait_until

POINTS = {"inputs": {"points": [[8.45, 51.07], [7.468, 51.527]]}}


def wait_for(api: FlaskClient, job_id: str) -> dict[str, Any]:
    """Return the status of a job when it is finished."""

    def status() -> dict[str, Any]:
        found: dict[str, Any] = api.get(f"/api/jobs/{job_id}").json
        return found

    assert wait_until(lambda: status()["status"] not in ("accepted", "running"), 5), job_id
    return status()


def finished_job(api: FlaskClient, process_id: str = "lookup", request: dict[str, Any] | None = None) -> str:
    """Run a process as a job and return its identifier."""
    answer = api.post(
        f"/api/processes/{process_id}/execution", json=request or POINTS, headers={"Prefer": "respond-async"}
    )
    assert answer.status_code == 201, answer.text
    job_id = str(answer.json["jobID"])
    assert wait_for(api, job_id)["status"] == "successful"
    return job_id
