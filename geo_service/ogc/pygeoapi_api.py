"""pygeoapi, hosted: its configuration, its API object and its request, without its globals.

Importing pygeoapi costs seconds; this module is therefore imported by the blueprint's factory and not before.
``pygeoapi.flask_app`` is never imported: it reads the environment and builds an application while importing.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from flask import Request
from pygeoapi import l10n
from pygeoapi.api import API, APIRequest
from sqlalchemy import Engine
from werkzeug.http import unquote_etag

from geo_service.db.watch import PublicationWatch
from geo_service.domain.collections import COLLECTIONS, Collection
from geo_service.errors import ConfigError
from geo_service.ogc.arguments import Arguments
from geo_service.ogc.asked import CREDENTIALS, Asked, Offer, Tables
from geo_service.ogc.cache import AnswerCache
from geo_service.ogc.enclosures import Enclosures
from geo_service.ogc.html import RenderHtml
from geo_service.ogc.keeping import Sources
from geo_service.ogc.known import Kind, find_known
from geo_service.ogc.links import Link, link, with_query
from geo_service.ogc.map_style import load_map_style
from geo_service.ogc.negotiation import HTML_FORMAT, Format, Formats
from geo_service.ogc.processes.jobs import JobManager
from geo_service.ogc.summaries import Summaries
from geo_service.settings import Settings

CONFIG_FILE = "pygeoapi-config.yml"
LOCALES = {"de": "de-DE", "en": "en-US"}


def load_config(path: Path) -> dict[str, Any]:
    """Read ``pygeoapi-config.yml`` and hold it to the collections that the service knows.

    Raises
    ------
    ConfigError
        The file cannot be read or names other collections.
    """
    try:
        config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        resources = set(config["resources"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} cannot be used as pygeoapi's configuration: {error!r}") from error
    unknown = resources - set(COLLECTIONS)
    if unknown:
        raise ConfigError(
            f"{path} declares collections that do not exist: {', '.join(sorted(unknown))}; "
            f"there are {', '.join(COLLECTIONS)}"
        )
    return config


@contextmanager
def _root_logger_untouched() -> Iterator[None]:
    """Undo what pygeoapi's constructor does to the process: a handler on stdout and a level for all loggers."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


class OgcApi(API):
    """pygeoapi's API with what our own functions need: settings and the engine for reading.

    Attributes
    ----------
    collections : dict
        The published collections: those of the configuration file, in its order.
    render_html : callable or None
        Makes pages of data; None: there is no HTML.
    """

    def __init__(self, settings: Settings, engine: Engine, render_html: RenderHtml | None = None) -> None:
        config = load_config(settings.project_dir / CONFIG_FILE)
        if settings.public_url:
            config["server"]["url"] = f"{settings.public_url}/api"
        config["server"]["limits"] = {
            "default_items": settings.default_limit,
            "max_items": settings.max_limit,
        }
        with _root_logger_untouched():
            super().__init__(config, {})
        self.settings = settings
        self.engine = engine
        self.render_html = render_html
        self.summaries = Summaries()
        self.enclosures = Enclosures()
        self.map_style = load_map_style(settings)
        self.tables = Tables(settings)
        self.manager = JobManager(settings.home / "jobs")
        self.cache = AnswerCache(PublicationWatch(engine), settings.cache_bytes)
        self._offers: dict[str, Offer] = {}
        self.collections: dict[str, Collection] = {name: COLLECTIONS[name] for name in config["resources"]}

    def at(self, base_url: str) -> OgcApi:
        """Return this API as reached under another address (cheap: nothing but the address differs)."""
        other = copy.copy(self)
        other.base_url = base_url
        return other

    def asked(self, request: Request, resource_name: str, formats: Formats) -> tuple[Asked | None, Offer]:
        """Return what a request asks for, where that may be shared, and how it was found among `formats`."""
        offer = self._offers.get(resource_name)
        if offer is None:
            offer = self._offers[resource_name] = Offer(formats)
        return self.tables.asked(request.environ, offer), offer

    def offered(self, formats: Formats) -> Formats:
        """Return `formats`, and HTML where pages are made."""
        return (*formats, HTML_FORMAT) if self.render_html else formats

    def collection(self, collection_id: str) -> Collection:
        """Return a published collection, or raise `NotFoundError`."""
        return find_known(Kind("Diese Sammlung", "collection"), collection_id, self.collections)


class OgcRequest(APIRequest):
    """A request as pygeoapi's functions want it, made of what was already checked.

    Attributes
    ----------
    public_url : str
        Address of the service without a trailing slash; the API is below it.
    language : str
        ``de`` or ``en``.
    chosen : Format
        What is answered in. Functions of resources with pages answer JSON for HTML, too.
    formats : tuple of Format
        All formats of the resource.
    sources : Sources
        Which data the answer is made of: functions whose answers are kept note there what they read.
    method : str
        Of the request.
    posted : object
        What a resource with ``read_body`` read of the request.
    accept_encoding : str
        The content codings that the client takes, as its header says.
    shared : bool
        Whether the answer may be kept for others: the request carries no credentials, and no parameter that
        somebody in front of the service reads.
    """

    def __init__(
        self,
        request: Request,
        arguments: Arguments,
        language: str,
        public_url: str,
        chosen: Format,
        formats: Formats,
    ) -> None:
        self._args: Mapping[str, str] = dict(arguments.items())
        self._path_info = request.path.strip("/")
        self._raw_locale = LOCALES[language]
        self._locale = l10n.str2locale(self._raw_locale)
        self._format = None
        self._headers: dict[str, str] = {}
        self._data = b""
        self.sources = Sources()
        self.method = request.method
        self.posted: Any = None
        self.arguments = arguments
        self.language = language
        self.public_url = public_url
        self.chosen = chosen
        self.formats = formats
        self._known = request.if_none_match if request.method in ("GET", "HEAD") else None
        self.accept_encoding = request.headers.get("Accept-Encoding", "")
        self.shared = not (
            any(name in request.environ for name in CREDENTIALS)
            or any(name in arguments.let_through for name, _ in arguments.items())
        )

    def knows(self, tag: str) -> bool:
        """Tell whether the client has an answer with this entity tag already; compared weakly (RFC 9110, 13.1.2)."""
        return self._known is not None and self._known.contains_weak(unquote_etag(tag)[0] or "")

    def url(self, url: str, **parameters: str) -> str:
        """Return `url` with what stays in every link (language, parameters let through) and `parameters`."""
        return with_query(url, {**self.arguments.kept(), **parameters})

    def self_url(self, url: str) -> str:
        """Return `url` with the parameters of this request."""
        return with_query(url, dict(self.arguments.items()))

    def alternates(self, url: str) -> list[Link]:
        """Return links to this answer in the resource's other formats, with the parameters of the request."""
        parameters = dict(self.arguments.items())
        shown = self.formats[0] if self.chosen is HTML_FORMAT else self.chosen
        return [
            link(
                "alternate",
                one.media_type,
                with_query(url, {**parameters, "f": one.name}),
                one.title.text(self.language),
            )
            for one in self.formats
            if one is not shown
        ]
