"""The seam to the pages: how a resource's data become HTML is handed in from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi, OgcRequest


@dataclass(frozen=True)
class HtmlContext:
    """Where and how a page was asked for.

    Attributes
    ----------
    api : OgcApi
        Knows collections, settings, the engine for reading and the API's address (``base_url``).
    request : OgcRequest
        Language, parameters, ``formats`` that the resource has, and addresses that keep what has to stay.
    path : mapping
        The variable parts of the address, such as ``collection_id``.
    headers : mapping
        Headers of the JSON answer, such as ``Content-Crs``.
    """

    api: OgcApi
    request: OgcRequest
    path: Mapping[str, str]
    headers: Mapping[str, str]


# Takes the resource's name (that of the function in ``resources``), the data of its JSON answer and the context.
RenderHtml = Callable[[str, Any, HtmlContext], str]
