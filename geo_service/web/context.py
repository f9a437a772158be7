"""What the views of one application share, and how they come by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import Engine

from geo_service.ogc.map_style import MapStyle
from geo_service.settings import Settings
from geo_service.web.memo import Memo
from geo_service.web.metrics import Metrics

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi


@dataclass(frozen=True)
class Context:
    """What the views of one application share; ``app.extensions["geo_service"]``."""

    settings: Settings
    engine: Engine
    map_style: MapStyle
    metrics: Metrics
    memo: Memo = field(default_factory=Memo)


def shared() -> Context:
    """Return what the views share, within the application that is being asked."""
    return cast(Context, current_app.extensions["geo_service"])


def ogc_api() -> OgcApi:
    """Return the OGC API of the application that is being asked; it knows collections and metadata."""
    return cast("OgcApi", current_app.extensions["geo_service_ogc"])
