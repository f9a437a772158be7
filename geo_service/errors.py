"""The one exception tree: what went wrong, for the operator and for the caller.

``str(error)`` tells the operator what was being attempted; ``error.public`` tells the caller what to
change, in German and English. The HTTP status belongs to the class, so that exactly one place
(``geo_service.ogc.problems``) turns errors into answers, and the command line turns them into exit codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One sentence in both languages of the service."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """Return the sentence in `language` (``de`` or ``en``; anything else is English)."""
        return self.de if language.startswith("de") else self.en


class GeoServiceError(Exception):
    """Base of everything that this service raises on purpose."""

    status = 500
    exit_code = 2
    title = Message("Interner Fehler", "Internal error")

    def __init__(self, message: str, public: Message | None = None) -> None:
        super().__init__(message)
        self.public = public or self.title


class NotFoundError(GeoServiceError):
    """The thing asked for does not exist (404)."""

    status = 404
    exit_code = 1
    title = Message("Nicht gefunden", "Not found")


class GoneError(GeoServiceError):
    """The thing asked for was withdrawn (410); `successor_id` is the area that took its place, if any."""

    status = 410
    exit_code = 1
    title = Message("Nicht mehr vorhanden", "Gone")

    def __init__(self, message: str, public: Message | None = None, successor_id: str | None = None) -> None:
        super().__init__(message, public)
        self.successor_id = successor_id


class InvalidParameterError(GeoServiceError):
    """A parameter of a request has a value that is not allowed (400)."""

    status = 400
    title = Message("Ungültiger Parameter", "Invalid parameter")

    def __init__(self, parameter: str, reason: Message) -> None:
        super().__init__(f"parameter {parameter}: {reason.en}", reason)
        self.parameter = parameter


class ForbiddenError(GeoServiceError):
    """The caller may not see this (403)."""

    status = 403
    title = Message("Nicht erlaubt", "Forbidden")


class NotAcceptableError(GeoServiceError):
    """None of the formats that the client accepts is available (406)."""

    status = 406
    title = Message("Format nicht verfügbar", "Not acceptable")


class InvalidGeometryError(GeoServiceError):
    """A geometry breaks a rule of the registry (422)."""

    status = 422
    exit_code = 1
    title = Message("Ungültige Geometrie", "Invalid geometry")


class ConflictError(GeoServiceError):
    """The change does not fit what is stored (409)."""

    status = 409
    exit_code = 1
    title = Message("Widerspruch zum Bestand", "Conflict")


class UnavailableError(GeoServiceError):
    """The database cannot answer at the moment (503); trying again later may help.

    Attributes
    ----------
    reason : str
        ``schema`` when the database answers, but is not made for this version; else empty.
    """

    status = 503
    exit_code = 3
    title = Message("Vorübergehend nicht verfügbar", "Temporarily unavailable")

    def __init__(
        self, message: str, public: Message | None = None, retry_after: int = 5, reason: str = ""
    ) -> None:
        super().__init__(
            message,
            public
            or Message(
                "Die Datenbank antwortet gerade nicht. Bitte versuchen Sie es in einigen Sekunden erneut.",
                "The database does not answer at the moment. Please try again in a few seconds.",
            ),
        )
        self.retry_after = retry_after
        self.reason = reason


class ConfigError(GeoServiceError):
    """The service cannot be started or used as configured. The message says what to change."""


class RejectedDataError(GeoServiceError):
    """Data offered for import was refused; nothing was changed. `findings` say why, row by row."""

    status = 422
    exit_code = 1
    title = Message("Daten abgelehnt", "Data rejected")

    def __init__(self, message: str, findings: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
