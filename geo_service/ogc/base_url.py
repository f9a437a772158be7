"""The public base address: the one place that knows under which name the service is reached.

No stored text contains a host; addresses are completed when an answer is made.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Request

from geo_service.errors import InvalidParameterError, Message
from geo_service.settings import Settings

API_PREFIX = "/api"
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)


def public_base(request: Request, settings: Settings) -> str:
    """Return the address of the service without a trailing slash.

    It is ``settings.public_url`` when that is set, and otherwise what the request says: scheme, host and the
    prefix under which the application is mounted. What a proxy says of them counts only where the settings
    trust that proxy; then the request has been rewritten before it comes here.

    Raises
    ------
    InvalidParameterError
        The request's host is not a host name.
    """
    return public_address(settings, request.scheme, request.host, request.root_path)


def public_address(settings: Settings, scheme: str, host: str, prefix: str) -> str:
    """Return what `public_base` does, from the parts of a request."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if not HOST.fullmatch(host):
        raise InvalidParameterError(
            "Host",
            Message(
                "Der Host der Anfrage ist kein Rechnername.", "The host of the request is not a host name."
            ),
        )
    return f"{scheme}://{host}{quote(prefix.rstrip('/'))}"
