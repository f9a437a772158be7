"""Jobs on pygeoapi's process manager, one file each, so that every worker of a service sees all of them.

The base class knows processors and what a manager must be able to do. Its own way to run a job is not taken: it
stores synchronous executions too, starts threads without bound, asks addresses that a client names, and makes
identifiers of the time and the machine's network card.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pygeoapi.process.manager.base import BaseManager
from pygeoapi.util import JobStatus

from geo_service.errors import GeoServiceError, Message, UnavailableError
from geo_service.ogc.processes.catalogue import PROCESSES, Processor
from geo_service.ogc.processes.errors import (
    JobFailedError,
    NoSuchJobError,
    NoSuchProcessError,
    ResultNotReadyError,
)

LOGGER = logging.getLogger(__name__)
MAX_JOBS = 100
MAX_ACTIVE_JOBS = 20
KEPT_S = 3_600
# Longer than any job takes: who is still not finished then went down with his worker.
LOST_AFTER_S = 300
MAX_RESULT_BYTES = 20_000_000
RUNNING_AT_ONCE = 2

Job = dict[str, Any]
_JOB_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ACTIVE = (JobStatus.accepted.value, JobStatus.running.value)
_LOST = Message(
    "Der Dienst wurde während des Auftrags neu gestartet.", "The service was restarted during the job."
)
_TOO_LONG = Message(
    "Das Ergebnis ist zu groß; bitte ohne Stücke fragen.",
    "The result is too large; please ask without pieces.",
)
_BUSY = Message(
    "Zurzeit laufen zu viele Aufträge. Bitte versuchen Sie es in einer Minute erneut.",
    "Too many jobs are running. Please try again in a minute.",
)
_NO_ROOM = Message(
    "Aufträge können zurzeit nicht aufgenommen werden. Ohne „Prefer: respond-async“ wird gleich geantwortet.",
    'Jobs cannot be taken at the moment. Without "Prefer: respond-async" the answer comes at once.',
)
_INTERNAL = Message("Im Dienst ist ein Fehler aufgetreten.", "Something went wrong in the service.")


def now() -> str:
    """Return the time of day in UTC, as RFC 3339 writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class JobManager(BaseManager):
    """Keeps jobs in a directory that all workers of the service share.

    Parameters
    ----------
    directory : Path
        Made when it is first needed; readable by this user alone.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__({"name": "files", "processes": PROCESSES})
        self.is_async = True
        self._directory = directory
        self._turn = threading.BoundedSemaphore(RUNNING_AT_ONCE)

    def processor(self, process_id: str) -> Processor:
        """Return a process, or raise `NoSuchProcessError`."""
        if process_id not in self.processes:
            raise NoSuchProcessError(process_id, ", ".join(self.processes))
        found = self.get_processor(process_id)
        assert isinstance(found, Processor)
        return found

    def start(self, process_id: str, data: dict[str, Any], response: str) -> Job:
        """Accept a job and run it in the background.

        Raises
        ------
        UnavailableError
            Too many jobs are waiting or running, or they cannot be stored.
        """
        processor = self.processor(process_id)
        time = now()
        job: Job = {
            "identifier": str(uuid.uuid4()),
            "process_id": process_id,
            "status": JobStatus.accepted.value,
            "created": time,
            "started": None,
            "updated": time,
            "finished": None,
            "progress": 0,
            "response": response,
        }
        self.add_job(job)
        self._execute_handler_async(processor, job["identifier"], data)
        return job

    def add_job(self, job_metadata: Job) -> str:
        """Store a job; make room for it by dropping what is finished and oldest."""
        jobs = list(self._jobs())
        if sum(job["status"] in _ACTIVE for job in jobs) >= MAX_ACTIVE_JOBS:
            raise UnavailableError("too many jobs", _BUSY, retry_after=60)
        finished = sorted(
            (job for job in jobs if job["status"] not in _ACTIVE), key=lambda job: job["created"]
        )
        for job in finished[: max(0, len(jobs) + 1 - MAX_JOBS)]:
            self._remove(job["identifier"])
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(job_metadata)
        except OSError as error:
            raise UnavailableError(f"jobs cannot be stored: {error}", _NO_ROOM, retry_after=600) from error
        return str(job_metadata["identifier"])

    def update_job(self, job_id: str, update_dict: Job) -> bool:
        """Change a job that is still there; a dismissed one stays away."""
        with self._alone():
            try:
                self._write(self._read(job_id) | update_dict)
            except (NoSuchJobError, OSError):
                return False
        return True

    def get_jobs(
        self, status: Any = None, limit: int | None = None, offset: int | None = None
    ) -> dict[str, Any]:
        """Return the jobs, the newest first."""
        jobs = sorted(self._jobs(), key=lambda job: job["created"], reverse=True)
        if status is not None:
            jobs = [job for job in jobs if job["status"] == getattr(status, "value", status)]
        first = offset or 0
        return {"jobs": jobs[first : first + limit if limit else None], "numberMatched": len(jobs)}

    def get_job(self, job_id: str) -> Job:
        """Return a job that is not older than an hour, or raise `NoSuchJobError`."""
        job = self._read(job_id)
        if self._is_old(job):
            self._remove(job_id)
            raise NoSuchJobError(job_id)
        return self._seen(job)

    def get_job_result(self, job_id: str) -> tuple[str, Any]:
        """Return media type and text of a job's result.

        Raises
        ------
        NoSuchJobError, ResultNotReadyError, JobFailedError
        """
        job = self.get_job(job_id)
        if job["status"] in _ACTIVE:
            raise ResultNotReadyError
        if job["status"] == JobStatus.failed.value:
            raise JobFailedError(job.get("http_status", 503), Message(**job["message"]))
        try:
            return job["mimetype"], self._result_path(job_id).read_bytes()
        except FileNotFoundError:
            raise NoSuchJobError(job_id) from None

    def delete_job(self, job_id: str) -> bool:
        """Dismiss a job: nothing of it stays; one that runs writes nothing when it ends."""
        self.get_job(job_id)
        with self._alone():
            self._remove(job_id)
        return True

    def _execute_handler_async(self, p: Any, job_id: str, data_dict: Job, *_: Any, **__: Any) -> Any:
        thread = threading.Thread(target=self._execute_handler_sync, args=(p, job_id, data_dict), daemon=True)
        thread.start()
        return p.process_id, None, JobStatus.accepted

    def _execute_handler_sync(self, p: Any, job_id: str, data_dict: Job, *_: Any, **__: Any) -> Any:
        with self._turn:
            if not self.update_job(
                job_id, {"status": JobStatus.running.value, "started": now(), "updated": now()}
            ):
                return None
            try:
                media_type, document = p.execute(data_dict)
                text = json.dumps(document, ensure_ascii=False).encode()
                if len(text) > MAX_RESULT_BYTES:
                    raise JobFailedError(400, _TOO_LONG)
                self._write_file(self._result_path(job_id), text)
                outcome: Job = {"status": JobStatus.successful.value, "progress": 100, "mimetype": media_type}
            except GeoServiceError as error:
                outcome = _failed(error.status, error.public)
            except Exception:
                LOGGER.exception("job of process %s", p.process_id)
                outcome = _failed(500, _INTERNAL)
            if not self.update_job(job_id, {**outcome, "finished": now(), "updated": now()}):
                self._remove(job_id)
        return None

    def _jobs(self) -> Iterator[Job]:
        """Yield the jobs that are there; what is too old goes."""
        for path in sorted(self._directory.glob("*.job")):
            try:
                yield self.get_job(path.stem)
            except NoSuchJobError:
                continue

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep the other workers from changing jobs meanwhile: a dismissed one must not come back."""
        with (self._directory / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _seen(self, job: Job) -> Job:
        """Return a job as it is known from outside: one that lost its worker has failed."""
        if job["status"] in _ACTIVE and _age(job["updated"]) > LOST_AFTER_S:
            return {**job, **_failed(503, _LOST), "finished": job["updated"]}
        return job

    def _is_old(self, job: Job) -> bool:
        return _age(job["finished"] or job["updated"]) > KEPT_S

    def _path(self, job_id: str) -> Path:
        if not _JOB_ID.fullmatch(job_id):
            raise NoSuchJobError(job_id)
        return self._directory / f"{job_id}.job"

    def _result_path(self, job_id: str) -> Path:
        return self._path(job_id).with_suffix(".result")

    def _read(self, job_id: str) -> Job:
        try:
            job: Job = json.loads(self._path(job_id).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NoSuchJobError(job_id) from None
        return job

    def _write(self, job: Job) -> None:
        self._write_file(self._path(job["identifier"]), json.dumps(job, ensure_ascii=False).encode())

    def _write_file(self, path: Path, content: bytes) -> None:
        """Write as a whole: whoever reads meanwhile sees the old file or the new one."""
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _remove(self, job_id: str) -> None:
        for path in (self._path(job_id), self._result_path(job_id)):
            path.unlink(missing_ok=True)


def _failed(http_status: int, message: Message) -> Job:
    return {
        "status": JobStatus.failed.value,
        "http_status": http_status,
        "message": {"de": message.de, "en": message.en},
    }


def _age(time: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(time)).total_seconds()
