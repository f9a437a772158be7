"""What the web process writes to standard error, as text for people or as JSON for machines.

Nobody is named: a line has no address of a client, no user agent and no value of a query, which may be the address
somebody lives at. A request is told by its route (the pattern, not the path) and the names of its parameters.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

REQUEST_HEADER = "X-Request-Id"
REQUEST_LOGGER = "geo_service.request"
NO_ROUTE = "none"
REQUEST_ID: ContextVar[str] = ContextVar("geo_service_request_id", default="")
SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{7,127}")
_SANE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
MAX_NAMES = 20
TEXT = "%(asctime)s %(levelname)s %(name)s%(tail)s: %(message)s"


requests_log = logging.getLogger(REQUEST_LOGGER)


def request_id(environ: Mapping[str, Any]) -> str:
    """Return the id that the caller gave to a request, if it is a sane one, else a new one."""
    given: str | None = environ.get("HTTP_X_REQUEST_ID")
    if given and SANE_ID.fullmatch(given):
        return given
    return new_request_id()


def new_request_id() -> str:
    """Return the id of a request that came without one."""
    # Nobody gains by guessing it; and asking the kernel for chance takes longer than many an answer.
    return f"{random.getrandbits(96):024x}"


def parameter_names(query: str) -> list[str]:
    """Return the names of a query's parameters; what does not look like a name is left out."""
    names = (part.partition("=")[0] for part in query.split("&", MAX_NAMES)[:MAX_NAMES])
    return sorted({name for name in names if _SANE_NAME.fullmatch(name)})


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What the log says about requests of one kind; `query` is looked at for the names in it alone."""

    method: str
    route: str | None
    status: int
    query: str

    def write(self, seconds: float, sent: int, request_id: str) -> None:
        """Log one of them, with the bytes of its content."""
        if not requests_log.isEnabledFor(logging.INFO):
            return
        fields = {
            "method": self.method,
            "route": self.route or NO_ROUTE,
            "parameters": parameter_names(self.query),
            "status": self.status,
            "bytes": sent,
            "ms": round(seconds * 1000, 2),
        }
        before = REQUEST_ID.set(request_id)
        requests_log.info("request", extra={"fields": fields})
        REQUEST_ID.reset(before)


class JsonFormatter(logging.Formatter):
    """One JSON object on a line for each record; `extra={"fields": {...}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if current := REQUEST_ID.get():
            line["request_id"] = current
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class TextFormatter(logging.Formatter):
    """A line for people; members come behind the message."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and a trace below it if there is one."""
        current = REQUEST_ID.get()
        record.tail = f" [{current}]" if current else ""
        text = super().format(record)
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        return text + "".join(f" {name}={value}" for name, value in fields.items())


def log_config(log_format: str, level: str) -> dict[str, Any]:
    """Return the configuration of ``logging`` for a process of the web server."""
    kind = JsonFormatter if log_format == "json" else TextFormatter
    console = {
        "formatter": "ours",
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stderr",
    }
    # A line for each request is for machines; people get it with "--log-level debug".
    requests = level.upper() if log_format == "json" or level == "debug" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": kind}},
        "handlers": {"console": console},
        "loggers": {
            # What strangers send may be no HTTP at all; that is no news.
            "uvicorn.error": {"level": "ERROR"},
            "pygeoapi": {"level": "WARNING"},
            REQUEST_LOGGER: {"level": requests},
        },
        "root": {"handlers": ["console"], "level": level.upper()},
    }
