"""Jobs for tests: started, and waited for."""

from __future__ import annotations

import time
from typing import Any

from flask.testing import FlaskClient

POINTS = {"inputs": {"points": [[8.45, 51.07], [7.468, 51.527]]}}


def wait_for(api: FlaskClient, job_id: str) -> dict[str, Any]:
    """Return the status of a job when it is finished."""
    for _ in range(100):
        status: dict[str, Any] = api.get(f"/api/jobs/{job_id}").json
        if status["status"] not in ("accepted", "running"):
            return status
        time.sleep(0.05)
    raise AssertionError(f"job {job_id} does not end")


def finished_job(api: FlaskClient, process_id: str = "lookup", request: dict[str, Any] | None = None) -> str:
    """Run a process as a job and return its identifier."""
    answer = api.post(
        f"/api/processes/{process_id}/execution", json=request or POINTS, headers={"Prefer": "respond-async"}
    )
    assert answer.status_code == 201, answer.text
    job_id = str(answer.json["jobID"])
    assert wait_for(api, job_id)["status"] == "successful"
    return job_id
