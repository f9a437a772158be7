"""The OGC API as a Flask blueprint: addresses, methods, and the one way from a request to an answer.

Every address below the blueprint ends here, also unknown ones and methods that are not allowed. So errors,
CORS and ``OPTIONS`` are the same everywhere, whatever application the blueprint is mounted in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import orjson
from flask import Blueprint, Response, current_app, request
from flask_cors import CORS
from sqlalchemy import Engine
from werkzeug.exceptions import MethodNotAllowed, NotFound

from geo_service.ogc.answering import FAILED, follow_recipe, recipe_of, understand
from geo_service.ogc.base_url import API_PREFIX
from geo_service.ogc.html import HtmlContext, RenderHtml
from geo_service.ogc.keeping import LEAVING, Recipe
from geo_service.ogc.negotiation import HTML_FORMAT
from geo_service.ogc.problems import problem_response
from geo_service.ogc.responses import Answer, make_response, options_response
from geo_service.settings import Settings

if TYPE_CHECKING:
    from geo_service.ogc.resources import Resource

METHODS = ("GET", "HEAD", "OPTIONS")
OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE")
# Which methods scripts of other websites may use, by address; flask-cors goes by the one that says most.
METHODS_BY_ADDRESS = {
    rf"{API_PREFIX}/(collections/[^/]+/items|processes/[^/]+/execution)/?$": (*METHODS, "POST"),
    rf"{API_PREFIX}/jobs/[^/]+/?$": (*METHODS, "DELETE"),
    r".*": METHODS,
}
EXPOSED_HEADERS = (
    "Accept-Ranges",
    "Cache-Status",
    "Content-Crs",
    "Content-Disposition",
    "Content-Language",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Link",
    "Location",
    "OGC-NumberMatched",
    "OGC-NumberReturned",
    "Retry-After",
    "X-Request-Id",
)


def make_blueprint(
    settings: Settings,
    engine: Engine,
    *,
    render_html: RenderHtml | None = None,
    answer_error: Callable[[Exception], Any] | None = None,
) -> Blueprint:
    """Make the blueprint to be mounted at ``/api``; nothing is read from the database before a request.

    Parameters
    ----------
    engine : Engine
        Made by ``db.engine.read_engine``.
    render_html : callable, optional
        Called as ``render_html(resource_name, data, context)`` with the data of the JSON answer and an
        `HtmlContext`; returns the page. Without it HTML is not offered.
    answer_error : callable, optional
        Makes the answer for an error; by default problem+json.

    Raises
    ------
    ConfigError
        ``pygeoapi-config.yml`` cannot be used.
    """
    from geo_service.ogc.pygeoapi_api import OgcApi

    blueprint = Blueprint("ogc", __name__, url_prefix=API_PREFIX)
    api = OgcApi(settings, engine, render_html)
    blueprint.record_once(lambda state: state.app.extensions.update(geo_service_ogc=api))
    _add_addresses(blueprint, api)
    blueprint.register_error_handler(
        Exception, answer_error or (lambda error: problem_response(error, request))
    )
    CORS(
        blueprint,
        resources={address: {"methods": list(methods)} for address, methods in METHODS_BY_ADDRESS.items()},
        origins="*",
        expose_headers=list(EXPOSED_HEADERS),
        send_wildcard=True,
        max_age=86_400,
    )
    return blueprint


def _add_addresses(blueprint: Blueprint, api: Any) -> None:
    """Lead all methods of every address here, so that also what is refused is answered in one way."""
    from geo_service.ogc import resources

    for resource in resources.RESOURCES:
        blueprint.add_url_rule(
            resource.rule,
            endpoint=resource.name,
            view_func=_view(api, resource),
            methods=(*METHODS, *OTHER_METHODS),
            strict_slashes=False,
            provide_automatic_options=False,
        )
    blueprint.add_url_rule(
        "/<path:unknown>",
        endpoint="nothing",
        view_func=_nothing,
        methods=(*METHODS, *OTHER_METHODS),
        provide_automatic_options=False,
    )


def landing_page_response() -> Response:
    """Answer with the API's landing page, for clients that ask for JSON at ``/`` (called by the pages)."""
    from geo_service.ogc import resources

    api = current_app.extensions["geo_service_ogc"]
    response = _answer(api, resources.LANDING_PAGE, {})
    request.environ.pop(LEAVING, None)  # what is answered at this address, others decide
    response.headers["Access-Control-Allow-Origin"] = "*"  # this address is not below the blueprint
    return response


def _view(api: Any, resource: Resource) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        if request.method == "OPTIONS":
            return options_response(resource.methods)
        if request.method not in resource.methods:
            raise MethodNotAllowed(valid_methods=resource.methods)
        return _answer(api, resource, path)

    return view


def _answer(api: Any, resource: Resource, path: dict[str, str]) -> Response:
    failed = request.environ.pop(FAILED, None)
    if failed is not None:
        raise failed
    api, asked = understand(api, resource, path, request)
    if asked.chosen is HTML_FORMAT:
        answer = _page(api, asked, resource, path, resource.function(api, asked, **path))
        return make_response(answer, request, asked.language)
    recipe = recipe_of(api, resource, path, asked, request)
    if not isinstance(recipe, Recipe):
        return make_response(recipe, request, asked.language)
    reply, leaving = follow_recipe(api, resource, asked, recipe, request)
    request.environ[LEAVING] = leaving
    return make_response((reply.headers(), reply.made.status, reply.coded.data), request, asked.language)


def _page(api: Any, ogc_request: Any, resource: Resource, path: dict[str, str], answer: Answer) -> Answer:
    """Turn a JSON answer into a page; its headers tell of JSON and stay behind, but for the CRS."""
    headers, status, content = answer
    context = HtmlContext(api, ogc_request, path, headers)
    page = api.render_html(resource.name, orjson.loads(content), context)
    kept = {name: text for name, text in headers.items() if name == "Content-Crs"}
    return {"Content-Type": f"{HTML_FORMAT.media_type}; charset=utf-8", **kept}, status, page


def _nothing(**_path: str) -> NoReturn:
    raise NotFound
