"""``/lookup``: in which programme area is a place, as page, JSON and, for many places, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

import orjson
import shapely
from flask import Blueprint, Response, render_template, request

from geo_service.db.engine import reading
from geo_service.db.overlap import OverlapSketch, draw_overlap
from geo_service.domain.places import PLACE_SYSTEMS
from geo_service.errors import GeoServiceError, InvalidParameterError, Message
from geo_service.ogc.arguments import refuse
from geo_service.ogc.lookup import Document, look_up_places, lookup_document
from geo_service.ogc.places import Place, read_place
from geo_service.web.answers import for_all_origins, html_answer, json_answer, unkept
from geo_service.web.context import shared
from geo_service.web.find_place import PlaceHits, find_places, lookup_link
from geo_service.web.forms import Posted, read_posted
from geo_service.web.lookup_table import MAX_ROWS, PlaceTable, read_table, write_table
from geo_service.web.messages import text
from geo_service.web.page import Page, current_page, wants_json
from geo_service.web.problem_page import explain

MAX_TABLE_BYTES = 5_000_000
MIN_REACH_M, MAX_REACH_M = 2_500, 30_000
PARAMETERS = ("lon", "lat", "x", "y", "crs", "q")

blueprint = Blueprint("lookup", __name__)


@blueprint.get("/lookup")
def lookup() -> Response:
    """Answer for one place: ``lon`` and ``lat``, or ``x``, ``y`` and ``crs``, or text in ``q``."""
    as_json = wants_json(request)
    values = {name: request.args[name].strip() for name in PARAMETERS if request.args.get(name, "").strip()}
    if as_json:
        return _answer_program(values)
    if not set(values) - {"crs"}:
        return _form(values)
    try:
        place, choices = _asked_place(values)
    except InvalidParameterError as error:
        return explain(error, lambda **fault: _form(values, **fault))
    if place is None:
        return _form(values, choices=choices)
    answer = _answer(place)
    return _form(values, answer=answer, choices=choices, sketch=_sketch(place, answer))


@blueprint.post("/lookup")
def lookup_table() -> Response:
    """Answer for a table of places with the same table and the answers behind its columns, or as JSON."""
    try:
        posted = read_posted(request, MAX_TABLE_BYTES)
        wanted = posted.fields.get("f") or request.args.get("f") or "csv"
        if wanted not in ("csv", "json"):
            refuse("f", "Als Format gibt es csv und json.", "The formats are csv and json.")
        table = _read_posted_table(posted)
        answers = _answers(table)
    except GeoServiceError as error:
        return explain(error, lambda **fault: _form({}, **fault))
    if wanted == "json":
        return unkept(
            for_all_origins(Response(orjson.dumps(_table_json(table, answers)), mimetype="application/json"))
        )
    lines = "".join(write_table(table, answers, current_page().language))
    response = Response(lines.encode(), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="lookup.csv"'
    return unkept(for_all_origins(response))


def _asked_place(values: Mapping[str, str]) -> tuple[Place | None, PlaceHits | None]:
    """Return the place asked for, or what a text may mean where that is not one place."""
    if "q" not in values:
        return read_place(values), None
    if set(values) - {"q", "crs"}:
        refuse("q", "q steht allein, ohne lon, lat, x und y.", "q stands alone, without lon, lat, x and y.")
    choices = find_places(values["q"], current_page().language)
    if len(choices.hits) == 1 and not choices.hits[0].note:
        hit = choices.hits[0]
        return replace(hit.place, given=hit.label), choices
    return None, choices


def _answer_program(values: Mapping[str, str]) -> Response:
    place, choices = _asked_place(values)
    if place is not None:
        own = choices is None or choices.source == "coordinates"
        return json_answer(_answer(place), cache="no-cache" if own else "no-store")
    if choices is None:
        _missing()
    if choices.hits:
        names = "; ".join(hit.label for hit in choices.hits)
        raise InvalidParameterError(
            "q",
            Message(
                f"Der Text meint mehrere Orte oder keinen genau: {names}.",
                f"The text means several places, or none exactly: {names}.",
            ),
        )
    key = (
        "find.failed" if choices.failed else "find.nobody" if choices.source == "none" else "find.no_address"
    )
    raise InvalidParameterError("q", Message(text(key, "de"), text(key, "en")))


def _missing() -> NoReturn:
    refuse(
        "lon",
        "Gefragt wird mit lon und lat, mit x, y und crs, oder mit q. Beispiel: /lookup?lon=7.468&lat=51.527",
        "Ask with lon and lat, with x, y and crs, or with q. Example: /lookup?lon=7.468&lat=51.527",
    )


def _answer(place: Place) -> Document:
    page = current_page()
    with reading(shared().engine) as connection:
        (_, found) = next(look_up_places(connection, [place]))
    document = lookup_document(place, found, page.base, page.language)
    document["links"] = _links(page)
    return document


def _sketch(place: Place, answer: Document) -> OverlapSketch:
    """Draw the place with the nearest area in view, as far as that makes sense."""
    nearest = min((area["distance_m"] for area in (*answer["areas"], *answer["nearest"])), default=0)
    spot = shapely.to_wkb(shapely.Point(*place.point).buffer(1))
    reach = min(max(nearest * 1.5, MIN_REACH_M), MAX_REACH_M)
    with reading(shared().engine) as connection:
        return draw_overlap(connection, spot, reach)


def _links(page: Page) -> list[dict[str, str]]:
    return [
        {"rel": "self", "type": "application/json", "href": page.address(f="json")},
        {"rel": "alternate", "type": "text/html", "href": page.address(f="html")},
    ]


def _read_posted_table(posted: Posted) -> PlaceTable:
    crs = posted.fields.get("crs") or request.args.get("crs")
    upload = posted.files.get("file")
    if upload is not None:
        return read_table(upload.content, crs)
    if posted.fields.get("points", "").strip():
        return read_table(posted.fields["points"].encode(), crs)
    if posted.body:
        return read_table(posted.body, crs)
    raise InvalidParameterError(
        "file",
        Message(
            "Es ist keine Tabelle angekommen. Erwartet wird eine CSV-Datei mit Kopfzeile.",
            "No table arrived. A CSV file with a header line is expected.",
        ),
    )


def _answers(table: PlaceTable) -> list[Document]:
    page = current_page()
    places = [row.place for row in table.rows if row.place is not None]
    if not places:
        return []
    with reading(shared().engine) as connection:
        return [
            lookup_document(place, found, page.base, page.language)
            for place, found in look_up_places(connection, places)
        ]


def _table_json(table: PlaceTable, answers: list[Document]) -> dict[str, Any]:
    language = current_page().language
    given = iter(answers)
    rows = [
        {"row": number, **next(given)}
        if row.fault is None
        else {"row": number, "result": "error", "message": row.fault.text(language)}
        for number, row in enumerate(table.rows, start=1)
    ]
    faults = sum(row.fault is not None for row in table.rows)
    return {"rows": rows, "numberReturned": len(rows), "faults": faults, "crs": table.system.code}


def _form(
    values: Mapping[str, str],
    *,
    answer: Document | None = None,
    choices: PlaceHits | None = None,
    sketch: OverlapSketch | None = None,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    html = render_template(
        "lookup.html",
        values=values,
        answer=answer,
        choices=choices,
        lookup_link=lookup_link,
        sketch=sketch,
        fault=fault,
        systems=PLACE_SYSTEMS,
        max_rows=MAX_ROWS,
        max_bytes=MAX_TABLE_BYTES,
    )
    return html_answer(html, status, kept=choices is None or not choices.from_outside)
