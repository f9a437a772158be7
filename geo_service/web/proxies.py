"""What a reverse proxy says about a request, believed only of proxies that are configured.

Anybody can send ``X-Forwarded-Host``. So the headers count when the connection itself comes from one of
``trusted_proxies``, and then only of the kind that this proxy sets (``proxy_headers``): a proxy passes on headers of
the other kind just as a client made them up. Of several values the last one counts, which the nearest proxy added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix

from geo_service.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOR, PROTO, HOST, PREFIX = (f"HTTP_X_FORWARDED_{part}" for part in ("FOR", "PROTO", "HOST", "PREFIX"))
OTHER = ("HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_SERVER", "HTTP_X_FORWARDED_SSL", "HTTP_X_REAL_IP")
FORWARDED = "HTTP_FORWARDED"
NAMES = (FOR, PROTO, HOST, PREFIX, *OTHER, FORWARDED)
# Set in the environment of a request that was forwarded by somebody, trusted or not.
WAS_FORWARDED = "geo_service.forwarded"
TRUSTED = "geo_service.trusted_proxy"

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PAIR = re.compile(r'([A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,\s"]+)')


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Tell whether an IP address belongs to one of `networks`; what is no address belongs to none."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    return any(known in ip_network(network) for network in networks)


class TrustedProxies:
    """WSGI middleware: takes over what a trusted proxy says, and takes the headers away from all others."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        self._trusted = settings.trusted_proxies
        self._read = _read_forwarded if settings.proxy_headers == "forwarded" else _read_x_forwarded
        self._fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_port=0, x_prefix=1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on as the client made it."""
        if environ.keys().isdisjoint(NAMES):
            return self._app(environ, start_response)
        given = [name for name in NAMES if name in environ]
        environ[WAS_FORWARDED] = True
        said = self._read(environ) if is_within(environ.get("REMOTE_ADDR", ""), self._trusted) else None
        for name in given:
            del environ[name]
        if said is None:
            return self._app(environ, start_response)
        environ[TRUSTED] = True
        environ.update(said)
        return self._fixed(environ, start_response)


def _read_x_forwarded(environ: Mapping[str, Any]) -> dict[str, str]:
    said = {
        name: str(environ[name]).rpartition(",")[2].strip()
        for name in (FOR, PROTO, HOST, PREFIX)
        if name in environ
    }
    return _plausible(said)


def _read_forwarded(environ: Mapping[str, Any]) -> dict[str, str]:
    """Read the last element of ``Forwarded`` (RFC 7239, section 4); it knows no prefix."""
    elements = _ELEMENT.findall(str(environ.get(FORWARDED, "")))
    said = {}
    for name, value in _PAIR.findall(elements[-1] if elements else ""):
        key = {"for": FOR, "proto": PROTO, "host": HOST}.get(name.lower())
        if key:
            said[key] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
    return _plausible(said)


def _plausible(said: MutableMapping[str, str]) -> dict[str, str]:
    """Leave out what cannot be meant; a host is looked at where addresses are made."""
    if FOR in said:
        said[FOR] = _without_port(said[FOR])
    checks = {
        FOR: lambda value: is_within(value, ("0.0.0.0/0", "::/0")),
        PROTO: lambda value: value.lower() in ("http", "https"),
        HOST: bool,
        PREFIX: lambda value: _PREFIX.fullmatch(value) and ".." not in value,
    }
    kept = {name: value for name, value in said.items() if checks[name](value)}
    if PREFIX in kept:
        kept[PREFIX] = kept[PREFIX].rstrip("/")
    return kept


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
