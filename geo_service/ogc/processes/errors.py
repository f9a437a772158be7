"""What can go wrong with processes and jobs, by the names that the standard gives it."""

from __future__ import annotations

from geo_service.errors import GeoServiceError, Message, NotFoundError

_EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"


class NoSuchProcessError(NotFoundError):
    """There is no process of this name (/req/core/process-exception/no-such-process)."""

    type_uri = f"{_EXCEPTIONS}/no-such-process"

    def __init__(self, process_id: str, known: str) -> None:
        super().__init__(
            f"process {process_id[:60]!r}",
            Message(
                f"Diesen Prozess gibt es nicht. Es gibt: {known}.",
                f"There is no such process. There are: {known}.",
            ),
        )


class NoSuchJobError(NotFoundError):
    """There is no job of this name, or no longer (/req/core/job-exception-no-such-job)."""

    type_uri = f"{_EXCEPTIONS}/no-such-job"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"job {job_id[:60]!r}",
            Message(
                "Diesen Auftrag gibt es nicht oder nicht mehr; Aufträge bleiben eine Stunde.",
                "There is no such job, or no longer; jobs are kept for an hour.",
            ),
        )


class ResultNotReadyError(NotFoundError):
    """The job is not finished yet (/req/core/job-results-exception/results-not-ready)."""

    type_uri = f"{_EXCEPTIONS}/result-not-ready"

    def __init__(self) -> None:
        super().__init__(
            "a result that is not ready",
            Message("Der Auftrag ist noch nicht fertig.", "The job is not finished yet."),
        )


class JobFailedError(GeoServiceError):
    """The job failed; its results are the error that it failed with (/req/core/job-results-failed)."""

    title = Message("Auftrag fehlgeschlagen", "Job failed")

    def __init__(self, status: int, message: Message) -> None:
        super().__init__("a job that failed", message)
        self.status = status if 400 <= status < 500 else 503
