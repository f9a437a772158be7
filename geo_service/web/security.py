"""Headers that keep a page to itself: nothing from elsewhere runs in it, and nobody frames it but for ``/embed``."""

from __future__ import annotations

from flask import Flask, Response, request

from geo_service.ogc.map_style import background_origin
from geo_service.settings import Settings
from geo_service.web.embed import ENDPOINT as EMBED


def content_security_policy(settings: Settings, frame_ancestors: str = "'none'") -> str:
    """Return the policy of all pages: this host only, no inline script or style.

    MapLibre is a module with a worker file of its own, so ``worker-src 'self'`` is enough; it keeps decoded
    images in blobs. The host of a configured background map is the only other one.
    """
    background = f" {origin}" if (origin := background_origin(settings)) else ""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "worker-src": "'self' blob:",
        "img-src": f"'self' data: blob:{background}",
        "connect-src": f"'self'{background}",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def add_security_headers(app: Flask, settings: Settings) -> None:
    """Give every answer the headers that it does not set itself."""
    headers = {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    framed = {**headers, "Content-Security-Policy": content_security_policy(settings, "*")}
    del framed["X-Frame-Options"]  # knows no *

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in (framed if request.endpoint == EMBED else headers).items():
            response.headers.setdefault(name, value)
        response.headers.pop("Date", None)  # werkzeug writes one beside the server's own
        return response
