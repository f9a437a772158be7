"""Files that pages load: our own under ``/static`` and the map library under ``/vendor``, compressed where it helps."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory
from werkzeug.security import safe_join

from geo_service.web.context import shared
from geo_service.web.page import current_page

# Modules are refused by browsers under a wrong type, and Python's own table differs between versions.
_TYPES = {
    ".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css", ".map": "application/json",
    ".svg": "image/svg+xml",
}  # fmt: skip
_FOR_EVER = "public, max-age=31536000, immutable"
_LIBRARY_FILES = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")

blueprint = Blueprint("assets", __name__)


def library_dir() -> Path | None:
    """Return the directory with the map library's files, or None where it was not set up."""
    vendor_dir = shared().settings.vendor_dir
    if vendor_dir is None:
        return None
    directory = Path(vendor_dir) / "maplibre-gl" / "dist"
    return directory if all((directory / name).is_file() for name in _LIBRARY_FILES) else None


def library_version() -> str:
    """Return the map library's version, which its addresses carry so that a new one is fetched."""
    directory = library_dir()
    if directory is None:
        return ""
    try:
        return str(json.loads((directory.parent / "package.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return str(int((directory / _LIBRARY_FILES[0]).stat().st_mtime))


def asset(path: str) -> str:
    """Return the address of one of our own files, with a piece of its hash."""
    file = Path(str(current_app.static_folder)) / path
    return f"{current_page().prefix}/static/{path}?v={_hash(file, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _hash(file: Path, _modified: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _compressed(file: Path, _modified: int) -> bytes:
    return gzip.compress(file.read_bytes(), 6, mtime=0)


@blueprint.get("/vendor/maplibre-gl/<path:name>")
def vendor(name: str) -> Response:
    """Answer one file of the map library, compressed for clients that take it."""
    return _answer(library_dir(), name)


def own(filename: str) -> Response:
    """Answer one of our own files: scripts, styles and drawings compressed, pictures as they are."""
    directory = Path(str(current_app.static_folder))
    if Path(filename).suffix in _TYPES:
        return _answer(directory, filename)
    response = send_from_directory(directory, filename, max_age=0)
    response.headers["Cache-Control"] = _keeping()
    return response


def _keeping() -> str:
    return _FOR_EVER if request.args.get("v") else "no-cache"


def _answer(directory: Path | None, name: str) -> Response:
    path = safe_join(str(directory), name) if directory else None
    # Before Python 3.13, Path.is_file raises for names that are too long.
    if path is None or not os.path.isfile(path) or Path(path).suffix not in _TYPES:  # noqa: PTH113 - see above
        abort(404)
    file = Path(path)
    packed = request.accept_encodings["gzip"] > 0
    modified = file.stat().st_mtime_ns
    response = Response(
        _compressed(file, modified) if packed else file.read_bytes(), mimetype=_TYPES[file.suffix]
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = _keeping()
    response.set_etag(_hash(file, modified) + ("-gzip" if packed else ""))
    return response.make_conditional(request)


def register_assets(app: Flask) -> None:
    """Mount the library and our own files."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = own
