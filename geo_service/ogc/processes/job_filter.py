"""Which jobs a list shows: the parameters of OGC API - Processes - Part 1, clause 11 (job list)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from geo_service.ogc.arguments import Arguments, refuse
from geo_service.ogc.processes.jobs import Job

JOBS_PARAMETERS = ("limit", "type", "processID", "status", "datetime", "minDuration", "maxDuration")
STATUSES = ("accepted", "running", "successful", "failed", "dismissed")
TYPES = ("process",)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?",
    re.ASCII,
)
_OPEN = ("", "..")


def job_filter(arguments: Arguments) -> Callable[[Job], bool]:
    """Read the parameters and return the condition that a job has to fulfil.

    Raises
    ------
    InvalidParameterError
        A parameter cannot be read; an unknown process is none, and no job is of it.
    """
    types = _listed(arguments, "type", TYPES)
    statuses = _listed(arguments, "status", STATUSES)
    text = arguments.get("processID")
    processes = None if text is None else text.split(",")
    start, end = _interval(arguments.get("datetime"))
    shortest, longest = _seconds(arguments, "minDuration"), _seconds(arguments, "maxDuration")

    def is_wanted(job: Job) -> bool:
        created = datetime.fromisoformat(job["created"])
        lasted = _duration(job)
        return (
            (types is None or "process" in types)
            and (processes is None or job["process_id"] in processes)
            and (statuses is None or job["status"] in statuses)
            and (start is None or created >= start)
            and (end is None or created < end)
            and (shortest is None or (lasted is not None and lasted >= shortest))
            and (longest is None or (lasted is not None and lasted <= longest))
        )

    return is_wanted


def _listed(arguments: Arguments, name: str, known: tuple[str, ...]) -> list[str] | None:
    text = arguments.get(name)
    if text is None:
        return None
    values = text.split(",")
    if not set(values) <= set(known):
        names = ", ".join(known)
        refuse(name, f"{name} kennt nur: {names}.", f"{name} knows only: {names}.")
    return values


def _interval(text: str | None) -> tuple[datetime | None, datetime | None]:
    """Return beginning and end (exclusive) of the time in which a job was created."""
    if text is None:
        return None, None
    parts = text.split("/")
    if len(parts) == 1 and parts[0] not in _OPEN:
        return _time(parts[0]), _after(parts[0])
    if len(parts) == 2 and not (parts[0] in _OPEN and parts[1] in _OPEN):
        start = None if parts[0] in _OPEN else _time(parts[0])
        end = None if parts[1] in _OPEN else _after(parts[1])
        return start, end
    raise _bad_time()


def _time(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise _bad_time()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise _bad_time() from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _after(text: str) -> datetime:
    """Return the moment after a day or a time."""
    time = _time(text)
    try:
        return time + (timedelta(microseconds=1) if "T" in text else timedelta(days=1))
    except OverflowError:
        raise _bad_time() from None


def _bad_time() -> Exception:
    from geo_service.errors import InvalidParameterError, Message

    return InvalidParameterError(
        "datetime",
        Message(
            "datetime ist ein Tag oder Zeitpunkt nach RFC 3339, oder ein Zeitraum mit / und ..",
            "datetime is a day or time as of RFC 3339, or an interval with / and ..",
        ),
    )


def _seconds(arguments: Arguments, name: str) -> int | None:
    text = arguments.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        refuse(name, f"{name} ist eine ganze Zahl von Sekunden.", f"{name} is a whole number of seconds.")
    return int(text)


def _duration(job: Job) -> float | None:
    """Return how long a job has been running, in seconds; None: it has not begun."""
    if job["started"] is None:
        return None
    end = datetime.fromisoformat(job["finished"]) if job["finished"] else datetime.now(UTC)
    return (end - datetime.fromisoformat(job["started"])).total_seconds()
