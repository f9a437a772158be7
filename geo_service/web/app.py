"""The web application: pages, health and the OGC API below one address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from markupsafe import Markup

from geo_service.db.engine import read_engine
from geo_service.db.freshness import reads_replicas
from geo_service.domain.code_lists import STATUS
from geo_service.ogc.blueprint import make_blueprint
from geo_service.ogc.legend import draw_area, draw_outline, draw_symbol
from geo_service.ogc.map_style import LEGEND_ORDER, UNKNOWN
from geo_service.settings import Settings
from geo_service.web import (
    area_list,
    duties,
    embed,
    formats,
    health,
    lookup_page,
    map_page,
    network,
    news,
    overlap_page,
    persistent,
    profile_documents,
    profile_pages,
    qgis_page,
    robots,
    search_page,
    towns,
)
from geo_service.web.api_pages.renderer import render_html, tidy_form
from geo_service.web.assets import register_assets
from geo_service.web.at_once import AtOnce
from geo_service.web.bodies import Bounded, refuse_marked
from geo_service.web.conditions import register_conditions
from geo_service.web.context import Context, shared
from geo_service.web.errors import answer_error, register_errors
from geo_service.web.front import Front
from geo_service.web.metrics import Metrics
from geo_service.web.navigation import navigation
from geo_service.web.observe import ROUTE, STREAMED, Observed
from geo_service.web.page import current_page
from geo_service.web.proxies import TrustedProxies
from geo_service.web.security import add_security_headers

# Each has a `blueprint`; those of the navigation and those that only links lead to.
PAGES = (
    area_list,
    map_page,
    embed,
    profile_pages,
    profile_documents,
    persistent,
    search_page,
    lookup_page,
    overlap_page,
    qgis_page,
    news,
    network,
    towns,
    duties,
    robots,
    health,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. It connects to the database with its first request, not before.

    Parameters
    ----------
    settings : Settings, optional
        Read from the environment when not given.

    Raises
    ------
    ConfigError
        The settings, the map style or the collections' configuration cannot be used.
    """
    settings = settings or Settings.load()
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    engine = read_engine(settings)
    metrics = Metrics()
    metrics.observe(engine)
    app.before_request(_note_route)
    app.after_request(_note_stream)
    app.before_request(tidy_form)
    app.register_blueprint(
        make_blueprint(settings, engine, render_html=render_html, answer_error=answer_error)
    )
    map_style = app.extensions["geo_service_ogc"].map_style
    app.extensions["geo_service"] = Context(settings, engine, map_style, metrics)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    register_assets(app)
    register_errors(app)
    add_security_headers(app, settings)
    register_conditions(app)
    _prepare_templates(app)
    if reads_replicas(engine):
        _listen_to_the_primary(app)
    api = app.extensions["geo_service_ogc"]
    app.extensions["geo_service_front"] = front = Front(app.wsgi_app, api)
    app.extensions["geo_service_at_once"] = AtOnce(front, api.cache, metrics, settings)
    app.extensions["geo_service_bounded"] = bounded = Bounded(front, settings)
    app.wsgi_app = Observed(TrustedProxies(bounded, settings), metrics)  # type: ignore[method-assign]
    return app


def _listen_to_the_primary(app: Flask) -> None:
    """Where replicas are read, let each request see to it that publications are heard: kept or not, none is old."""
    watch = app.extensions["geo_service_ogc"].cache.watch

    @app.before_request
    def _rouse() -> None:
        watch.epoch()


def _note_route() -> None:
    """Tell the outer layers which route it is, and refuse what they did not let in; the first thing that happens."""
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else None
    refuse_marked(request.environ)


def _note_stream(response: Response) -> Response:
    """Tell the outer layers whether an answer is still being made."""
    request.environ[STREAMED] = response.is_streamed
    return response


def _marked_up(draw: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *arguments: Markup(draw(*arguments))  # noqa: S704 - drawings of ours, their values escaped


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    drawings = (draw_symbol, draw_area, draw_outline)
    app.jinja_env.globals.update({draw.__name__: _marked_up(draw) for draw in drawings})
    app.jinja_env.globals["navigation"] = navigation

    @app.context_processor
    def _page_values() -> dict[str, Any]:
        page = current_page()
        language = page.language
        return {
            "page": page,
            "lang": language,
            "t": page.text,
            "link": page.link,
            "number": lambda value, decimals=2: formats.number(value, language, decimals),
            "fixed": lambda value, decimals: formats.fixed(value, language, decimals),
            "day": lambda value: formats.day(value, language),
            "size": lambda value: formats.size(value, language),
            "period": lambda facts: formats.period(facts, language),
            "sketch_scale": lambda half_width: formats.scale_bar(half_width, language),
            "media_type_name": formats.media_type_name,
            "palette": shared().map_style.palette,
            "status_labels": {
                key: STATUS.label(None if key == UNKNOWN else key, language) for key in LEGEND_ORDER
            },
        }
