"""How pages answer: for how long an answer may be kept, in which language and coding it is, and who may read it."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from geo_service.ogc.responses import code_and_compare
from geo_service.web.page import VARY, current_page


def finish(response: Response, *, cache: str = "no-cache", vary: tuple[str, ...] = VARY) -> Response:
    """Give an answer its ETag and ``Vary``, and answer 304 to a client that has it already."""
    response.headers["Cache-Control"] = cache
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_page().language
    response.vary.update(vary)
    response.add_etag()
    return code_and_compare(response, request)


def unkept(response: Response) -> Response:
    """Mark an answer that nobody is to keep: it tells of a fault, of the clock, of a third party or of an upload."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = current_page().language
    return code_and_compare(response, request)


def for_all_origins(response: Response) -> Response:
    """Let scripts of any website read an answer: it is as public as what it is made of, and knows no cookies."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def html_answer(html: str, status: int = 200, *, kept: bool = True) -> Response:
    """Answer with a page; one that tells of a fault is kept by nobody, nor is one that is not to be `kept`."""
    response = Response(html, status, mimetype="text/html")
    return finish(response) if kept and status == 200 else unkept(response)


def json_answer(content: dict[str, Any], *, cache: str = "no-cache") -> Response:
    """Answer a page's content as JSON, to scripts of any website."""
    response = Response(orjson.dumps(content), mimetype="application/json")
    return finish(for_all_origins(response), cache=cache)
