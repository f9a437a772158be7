"""OGC API - Processes - Part 1: Core (18-062r2): core, json, job list, dismissal, and what a service survives."""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_service.errors import UnavailableError
from geo_service.ogc.processes import jobs as jobs_module
from geo_service.ogc.processes.errors import JobFailedError, NoSuchJobError
from geo_service.ogc.processes.jobs import JobManager
from tests.ogc.jobs import POINTS, finished_job, wait_for
from tests.waiting import wait_until

EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
SQUARE = "POLYGON((461400 5657700, 461500 5657700, 461500 5657800, 461400 5657800, 461400 5657700))"
PLAN = {"inputs": {"plan": SQUARE, "crs": "EPSG:25832"}}
ASYNC = {"Prefer": "respond-async"}


def execute(api: FlaskClient, process_id: str, request: Any, status: int = 200, **headers: str) -> Any:
    answer = api.post(f"/api/processes/{process_id}/execution?lang=en", json=request, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def link_of(document: dict[str, Any], rel: str) -> str:
    return next(one["href"] for one in document["links"] if one["rel"].rpartition("/")[2] == rel)


def test_processes_are_found_from_the_landing_page(api: FlaskClient) -> None:
    listed = api.get(link_of(api.get("/api").json, "processes")).json
    assert [one["id"] for one in listed["processes"]] == ["lookup", "overlap"]
    for one in listed["processes"]:
        assert {"sync-execute", "async-execute", "dismiss"} <= set(one["jobControlOptions"])
        described = api.get(link_of(one, "self")).json
        assert described["id"] == one["id"]
        assert described["inputs"]
        assert described["outputs"]
        assert link_of(described, "execute").endswith(f"/processes/{one['id']}/execution")
    assert api.get(link_of(api.get("/api").json, "job-list")).status_code == 200


def test_the_list_of_processes_has_a_limit(api: FlaskClient) -> None:
    assert len(api.get("/api/processes?limit=1").json["processes"]) == 1
    for text in ("0", "-1", "x"):
        assert api.get(f"/api/processes?limit={text}").status_code == 400


def test_descriptions_speak_both_languages(api: FlaskClient) -> None:
    german, english = (api.get(f"/api/processes/overlap?lang={one}").json for one in ("de", "en"))
    assert german["title"] == "Planung prüfen"
    assert english["title"] == "Check a plan"
    assert list(german["inputs"]) == list(english["inputs"]) == ["plan", "crs", "pieces"]


def test_lookup_at_once_answers_for_each_place_and_names_bad_ones(api: FlaskClient) -> None:
    request = {"inputs": {"points": [[8.45, 51.07], [0, 0], [7.468, 51.527]], "crs": {"value": "OGC:CRS84"}}}
    answers = execute(api, "lookup", request).json["answers"]
    assert [one["result"] for one in answers] == ["inside", "error", "unknown"]
    assert answers[0]["areas"][0]["area_id"] == "musterstadt-beispielgebiet-altstadt"
    assert "outside of North Rhine-Westphalia" in answers[1]["message"]


def test_overlap_at_once_measures_a_plan_with_its_pieces(api: FlaskClient) -> None:
    plain = execute(api, "overlap", PLAN).json
    assert plain["total"]["overlap_ha"] == pytest.approx(1, rel=1e-3)
    assert "pieces" not in plain
    wanted = execute(api, "overlap", {"inputs": {**PLAN["inputs"], "pieces": True}}).json
    assert wanted["pieces"]["features"][0]["geometry"]["type"] == "Polygon"
    degrees = {
        "type": "Polygon",
        "coordinates": [[[8.44, 51.06], [8.46, 51.06], [8.46, 51.08], [8.44, 51.06]]],
    }
    for plan in (degrees, {"value": degrees}):
        assert execute(api, "overlap", {"inputs": {"plan": plan}}).json["number_of_areas"] > 1


def test_the_result_comes_raw_or_in_a_document(api: FlaskClient) -> None:
    raw = execute(api, "overlap", PLAN).json
    document = execute(api, "overlap", {**PLAN, "response": "document", "outputs": {"result": {}}}).json
    assert document == {"result": {"value": raw, "mediaType": "application/json"}}


def test_a_job_is_accepted_followed_and_answered(api: FlaskClient) -> None:
    answer = execute(api, "overlap", PLAN, 201, **ASYNC)
    assert answer.headers["Preference-Applied"] == "respond-async"
    status = answer.json
    assert answer.headers["Location"] == link_of(status, "self").partition("?")[0]
    assert status["status"] in ("accepted", "running")
    assert status["processID"] == "overlap"

    ended = wait_for(api, status["jobID"])
    assert ended["status"] == "successful"
    assert ended["progress"] == 100
    times = [datetime.fromisoformat(ended[name]) for name in ("created", "started", "finished")]
    assert times == sorted(times)
    assert (
        api.get(link_of(ended, "results")).json
        == execute(api, "overlap", PLAN, **{"Accept-Language": "en"}).json
    )


def test_a_document_that_was_asked_for_comes_from_a_job_too(api: FlaskClient) -> None:
    job_id = finished_job(api, "lookup", {**POINTS, "response": "document"})
    assert set(api.get(f"/api/jobs/{job_id}/results").json) == {"result"}


def test_what_a_job_failed_with_is_its_result(api: FlaskClient) -> None:
    answer = execute(api, "overlap", {"inputs": {"plan": "POINT(1 2)", "crs": "EPSG:25832"}}, 201, **ASYNC)
    ended = wait_for(api, answer.json["jobID"])
    assert ended["status"] == "failed"
    assert "polygon" in api.get(f"/api/jobs/{ended['jobID']}?lang=en").json["message"]
    results = api.get(f"/api/jobs/{ended['jobID']}/results?lang=en")
    assert results.status_code == 422
    assert results.mimetype == "application/problem+json"
    assert "polygon" in results.json["detail"]


def test_synchronous_executions_leave_no_job_and_jobs_keep_no_input(
    api: FlaskClient, sample_settings: Any
) -> None:
    before = {one["jobID"] for one in api.get("/api/jobs").json["jobs"]}
    execute(api, "overlap", PLAN)
    assert {one["jobID"] for one in api.get("/api/jobs").json["jobs"]} == before
    secret = SQUARE.replace("461400", "461411.1234")
    finished_job(api, "overlap", {"inputs": {"plan": secret, "crs": "EPSG:25832"}})
    for path in (Path(sample_settings.home) / "jobs").iterdir():
        assert "461411.1234" not in path.read_text()


def test_jobs_are_listed_newest_first_and_by_their_parameters(api: FlaskClient) -> None:
    first, second = finished_job(api), finished_job(api, "overlap", PLAN)
    listed = api.get("/api/jobs").json
    ids = [one["jobID"] for one in listed["jobs"]]
    assert ids.index(second) < ids.index(first)

    def found(query: str) -> set[str]:
        return {one["jobID"] for one in api.get(f"/api/jobs?{query}").json["jobs"]}

    assert len(api.get("/api/jobs?limit=1").json["jobs"]) == 1
    assert first in found("processID=lookup")
    assert second not in found("processID=lookup")
    assert {first, second} <= found("processID=lookup,overlap&type=process&status=successful,failed")
    assert {first, second}.isdisjoint(found("status=failed,running"))
    assert found("processID=nothing") == set()
    today = datetime.now(UTC).date().isoformat()
    assert {first, second} <= found(f"datetime={today}T00:00:00Z/..")
    assert {first, second}.isdisjoint(found("datetime=../2001-01-01"))
    assert {first, second}.isdisjoint(found("minDuration=3000"))
    assert {first, second} <= found("maxDuration=3000")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=a", "status=lost", "type=wps", "datetime=yesterday", "datetime=../..", "datetime=2001-13-01",
     "minDuration=-1", "maxDuration=1.5", "nothing=1"],
)  # fmt: skip
def test_bad_parameters_of_the_list_are_refused(api: FlaskClient, query: str) -> None:
    answer = api.get(f"/api/jobs?{query}")
    assert answer.status_code == 400
    assert answer.json["parameter"] == query.partition("=")[0]


