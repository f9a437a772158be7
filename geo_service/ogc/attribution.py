"""Whom the data is to be attributed to: one sentence from the metadata of the configuration."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo_service.ogc.pygeoapi_api import OgcApi


def attribution(api: OgcApi) -> str:
    """Return provider and licence as plain text."""
    metadata = api.config["metadata"]
    return f"{metadata['provider']['name']}, {metadata['license']['name']}"


def attribution_html(api: OgcApi) -> str:
    """Return the same as HTML, with the licence as a link: web maps show what a source says as it is.

    The link leaves the map alone, which may stand in somebody else's frame.
    """
    metadata = api.config["metadata"]
    provider, licence = escape(metadata["provider"]["name"]), escape(metadata["license"]["name"])
    url = escape(metadata["license"]["url"])
    return f'{provider}, <a href="{url}" target="_blank" rel="noopener">{licence}</a>'
