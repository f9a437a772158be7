"""From the document of a resource to its page: which view and which template belong to which resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from geo_service.domain.collections import COLLECTIONS
from geo_service.ogc.answering import PAGE_LIMIT
from geo_service.ogc.base_url import API_PREFIX
from geo_service.ogc.html import HtmlContext
from geo_service.ogc.negotiation import HTML_FORMAT, Format
from geo_service.ogc.styles import DEFAULT_STYLE
from geo_service.web.api_pages import capabilities, definition, items, processes, schemas, tiles
from geo_service.web.api_pages.context import ApiContext, FormatLink
from geo_service.web.api_pages.queries import tidy_address
from geo_service.web.assets import library_dir, library_version
from geo_service.web.page import VARY, Page, current_page, prefers_html

SCRIPT_TEXTS = (
    "map.zoom_in", "map.zoom_out", "map.attribution", "api.map.label", "api.map.use_bbox",
    "api.map.failed", "api.map.no_webgl",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """How a resource is shown; `build` takes its document and the context and returns what the template shows."""

    template: str
    build: Callable[[Any, ApiContext], dict[str, Any]]


VIEWS = {
    "landing_page": View("landing.html", capabilities.landing),
    "openapi": View("definition.html", definition.definition),
    "conformance": View("conformance.html", capabilities.conformance),
    "collections": View("collections.html", capabilities.collections),
    "collection": View("collection.html", capabilities.collection),
    "items": View("items.html", items.items),
    "item": View("item.html", items.item),
    "schema": View("schema.html", schemas.schema),
    "queryables": View("schema.html", schemas.schema),
    "sortables": View("schema.html", schemas.schema),
    "code_lists": View("code_lists.html", schemas.code_lists),
    "code_list": View("code_list.html", schemas.code_list),
    "functions": View("functions.html", schemas.functions),
    "processes": View("processes.html", processes.processes),
    "process": View("process.html", processes.process),
    "jobs": View("jobs.html", processes.jobs),
    "job": View("job.html", processes.job),
    "tilesets": View("tilesets.html", tiles.tilesets),
    "tileset": View("tileset.html", tiles.tileset),
    "dataset_tilesets": View("tilesets.html", tiles.tilesets),
    "dataset_tileset": View("tileset.html", tiles.tileset),
    "tile_matrix_sets": View("tile_matrix_sets.html", tiles.tile_matrix_sets),
    "tile_matrix_set": View("tile_matrix_set.html", tiles.tile_matrix_set),
}
OTHER = View("generic.html", schemas.generic)


def render_html(resource: str, data: Any, asked: HtmlContext) -> str:
    """Return the page of a resource; `data` is its JSON document, so that both say the same."""
    page = current_page()
    context = ApiContext(
        resource=resource,
        values=asked.path,
        page=page,
        arguments=tuple((name, text) for name, text in page.query if name != "f"),
        allowed=asked.request.arguments.allowed,
    )
    context = replace(context, formats=_format_links(context, asked.request.formats))
    view = VIEWS.get(resource, OTHER)
    shown = view.build(data, context)
    return render_template(
        f"api/{view.template}",
        view=shown,
        api=context,
        crumbs=crumbs(context, shown["title"]),
        has_map=bool(shown.get("map")) and library_dir() is not None,
        library_version=library_version(),
        map_settings=_map_settings(page, shown.get("map")),
    )


def tidy_form() -> Response | None:
    """Send people who filled in a form on to the address without empty parameters (before each request)."""
    if request.method not in ("GET", "HEAD") or not request.path.startswith(f"{API_PREFIX}/"):
        return None
    if request.endpoint != "ogc.items" or not _asks_for_page():
        return None
    page = current_page()
    address = tidy_address(page.link(request.path).partition("?")[0], request.args.items(multi=True))
    if address is None:
        return None
    response = redirect(address, 303)
    response.vary.update(VARY)
    return response


def crumbs(context: ApiContext, title: str) -> list[tuple[str, str | None]]:
    """Return titles and addresses of the way from the landing page; the last one is this page."""
    way: list[tuple[str, str | None]] = [(context.text("site.api.short"), context.link(""))]
    collection_id = context.values.get("collection_id")
    if context.resource == "landing_page":
        way = []
    elif collection_id in COLLECTIONS:
        path = f"/collections/{collection_id}"
        way.append((context.text("api.collections"), context.link("/collections")))
        if context.resource != "collection":
            way.append((COLLECTIONS[collection_id].title.text(context.page.language), context.link(path)))
        if context.resource == "items":
            title = context.text("api.items")
        if context.resource == "item":
            way.append((context.text("api.items"), context.link(f"{path}/items")))
        if context.resource == "tileset":
            way.append((context.text("api.tilesets"), context.link(f"{path}/tiles")))
            title = context.values["tile_matrix_set_id"]
    elif context.resource == "dataset_tileset":
        way.append((context.text("api.tilesets"), context.link("/tiles")))
        title = context.values["tile_matrix_set_id"]
    elif context.resource in ("style_metadata", "legend"):
        way.append((context.text("api.styles"), context.link("/styles")))
    elif context.resource == "tile_matrix_set":
        way.append((context.text("api.tiling"), context.link("/tileMatrixSets")))
    elif context.resource == "process":
        way.append((context.text("api.processes"), context.link("/processes")))
    elif context.resource == "job":
        way.append((context.text("api.jobs"), context.link("/jobs")))
    elif context.resource == "code_list":
        way.append((context.text("api.code_lists"), context.link("/codelists")))
    return [*way, (title, None)]


def _asks_for_page() -> bool:
    asked = request.args.get("f")
    return prefers_html(request) if asked is None else asked == "html"


def _format_links(context: ApiContext, formats: tuple[Format, ...]) -> tuple[FormatLink, ...]:
    """Return this very resource in its other formats; a page of features keeps its number of features."""
    more: dict[str, object] = {}
    if context.resource == "items" and not context.argument("limit"):
        more = {"limit": PAGE_LIMIT}
    return tuple(
        FormatLink(
            one.name,
            one.title.text(context.page.language),
            one.media_type,
            context.same((), **more, f=one.name),
        )
        for one in formats
        if one is not HTML_FORMAT
    )


def _map_settings(page: Page, shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what the map's script needs; it stands in the page as JSON, never as a script."""
    if not shown:
        return None
    return {
        "base": page.base,
        "prefix": page.prefix,
        "style": f"/api/styles/{DEFAULT_STYLE}?lang={page.language}",
        "library": f"{page.prefix}/vendor/maplibre-gl/maplibre-gl.mjs?v={library_version()}",
        "texts": {key.rpartition(".")[2]: page.text(key) for key in SCRIPT_TEXTS},
        **shown,
    }