def test_a_job_can_be_dismissed(api: FlaskClient) -> None:
    job_id = finished_job(api)
    answer = api.delete(f"/api/jobs/{job_id}")
    assert answer.status_code == 200
    assert (answer.json["jobID"], answer.json["status"]) == (job_id, "dismissed")
    for path in (f"/api/jobs/{job_id}", f"/api/jobs/{job_id}/results"):
        gone = api.get(path)
        assert (gone.status_code, gone.json["type"]) == (404, f"{EXCEPTIONS}/no-such-job")
    assert api.delete(f"/api/jobs/{job_id}").status_code == 404


def test_unknown_processes_and_jobs_are_said_to_be_unknown(api: FlaskClient) -> None:
    for answer in (
        api.get("/api/processes/nothing"),
        api.post("/api/processes/nothing/execution", json=PLAN),
    ):
        assert (answer.status_code, answer.json["type"]) == (404, f"{EXCEPTIONS}/no-such-process")
    for name in ("nothing", "..%2f..%2fetc", "00000000-0000-0000-0000-000000000000", "%00"):
        answer = api.get(f"/api/jobs/{name}")
        assert answer.status_code in (400, 404), name


@pytest.mark.parametrize(
    ("process_id", "request_", "status", "words"),
    [
        ("lookup", {}, 400, "points is missing"),
        ("lookup", {"inputs": []}, 400, "must be an object"),
        ("lookup", {"inputs": {"points": []}}, 400, "1 to 10000"),
        ("lookup", {"inputs": {"points": [[1]]}}, 400, "pair"),
        ("lookup", {"inputs": {"points": [["a", "b"]]}}, 400, "pair"),
        ("lookup", {"inputs": {"points": [[7, 51]] * 10_001}}, 400, "1 to 10000"),
        ("lookup", {"inputs": {"points": [[7, 51]], "crs": "EPSG:9999"}}, 400, "not known"),
        ("lookup", {"inputs": {"points": [[7, 51]], "crs": 25832}}, 400, "crs is text"),
        ("lookup", {"inputs": {"points": [[7, 51]], "more": 1}}, 400, "no input 'more'"),
        ("lookup", {"inputs": {"points": {"href": "http://127.0.0.1/"}}}, 400, "not fetched"),
        ("lookup", {**POINTS, "response": "xml"}, 400, "raw or document"),
        ("lookup", {**POINTS, "outputs": {"other": {}}}, 400, "one output"),
        ("lookup", {**POINTS, "outputs": {"result": {"transmissionMode": "reference"}}}, 400, "by value"),
        ("lookup", {**POINTS, "subscriber": {"successUri": "http://127.0.0.1/"}}, 400, "calls no addresses"),
        ("lookup", {**POINTS, "mode": "async"}, 400, "not known here"),
        ("lookup", [1], 400, "object"),
        ("overlap", {"inputs": {"plan": 5}}, 422, "GeoJSON or text"),
        ("overlap", {"inputs": {"plan": "nothing"}}, 422, "neither GeoJSON nor WKT"),
        ("overlap", {"inputs": {"plan": {"type": "Point", "coordinates": [8, 51]}}}, 422, "no polygon"),
        ("overlap", {"inputs": {"plan": SQUARE}}, 400, "EPSG:25832"),
        ("overlap", {"inputs": {**PLAN["inputs"], "pieces": "yes"}}, 400, "true or false"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_a_problem_in_words(
    api: FlaskClient, process_id: str, request_: Any, status: int, words: str
) -> None:
    answer = execute(api, process_id, request_, status)
    assert answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"]


def test_bodies_are_json_of_bounded_size(api: FlaskClient) -> None:
    path = "/api/processes/lookup/execution"
    assert api.post(path, data="{", content_type="application/json").status_code == 400
    assert api.post(path, data="points=1", content_type="text/plain").status_code == 415
    assert api.post(path, data=b"[" * 10_100_000, content_type="application/json").status_code == 413
    answer = api.get(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    allowed = api.options(
        path, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]


def test_every_worker_sees_the_jobs_of_the_others(
    api: FlaskClient, make_api: Any, sample_settings: Any
) -> None:
    other = make_api(sample_settings).test_client()
    job_id = finished_job(api)
    assert other.get(f"/api/jobs/{job_id}/results").json == api.get(f"/api/jobs/{job_id}/results").json
    assert other.delete(f"/api/jobs/{job_id}").status_code == 200
    assert api.get(f"/api/jobs/{job_id}").status_code == 404


class Slow:
    """A process that goes on until it is let go."""

    process_id = "lookup"

    def __init__(self) -> None:
        self.go, self.done = threading.Event(), threading.Event()

    def execute(self, data: Any) -> tuple[str, Any]:
        assert self.go.wait(10)
        self.done.set()
        return "application/json", {"answers": []}


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JobManager:
    made = JobManager(tmp_path / "jobs")
    slow = Slow()
    monkeypatch.setattr(made, "processor", lambda _: slow)
    monkeypatch.setattr(made, "slow", slow, raising=False)
    return made


def ended(manager: JobManager, job_id: str) -> dict[str, Any]:
    assert wait_until(lambda: manager.get_job(job_id)["finished"], 5)
    return manager.get_job(job_id)


def runs(manager: JobManager, *job_ids: str) -> bool:
    return wait_until(lambda: all(manager.get_job(one)["status"] == "running" for one in job_ids), 5)


def test_a_job_that_is_dismissed_while_it_runs_stays_away(manager: Any) -> None:
    job_id = manager.start("lookup", {}, "raw")["identifier"]
    assert runs(manager, job_id)
    with pytest.raises(Exception, match="not ready"):
        manager.get_job_result(job_id)
    manager.delete_job(job_id)
    manager.slow.go.set()
    assert manager.slow.done.wait(5)
    time.sleep(0.3)  # were anything of it written, it would be written right after
    with pytest.raises(NoSuchJobError):
        manager.get_job(job_id)
    assert not [path for path in manager._directory.iterdir() if path.name != "lock"]


def test_a_home_that_cannot_be_written_to_is_told_and_is_no_crowd(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file where the directory would be")
    manager = JobManager(tmp_path / "jobs")
    with pytest.raises(UnavailableError, match="cannot be stored") as refused:
        manager.start("lookup", {"points": [[7.468, 51.527]]}, "raw")
    assert "respond-async" in refused.value.public.en
    assert "too many" not in refused.value.public.en.lower()


def test_only_so_many_jobs_wait_and_only_so_many_are_kept(
    manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "MAX_ACTIVE_JOBS", 3)
    monkeypatch.setattr(jobs_module, "MAX_JOBS", 4)
    started = [manager.start("lookup", {}, "raw")["identifier"] for _ in range(3)]
    with pytest.raises(UnavailableError):
        manager.start("lookup", {}, "raw")
    manager.slow.go.set()
    for job_id in started:
        assert ended(manager, job_id)["status"] == "successful"
    more = [manager.start("lookup", {}, "raw")["identifier"] for _ in range(2)]
    kept = {job["identifier"] for job in manager.get_jobs()["jobs"]}
    assert kept == {*started[1:], *more}, "the oldest that is finished makes room"


def test_a_job_whose_worker_died_has_failed_and_an_old_one_is_gone(manager: Any) -> None:
    lost, old = (manager.start("lookup", {}, "raw")["identifier"] for _ in range(2))
    assert runs(manager, lost, old)
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    a_while_ago = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    for job_id, when, finished in ((lost, a_while_ago, None), (old, long_ago, long_ago)):
        path = manager._path(job_id)
        path.write_text(json.dumps({**json.loads(path.read_text()), "updated": when, "finished": finished}))
    assert manager.get_job(lost)["status"] == "failed"
    with pytest.raises(JobFailedError):
        manager.get_job_result(lost)
    assert [job["identifier"] for job in manager.get_jobs()["jobs"]] == [lost]
    assert not manager._path(old).exists()
    manager.slow.go.set()


def test_a_fault_of_the_program_fails_the_job_and_is_not_told(
    manager: Any, caplog: pytest.LogCaptureFixture
) -> None:
    manager.slow.execute = lambda data: 1 / 0
    job_id = manager.start("lookup", {}, "raw")["identifier"]
    job = ended(manager, job_id)
    assert job["status"] == "failed"
    assert "division" not in json.dumps(job)
    assert "division" in caplog.text


def test_files_of_jobs_are_for_this_user_alone(manager: Any) -> None:
    manager.slow.go.set()
    job_id = manager.start("lookup", {}, "raw")["identifier"]
    ended(manager, job_id)
    assert manager._directory.stat().st_mode & 0o077 == 0
    assert re.fullmatch(r"[0-9a-f-]{14}4[0-9a-f-]{21}", job_id), "nothing of time and machine is in it"
