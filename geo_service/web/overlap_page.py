"""``/overlap``: how much of a plan lies in which programme areas, as page, JSON, CSV and GeoJSON.

A plan is only ever posted: an address with a plan in it would stand in every log on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request

from geo_service.db.engine import reading
from geo_service.db.overlap import Overlap, OverlapSketch, draw_overlap, find_overlap
from geo_service.db.profiles import summarise
from geo_service.domain.places import PLACE_SYSTEMS
from geo_service.errors import GeoServiceError, InvalidParameterError, Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.overlap import Document, overlap_csv, overlap_document, overlap_geojson
from geo_service.ogc.plan_files import read_plan_file
from geo_service.ogc.plan_text import read_plan_text
from geo_service.ogc.plans import MAX_FEATURES, MAX_PLAN_BYTES, MAX_VERTICES, Plan, make_plan
from geo_service.web.answers import for_all_origins, html_answer, unkept
from geo_service.web.assets import library_dir, library_version
from geo_service.web.context import shared
from geo_service.web.forms import Posted, read_posted
from geo_service.web.map_settings import map_settings
from geo_service.web.page import Page, current_page, prefers_html
from geo_service.web.problem_page import explain

FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
}
# A pasted plan up to this length travels back in the page, so that files can be had of it without pasting again.
MAX_KEPT_CHARACTERS = 200_000
SCRIPT_TEXTS = (
    "draw.zoom_in", "draw.zoom_out", "draw.attribution", "draw.label", "draw.finish", "draw.undo", "draw.clear",
    "draw.add", "draw.count", "draw.done", "draw.unreadable", "draw.start", "draw.failed",
)  # fmt: skip

blueprint = Blueprint("overlap", __name__)


@blueprint.get("/overlap")
def overlap_form() -> Response:
    """Answer the form: draw, paste or upload."""
    return _page({})


@blueprint.post("/overlap")
def overlap() -> Response:
    """Answer for a plan: a form, or the plan itself as body with ``crs`` and ``f`` in the address."""
    values: dict[str, str] = {}
    try:
        posted = read_posted(request, MAX_PLAN_BYTES)
        values = {
            name: posted.fields.get(name) or request.args.get(name, "") for name in ("plan", "crs", "f")
        }
        wanted = _wanted_format(values["f"])
        plan = _read_plan(posted, values)
        with reading(shared().engine) as connection:
            found = find_overlap(connection, plan.wkb, with_pieces=wanted == "geojson")
            sketch = draw_overlap(connection, plan.wkb) if wanted == "html" else None
    except GeoServiceError as error:
        return explain(error, lambda **fault: _page(values, **fault))
    page = current_page()
    document = overlap_document(plan, found, page.base, page.language)
    if wanted == "html":
        return _page(values, document=document, sketch=sketch)
    return _file(wanted, document, found, page)


def _wanted_format(asked: str) -> str:
    if asked in FORMATS:
        return asked
    if asked:
        names = ", ".join(FORMATS)
        refuse("f", f"Als Format gibt es {names}.", f"The formats are {names}.")
    if prefers_html(request):
        return "html"
    types = list(FORMATS.values())
    best = request.accept_mimetypes.best_match(types, default=types[0])
    return next(name for name, media_type in FORMATS.items() if media_type == best)


def _read_plan(posted: Posted, values: Mapping[str, str]) -> Plan:
    upload = posted.files.get("file")
    crs = values["crs"].strip() or None
    if upload is not None:
        return make_plan(read_plan_file(upload.file_name, upload.content), crs)
    if values["plan"].strip():
        return make_plan(read_plan_text(values["plan"]), crs)
    if posted.body:
        return make_plan(read_plan_file("", posted.body), crs)
    raise InvalidParameterError(
        "plan",
        Message(
            "Es ist kein Plan angekommen: zeichnen Sie eine Fläche, fügen Sie GeoJSON oder WKT ein oder laden Sie eine "
            "Datei hoch.",
            "No plan arrived: draw a polygon, paste GeoJSON or WKT, or upload a file.",
        ),
    )


def _file(wanted: str, document: Document, found: Overlap, page: Page) -> Response:
    if wanted == "csv":
        content, media_type = (
            overlap_csv(document, page.language).encode(),
            "text/csv; charset=utf-8; header=present",
        )
    elif wanted == "geojson":
        content, media_type = orjson.dumps(overlap_geojson(found, page.base)), FORMATS[wanted]
    else:
        content, media_type = orjson.dumps(document), FORMATS[wanted]
    response = Response(content, content_type=media_type)
    if wanted != "json":
        response.headers["Content-Disposition"] = f'attachment; filename="overlap.{wanted}"'
    return unkept(for_all_origins(response))


def _page(
    values: Mapping[str, str],
    *,
    document: Document | None = None,
    sketch: OverlapSketch | None = None,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    page = current_page()
    plan = values.get("plan", "")
    html = render_template(
        "overlap.html",
        values=values,
        plan=plan if len(plan) <= MAX_KEPT_CHARACTERS else "",
        answer=document,
        sketch=sketch,
        fault=fault,
        systems=PLACE_SYSTEMS,
        limits={"megabytes": MAX_PLAN_BYTES / 10**6, "vertices": MAX_VERTICES, "features": MAX_FEATURES},
        has_library=library_dir() is not None,
        library_version=library_version(),
        script_settings=_script_settings(page) if status == 200 or fault else {},
    )
    return html_answer(html, status, kept=request.method == "GET")


def _script_settings(page: Page) -> dict[str, Any]:
    """Return what the script for drawing needs."""
    with reading(shared().engine) as connection:
        summary = summarise(connection)
    return {**map_settings(page, SCRIPT_TEXTS), "bbox": summary.bbox}
