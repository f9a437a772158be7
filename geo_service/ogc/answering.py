"""From a request to an answer, without a framework: the same way for Flask's views and for the short way past them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from geo_service.ogc.arguments import Arguments, language_of
from geo_service.ogc.base_url import API_PREFIX, public_base
from geo_service.ogc.cql2.parameters import take_body
from geo_service.ogc.keeping import Leaving, Recipe, Reply, follow
from geo_service.ogc.kept import Made
from geo_service.ogc.negotiation import HTML_FORMAT, choose_format
from geo_service.ogc.responses import Answer

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest
    from geo_service.ogc.resources import Resource

PAGE_LIMIT = 50  # features on a page for people who did not ask for a number
# In the WSGI environment: the error that the short way ended with, for those who know how to tell it.
FAILED = "geo_service.failed"


def understand(
    api: OgcApi, resource: Resource, path: dict[str, str], request: Request
) -> tuple[OgcApi, OgcRequest]:
    """Read a request; return what is asked for, and the API as reached under the address that was asked at."""
    from geo_service.ogc.pygeoapi_api import OgcRequest

    public_url = public_base(request, api.settings)
    arguments = Arguments(request, resource.parameters(api, **path), api.settings.let_through_parameters)
    language = language_of(request, strict=True)
    posted = None
    if request.method == "POST" and resource.read_body is not None:
        posted = resource.read_body(request)
    elif request.method == "POST":
        take_body(request, arguments)
    formats = resource.offered(path, html=api.render_html is not None)
    chosen = choose_format(request, arguments, formats)
    if chosen is HTML_FORMAT:
        arguments.assume("limit", PAGE_LIMIT)
    asked = OgcRequest(request, arguments, language, public_url, chosen, formats)
    asked.posted = posted
    return api.at(f"{public_url}{API_PREFIX}"), asked


def recipe_of(
    api: OgcApi, resource: Resource, path: dict[str, str], asked: OgcRequest, request: Request
) -> Recipe | Answer:
    """Return how the answer is made where it may be kept; else the answer."""
    if resource.kept and request.method in ("GET", "HEAD") and not asked.chosen.is_file:
        name, _ = api.asked(request, resource.name, asked.formats)
        return Recipe(name, partial(_made, resource, api, asked, path))
    answer: Recipe | Answer = resource.function(api, asked, **path)
    return answer


def follow_recipe(
    api: OgcApi, resource: Resource, asked: OgcRequest, recipe: Recipe, request: Request
) -> tuple[Reply, Leaving]:
    """Make an answer or take the one that is kept, and tell what it is for those who may give it next time."""
    reply = follow(api.cache, recipe, asked.accept_encoding, shared=asked.shared)
    name, offer = api.asked(request, resource.name, asked.formats)
    return reply, Leaving(reply, name, offer, resource.name)


def _made(resource: Resource, api: Any, asked: OgcRequest, path: dict[str, str]) -> Made:
    """Make an answer, and tell what it depends on."""
    headers, status, content = resource.function(api, asked, **path)
    data = content.encode() if isinstance(content, str) else content
    return Made(data, asked.sources.version, asked.sources.scope, headers, status)
